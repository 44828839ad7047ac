"""Names that people give to activation functions, and functions recognised by their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bpviz.core.activations import ACTIVATIONS, LEAK, activation_rule
from bpviz.core.diagnosis.input_error import InputError
from bpviz.core.losses import LOSSES, fits
from bpviz.language import _

_ALIASES = {
    "linear": "none",
    "identity": "none",
    "": "none",
    "id": "none",
    "logistic": "sigmoid",
    "leakyrelu": "leaky_relu",
    "swish": "silu",
    "sine": "sin",
}
_LOSS_ALIASES = {
    "squared_error": "mse",
    "mean_squared_error": "mse",
    "half_squares": "mse",
    "l2": "mse",
    "crossentropy": "cross_entropy",
    "binary_cross_entropy": "cross_entropy",
    "categorical_cross_entropy": "cross_entropy",
    "bce": "cross_entropy",
    "log_loss": "cross_entropy",
    "l1": "mae",
    "mean_absolute_error": "mae",
    "huber_loss": "huber",
}
_PROBES = np.array([-1.7, -0.4, 0.3, 1.1])


def activation_name(given: object, layer: int, leak: float = LEAK) -> str:
    """Return bpviz's name of an activation function, given by name, by an alias, or as a function of z.

    Raises
    ------
    ValueError
        If it is unknown.
    """
    if given is None:
        return "none"
    if callable(given):
        return _recognised(given, layer, leak)
    word = str(given).strip().lower().replace(" ", "_").replace("-", "_")
    word = _ALIASES.get(word, word)
    if word not in ACTIVATIONS:
        raise InputError(
            _(
                "the activation of layer {layer} is {given!r}, which bpviz does not know; choose one of {activations}"
            ).format(layer=layer, given=given, activations=", ".join(ACTIVATIONS))
        )
    return word


def _recognised(function: Callable[..., object], layer: int, leak: float) -> str:
    with np.errstate(all="ignore"):
        try:
            values = np.asarray(function(_PROBES.copy()), dtype=np.float64)
        except Exception as fault:
            raise InputError(
                _("the activation of layer {layer} raises {fault!r}; give its name instead").format(
                    layer=layer, fault=fault
                )
            ) from fault
        for name in ACTIVATIONS:
            ours = activation_rule(name, leak).f(_PROBES.copy(), None)
            if values.shape == _PROBES.shape and np.allclose(values, ours, rtol=1e-5):
                return name
    raise InputError(
        _("the activation function of layer {layer} gives the values of none that bpviz knows: {activations}").format(
            layer=layer, activations=", ".join(ACTIVATIONS)
        )
    )


def activation_names(given: object, n_layers: int, leak: float = LEAK) -> list[str]:
    """Return bpviz's names for all layers; one name is for every layer. A leaky_relu has the slope `leak` below 0.

    Raises
    ------
    ValueError
        If one is unknown, or there is not one for each layer.
    """
    if isinstance(given, str) or callable(given) or not isinstance(given, Sequence):
        given = [given] * n_layers
    if len(given) != n_layers:
        raise InputError(
            _("activations has {n_given} entries, but there are {n_layers} layers of weights: give one each").format(
                n_given=len(given), n_layers=n_layers
            )
        )
    return [activation_name(each, layer, leak) for layer, each in enumerate(given, start=1)]


def loss_names(given: str | None, output_activation: str) -> list[str]:
    """Return the loss that was named or, if none was, those that fit the output, the likeliest first.

    Raises
    ------
    ValueError
        If it is unknown, or does not fit the output.
    """
    if given is None:
        likely = ("cross_entropy", "mse") if output_activation == "softmax" else ("mse", "cross_entropy")
        return [name for name in likely if fits(name, output_activation)]
    word = str(given).strip().lower().replace(" ", "_").replace("-", "_")
    word = _LOSS_ALIASES.get(word, word)
    if word not in LOSSES:
        raise InputError(
            _("the loss is {given!r}, which bpviz does not know; choose one of {losses}").format(
                given=given, losses=", ".join(LOSSES)
            )
        )
    if not fits(word, output_activation):
        raise InputError(
            _(
                "cross_entropy needs outputs between 0 and 1, but the output layer has {output_activation}; "
                "give it sigmoid or softmax, or choose mse"
            ).format(output_activation=output_activation)
        )
    return [word]
