"""What differs from bpviz by convention is said, and never wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import bpviz
from tests.core.diagnosis.true_program import Arrays, Conventions, Problem, numbers_of


def problem() -> Problem:
    """Return a network 3-4-4-3 with 5 samples and the squared error."""
    rng = np.random.RandomState(1)
    sizes = (3, 4, 4, 3)
    weights: list[Any] = [rng.randn(sizes[layer], sizes[layer + 1]) for layer in range(3)]
    biases: list[Any] = [rng.randn(size) for size in sizes[1:]]
    y = np.eye(3)[rng.randint(3, size=5)]
    return Problem(weights, biases, ["tanh", "sigmoid", "sigmoid"], "mse", rng.randn(5, 3), y, 0.1)


@pytest.mark.parametrize(
    ("conventions", "begins"),
    [
        (Conventions(sign=-1.0), "Opposite in sign: delta and dW and db (y - a in place of a - y"),
        (Conventions(factor=2.0), "Delta, dW and db and the update: twice bpviz's, since the loss has no factor 1/2."),
        (
            Conventions(factor=2 / 3),
            "Delta, dW and db and the update: 2/n_outputs times bpviz's, since the loss is the",
        ),
        (Conventions(factor=1 / 3), "Delta, dW and db and the update: 1/n_outputs times bpviz's, since the loss is a"),
        (Conventions(factor=0.5), "Delta, dW and db and the update: half of bpviz's, the same up to a factor of 2."),
        (Conventions(is_summed=True), "DW and db and the update: summed over the batch (in bpviz the mean)."),
        (Conventions(is_of_batch=True), "Delta: of the mean loss of the batch, so 1/n_samples of"),
        (Conventions(columns=True), "Samples are columns (in bpviz they are rows)."),
        (Conventions(weights_transposed=True), "W is stored with shape (n_out, n_in) (in bpviz (n_in, n_out))."),
    ],
)
def test_a_convention_is_said_and_not_wrong(conventions: Conventions, begins: str) -> None:
    report = bpviz.check(**numbers_of(problem(), conventions))
    assert report.ok
    assert [sentence[: len(begins)] for sentence in report.conventions] == [begins]


def test_dw_may_be_stored_as_the_transpose_of_w() -> None:
    numbers = numbers_of(problem())
    numbers["dW"] = [array.T for array in numbers["dW"]]
    report = bpviz.check(**numbers)
    assert report.ok
    assert report.conventions == ("dW is stored as the transpose of W's shape.",)


def test_dw_of_one_square_layer_transposed_is_wrong() -> None:
    numbers = without(numbers_of(problem()), "W_after", "b_after")
    numbers["dW"][1] = numbers["dW"][1].T
    report = bpviz.check(**numbers)
    assert report.first == ("dW", 2, (0, 1))
    assert report.causes == ("gradient_transposed",)


@pytest.mark.parametrize("shape", [(1, -1), (-1, 1)])
def test_a_bias_may_be_a_row_or_a_column(shape: tuple[int, int]) -> None:
    numbers = numbers_of(problem())
    for name in ("b", "db", "b_after"):
        numbers[name] = [array.reshape(shape) for array in numbers[name]]
    assert bpviz.check(**numbers).ok


@pytest.mark.slow
def test_the_place_of_a_wrong_number_is_that_in_their_own_array() -> None:
    numbers = numbers_of(problem(), Conventions(weights_transposed=True, columns=True))
    numbers = {name: numbers[name] for name in ("W", "b", "X", "y", "activations", "dW", "db", "delta")}
    numbers["dW"][0][2, 1] += 1.0
    numbers["dW"][0][3, 0] += 1.0
    report = bpviz.check(**numbers)
    assert report.first == ("dW", 1, (3, 0))
    assert report.cells("dW", 1).shape == (4, 3)
    assert list(map(tuple, np.argwhere(report.cells("dW", 1)))) == [(2, 1), (3, 0)]
    assert not report.cells("delta", 2).any()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_step_uphill_is_wrong_whatever_the_sign_of_delta(sign: float) -> None:
    numbers = numbers_of(problem(), Conventions(sign=sign))
    for after, before in (("W_after", "W"), ("b_after", "b")):
        numbers[after] = [2 * old - new for old, new in zip(numbers[before], numbers[after], strict=True)]
    report = bpviz.check(**numbers)
    assert report.first == ("W_after", 3, (0, 0))
    assert report.causes == ("sign_flipped",)


def test_class_numbers_are_targets_too() -> None:
    numbers = numbers_of(problem())
    assert bpviz.check(**{**numbers, "y": numbers["y"].argmax(axis=1)}).ok


def test_cross_entropy_stores_a_minus_y_as_the_error_of_the_output() -> None:
    given = problem()
    given = Problem(given.weights, given.biases, given.activations, "cross_entropy", given.x, given.y, given.rate)
    numbers = numbers_of(given)
    numbers["error"][-1] = numbers["delta"][-1]
    assert bpviz.check(**numbers).ok


def test_the_loss_and_the_learning_rate_are_inferred() -> None:
    given = problem()
    given = Problem(given.weights, given.biases, given.activations, "cross_entropy", given.x, given.y, given.rate)
    report = bpviz.check(**without(numbers_of(given), "loss", "learning_rate"))
    assert report.ok
    assert report.conventions == ("The loss, inferred, is cross_entropy.", "The learning rate, inferred, is 0.1.")


@pytest.mark.parametrize("left_out", [(), ("z",), ("z", "a")])
def test_the_activation_functions_are_inferred(left_out: tuple[str, ...]) -> None:
    given = problem()
    given = Problem(given.weights, given.biases, ["tanh", "tanh", "sigmoid"], "mse", given.x, given.y, given.rate)
    report = bpviz.check(**without(numbers_of(given), "activations", *left_out))
    assert report.ok
    assert report.conventions == ("The activation functions, inferred, are tanh, tanh, sigmoid.",)


def without(numbers: Arrays, *names: str) -> Arrays:
    return {name: value for name, value in numbers.items() if name not in names}
