"""Networks in .keras files: a zip of a JSON text and arrays in HDF5, both read as data."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import h5py
import numpy as np

from bpviz.core.interchange.keras_models import append_layer
from bpviz.language import _
from bpviz.session.network_files.network_file import MOST_BYTES, MOST_NUMBERS, Content

_CONFIG, _WEIGHTS, _LAYERS = "config.json", "model.weights.h5", "layers"
_MOST_JSON_BYTES, _MOST_LAYERS = 2_000_000, 64


def read_keras(file: BinaryIO) -> Content:
    """Return the layers of a model saved by Keras 3.

    Raises
    ------
    ValueError
        If it is no such file, or its layers are not dense ones and activations, one after another.
    """
    config, weights = _members(file)
    content, layers = Content(), _layers(config)
    try:
        with h5py.File(io.BytesIO(weights), "r") as arrays:
            groups = _groups(arrays)
            for number, (kind, values, key) in enumerate(layers, start=1):
                where = _("layer {number} ({kind})").format(number=number, kind=kind)
                variables = _variables(groups, where, values.get("name"), key) if kind == "Dense" else []
                activation = values.get("activation", "linear")
                name = activation if isinstance(activation, str) else _("of its own")
                append_layer(content.chain, where, kind, variables, name, values.get)
    except (OSError, KeyError, RuntimeError, TypeError, AttributeError) as fault:
        raise ValueError(_("its member {weights} is damaged").format(weights=_WEIGHTS)) from fault
    return content


def _members(file: BinaryIO) -> tuple[bytes, bytes]:
    try:
        with zipfile.ZipFile(file) as archive:
            return _member(archive, _CONFIG, _MOST_JSON_BYTES), _member(archive, _WEIGHTS, MOST_BYTES)
    except KeyError as fault:
        raise ValueError(
            _("it is not a model of Keras 3: {config} or {weights} is missing").format(config=_CONFIG, weights=_WEIGHTS)
        ) from fault
    except ValueError:
        raise
    except Exception as fault:  # zipfile, zlib, lzma and struct each have their own
        raise ValueError(_("it is not a zip archive, or damaged")) from fault


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > most:
        raise ValueError(
            _("its member {name} is larger than that of any network that bpviz can open").format(name=name)
        )
    return archive.read(info)


def _layers(config: bytes) -> list[tuple[str, dict[str, Any], str]]:
    """Return class, settings and the name of the group with the arrays, of every layer."""
    try:
        model = json.loads(config)
        given = [(str(each["class_name"]), each["config"], each.get("inbound_nodes")) for each in _entries(model)]
        settings = [dict(values) for _, values, _ in given]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise ValueError(_("its member {config} does not describe a chain of layers").format(config=_CONFIG)) from fault
    if len(given) > _MOST_LAYERS:
        raise ValueError(_("it has {n_given} layers, more than bpviz can open").format(n_given=len(given)))
    for before, (number, (kind, values, nodes)) in zip([{}, *settings], enumerate(given, start=1), strict=False):
        if nodes and _sources(nodes) != [before.get("name")]:
            raise ValueError(
                _("layer {number} ({kind}): it does not follow on the layer before it alone").format(
                    number=number, kind=kind
                )
            )
        del values
    keys = _keys([kind for kind, _, _ in given])
    return [(kind, values, key) for (kind, _, _), values, key in zip(given, settings, keys, strict=True)]


def _entries(model: Any) -> list[Any]:
    if model["class_name"] not in ("Sequential", "Functional"):
        raise ValueError(_("a model of its own class cannot be read as data"))
    return list(model["config"]["layers"])


def _sources(nodes: Any) -> list[Any]:
    """Return the names of the layers whose outputs a layer takes."""
    found: list[Any] = []
    texts = [nodes]
    while texts:
        each = texts.pop()
        if isinstance(each, dict):
            if "keras_history" in each and isinstance(each["keras_history"], list):
                found.append(each["keras_history"][0])
            texts.extend(each.values())
        elif isinstance(each, list):
            texts.extend(each)
    return found


def _keys(kinds: list[str]) -> Iterator[str]:
    """Yield the name under which Keras 3 stores each layer: its class in small letters, counted."""
    seen: dict[str, int] = {}
    for kind in kinds:
        key = "".join(f"_{each.lower()}" if each.isupper() else each for each in kind).lstrip("_")
        seen[key] = seen.get(key, -1) + 1
        yield f"{key}_{seen[key]}" if seen[key] else key


def _groups(arrays: Any) -> dict[str, Any]:
    """Return the groups of arrays; links to other files are not followed."""
    layers = _inside(arrays, _LAYERS)
    return {key: _inside(_inside(layers, key), "vars") for key in list(layers)[:_MOST_LAYERS]}


def _inside(group: Any, name: str) -> Any:
    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise ValueError(
            _("its member {weights} has no {name} as Keras 3 writes it").format(weights=_WEIGHTS, name=name)
        )
    return group[name]


def _variables(groups: dict[str, Any], where: str, name: Any, key: str) -> list[Any]:
    """Return the arrays of a layer: of the group that bears its name, or else that of its class, counted."""
    named = [group for group in groups.values() if group.attrs.get("name") == name]
    group = named[0] if len(named) == 1 else groups.get(key)
    if group is None:
        raise ValueError(_("{where}: its weights are missing").format(where=where))
    return [_array(where, _inside(group, number)) for number in ("0", "1") if number in group]


def _array(where: str, stored: Any) -> Any:
    is_plain = isinstance(stored, h5py.Dataset) and not stored.is_virtual and not stored.external
    if not is_plain or stored.dtype.kind != "f" or stored.size is None or stored.size > MOST_NUMBERS:
        raise ValueError(_("{where}: its weights are not numbers, or more than bpviz can open").format(where=where))
    return np.asarray(stored[()], dtype=np.float64)
