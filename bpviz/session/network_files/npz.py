"""Networks in archives of numpy: W1, b1, W2, ... and, in bpviz's own, the experiment as JSON."""

from __future__ import annotations

import io
import json
import math
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from bpviz.language import _
from bpviz.session.files.safe_write import open_regular_file
from bpviz.session.network_files.named_arrays import are_layers, chain_of
from bpviz.session.network_files.network_file import MOST_BYTES, MOST_NUMBERS, Content

_EXPERIMENT, _ACTIVATIONS, _LOSS = "experiment", "activations", "loss"
_MOST_ARRAYS, _MOST_LETTERS = 64, 10_000_000


def read_npz(file: BinaryIO) -> Content:
    """Return the layers in an archive; names of activations may be there as an array of words.

    Raises
    ------
    ValueError
        If it is no such archive, is too large, or holds something else.
    """
    arrays = _arrays(file)
    words = {name: arrays.pop(name) for name in (_EXPERIMENT, _ACTIVATIONS, _LOSS) if name in arrays}
    activations, loss = _named(words)
    content = Content(chain_of(arrays), bool(activations), loss)
    if activations:
        content.chain.set_activations(activations)
    return content


def holds_network(path: Path) -> bool:
    """Return whether an archive holds a network, and not a table, by the names of its arrays."""
    with suppress(Exception), open_regular_file(path) as file, zipfile.ZipFile(file) as archive:
        names = {name.removesuffix(".npy") for name in archive.namelist()}  # of damaged files zipfile raises many kinds
        return are_layers(names - {_EXPERIMENT, _ACTIVATIONS, _LOSS})
    return False


def _named(words: dict[str, npt.NDArray[Any]]) -> tuple[tuple[str, ...], str | None]:
    """Return the activations and the loss, as far as they are named."""
    if _EXPERIMENT in words:
        try:
            values = json.loads(str(words[_EXPERIMENT]))
            return tuple(map(str, values["activations"])), str(values["loss"])
        except (ValueError, TypeError, KeyError, RecursionError) as fault:
            raise ValueError(
                _("array {experiment}: it is not an experiment as bpviz writes it").format(experiment=_EXPERIMENT)
            ) from fault
    activations = words[_ACTIVATIONS].ravel().tolist() if _ACTIVATIONS in words else []
    return tuple(map(str, activations)), str(words[_LOSS]) if _LOSS in words else None


def _arrays(file: BinaryIO) -> dict[str, npt.NDArray[Any]]:
    try:
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if len(infos) > _MOST_ARRAYS or sum(info.file_size for info in infos) > MOST_BYTES:
                raise ValueError(_("it holds more than any network that bpviz can open"))
            members = {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, NotImplementedError, OSError) as fault:
        raise ValueError(_("it is not an archive of numpy, or damaged; write it with numpy.savez")) from fault
    except Exception as fault:
        if isinstance(fault, ValueError) and "bpviz" in str(fault):
            raise
        raise ValueError(
            _("it is damaged; write it with numpy.savez")
        ) from fault  # zlib, lzma and struct have their own
    return {name.removesuffix(".npy"): _array(name.removesuffix(".npy"), each) for name, each in members.items()}


def _array(name: str, content: bytes) -> npt.NDArray[Any]:
    """Return one array. What its header claims is compared with its length before memory is taken for it."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _order, dtype = read(stream)
    except Exception as fault:
        raise ValueError(_("array {name}: it is not an array of numpy").format(name=name)) from fault
    if dtype.kind not in "fiu" + ("U" if name in (_EXPERIMENT, _ACTIVATIONS, _LOSS) else ""):
        raise ValueError(
            _("array {name}: it does not hold numbers; objects, which could hold code, are never read").format(
                name=name
            )
        )
    if math.prod(shape) * dtype.itemsize != len(content) - stream.tell() or math.prod(shape) < 0:
        raise ValueError(_("array {name}: it is not as long as it claims to be").format(name=name))
    if math.prod(shape) > MOST_NUMBERS or dtype.itemsize > _MOST_LETTERS * 4:
        raise ValueError(_("array {name}: it is larger than any network that bpviz can open").format(name=name))
    return np.asarray(np.lib.format.read_array(io.BytesIO(content), allow_pickle=False))
