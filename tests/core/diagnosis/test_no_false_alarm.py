"""A right program is called right, whatever its network, its arithmetic and its conventions."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import bpviz
from tests.core.diagnosis.true_program import Arrays, Conventions, draw, numbers_of

QUICK, ALL = 100, 2000
KINDS: dict[str, type[np.floating[Any]]] = {"float64": np.float64, "float32": np.float32}


def random_conventions(rng: np.random.RandomState, n_outputs: int) -> Conventions:
    flags = {name: bool(rng.rand() < 0.3) for name in ("is_summed", "is_of_batch", "columns", "weights_transposed")}
    return Conventions(float(rng.choice([1, -1])), float(rng.choice([1, 2, 2 / n_outputs])), **flags)


def some_of(numbers: Arrays, rng: np.random.RandomState) -> Arrays:
    """Leave out about half of what is to be checked, but never all."""
    names = ["z", "a", "error", "delta", "dW", "db", "W_after", "b_after"]
    left_out = {name for name in names[:-1] if rng.rand() < 0.5}
    return {name: value for name, value in numbers.items() if name not in left_out}


def check_random(seeds: range, kind: str) -> None:
    tolerances, n_overflowed = [], 0
    for seed in seeds:
        rng = np.random.RandomState(seed)
        problem = draw(rng, KINDS[kind])
        conventions = random_conventions(rng, problem.y.shape[1]) if seed % 2 else Conventions()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # exp of the plain sigmoid, in float32
            numbers = numbers_of(problem, conventions)
        if not all(np.isfinite(array).all() for name in ("a", "delta") for array in numbers[name]):
            n_overflowed += 1  # exp in a textbook's softplus, for example: there is nothing to compare
            continue
        report = bpviz.check(**(some_of(numbers, rng) if seed % 3 else numbers))
        assert report.ok, (seed, conventions, str(report))
        tolerances.append(report.tolerance)
    assert n_overflowed <= len(seeds) // 50
    assert np.median(tolerances) < (1e-4 if kind == "float32" else 1e-12)
    assert np.quantile(tolerances, 0.9) < (1e-2 if kind == "float32" else 1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_random_programs_are_right(kind: str) -> None:
    check_random(range(QUICK // len(KINDS)), kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_random_programs_are_right(kind: str) -> None:
    check_random(range(QUICK, QUICK + ALL // len(KINDS)), kind)


@pytest.mark.parametrize("digits", [3, 4, 6])
def test_rounded_numbers_are_right(digits: int) -> None:
    for seed in range(10):
        numbers = numbers_of(draw(np.random.RandomState(seed)))
        report = bpviz.check(**rounded(numbers, digits))
        assert report.ok, (seed, str(report))
        # Of some arrays no number has as many digits, without the zeros at its end.
        (said,) = (each for each in report.conventions if each.startswith("Numbers are taken as rounded to"))
        assert f"{digits} significant digits" in said


def rounded(numbers: Arrays, digits: int) -> Arrays:
    """Round all that is to be checked, as printing it does."""

    def one(array: Any) -> Any:
        return None if array is None else np.vectorize(lambda value: float(f"{value:.{digits - 1}e}"))(array)

    checked = ("z", "a", "error", "delta", "dW", "db", "W_after", "b_after")
    return {name: [one(each) for each in value] if name in checked else value for name, value in numbers.items()}


def test_numbers_with_few_decimals_as_numpy_prints_them_are_right() -> None:
    numbers = numbers_of(draw(np.random.RandomState(4)))
    printed: Arrays = {name: [np.round(each, 8) for each in numbers[name]] for name in ("dW", "db")}
    given = {name: numbers[name] for name in ("W", "b", "activations", "loss", "X", "y")}
    assert bpviz.check(**given, **printed).ok


def test_rounded_numbers_that_are_wrong_in_a_digit_that_counts_are_wrong() -> None:
    numbers = numbers_of(draw(np.random.RandomState(0)))
    given = {name: numbers[name] for name in ("W", "b", "activations", "loss", "X", "y")}
    z = rounded({"z": numbers["z"]}, 3)["z"]
    largest = np.unravel_index(np.argmax(np.abs(z[0])), z[0].shape)
    z[0][largest] = float(f"{1.05 * z[0][largest]:.2e}")
    report = bpviz.check(**given, z=z)
    assert report.first == ("z", 1, tuple(map(int, largest)))
    assert report.causes == ()


def test_the_tolerance_can_be_set() -> None:
    numbers = numbers_of(draw(np.random.RandomState(0)))
    numbers["z"] = [array * (1 + 1e-6 * np.arange(array.size).reshape(array.shape)) for array in numbers["z"]]
    assert not bpviz.check(**numbers).ok
    assert bpviz.check(**numbers, tolerance=1e-3).ok
