"""A chain of dense layers and activations, collected in the order in which another program computes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.network import Layer
from bpviz.core.training.article import NeuralNetwork
from bpviz.language import _


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
            raise ValueError(
                _("{where}: its weights have the shape {shape}, which no dense layer has").format(
                    where=where, shape=weights.shape
                )
            )
        bias = np.zeros(weights.shape[1]) if b is None else _numbers(where, "bias", b)
        if bias.shape != weights.shape[1:]:
            raise ValueError(
                _("{where}: its bias has the shape {of_b}, its weights {of_W}").format(
                    where=where, of_b=bias.shape, of_W=weights.shape
                )
            )
        if self._layers and len(weights) != self.sizes[-1]:
            raise ValueError(
                _("{where}: it takes {n_weights} inputs, but the layer before gives {sizes}").format(
                    where=where, n_weights=len(weights), sizes=self.sizes[-1]
                )
            )
        self._layers.append(_Dense(where, weights, bias))

    def add_activation(self, where: str, name: str) -> None:
        """Set the activation of the last dense layer.

        Raises
        ------
        ValueError
            If there is no dense layer before it, or that layer has an activation already.
        """
        if not self._layers:
            raise ValueError(_("{where}: an activation must follow a dense layer, not the inputs").format(where=where))
        if self._layers[-1].activation not in (None, "none"):
            raise ValueError(
                _("{where}: the layer has the activation {activation} already").format(
                    where=where, activation=self._layers[-1].activation
                )
            )
        self._layers[-1].activation = name

    def set_activations(self, names: tuple[str, ...]) -> None:
        """Set the activations of all layers, first to last; raises ValueError if there are more or fewer names."""
        if len(names) != len(self._layers):
            raise ValueError(
                _("{count} layers need as many activations, not {n_names}").format(
                    count=len(self._layers), n_names=len(names)
                )
            )
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
            raise ValueError(_("there is no dense layer"))
        network = NeuralNetwork(loss=loss)
        for layer in self._layers:
            network.add_layer(_checked(layer))
            if network.layers[-1].rule.output_only and layer is not self._layers[-1]:
                raise ValueError(
                    _("{where}: {activation} is for the output layer only").format(
                        where=layer.where, activation=layer.activation
                    )
                )
        network.loss  # noqa: B018 - raises for a loss that does not fit the output
        return network


def _checked(layer: _Dense) -> Layer:
    name = layer.activation or "none"
    if name not in ACTIVATIONS:
        raise ValueError(
            _("{where}: no activation is called {name!r}; there are {activations}").format(
                where=layer.where, name=name, activations=", ".join(ACTIVATIONS)
            )
        )
    return Layer(len(layer.W), len(layer.b), name, layer.W, layer.b)


def _numbers(where: str, what: str, values: npt.ArrayLike) -> Array:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (ValueError, TypeError) as fault:
        raise ValueError(_("{where}: its {what} are not numbers").format(where=where, what=what)) from fault
    if not np.isfinite(array).all():
        raise ValueError(_("{where}: its {what} hold a number that is not finite").format(where=where, what=what))
    return array
