"""Six networks of different sizes, activations and losses, and the numbers of wrong programs on them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.diagnose import Reading, diagnose
from bpviz.core.diagnosis.layouts import Layout
from bpviz.core.diagnosis.numbers import CheckedUpdate, Given
from bpviz.core.diagnosis.report import Report
from bpviz.core.mistakes.mistake import Planted, hooks_of
from bpviz.core.mistakes.program import Key, Program, Setup, keys_in_order
from bpviz.core.network import Network

NETWORKS = {
    "squares of sigmoid": ((2, 4, 4, 2), ("sigmoid", "sigmoid", "sigmoid"), "mse"),
    "squares to softmax": ((3, 5, 5, 5, 3), ("tanh", "sigmoid", "tanh", "softmax"), "cross_entropy"),
    "one output": ((4, 6, 3, 1), ("relu", "tanh", "sigmoid"), "cross_entropy"),
    "all square": ((3, 3, 3, 3, 3), ("leaky_relu", "relu", "tanh", "none"), "mse"),
    "softmax of squares": ((3, 6, 4, 3), ("sigmoid", "tanh", "softmax"), "mse"),
    "huber": ((3, 5, 4, 2), ("silu", "elu", "tanh"), "huber"),
}
SAMPLES, RATE = 5, 0.07


def setups(name: str, seed: int = 0) -> list[Setup]:
    """Return two updates in a row of one of the networks; where there is a kink, one neuron has z = 0."""
    sizes, activations, loss = NETWORKS[name]
    rng = np.random.RandomState(seed + len(name))
    network = Network.build(sizes, activations, initializer="xavier", seed=seed + len(name), loss=loss)
    for layer in network.layers:
        layer.weights[...] *= 1.5
        layer.bias[...] = 0.4 * rng.randn(layer.n_neurons)
        if "relu" in layer.activation:
            layer.weights[:, 0], layer.bias[0] = 0.0, 0.0
    moved = network.copy()
    for layer in moved.layers:
        layer.weights[...] += 0.3 * rng.randn(*layer.weights.shape)
    return [Setup(each, *_samples(rng, sizes[0], sizes[-1]), RATE) for each in (network, moved)]


def _samples(rng: np.random.RandomState, n_inputs: int, n_outputs: int) -> tuple[Array, Array]:
    classes = rng.randint(max(n_outputs, 2), size=SAMPLES)
    return rng.randn(SAMPLES, n_inputs), np.eye(n_outputs)[classes] if n_outputs > 1 else classes[:, None].astype(
        np.float64
    )


def programs(updates: Iterable[Setup], planted: Iterable[Planted] = ()) -> list[Program]:
    """Return the program of each update, with some mistakes."""
    hooks, found = hooks_of(planted), list[Program]()
    for setup in updates:
        found.append(Program(setup, hooks, found[-1] if found else None))
    return found


def report_on(wrong: Iterable[Program], quantities: Iterable[str] | None = None) -> Report:
    """Return the report on all numbers of some programs, or on some quantities."""
    readings = []
    for program in wrong:
        keys = keys_of(program, quantities)
        with np.errstate(all="ignore"):
            given = {key: Given(program.value(*key), program.value(*key).shape) for key in keys}
        readings.append(CheckedUpdate(program.setup, given))
    return diagnose([Reading(readings, Layout())])


def keys_of(program: Program, quantities: Iterable[str] | None = None) -> list[Key]:
    """Return all quantities and layers in order, or those of some quantities."""
    wanted = None if quantities is None else set(quantities)
    return [key for key in keys_in_order(program.setup.n_layers) if wanted is None or key[0] in wanted]


def first_difference(wrong: Iterable[Program], right: Iterable[Program]) -> tuple[int, Key, tuple[int, ...]] | None:
    """Return update, quantity and place of the first number that a mistake changes."""
    for number, (mine, true) in enumerate(zip(wrong, right, strict=True)):
        for key in keys_of(true):
            with np.errstate(all="ignore"):
                differs = ~np.isclose(mine.value(*key), true.value(*key), rtol=1e-9, atol=1e-14)
            if differs.any():
                return number, key, tuple(map(int, np.argwhere(differs)[0]))
    return None
