"""Models of Keras, which is not imported."""

from __future__ import annotations

from typing import Any

from bpviz.core.interchange.activation_names import KERAS, KERAS_LAYERS, Foreign, Setting, translate
from bpviz.core.interchange.chain import Chain
from bpviz.core.training.article import NeuralNetwork
from bpviz.language import _

#: Layers that change nothing in evaluation. Dropout is only for training, which bpviz does without it.
WITHOUT_EFFECT = ("InputLayer", "Flatten", "Dropout", "AlphaDropout")


def from_keras(model: Any, loss: str = "mse") -> NeuralNetwork:
    """Return the network of a Keras model whose layers are Dense and activations, one after another.

    Parameters
    ----------
    model : keras.Sequential, or a functional keras.Model without branches
    loss : {"mse", "cross_entropy"}

    Raises
    ------
    ValueError
        If it contains anything else: the sentence names the layer.
    """
    if len(getattr(model, "outputs", ())) > 1:
        raise ValueError(_("the model has several outputs: its layers do not follow one another"))
    chain = Chain()
    for number, layer in enumerate(model.layers, start=1):
        kind = type(layer).__name__
        where = _("layer {number} ({kind})").format(number=number, kind=kind)
        arrays = list(layer.get_weights()) if kind == "Dense" else []
        activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
        append_layer(chain, where, kind, arrays, activation, _settings_of(layer))
    return chain.network(loss)


def _settings_of(layer: Any) -> Setting:
    return lambda name, default: getattr(layer, name, default)


def append_layer(chain: Chain, where: str, kind: str, arrays: list[Any], activation: str, setting: Setting) -> None:
    """Append a layer of Keras to a chain.

    Parameters
    ----------
    chain : Chain
    where : str
        The beginning of the sentence that says what is wrong.
    kind : str
        The name of its class.
    arrays : list of array_like
        Of a Dense layer: weights of shape (n_in, n_out) and, if it has one, bias.
    activation : str
        The name of its activation, for Dense and Activation.
    setting : Setting

    Raises
    ------
    ValueError
        If it is neither a dense layer nor an activation.
    """
    if kind == "Dense":
        if not 1 <= len(arrays) <= 2:
            raise ValueError(
                _("{where}: it has {n_arrays} arrays, not weights and bias").format(where=where, n_arrays=len(arrays))
            )
        chain.add_dense(where, arrays[0], arrays[1] if len(arrays) == 2 else None)
    if kind in ("Dense", "Activation"):
        name = _named(where, activation)
    elif kind in WITHOUT_EFFECT:
        return
    else:
        name = translate(where, KERAS_LAYERS.get(kind), setting)
    if name != "none":
        chain.add_activation(where, name)


def _named(where: str, activation: str) -> str:
    if activation not in KERAS:
        raise ValueError(
            _("{where}: its activation {activation} is not one of {keras}").format(
                where=where, activation=activation, keras=", ".join(KERAS)
            )
        )
    return translate(where, Foreign(KERAS[activation], {}), lambda _name, default: default)
