"""A right backpropagation, written without bpviz, in float64 or float32 and with conventions of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS, LEAK
from bpviz.core.losses import LOSSES, fits

Arrays = dict[str, Any]


@dataclass(frozen=True)
class Conventions:
    """How a program differs from bpviz without being wrong."""

    sign: float = 1.0
    factor: float = 1.0
    is_summed: bool = False
    is_of_batch: bool = False
    columns: bool = False
    weights_transposed: bool = False


@dataclass(frozen=True)
class Problem:
    """Parameters, samples and settings of one update."""

    weights: list[Any]
    biases: list[Any]
    activations: list[str]
    loss: str
    x: Any
    y: Any
    rate: float


def draw(rng: np.random.RandomState, dtype: type[np.floating[Any]] = np.float64) -> Problem:
    """Draw a network of 1 to 5 layers, some of them square, with 1 to 8 samples."""
    n_layers = int(rng.randint(1, 6))
    sizes = [int(size) for size in rng.randint(1, 9, n_layers + 1)]
    if rng.rand() < 0.3:
        sizes = [sizes[0]] * (n_layers + 1)
    output = str(rng.choice([name for name in ACTIVATIONS if name != "softmax" or sizes[-1] > 1]))
    hidden = [str(rng.choice(HIDDEN_ACTIVATIONS)) for _ in range(n_layers - 1)]
    loss = str(rng.choice([name for name in LOSSES if fits(name, output)]))
    scale = float(rng.choice([0.3, 1.0, 2.0]))
    shapes = [(sizes[layer], sizes[layer + 1]) for layer in range(n_layers)]
    weights = [(scale * rng.randn(*shape)).astype(dtype) for shape in shapes]
    biases = [(0.5 * rng.randn(m)).astype(dtype) for m in sizes[1:]]
    count = int(rng.randint(1, 9))
    x = rng.randn(count, sizes[0]).astype(dtype)
    y = np.eye(sizes[-1], dtype=dtype)[rng.randint(sizes[-1], size=count)]
    return Problem(weights, biases, [*hidden, output], loss, x, y, float(rng.choice([0.01, 0.1, 0.7])))


def _normal(z: Any) -> Any:
    return ((1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2).astype(z.dtype)


def f(name: str, z: Any) -> Any:
    """Return the activation, as a textbook writes it."""
    if name == "softmax":
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    formulas = {
        "none": lambda: z,
        "relu": lambda: np.where(z > 0, z, 0 * z),
        "leaky_relu": lambda: np.where(z > 0, z, z.dtype.type(LEAK) * z),
        "elu": lambda: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
        "gelu": lambda: z * _normal(z),
        "silu": lambda: z / (1 + np.exp(-z)),
        "softplus": lambda: np.log(1 + np.exp(z)),
        "sin": lambda: np.sin(z),
        "tanh": lambda: np.tanh(z),
        "sigmoid": lambda: 1 / (1 + np.exp(-z)),
    }
    return formulas[name]()


def slope(name: str, z: Any) -> Any:
    """Return the derivative of the activation, from z."""
    one = np.ones_like(z)
    formulas = {
        "none": lambda: one,
        "relu": lambda: np.where(z > 0, one, 0 * one),
        "leaky_relu": lambda: np.where(z > 0, one, z.dtype.type(LEAK) * one),
        "elu": lambda: np.where(z > 0, one, np.exp(np.minimum(z, 0))),
        "gelu": lambda: _normal(z) + z * np.exp(-z * z / 2) / z.dtype.type(math.sqrt(2 * math.pi)),
        "silu": lambda: f("sigmoid", z) * (one + z * (one - f("sigmoid", z))),
        "softplus": lambda: f("sigmoid", z),
        "sin": lambda: np.cos(z),
        "tanh": lambda: one - np.tanh(z) ** 2,
        "sigmoid": lambda: f("sigmoid", z) * (one - f("sigmoid", z)),
    }
    return formulas[name]()


def numbers_of(problem: Problem, conventions: Conventions | None = None) -> Arrays:
    """Return all that a right program computes, as keywords of `bpviz.check`."""
    how, last = conventions or Conventions(), len(problem.weights) - 1
    zs, activations = [], [problem.x]
    for W, b, name in zip(problem.weights, problem.biases, problem.activations, strict=True):
        zs.append(activations[-1] @ W + b)
        activations.append(f(name, zs[-1]))
    factor = problem.x.dtype.type(how.sign * how.factor / (len(problem.x) if how.is_of_batch else 1))
    deltas: list[Any] = [None] * (last + 1)
    errors: list[Any] = [None] * (last + 1)
    deltas[last] = factor * _output_delta(problem, zs[-1], activations[-1])
    for layer in reversed(range(last)):
        errors[layer] = deltas[layer + 1] @ problem.weights[layer + 1].T
        deltas[layer] = errors[layer] * slope(problem.activations[layer], zs[layer])
    count = len(problem.x) if how.is_of_batch else 1
    share = problem.x.dtype.type(count / (1 if how.is_summed else len(problem.x)))
    dW = [share * (a.T @ delta) for a, delta in zip(activations, deltas, strict=False)]
    db = [share * delta.sum(axis=0) for delta in deltas]
    rate = problem.x.dtype.type(how.sign * problem.rate)
    after = {
        "W_after": [W - rate * step for W, step in zip(problem.weights, dW, strict=True)],
        "b_after": [b - rate * step for b, step in zip(problem.biases, db, strict=True)],
    }
    return _stored(
        problem, {"z": zs, "a": activations[1:], "error": errors, "delta": deltas, "dW": dW, "db": db, **after}, how
    )


def _output_delta(problem: Problem, z: Any, a: Any) -> Any:
    difference, name = a - problem.y, problem.activations[-1]
    if problem.loss == "cross_entropy":
        return difference
    if problem.loss == "mae":
        difference = np.sign(difference)
    if problem.loss == "huber":
        difference = np.where(np.abs(difference) > 1, np.sign(difference), difference)
    if name == "softmax":
        return a * (difference - (difference * a).sum(axis=1, keepdims=True))
    return difference * slope(name, z)


def _stored(problem: Problem, numbers: Arrays, how: Conventions) -> Arrays:
    """Return everything in the program's own layout."""

    def turned(name: str, array: Any) -> Any:
        of_weights = how.weights_transposed and name in ("dW", "W_after")
        of_samples = how.columns and name in ("z", "a", "error", "delta")
        return array.T if array is not None and (of_weights or of_samples) else array

    stored = {name: [turned(name, array) for array in arrays] for name, arrays in numbers.items()}
    return {
        "W": [W.T if how.weights_transposed else W for W in problem.weights],
        "b": problem.biases,
        "activations": problem.activations,
        "loss": problem.loss,
        "learning_rate": problem.rate,
        "X": problem.x.T if how.columns else problem.x,
        "y": problem.y.T if how.columns else problem.y,
        **stored,
    }
