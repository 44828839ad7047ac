"""Helpers of the core's tests: random samples, and the losses defined for an output activation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from bpviz.core import backprop
from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.losses import LOSSES, fits
from bpviz.core.network import Network
from bpviz.core.training.trainer import Trainer

LOSS_AND_OUTPUT = [(loss, output) for output in ACTIVATIONS for loss in LOSSES if fits(loss, output)]


def samples_for(network: Network, rows: int, seed: int = 0) -> tuple[Array, Array]:
    """Draw inputs in [-1, 1) and one-hot targets of a network's widths."""
    rng = np.random.RandomState(seed)
    n_inputs, n_outputs = network.layers[0].n_input, network.layers[-1].n_neurons
    return rng.uniform(-1, 1, (rows, n_inputs)), np.eye(n_outputs)[rng.randint(n_outputs, size=rows)]


def descend(network: Network, x: Array, y: Array, learning_rate: float) -> None:
    """Take one step of gradient descent by the textbook algorithm."""
    backprop.update(network, backprop.trace(network, x, y), learning_rate)


def run_epochs(trainer: Trainer, epochs: int, samples: int | None = None) -> None:
    """Make that many whole passes, some samples at a time or all at once."""
    for _ in range(epochs):
        while not trainer.epoch_is_complete:
            trainer.advance(samples or len(trainer.X))
        trainer.finish_epoch()


def slopes_by_difference(f: Callable[[Array], Array], at: Array, epsilon: float = 1e-6) -> Array:
    """Return d(sum of f)/d(at) by central differences, one component after the other."""
    slopes = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[index] = epsilon
        slopes[index] = (np.sum(f(at + step)) - np.sum(f(at - step))) / (2 * epsilon)
    return slopes


@contextmanager
def global_stream_untouched() -> Iterator[None]:
    """Fail if numpy's global random generator has been used."""
    before = np.random.get_state()
    yield
    for was, now in zip(before, np.random.get_state(), strict=True):
        np.testing.assert_array_equal(now, was)
