"""Networks in safetensors files, named and shaped as PyTorch names and shapes them."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from bpviz.core.network import Network
from bpviz.language import _
from bpviz.session.network_files.named_arrays import chain_of
from bpviz.session.network_files.network_file import Content

_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
_deserialize: Any = deserialize  # its package types only a part of itself
_MOST_ARRAYS, _LENGTH_BYTES = 64, 8


def read_safetensors(file: BinaryIO) -> Content:
    """Return the layers in a file; its metadata may name activations (separated by commas) and the loss.

    Raises
    ------
    ValueError
        If it is no such file, or holds something else than dense layers.
    """
    stored = file.read()
    try:
        tensors = _deserialize(stored)
    except (SafetensorError, ValueError) as fault:
        raise ValueError(_("it is not a safetensors file, or damaged")) from fault
    if len(tensors) > _MOST_ARRAYS:
        raise ValueError(
            _("it holds {n_tensors} arrays, more than any network that bpviz can open").format(n_tensors=len(tensors))
        )
    words = _metadata(stored)
    names = tuple(name.strip() for name in words.get("activations", "").split(",") if name.strip())
    content = Content(chain_of({name: _array(name, each) for name, each in tensors}), bool(names), words.get("loss"))
    if names:
        content.chain.set_activations(names)
    return content


def _metadata(stored: bytes) -> dict[str, str]:
    """Return the texts in the header, which has been checked already."""
    end = _LENGTH_BYTES + int.from_bytes(stored[:_LENGTH_BYTES], "little")
    return dict(json.loads(stored[_LENGTH_BYTES:end]).get("__metadata__") or {})


def _array(name: str, tensor: dict[str, Any]) -> npt.NDArray[Any]:
    if tensor["dtype"] not in _TYPES:
        raise ValueError(
            _("array {name}: its type {tensor} is not one of {types}; save it as F32").format(
                name=name, tensor=tensor["dtype"], types=", ".join(_TYPES)
            )
        )
    return np.frombuffer(tensor["data"], _TYPES[tensor["dtype"]]).reshape(tensor["shape"])


def write_safetensors(network: Network, file: BinaryIO) -> None:
    """Write a network, with the keys of the `torch.nn.Sequential` that `bpviz.to_torch` returns."""
    arrays, place = {}, 0
    for layer in network.layers:
        arrays[f"{place}.weight"] = np.ascontiguousarray(layer.weights.T)
        arrays[f"{place}.bias"] = layer.bias.copy()
        place += 1 if layer.activation == "none" else 2
    names = ",".join(layer.activation for layer in network.layers)
    file.write(save(arrays, metadata={"activations": names, "loss": network.loss_name}))
