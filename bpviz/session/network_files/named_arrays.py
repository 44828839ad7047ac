"""Layers out of named arrays: W1, b1, W2, ... as bpviz names them, or PyTorch's 0.weight, 0.bias, 2.weight, ..."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bpviz.core.interchange.chain import Chain
from bpviz.language import _

Arrays = Mapping[str, npt.NDArray[Any]]
_OURS = re.compile(r"([Wb])([1-9][0-9]{0,3})")
_THEIRS = re.compile(r"(?:(.*)\.)?(weight|bias)")


def are_layers(names: Iterable[str]) -> bool:
    """Return whether names of arrays are all those of weights and biases, and there are weights among them."""
    found = [_OURS.fullmatch(name) or _THEIRS.fullmatch(name) for name in names]
    return all(found) and any(each and ("W" in each.groups() or "weight" in each.groups()) for each in found)


def chain_of(arrays: Arrays) -> Chain:
    """Return the dense layers that some arrays are the weights and biases of.

    W1 has the shape (n_in, n_out), "0.weight" the shape (n_out, n_in). Names are sorted by the numbers in them.

    Raises
    ------
    ValueError
        If a name or a shape is not that of a dense layer's weights or biases, or layers do not fit one another.
    """
    chain, layers = Chain(), _grouped(arrays)
    for key in sorted(layers, key=_in_order):
        parts = layers[key]
        if "W" not in parts:
            raise ValueError(_("array {parts}: there are no weights that belong to this bias").format(parts=parts["b"]))
        name = parts["W"]
        W = arrays[name] if name.startswith("W") else np.transpose(arrays[name])
        if W.ndim != 2:
            raise ValueError(
                _("array {name}: not the weights of a dense layer, its shape is {shape}").format(
                    name=name, shape=arrays[name].shape
                )
            )
        chain.add_dense(_("array {name}").format(name=name), W, arrays[parts["b"]] if "b" in parts else None)
    return chain


def _grouped(arrays: Arrays) -> dict[str, dict[str, str]]:
    """Return layer -> "W" or "b" -> name of the array."""
    layers: dict[str, dict[str, str]] = {}
    for name in arrays:
        if ours := _OURS.fullmatch(name):
            layers.setdefault(ours[2], {})[ours[1]] = name
        elif theirs := _THEIRS.fullmatch(name):
            layers.setdefault(theirs[1] or "", {})["W" if theirs[2] == "weight" else "b"] = name
        else:
            raise ValueError(
                _("array {name}: not the weights or the bias of a dense layer (W1, b1, 0.weight, 0.bias)").format(
                    name=name
                )
            )
    return layers


def _in_order(key: str) -> list[tuple[int, int, str]]:
    """Return what sorts "layer10" behind "layer9"."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"([0-9]{1,9})", key)]
