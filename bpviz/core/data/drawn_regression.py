"""Samples drawn for a regression; noise is added to their targets."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array

Samples = tuple[Array, Array]
#: Slope and intercept of the line to learn.
LINE = (2.0, 1.0)
#: Height and centre of each bump of `gauss`, and their width.
_BUMPS = ((1, -0.65, 0.45), (-1, 0.0, 0.45), (1, 0.65, 0.45), (-1, -0.65, -0.45), (1, 0.0, -0.45), (-1, 0.65, -0.45))
_WIDTH = 0.22
_HALF_TURN = 3.14  # not pi: so the article's companion program has it


def sine(samples: int, noise: float, seed: int, classes: int) -> Samples:
    """Draw x uniformly from [-3.14, 3.14], with two targets: sin x, and 1."""
    rng = np.random.RandomState(seed)
    x = rng.uniform(-_HALF_TURN, _HALF_TURN, (samples, 1))
    wave = np.sin(x) + noise * rng.randn(samples, 1)
    return x, np.column_stack((wave, np.ones(samples)))


def line(samples: int, noise: float, seed: int, classes: int) -> Samples:
    """Draw samples of y = w x + b, with w and b of `LINE`, and x uniform in [-1, 1]."""
    rng = np.random.RandomState(seed)
    x = rng.uniform(-1, 1, (samples, 1))
    return x, LINE[0] * x + LINE[1] + noise * rng.randn(samples, 1)


def plane(samples: int, noise: float, seed: int, classes: int) -> Samples:
    """Draw samples of half the sum of two inputs, which are uniform in [-1, 1]."""
    rng = np.random.RandomState(seed)
    X = rng.uniform(-1, 1, (samples, 2))
    return X, X.mean(axis=1, keepdims=True) + noise * rng.randn(samples, 1)


def gauss(samples: int, noise: float, seed: int, classes: int) -> Samples:
    """Draw samples of six Gaussian bumps, up and down in turn, over two inputs that are uniform in [-1, 1]."""
    rng = np.random.RandomState(seed)
    X = rng.uniform(-1, 1, (samples, 2))
    y = np.zeros((samples, 1))
    for height, *centre in _BUMPS:
        y += height * np.exp(-np.sum((X - centre) ** 2, axis=1, keepdims=True) / (2 * _WIDTH**2))
    return X, y + noise * rng.randn(samples, 1)


def friedman1(samples: int, noise: float, seed: int, classes: int) -> Samples:
    """Draw Friedman's first problem (1991): ten inputs uniform in [0, 1], of which the target depends on five."""
    from sklearn.datasets import make_friedman1

    X, y = make_friedman1(n_samples=samples, noise=noise, random_state=seed)
    return X, y[:, None]
