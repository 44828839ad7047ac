"""Sequential modules of PyTorch, which is imported only to make one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.interchange.activation_names import TORCH, translate
from bpviz.core.interchange.chain import Chain
from bpviz.core.network import Network
from bpviz.core.training.article import NeuralNetwork
from bpviz.language import _

#: Modules that change nothing in evaluation. Dropout is only for training, which bpviz does without it.
_WITHOUT_EFFECT = ("Flatten", "Dropout", "AlphaDropout")
_MODULES = {foreign.name: kind for kind, foreign in TORCH.items()}


def from_torch(module: Any, loss: str = "mse") -> NeuralNetwork:
    """Return the network of a `torch.nn.Sequential` of Linear and activations, with the same outputs.

    Parameters
    ----------
    module : torch.nn.Sequential or torch.nn.Linear
    loss : {"mse", "cross_entropy"}
        A module of PyTorch does not say how it is trained. Linear outputs for `torch.nn.CrossEntropyLoss` become
        probabilities if Softmax is appended.

    Raises
    ------
    ValueError
        If it contains anything else: the sentence names the layer.
    """
    chain = Chain()
    for number, part in enumerate(_parts(module), start=1):
        kind = type(part).__name__
        _append(chain, _("layer {number} ({kind})").format(number=number, kind=kind), kind, part)
    return chain.network(loss)


def to_torch(network: Network) -> Any:
    """Return a `torch.nn.Sequential` in double precision with the outputs of a network.

    Raises
    ------
    ValueError
        If PyTorch has no module for one of its activations.
    """
    import torch
    from torch import nn

    modules: list[Any] = []
    for number, layer in enumerate(network.layers, start=1):
        if layer.activation not in _MODULES:
            raise ValueError(
                _("layer {number}: PyTorch has no module for the activation {activation}").format(
                    number=number, activation=layer.activation
                )
            )
        linear = nn.Linear(layer.n_input, layer.n_neurons, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(layer.weights.T.tolist(), dtype=torch.float64))
            linear.bias.copy_(torch.tensor(layer.bias.tolist(), dtype=torch.float64))
        modules.append(linear)
        if layer.activation != "none":
            foreign = TORCH[_MODULES[layer.activation]]
            settings = {"dim": -1} if layer.activation == "softmax" else dict(foreign.settings)
            modules.append(getattr(nn, _MODULES[layer.activation])(**settings))
    return nn.Sequential(*modules)


def _parts(module: Any) -> Iterator[Any]:
    if type(module).__name__ == "Sequential":
        for part in module:
            yield from _parts(part)
    else:
        yield module


def _append(chain: Chain, where: str, kind: str, part: Any) -> None:
    if kind == "Linear":
        chain.add_dense(where, _values(part.weight).T, None if part.bias is None else _values(part.bias))
    elif kind not in _WITHOUT_EFFECT:
        name = translate(where, TORCH.get(kind), lambda setting, default: getattr(part, setting, default))
        if name != "none":
            chain.add_activation(where, name)


def _values(tensor: Any) -> Array:
    # By way of lists: that needs no numpy on PyTorch's side, and takes any precision and device.
    return np.array(tensor.detach().tolist(), dtype=np.float64)
