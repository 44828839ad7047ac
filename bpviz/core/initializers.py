"""Initializers: a table from a name to a draw of one layer's weights and biases."""

from collections.abc import Callable

import numpy as np

from bpviz.core.arrays import Array

Draw = Callable[[np.random.RandomState, int, int], tuple[Array, Array]]


def _article(rng: np.random.RandomState, n_in: int, n_out: int) -> tuple[Array, Array]:
    """Draw normal weights of variance 1/n_out, then uniform biases in [0, 0.1), in this order of drawing."""
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
    """Uniform weights and biases in [-0.5, 0.5), as textbooks begin."""
    return rng.uniform(-0.5, 0.5, (n_in, n_out)), rng.uniform(-0.5, 0.5, n_out)


INITIALIZERS: dict[str, Draw] = {
    "article": _article,
    "xavier": _xavier,
    "he": _he,
    "lecun": _lecun,
    "uniform": _uniform,
}
