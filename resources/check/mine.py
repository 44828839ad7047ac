"""An example for `bpviz check`: a small network, its backpropagation, and one mistake in it.

Run `python mine.py`, then `bpviz check mine.npz`. Put your own computation in place of `numbers`: any part of the
arrays will do, under names such as W1, b1, x, y and delta1, dW1, db1, counted from 1.
"""

import numpy as np


def sigmoid(z):
    """Return the logistic function."""
    return 1 / (1 + np.exp(-z))


def numbers():
    """Return the parameters, the samples and the gradients of a network of 2 inputs, 3 hidden neurons and 2 outputs."""
    rng = np.random.RandomState(0)
    W1, b1 = rng.randn(2, 3), rng.randn(3)
    W2, b2 = rng.randn(3, 2), rng.randn(2)
    x, y = rng.randn(4, 2), np.eye(2)[[0, 1, 1, 0]]

    a1 = sigmoid(x @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = delta2 @ W2.T  # the mistake: the slope a1 * (1 - a1) is missing
    return {
        "W1": W1,
        "b1": b1,
        "W2": W2,
        "b2": b2,
        "activations": ["sigmoid", "sigmoid"],
        "loss": "mse",
        "x": x,
        "y": y,
        "delta2": delta2,
        "delta1": delta1,
        "dW2": a1.T @ delta2 / len(x),
        "db2": delta2.mean(axis=0),
        "dW1": x.T @ delta1 / len(x),
        "db1": delta1.mean(axis=0),
    }


if __name__ == "__main__":
    np.savez("mine.npz", **numbers())
