"""Scaling of inputs: what is fitted, and that it can be undone."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.core.scaling import Scaling

X = np.array([[1.0, 10.0, 7.0], [2.0, 30.0, 7.0], [3.0, 50.0, 7.0]])


def test_standard_gives_mean_0_and_standard_deviation_1() -> None:
    scaled = Scaling.fit("standard", X).apply(X)
    np.testing.assert_allclose(scaled[:, :2].mean(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(scaled[:, :2].std(axis=0), 1)


def test_minmax_gives_0_to_1() -> None:
    np.testing.assert_array_equal(Scaling.fit("minmax", X).apply(X)[:, :2], [[0, 0], [0.5, 0.5], [1, 1]])


def test_none_changes_no_bit() -> None:
    values = np.random.RandomState(0).normal(size=(20, 3))
    assert Scaling.fit("none", values).apply(values).tobytes() == values.tobytes()


@pytest.mark.parametrize("kind", ["standard", "minmax"])
def test_a_constant_column_is_only_shifted(kind: str) -> None:
    values = np.full((7, 1), 0.1)  # whose mean is not exactly 0.1
    scaling = Scaling.fit(kind, values)
    assert scaling.apply(values).tolist() == [[0.0]] * 7
    assert scaling.apply(np.array([[1.1]])).tolist() == [[1.0]]


@pytest.mark.parametrize("kind", ["none", "standard", "minmax"])
@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_undo_gives_back_the_original_units(kind: str, size: float) -> None:
    values = size * np.random.RandomState(0).normal(size=(20, 3))
    scaling = Scaling.fit(kind, values[:10])
    np.testing.assert_allclose(scaling.undo(scaling.apply(values)), values, rtol=1e-12, atol=size * 1e-13)


def test_other_samples_have_no_effect_on_what_was_fitted() -> None:
    scaling = Scaling.fit("minmax", X[:2])
    assert scaling.apply(X)[2].tolist() == [2.0, 2.0, 0.0]


def test_scalings_are_compared_by_content_and_cannot_be_changed() -> None:
    assert Scaling.fit("minmax", X) == Scaling.fit("minmax", X.copy())
    assert len({Scaling.fit("minmax", X), Scaling.fit("minmax", X.copy()), Scaling.fit("standard", X)}) == 2
    for array in (Scaling.fit("minmax", X).shift, Scaling.fit("minmax", X).apply(X)):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize("values", [[[np.nan]], [[np.inf]], [[-1.5e308], [1.5e308]]])
def test_what_cannot_be_scaled_is_refused(values: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="input 1 has numbers that are not finite, or too large to be scaled"):
        Scaling.fit("minmax", np.array(values))


def test_no_sample_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="there is no sample"):
        Scaling.fit("standard", X[:0])
    with pytest.raises(ValueError, match="choose one of none, standard, minmax"):
        Scaling.fit("robust", X)
