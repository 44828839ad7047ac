"""A student's program: parameters in a dict W1, b1, ..., batches with samples as rows, softmax and cross-entropy."""

# mypy: ignore-errors

import numpy as np


class Classifier:
    """`bug` names what is wrong; without one the program is right."""

    def __init__(self, n_in, n_hidden, n_out, seed=0, dtype=np.float64, bug=None):
        rng = np.random.RandomState(seed)
        self.params = {
            "W1": (0.5 * rng.randn(n_in, n_hidden)).astype(dtype),
            "b1": (0.1 * rng.randn(1, n_hidden)).astype(dtype),
            "W2": (0.5 * rng.randn(n_hidden, n_hidden)).astype(dtype),
            "b2": (0.1 * rng.randn(1, n_hidden)).astype(dtype),
            "W3": (0.5 * rng.randn(n_hidden, n_out)).astype(dtype),
            "b3": (0.1 * rng.randn(1, n_out)).astype(dtype),
        }
        self.activations = ["tanh", "relu", "softmax"]
        self.bug = bug
        self.grads = {}

    def forward(self, X):
        p = self.params
        self.cache = {"Z1": X @ p["W1"] + p["b1"]}
        self.cache["A1"] = np.tanh(self.cache["Z1"])
        self.cache["Z2"] = self.cache["A1"] @ p["W2"] + p["b2"]
        self.cache["A2"] = np.maximum(0, self.cache["Z2"])
        scores = self.cache["A2"] @ p["W3"] + p["b3"]
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        self.cache["A3"] = e / e.sum(axis=1, keepdims=True)
        return self.cache["A3"]

    def backward(self, X, y):
        p, c, m = self.params, self.cache, len(X)
        dZ3 = (c["A3"] - y) / m
        if self.bug == "slope of output":
            dZ3 = dZ3 * c["A3"] * (1 - c["A3"])
        self.grads["dW3"] = c["A2"].T @ dZ3
        self.grads["db3"] = dZ3.sum(axis=0)
        dA2 = dZ3 @ (p["W3"].T if self.bug != "no weights" else np.ones_like(p["W3"].T))
        dZ2 = dA2 * (c["Z2"] > 0 if self.bug != "tanh for relu" else 1 - c["A2"] ** 2)
        self.grads["dW2"] = c["A1"].T @ dZ2
        self.grads["db2"] = dZ2.sum(axis=0)
        if self.bug == "1/m twice":
            self.grads["dW2"] /= m
        dZ1 = (dZ2 @ p["W2"].T) * (1 - (c["Z1"] if self.bug == "slope of z" else c["A1"]) ** 2)
        new = {"dW1": X.T @ dZ1, "db1": dZ1.sum(axis=0)}
        for name, gradient in new.items():
            is_kept = self.bug == "accumulated" and name in self.grads
            self.grads[name] = gradient + self.grads[name] if is_kept else gradient
        return self.grads

    def update(self, learning_rate):
        for name in self.params:
            step = 1.0 if self.bug == "no rate" and name == "W1" else learning_rate
            self.params[name] = self.params[name] - step * self.grads["d" + name].reshape(self.params[name].shape)
