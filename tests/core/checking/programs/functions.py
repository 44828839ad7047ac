"""A student's program: one file of functions, features as rows and samples as columns, W of shape (n_out, n_in)."""

# mypy: ignore-errors

import numpy as np

BUG = None  # names what is wrong; without one the program is right


def initialize(n_x, n_h, n_y, seed=2):
    rng = np.random.RandomState(seed)
    return {
        "W1": rng.randn(n_h, n_x) * 0.6,
        "b1": rng.randn(n_h, 1) * 0.2,
        "W2": rng.randn(n_y, n_h) * 0.6,
        "b2": rng.randn(n_y, 1) * 0.2,
    }


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward_propagation(X, parameters):
    Z1 = parameters["W1"] @ X + parameters["b1"]
    if BUG == "no bias":
        Z1 = parameters["W1"] @ X
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    A2 = sigmoid(Z2)
    return A2, {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}


def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    dZ2 = cache["A2"] - Y
    A1 = cache["Z1"] if BUG == "z for a" else cache["A1"]
    dW2 = dZ2 @ A1.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / (1 if BUG == "db not averaged" else m)
    dZ1 = parameters["W2"].T @ dZ2 * (1 - cache["A1"] ** 2)
    if BUG == "no slope":
        dZ1 = parameters["W2"].T @ dZ2
    if BUG == "sign":
        dZ1 = -dZ1
    dW1 = dZ1 @ X.T / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def update_parameters(parameters, grads, learning_rate):
    if BUG == "no bias update":
        grads = {**grads, "db1": 0, "db2": 0}
    return {name: parameters[name] - learning_rate * grads["d" + name] for name in parameters}
