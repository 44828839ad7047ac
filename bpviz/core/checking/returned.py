"""What somebody's functions return: outputs, caches, gradients in dicts, lists or pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bpviz.core.checking.collecting import Collected
from bpviz.core.checking.snapshot import is_list_of_arrays, snapshot
from bpviz.core.diagnosis.layouts import Raw


def read_forward(given: Any, numbers: Collected, n_layers: int) -> dict[str, Any]:
    """Collect outputs and caches; return what the backward pass may ask for: "output" and "cache"."""
    found: dict[str, Any] = {}
    for each in given if isinstance(given, tuple) else (given,):
        if isinstance(each, Mapping):
            found["cache"] = each
            _collect(each, numbers)
        elif isinstance(each, np.ndarray):
            found.setdefault("output", each)
            numbers.numbers.setdefault(
                ("a", n_layers), np.array(each, dtype=np.float64 if each.dtype.kind != "f" else None)
            )
        elif isinstance(each, list):
            found.setdefault("cache", each)
            if is_list_of_arrays(each) and len(each) == n_layers + 1:
                numbers.add("a", None, each)
                found.setdefault("output", each[-1])
    return found


def _collect(arrays: Mapping[Any, Any], numbers: Collected) -> None:
    found = snapshot(arrays, {}, finite=numbers.finite)
    numbers.numbers |= found.numbers


def read_backward(given: Any, numbers: Collected, weights: Sequence[Raw], biases: Sequence[Raw]) -> None:
    """Collect gradients: a dict of dW1, db1, ..., lists of one array a layer, or one pair of dW and db a layer."""
    if isinstance(given, Mapping):
        _collect(given, numbers)
        return
    if not isinstance(given, list | tuple) or not given:
        return
    for parts in (given, [given], _turned(given)):  # a list of dW and one of db; one list; a pair for each layer
        named = [(_gradient(part, weights, biases), part) for part in parts]
        if any(name for name, _ in named):
            for name, part in named:
                if name:
                    numbers.add(name, None, part)
            return
    for part in given:
        if isinstance(part, Mapping):
            _collect(part, numbers)


def _turned(given: Sequence[Any]) -> Sequence[Any]:
    """Return pairs as two lists; nothing where there are none."""
    is_pairs = all(isinstance(each, list | tuple) and len(each) == 2 for each in given)
    return list(zip(*given, strict=True)) if is_pairs else []


def _gradient(arrays: Any, weights: Sequence[Raw], biases: Sequence[Raw]) -> str | None:
    """Return "dW" or "db" for a list of one array a layer with the shapes of these, None for anything else."""
    if not isinstance(arrays, list | tuple) or not is_list_of_arrays(arrays) or len(arrays) != len(weights):
        return None
    shapes = [np.shape(each) for each in arrays]
    if all(shape in (W.shape, W.shape[::-1]) for shape, W in zip(shapes, weights, strict=True)):
        return "dW"
    if all(np.size(each) == b.size for each, b in zip(arrays, biases, strict=True)):
        return "db"
    return None
