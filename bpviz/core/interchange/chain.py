"""A chain of dense layers and activations, collected in the order in which another program computes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.network import Layer
from bpviz.core.training.article import NeuralNetwork


@dataclass
class _Dense:
    where: str
    W: Array
    b: Array
    activation: str | None = None


class Chain:
    """Collects dense layers and activations one after another, and makes a network of them.

    Every method takes `where`, the beginning of the sentence that says what is wrong, e.g. "layer 3 (Conv2d)".
    """

    def __init__(self) -> None:
        self._layers: list[_Dense] = []

    @property
    def output_activation(self) -> str | None:
        """The activation of the last layer; None if it has not been named."""
        return self._layers[-1].activation if self._layers else None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Widths of all layers, the inputs included."""
        widths = [layer.W.shape[1] for layer in self._layers]
        return (self._layers[0].W.shape[0], *widths) if widths else ()

    def add_dense(self, where: str, W: npt.ArrayLike, b: npt.ArrayLike | None) -> None:
        """Append a dense layer.

        Parameters
        ----------
        where : str
        W : array_like of shape (n_in, n_out)
        b : array_like of shape (n_out,), optional
            Zeros if there is none.

        Raises
        ------
        ValueError
            If the arrays have no such shapes, do not fit the layer before, or hold a number that is not finite.
        """
        weights = _numbers(where, "weights", W)
        if weights.ndim != 2 or 0 in weights.shape:
            raise ValueError(f"{where}: its weights have the shape {weights.shape}, which no dense layer has")
        bias = np.zeros(weights.shape[1]) if b is None else _numbers(where, "bias", b)
        if bias.shape != weights.shape[1:]:
            raise ValueError(f"{where}: its bias has the shape {bias.shape}, its weights {weights.shape}")
        if self._layers and len(weights) != self.sizes[-1]:
            raise ValueError(f"{where}: it takes {len(weights)} inputs, but the layer before gives {self.sizes[-1]}")
        self._layers.append(_Dense(where, weights, bias))

    def add_activation(self, where: str, name: str) -> None:
        """Set the activation of the last dense layer.

        Raises
        ------
        ValueError
            If there is no dense layer before it, or that layer has an activation already.
        """
        if not self._layers:
            raise ValueError(f"{where}: an activation must follow a dense layer, not the inputs")
        if self._layers[-1].activation not in (None, "none"):
            raise ValueError(f"{where}: the layer has the activation {self._layers[-1].activation} already")
        self._layers[-1].activation = name

    def set_activations(self, names: tuple[str, ...]) -> None:
        """Set the activations of all layers, first to last; raises ValueError if there are more or fewer names."""
        if len(names) != len(self._layers):
            raise ValueError(f"{len(self._layers)} layers need as many activations, not {len(names)}")
        for layer, name in zip(self._layers, names, strict=True):
            layer.activation = name

    def network(self, loss: str = "mse") -> NeuralNetwork:
        """Return the network; layers without an activation are linear.

        Raises
        ------
        ValueError
            If there is no layer, an activation is unknown or at a place where it cannot be, or the loss does not fit.
        """
        if not self._layers:
            raise ValueError("there is no dense layer")
        network = NeuralNetwork(loss=loss)
        for layer in self._layers:
            network.add_layer(_checked(layer))
            if network.layers[-1].rule.output_only and layer is not self._layers[-1]:
                raise ValueError(f"{layer.where}: {layer.activation} is for the output layer only")
        network.loss  # noqa: B018 - raises for a loss that does not fit the output
        return network


def _checked(layer: _Dense) -> Layer:
    name = layer.activation or "none"
    if name not in ACTIVATIONS:
        raise ValueError(f"{layer.where}: no activation is called {name!r}; there are {', '.join(ACTIVATIONS)}")
    return Layer(len(layer.W), len(layer.b), name, layer.W, layer.b)


def _numbers(where: str, what: str, values: npt.ArrayLike) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (ValueError, TypeError) as fault:
        raise ValueError(f"{where}: its {what} are not numbers") from fault
    if not np.isfinite(array).all():
        raise ValueError(f"{where}: its {what} hold a number that is not finite")
    return array
