from typing import Any

import numpy as np
import pytest
import sklearn.datasets
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from bpviz.core.arrays import Array
from bpviz.core.datasets import DATASETS, Split, count_training_samples, make_split
from tests.core.helpers import global_stream_untouched

PLAIN = ("moons", "circles", "xor", "spirals", "blobs", "linear")
BLOBS = range(2, DATASETS["blobs"].most_classes + 1)
DRAWN = [name for name, dataset in DATASETS.items() if dataset.is_drawn]
REGRESSIONS = [name for name, dataset in DATASETS.items() if not dataset.is_classification]
TABLES = [name for name, dataset in DATASETS.items() if dataset.is_split and not dataset.is_drawn]
KINDS = [(name, 2) for name in PLAIN] + [("blobs", classes) for classes in BLOBS if classes > 2]


def arrays_of(split: Split) -> list[Array]:
    return [value for value in vars(split).values() if isinstance(value, np.ndarray)]


def test_moons_are_those_of_the_article(moons: Split) -> None:
    X, labels = make_moons(2000, noise=0.2, random_state=100)
    X_train, X_test, labels_train, labels_test = train_test_split(X, labels, test_size=0.3, random_state=42)
    np.testing.assert_array_equal(moons.X_train, X_train)
    np.testing.assert_array_equal(moons.X_test, X_test)
    np.testing.assert_array_equal(moons.labels_train, labels_train)
    np.testing.assert_array_equal(moons.labels_test, labels_test)
    assert (len(X_train), len(X_test)) == (1400, 600)


@pytest.mark.parametrize(("name", "classes"), KINDS)
def test_a_dataset_has_the_asked_size_and_classes(name: str, classes: int) -> None:
    split = make_split(name, samples=301, noise=0.1, seed=3, classes=classes, test_share=0.2)
    assert split.n_classes == classes
    assert (split.X_train.shape, split.X_test.shape) == ((240, 2), (61, 2))
    labels = np.concatenate((split.labels_train, split.labels_test))
    assert set(labels) == set(range(classes))
    assert np.bincount(labels).min() > 301 / classes * 0.8
    assert all(np.isfinite(array).all() for array in arrays_of(split))


@pytest.mark.parametrize(("name", "classes"), KINDS)
def test_targets_are_one_hot_labels(name: str, classes: int) -> None:
    split = make_split(name, samples=100, noise=0.1, seed=3, classes=classes)
    np.testing.assert_array_equal(split.y_train, np.eye(classes)[split.labels_train])
    np.testing.assert_array_equal(split.y_test, np.eye(classes)[split.labels_test])


@pytest.mark.parametrize("name", DRAWN)
def test_a_dataset_comes_from_its_seeds_alone(name: str) -> None:
    def points(seed: int, split_seed: int) -> Split:
        return make_split(name, samples=100, noise=0.1, seed=seed, split_seed=split_seed)

    with global_stream_untouched():
        first, again = points(3, 5), points(3, 5)
    for array, same in zip(arrays_of(first), arrays_of(again), strict=True):
        np.testing.assert_array_equal(array, same)
    assert (points(4, 5).X_train != first.X_train).any()
    assert (points(3, 6).X_train != first.X_train).any()


@pytest.mark.parametrize("name", PLAIN)
def test_noise_moves_the_points(name: str) -> None:
    quiet, loud = (make_split(name, samples=300, noise=noise, seed=3).X_train for noise in (0.0, 0.5))
    assert np.std(loud - quiet) == pytest.approx(0.5, rel=0.1)


@pytest.mark.parametrize("name", DATASETS)
def test_a_split_is_read_only(name: str) -> None:
    split = make_split(name, samples=50, noise=0.1, seed=3)
    assert [array.flags.writeable for array in arrays_of(split)] == [False] * 6


@pytest.mark.parametrize("name", ["xor", "linear"])
def test_noise_moves_both_coordinates_independently(name: str) -> None:
    noisy, exact = (make_split(name, samples=2000, noise=noise, seed=3).X_train for noise in (0.2, 0.0))
    moved = noisy - exact
    assert moved.std(axis=0) == pytest.approx([0.2, 0.2], rel=0.1)
    assert abs(np.corrcoef(*moved.T).item(1)) < 0.1


def test_xor_and_linear_are_named_after_their_rule() -> None:
    xor, linear = (make_split(name, samples=200, noise=0.0, seed=3) for name in ("xor", "linear"))
    np.testing.assert_array_equal(xor.labels_train, np.signbit(xor.X_train.prod(axis=1)))
    np.testing.assert_array_equal(linear.labels_train, linear.X_train.sum(axis=1) > 0)


def test_a_training_set_of_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="hold only 1 of 2 classes; take more samples or another split seed"):
        make_split("moons", samples=4, noise=0.1, seed=3, test_share=0.5, split_seed=6)


def test_more_classes_than_a_dataset_has_are_refused() -> None:
    with pytest.raises(ValueError, match="hold only 2 of 3 classes"):
        make_split("moons", samples=100, noise=0.1, seed=3, classes=3)


def test_mazurs_sample_is_for_training_and_for_the_test_whatever_is_asked() -> None:
    split = make_split("mazur", samples=500, noise=3.0, seed=7, test_share=0.5)
    for X in (split.X_train, split.X_test):
        np.testing.assert_array_equal(X, [[0.05, 0.10]])
    for y in (split.y_train, split.y_test):
        np.testing.assert_array_equal(y, [[0.01, 0.99]])
    for labels in (split.labels_train, split.labels_test):
        np.testing.assert_array_equal(labels, [1])
    assert split.n_classes == 2
    assert [name for name, dataset in DATASETS.items() if not dataset.is_split] == ["mazur"]


