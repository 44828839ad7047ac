"""What a backward pass may return: lists, pairs, dicts; with samples as rows or single columns."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import bpviz

RNG = np.random.RandomState(3)
X, Y = RNG.randn(6, 3), np.eye(2)[[0, 1, 1, 0, 1, 0]]
Lists = tuple[list[Any], list[Any]]
FORMS: dict[str, Callable[[list[Any], list[Any]], Any]] = {
    "a list of dW and one of db": lambda dW, db: (dW, db),
    "db first": lambda dW, db: (db, dW),
    "dW alone": lambda dW, db: dW,
    "a pair for each layer": lambda dW, db: list(zip(dW, db, strict=True)),
    "a dict for each array": lambda dW, db: {f"dW{n}": W for n, W in enumerate(dW, 1)} | {"db1": db[0]},
    "a dict of lists": lambda dW, db: {"dW": dW, "db": db},
    "a dict among others": lambda dW, db: (1.5, {"dW": dW, "db": db}),
}


def network(n_layers: int) -> Lists:
    sizes = (3, 4, 2) if n_layers == 2 else (3, 4, 4, 2)
    rng = np.random.RandomState(1)
    return [rng.randn(*shape) for shape in pairwise(sizes)], [rng.randn(n) for n in sizes[1:]]


def gradients(W: list[Any], b: list[Any], x: Any, y: Any, *, slope: bool) -> Lists:
    activations = [x]
    for weights, bias in zip(W, b, strict=True):
        activations.append(np.tanh(activations[-1] @ weights + bias))
    deltas = [(activations[-1] - y) * (1 - activations[-1] ** 2)]
    for layer in reversed(range(1, len(W))):
        deltas.insert(0, deltas[0] @ W[layer].T * (1 - activations[layer] ** 2 if slope else 1))
    dW = [a.T @ delta / len(x) for a, delta in zip(activations, deltas, strict=False)]
    return dW, [delta.mean(axis=0) for delta in deltas]


@pytest.mark.parametrize("n_layers", [2, 3])
@pytest.mark.parametrize("form", FORMS)
def test_gradients_are_read_in_every_form(form: str, n_layers: int) -> None:
    W, b = network(n_layers)
    for slope in (True, False):

        def backward(x: Any, y: Any, slope: bool = slope) -> Any:
            return FORMS[form](*gradients(W, b, x, y, slope=slope))

        report = bpviz.check(W=W, b=b, X=X, y=Y, activations="tanh", backward=backward)
        assert {"dW"} <= {key[0] for _, key in report.comparison.given()} <= {"dW", "db"}
        assert (report.ok, "slope_left_out" in report.causes) == (slope, not slope)


class OneColumn:
    """A program whose samples are single columns, W of shape (n_out, n_in), and which returns db before dW."""

    def __init__(self) -> None:
        W, b = network(3)
        self.weights, self.biases = [matrix.T for matrix in W], [vector[:, None] for vector in b]
        self.slope = True

    def backprop(self, x: Any, y: Any) -> Any:
        W, b = [matrix.T for matrix in self.weights], [vector.ravel() for vector in self.biases]
        if x.shape[1] != 1:
            raise IndexError("one column at a time")
        dW, db = gradients(W, b, x.T, y.T, slope=self.slope)
        return [vector[:, None] for vector in db], [matrix.T for matrix in dW]


@pytest.mark.parametrize(("x", "y"), [(X, Y), (X[0], Y[0]), (X[:1].T, Y[:1].T)], ids=["rows", "vector", "column"])
def test_samples_are_handed_over_as_the_program_takes_them(x: Any, y: Any) -> None:
    program = OneColumn()
    assert bpviz.check(program, x, y, activations="tanh").ok
    program.slope = False
    report = bpviz.check(program, x, y, activations="tanh")
    assert (report.first, report.causes[0]) == (("dW", 2, (0, 0)), "slope_left_out")
