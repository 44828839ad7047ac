"""A student's program: a network is a list of layers, one sample at a time, after the article."""

# mypy: ignore-errors

import numpy as np


class Layer:
    def __init__(self, n_input, n_neurons, activation=None):
        self.weights = np.random.rand(n_input, n_neurons)
        self.bias = np.random.rand(n_neurons)
        self.activation = activation
        self.last_activation = None
        self.error = None
        self.delta = None

    def activate(self, x):
        r = np.dot(x, self.weights) + self.bias
        self.last_activation = self._apply_activation(r)
        return self.last_activation

    def _apply_activation(self, r):
        if self.activation == "tanh":
            return np.tanh(r)
        if self.activation == "sigmoid":
            return 1 / (1 + np.exp(-r))
        return r

    def derivative(self, a):
        if self.activation == "tanh":
            return 1 - a**2
        if self.activation == "sigmoid":
            return a * (1 - a)
        return np.ones_like(a)


class Network:
    """`bug` names what is wrong; without one the program is right."""

    def __init__(self, sizes, activation="sigmoid", bug=None):
        self._layers = [Layer(sizes[i], sizes[i + 1], activation) for i in range(len(sizes) - 1)]
        self.bug = bug

    def feed_forward(self, X):
        for layer in self._layers:
            X = layer.activate(X)
        return X

    def backpropagation(self, X, y, learning_rate):
        output = self.feed_forward(X)
        for i in reversed(range(len(self._layers))):
            layer = self._layers[i]
            if layer == self._layers[-1]:
                layer.error = y - output
            else:
                after = self._layers[i + 1]
                weights = after.weights.T if self.bug == "transpose" else after.weights
                what = after.error if self.bug == "raw error" else after.delta
                layer.error = np.dot(weights, what)
            slope = layer.derivative(layer.last_activation)
            if self.bug == "no slope" and i < len(self._layers) - 1:
                slope = 1
            layer.delta = layer.error * slope
            if self.bug == "too early":
                self._update(i, X, learning_rate)
        if self.bug != "too early":
            for i in range(len(self._layers)):
                self._update(i, X, learning_rate)

    def _update(self, i, X, learning_rate):
        layer = self._layers[i]
        inputs = np.atleast_2d(X if i == 0 else self._layers[i - 1].last_activation)
        if self.bug == "descent":
            learning_rate = -learning_rate
        layer.weights += layer.delta * inputs.T * learning_rate
        if self.bug != "no bias":
            layer.bias += layer.delta * learning_rate
