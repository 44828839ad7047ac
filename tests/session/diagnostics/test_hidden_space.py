import numpy as np
import pytest
from sklearn.decomposition import PCA

from bpviz.core.arrays import Array
from bpviz.session.diagnostics.hidden_space import Components, Values, principal_components

RNG = np.random.default_rng(2)


def cloud(samples: int, neurons: int) -> Array:
    """Make activations that vary most in two directions, and less in the others."""
    sizes = np.r_[5.0, 3.0, np.full(max(neurons - 2, 0), 0.5)][:neurons]
    turned = np.linalg.qr(RNG.normal(size=(neurons, neurons)))[0]
    return np.asarray((RNG.normal(size=(samples, neurons)) * sizes) @ turned + 0.7)


def components(a: Values, previous: Components | None = None) -> Components:
    found = principal_components(a, previous)
    assert found is not None
    return found


@pytest.mark.parametrize(("samples", "neurons"), [(200, 25), (40, 2), (10, 60), (2, 5), (300, 290)])
def test_places_and_shares_are_scikit_learns(samples: int, neurons: int) -> None:
    a = cloud(samples, neurons)
    a = a if min(samples, neurons) < 256 else a[:250]
    found, oracle = components(a), PCA(2).fit(a)
    np.testing.assert_allclose(found.shares, oracle.explained_variance_ratio_, rtol=1e-8, atol=1e-12)
    ours, theirs = found.place(a), oracle.transform(a)
    signs = np.sign((ours * theirs).sum(axis=0))
    np.testing.assert_allclose(ours, theirs * np.where(signs == 0, 1, signs), atol=1e-6)


@pytest.mark.parametrize(("samples", "neurons"), [(60, 8), (8, 60)])
def test_directions_are_those_of_a_singular_value_decomposition(samples: int, neurons: int) -> None:
    a = cloud(samples, neurons)
    found = components(a)
    _, sizes, rows = np.linalg.svd(a - a.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs((found.directions * rows[:2]).sum(axis=1)), 1, rtol=1e-9)
    np.testing.assert_allclose(found.shares, sizes[:2] ** 2 / (sizes**2).sum(), rtol=1e-9)


def test_directions_of_very_many_samples_and_neurons_are_nearly_the_exact_ones() -> None:
    a = cloud(1000, 300)
    _, _, rows = np.linalg.svd(a - a.mean(axis=0), full_matrices=False)
    overlap = np.abs((components(a).directions * rows[:2]).sum(axis=1))
    assert overlap.min() > 0.95


def test_a_picture_does_not_flip_between_frames() -> None:
    a = cloud(100, 6)
    before = components(a)
    flipped = Components(before.mean, -before.directions, before.shares)
    now = components(a + 1e-3 * RNG.normal(size=a.shape), flipped)
    assert (now.directions * flipped.directions).sum(axis=1).min() > 0.99
    assert now.ranks == (1, 2)


def test_a_component_whose_share_is_overtaken_stays_on_its_axis_with_rank_two() -> None:
    grid = np.array([[x, y] for x in (-1.0, 1.0) for y in (-1.0, 1.0)])
    before = components(grid * (1.1, 1.0))
    now = components(grid * (1.0, 1.1), before)
    np.testing.assert_allclose(now.directions, before.directions, atol=1e-12)
    assert now.ranks == (2, 1)
    assert now.shares[1] > now.shares[0]


def test_a_component_that_is_left_far_behind_gives_way() -> None:
    grid = np.array([[x, y] for x in (-1.0, 1.0) for y in (-1.0, 1.0)])
    before = components(grid * (1.1, 1.0))
    now = components(grid * (1.0, 9.0), before)
    assert now.ranks == (1, 2)
    np.testing.assert_allclose(now.directions, before.directions[::-1], atol=1e-12)


def test_components_of_another_layer_have_no_say() -> None:
    a = cloud(50, 4)
    np.testing.assert_array_equal(components(a, components(cloud(50, 5))).directions, components(a).directions)


def test_without_a_past_the_largest_entry_of_a_direction_is_positive() -> None:
    for _ in range(5):
        directions = components(cloud(40, 7)).directions
        assert (directions[[0, 1], np.abs(directions).argmax(axis=1)] > 0).all()


@pytest.mark.parametrize("shape", [(5, 3), (1, 3), (2, 4)])
def test_samples_that_are_all_alike_have_directions_and_no_share(shape: tuple[int, int]) -> None:
    found = components(np.full(shape, 0.5))
    np.testing.assert_array_equal(found.shares, 0)
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(2), atol=1e-12)
    np.testing.assert_array_equal(found.place(np.full(shape, 0.5)), 0)


def test_samples_on_a_line_have_a_second_direction_across_it() -> None:
    found = components(np.outer([1.0, 2.0, 4.0], [1.0, 1.0, 0.0, 0.0]))
    np.testing.assert_allclose(found.shares, [1, 0], atol=1e-12)
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(2), atol=1e-12)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_samples_with_numbers_that_are_not_finite_are_left_out(bad: float) -> None:
    a = cloud(30, 4)
    spoilt = a.copy()
    spoilt[3, 1] = bad
    np.testing.assert_allclose(components(spoilt).directions, components(np.delete(a, 3, axis=0)).directions)
    assert principal_components(np.full((4, 3), bad)) is None


def test_one_neuron_or_no_sample_has_no_components() -> None:
    assert principal_components(np.ones((5, 1))) is None
    assert principal_components(np.ones((0, 4))) is None


def test_the_largest_activations_of_a_float32_do_no_harm() -> None:
    a = np.array([[3e38, -3e38], [-3e38, 1e38], [0.0, 2e38]], dtype=np.float32)
    found = components(a)
    assert np.isfinite(found.shares).all()
    assert np.isfinite(found.place(a)).all()
