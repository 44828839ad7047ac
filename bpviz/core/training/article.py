"""The article's class `NeuralNetwork`: a network with a `train` method that prints a report every 10 epochs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.datasets import one_hot
from bpviz.core.metrics import scores
from bpviz.core.network import Network
from bpviz.core.training.kernel import Kernel

REPORT_EVERY = 10


class NeuralNetwork(Network):
    """A network with the training methods of the article's program.

    Parameters
    ----------
    loss : {"mse", "cross_entropy", "huber", "mae"}
        The loss that training minimises. For "mse", half the sum of squared errors of a sample.
    train_biases : bool
        Whether biases are updated. The article's program leaves them at their initial values.
    """

    def backpropagation(self, X: npt.ArrayLike, y: npt.ArrayLike, learning_rate: float) -> None:
        """Take one step of gradient descent on one sample, or on the mean gradient of a batch.

        Parameters
        ----------
        X : array_like of shape (n_inputs,) or (n_samples, n_inputs)
        y : array_like of shape (n_outputs,) or (n_samples, n_outputs)
            The targets, one-hot for classes.
        learning_rate : float
        """
        backprop.update(self, backprop.trace(self, X, y), learning_rate)

    def train(
        self,
        X_train: npt.ArrayLike,
        X_test: npt.ArrayLike,
        y_train: npt.ArrayLike,
        y_test: npt.ArrayLike,
        learning_rate: float,
        max_epochs: int,
        report: Callable[[str], None] | None = print,
    ) -> list[float]:
        """Train one sample at a time, in the given order, and report every 10 epochs.

        Parameters
        ----------
        X_train, X_test : array_like of shape (n_samples, n_inputs)
        y_train, y_test : array_like
            Class numbers of shape (n_samples,), or targets of shape (n_samples, n_outputs).
        learning_rate : float
        max_epochs : int
        report : callable, optional
            Called with each line of the report; None reports nothing.

        Returns
        -------
        list of float
            The MSE over the training set after epochs 0, 10, 20, ...
        """
        n_outputs = self.layers[-1].n_neurons
        X, targets = np.asarray(X_train, dtype=np.float64), one_hot(y_train, n_outputs)
        kernel, order = Kernel(self), np.arange(len(X))
        mses = []
        for epoch in range(max_epochs):
            kernel.run(X, targets, order, learning_rate)
            if epoch % REPORT_EVERY == 0:
                mses.append(scores.mean_squared_error(self.feed_forward(X), targets))
                if report is not None:
                    report(report_line(epoch, mses[-1], self.accuracy(self.predict(X_test), y_test)))
        return mses

    @staticmethod
    def accuracy(y_pred: npt.ArrayLike, y_true: npt.ArrayLike) -> float:
        """Return the fraction, 0 to 1, of predicted classes that equal the true ones (class numbers or one-hot)."""
        return scores.accuracy(y_pred, y_true)


def regression_line(epoch: int, mse: float, test_mae: float, test_r2: float) -> str:
    """Return the line that stands for the article's report in a regression."""
    return f"Epoch: #{epoch}, MSE: {mse:.6f}, MAE: {test_mae:.6f}, R2: {test_r2:.4f}"


def report_line(epoch: int, mse: float, test_accuracy: float) -> str:
    """Return one line of the article's report; `test_accuracy` is a fraction, 0 to 1."""
    return f"Epoch: #{epoch}, MSE: {mse:.6f}, Accuracy: {100 * test_accuracy:.2f}%"
