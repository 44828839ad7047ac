"""Layer and Network: fully connected layers whose weights and biases are views of one packed vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt

from bpviz.core.activations import ACTIVATIONS, LEAK, Activation, activation_rule
from bpviz.core.arrays import Array, apart
from bpviz.core.initializers import INITIALIZERS, initial_parameters
from bpviz.core.losses import Loss, loss_for


class Layer:
    """One fully connected layer: z = a_prev @ weights + bias, a = f(z).

    Parameters
    ----------
    n_input, n_neurons : int
        Number of inputs and of neurons, each at least 1.
    activation : str, optional
        A name from `ACTIVATIONS`; None is "none", the identity.
    weights : array_like of shape (n_input, n_neurons), optional
    bias : array_like of shape (n_neurons,), optional
        If not given, drawn by the `article` initializer.
    rng : numpy.random.RandomState, optional
        Random number generator; by default numpy's global one, so that a program which calls ``np.random.seed`` gets
        the article's numbers.
    leak : float
        The slope of leaky_relu where z is negative; no other activation uses it.

    Raises
    ------
    ValueError
        If a size is below 1, an activation is unknown, or weights or bias have another shape.
    """

    def __init__(
        self,
        n_input: int,
        n_neurons: int,
        activation: str | None = None,
        weights: npt.ArrayLike | None = None,
        bias: npt.ArrayLike | None = None,
        *,
        rng: np.random.RandomState | None = None,
        leak: float = LEAK,
    ) -> None:
        if n_input < 1 or n_neurons < 1:
            raise ValueError(f"a layer needs at least one input and one neuron, not {n_input} and {n_neurons}")
        self.activation = "none" if activation is None else activation
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"no activation is called {activation!r}; choose one of {', '.join(ACTIVATIONS)}")
        self.n_input, self.n_neurons, self.leak = n_input, n_neurons, leak
        self.bind(np.empty(self.n_parameters))
        if weights is None or bias is None:
            stream = np.random.mtrand._rand if rng is None else rng
            self._weights[...], self._bias[...] = INITIALIZERS["article"](stream, n_input, n_neurons)
        if weights is not None:
            self.weights = weights
        if bias is not None:
            self.bias = bias

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases."""
        return (self.n_input + 1) * self.n_neurons

    @property
    def rule(self) -> Activation:
        """The activation function and its slope."""
        return activation_rule(self.activation, self.leak)

    @property
    def matrix(self) -> Array:
        """[W; b], shape (n_input + 1, n_neurons): weights and, as the last row, biases."""
        return self._matrix

    @property
    def weights(self) -> Array:
        """W, shape (n_input, n_neurons): a view of the network's parameters."""
        return self._weights

    @weights.setter
    def weights(self, values: npt.ArrayLike) -> None:
        self._weights[...] = _as_shape(values, self._weights.shape, "weights")

    @property
    def bias(self) -> Array:
        """b, shape (n_neurons,): a view of the network's parameters."""
        return self._bias

    @bias.setter
    def bias(self, values: npt.ArrayLike) -> None:
        self._bias[...] = _as_shape(values, self._bias.shape, "bias")

    def bind(self, storage: Array) -> None:
        """Make weights and bias views of `storage`, shape (n_parameters,), without copying their values."""
        self._matrix: Array = storage.reshape(self.n_input + 1, self.n_neurons)
        self._weights: Array = self._matrix[:-1]
        self._bias: Array = self._matrix[-1]