@pytest.mark.parametrize("samples", [10, 11, 40, 97, 2000])
@pytest.mark.parametrize("share", [0.05, 0.1, 0.3, 1 / 3, 0.55, 0.7])
def test_training_samples_are_counted_as_scikit_learn_counts_them(samples: int, share: float) -> None:
    kept, _ = train_test_split(range(samples), test_size=share)
    assert count_training_samples("xor", samples, share) == len(kept)


def test_a_published_dataset_has_its_published_number_of_training_samples() -> None:
    assert count_training_samples("mazur", 2000, 0.3) == 1


@pytest.mark.parametrize("name", TABLES)
def test_a_published_table_is_that_of_scikit_learn_with_its_names(name: str) -> None:
    bunch: Any = getattr(sklearn.datasets, f"load_{name}")()
    split = make_split(name, samples=10, noise=1.0, seed=1, test_share=0.25, split_seed=7)
    X_train, X_test, y_train, y_test = train_test_split(bunch.data, bunch.target, test_size=0.25, random_state=7)
    np.testing.assert_array_equal(split.X_train, X_train)
    np.testing.assert_array_equal(split.X_test, X_test)
    theirs = (y_train, y_test)
    ours = (split.labels_train, split.labels_test) if split.is_classification else (split.y_train, split.y_test)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine.ravel(), other)
    assert split.input_names == tuple(bunch.feature_names) == DATASETS[name].input_names
    assert split.class_names == tuple(map(str, bunch.get("target_names", ())))
    assert count_training_samples(name, 10, 0.25) == len(X_train)


@pytest.mark.parametrize("name", REGRESSIONS)
def test_a_regression_has_targets_and_no_classes(name: str) -> None:
    split, dataset = make_split(name, samples=120, noise=0.1, seed=3), DATASETS[name]
    assert split.X_train.shape[1] == dataset.n_inputs == split.n_inputs
    assert split.y_train.shape == (len(split.X_train), len(dataset.output_names))
    assert (split.n_classes, split.class_names, split.output_names) == (1, (), dataset.output_names)
    assert not split.labels_train.any()


@pytest.mark.parametrize("name", [name for name in REGRESSIONS if name not in TABLES])
def test_noise_moves_the_targets_of_a_regression_alone(name: str) -> None:
    quiet, loud = (make_split(name, samples=2000, noise=noise, seed=3) for noise in (0.0, 0.5))
    np.testing.assert_array_equal(quiet.X_train, loud.X_train)
    assert np.std((loud.y_train - quiet.y_train)[:, 0]) == pytest.approx(0.5, rel=0.1)


def test_the_targets_of_a_regression_are_those_of_its_name() -> None:
    sine, line, plane = (make_split(name, samples=500, noise=0.0, seed=3) for name in ("sine", "line", "plane"))
    np.testing.assert_array_equal(sine.y_train, np.column_stack((np.sin(sine.X_train[:, 0]), np.ones(350))))
    assert (sine.X_train.min(), sine.X_train.max()) == pytest.approx((-3.14, 3.14), abs=0.05)
    np.testing.assert_allclose(line.y_train, 2 * line.X_train + 1)
    np.testing.assert_allclose(plane.y_train[:, 0], plane.X_train.mean(axis=1))


def test_a_regression_of_gauss_has_bumps_up_and_down() -> None:
    split = make_split("gauss", samples=4000, noise=0.0, seed=3)
    assert (split.y_train.max(), split.y_train.min()) == pytest.approx((1, -1), abs=0.05)
    highest = np.abs(split.X_train[split.y_train.argmax()])
    assert min(np.hypot(*(highest - centre)) for centre in ((0.65, 0.45), (0.0, 0.45))) < 0.1


@pytest.mark.parametrize(
    ("scale", "scaler"), [("standard", StandardScaler()), ("minmax", MinMaxScaler())], ids=["standard", "minmax"]
)
def test_scaling_is_fitted_on_the_training_share_alone(scale: str, scaler: Any) -> None:
    plain, scaled = (make_split("wine", samples=0, noise=0, seed=0, scale=each) for each in ("none", scale))
    np.testing.assert_allclose(scaled.X_train, scaler.fit_transform(plain.X_train), atol=1e-12)
    np.testing.assert_allclose(scaled.X_test, scaler.transform(plain.X_test), atol=1e-12)
    np.testing.assert_allclose(scaled.scaling.undo(scaled.X_test), plain.X_test, rtol=1e-12)
    np.testing.assert_array_equal(scaled.y_train, plain.y_train)


def test_the_targets_of_a_regression_are_scaled_too() -> None:
    plain, scaled = (make_split("diabetes", samples=0, noise=0, seed=0, scale=each) for each in ("none", "standard"))
    assert (scaled.y_train.mean(), scaled.y_train.std()) == pytest.approx((0, 1))
    np.testing.assert_allclose(scaled.target_scaling.undo(scaled.y_test), plain.y_test)


def test_a_constant_column_is_not_divided_by_zero() -> None:
    split = make_split("digits", samples=0, noise=0, seed=0, scale="standard")  # the first pixel is always 0
    assert np.isfinite(split.X_train).all()
    assert not split.X_train[:, 0].any()


def test_an_unknown_scaling_is_refused() -> None:
    with pytest.raises(ValueError, match="no scaling is called 'log'"):
        make_split("moons", samples=20, noise=0.1, seed=3, scale="log")


def test_classes_are_called_by_their_names_or_numbers() -> None:
    iris, moons = (make_split(name, samples=50, noise=0.1, seed=3) for name in ("iris", "moons"))
    assert [iris.class_title(k) for k in range(3)] == ["setosa", "versicolor", "virginica"]
    assert [moons.class_title(k) for k in range(2)] == ["class 0", "class 1"]
