"""Initializers: functions that draw one layer's weights and biases, and tables of published weights."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from bpviz.core.arrays import Array, frozen
from bpviz.language import _

Draw = Callable[[np.random.RandomState, int, int], tuple[Array, Array]]


def _article(rng: np.random.RandomState, n_in: int, n_out: int) -> tuple[Array, Array]:
    """Draw normal weights of variance 1/n_out, then uniform biases in [0, 0.1); the order matters for the seed."""
    return rng.randn(n_in, n_out) * np.sqrt(1.0 / n_out), rng.rand(n_out) * 0.1


def _xavier(rng: np.random.RandomState, n_in: int, n_out: int) -> tuple[Array, Array]:
    """Glorot and Bengio (2010), eq. 16: uniform within sqrt(6 / (n_in + n_out)), zero biases."""
    limit = np.sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out)), np.zeros(n_out)


def _he(rng: np.random.RandomState, n_in: int, n_out: int) -> tuple[Array, Array]:
    """He et al. (2015), eq. 10: normal of variance 2 / n_in, zero biases."""
    return rng.randn(n_in, n_out) * np.sqrt(2.0 / n_in), np.zeros(n_out)


def _lecun(rng: np.random.RandomState, n_in: int, n_out: int) -> tuple[Array, Array]:
    """LeCun et al. (1998), section 4.6: normal of variance 1 / n_in, zero biases."""
    return rng.randn(n_in, n_out) * np.sqrt(1.0 / n_in), np.zeros(n_out)


def _uniform(rng: np.random.RandomState, n_in: int, n_out: int) -> tuple[Array, Array]:
    """Uniform weights and biases in [-0.5, 0.5), as in many textbooks."""
    return rng.uniform(-0.5, 0.5, (n_in, n_out)), rng.uniform(-0.5, 0.5, n_out)


INITIALIZERS: dict[str, Draw] = {
    "article": _article,
    "xavier": _xavier,
    "he": _he,
    "lecun": _lecun,
    "uniform": _uniform,
}

#: Published weights and biases, layer by layer, used in place of drawn ones.
PUBLISHED: dict[str, tuple[tuple[Array, Array], ...]] = {
    # Matt Mazur (2015), A Step by Step Backpropagation Example. His w1 and w2 are the weights into h1, w3 and w4 those
    # into h2, and w5 to w8 those into the outputs: here they are columns.
    "mazur": (
        (frozen([[0.15, 0.25], [0.20, 0.30]]), frozen([0.35, 0.35])),
        (frozen([[0.40, 0.50], [0.45, 0.55]]), frozen([0.60, 0.60])),
    ),
}
NAMES = (*INITIALIZERS, *PUBLISHED)


def published_sizes(name: str) -> tuple[int, ...] | None:
    """Return the widths, inputs first, that published weights are for; None for an initializer that draws."""
    layers = PUBLISHED.get(name)
    return (len(layers[0][0]), *(len(bias) for _, bias in layers)) if layers else None


def initial_parameters(name: str, rng: np.random.RandomState, sizes: Sequence[int]) -> Iterator[tuple[Array, Array]]:
    """Yield weights and bias of each layer, first to last.

    Raises
    ------
    ValueError
        If there is no such initializer, or its weights were published for another network.
    """
    if name not in NAMES:
        raise ValueError(
            _("no initializer is called {name!r}; choose one of {names}").format(name=name, names=", ".join(NAMES))
        )
    if name in INITIALIZERS:
        return (INITIALIZERS[name](rng, n_in, n_out) for n_in, n_out in pairwise(sizes))
    if published_sizes(name) != tuple(sizes):
        raise ValueError(sizes_problem(name, sizes))
    return iter(PUBLISHED[name])


def sizes_problem(name: str, sizes: Sequence[int]) -> str:
    """Return the sentence that names the network which published weights are for."""
    needed, given = ("-".join(map(str, widths)) for widths in (published_sizes(name) or (), sizes))
    return _("{name} needs the network {needed} that it was published for, not {given}").format(
        name=name, needed=needed, given=given
    )