class Network:
    """A fully connected feed-forward network.

    Parameters
    ----------
    loss : {"mse", "cross_entropy", "huber", "mae"}
        The loss that training minimises. For "mse", half the sum of squared errors of a sample.
    train_biases : bool
        Whether biases are updated. The article's program leaves them at their initial values.

    Attributes
    ----------
    layers : list of Layer
        Layers 1..L, first to last.
    parameters : ndarray of float64
        All weights and biases, layer by layer, W before b. The layers' arrays are views of it: a checkpoint is one
        copy, and the compiled loops take one array.
    """

    def __init__(self, *, loss: str = "mse", train_biases: bool = True) -> None:
        self.layers: list[Layer] = []
        self.parameters: Array = np.empty(0)
        self.loss_name = loss
        self.train_biases = train_biases

    @classmethod
    def build(
        cls,
        sizes: Sequence[int],
        activations: Sequence[str],
        *,
        initializer: str = "article",
        seed: int = 0,
        loss: str = "mse",
        leak: float = LEAK,
    ) -> Self:
        """Return a network of ``sizes[0]`` inputs and one layer for each further size, initialised from `seed`.

        Raises
        ------
        ValueError
            If there is not one activation for each layer, a size is below 1, a name is unknown, or the initializer
            has published weights for other sizes.
        """
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"a network needs inputs and at least one layer, all of size 1 or more, not {list(sizes)}")
        if len(activations) != len(sizes) - 1:
            raise ValueError(f"{len(sizes) - 1} layers need as many activations, not {len(activations)}")
        network, drawn = cls(loss=loss), initial_parameters(initializer, np.random.RandomState(seed), sizes)
        for activation, (weights, bias) in zip(activations, drawn, strict=True):
            network.add_layer(Layer(len(weights), len(bias), activation, weights, bias, leak=leak))
        network.loss  # noqa: B018 - raises for a loss that does not fit the output: here, not in the first epoch
        return network

    @property
    def loss(self) -> Loss:
        """The loss function for the activation of the output layer."""
        return loss_for(self.loss_name, self.layers[-1].activation)

    def add_layer(self, layer: Layer) -> None:
        """Append a layer after the last one.

        Raises
        ------
        ValueError
            If its number of inputs is not the number of neurons of the last layer, or that layer is a softmax.
        """
        if self.layers and layer.n_input != self.layers[-1].n_neurons:
            raise ValueError(
                f"layer {len(self.layers) + 1} takes {layer.n_input} inputs, "
                f"but the layer before has {self.layers[-1].n_neurons} neurons"
            )
        if self.layers and self.layers[-1].rule.output_only:
            raise ValueError(f"{self.layers[-1].activation} is for the output layer: no layer can follow it")
        self.layers.append(layer)
        self._pack()

    def _pack(self) -> None:
        values = np.concatenate([layer.matrix.ravel() for layer in self.layers])
        self.parameters, start = apart(len(values)), 0
        self.parameters[:] = values
        for layer in self.layers:
            layer.bind(self.parameters[start : start + layer.n_parameters])
            start += layer.n_parameters

    def copy(self) -> Self:
        """Return an independent network with the same parameters."""
        copied = type(self)(loss=self.loss_name, train_biases=self.train_biases)
        for layer in self.layers:
            shape, values = (layer.n_input, layer.n_neurons), (layer.weights, layer.bias)
            copied.add_layer(Layer(*shape, layer.activation, *values, leak=layer.leak))
        return copied

    def feed_forward(self, X: npt.ArrayLike) -> Array:
        """Return the outputs for one sample (n_inputs,) or a batch (n_samples, n_inputs)."""
        return self._last_layer(X)[1]

    def losses(self, X: npt.ArrayLike, y: Array) -> Array:
        """Return L_s for one sample or for each of a batch; y has the shape of the outputs."""
        return self.loss.value(*self._last_layer(X), y)

    def outputs_and_losses(self, X: npt.ArrayLike, y: Array) -> tuple[Array, Array]:
        """Return what `feed_forward` and `losses` return, from one forward pass."""
        z, a = self._last_layer(X)
        return a, self.loss.value(z, a, y)

    def _last_layer(self, X: npt.ArrayLike) -> tuple[Array, Array]:
        """Return z and a of the output layer."""
        z = a = np.asarray(X, dtype=np.float64)
        for layer in self.layers:
            z = a @ layer.weights + layer.bias
            a = layer.rule.f(z, None)
        return z, a

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Return the class with the largest output, for one sample or for each of a batch."""
        return np.asarray(np.argmax(self.feed_forward(X), axis=-1))


def _as_shape(values: npt.ArrayLike, shape: tuple[int, ...], what: str) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{what} must have shape {shape}, not {array.shape}")
    return array
