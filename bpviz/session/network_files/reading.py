"""Read a network from a file, by the ending of its name."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from bpviz.core.losses import LOSSES
from bpviz.language import _
from bpviz.session.files.safe_write import open_regular_file, reason
from bpviz.session.network_files.network_file import (
    MOST_BYTES,
    Content,
    NetworkFile,
    NetworkFileError,
    UnknownActivationsError,
)

_PACKAGE = "bpviz.session.network_files"
#: Ending of a name -> module and function that read it. Imported when needed: some need an extra, and all take time.
_READERS = {
    ".npz": ("npz", "read_npz"),
    ".safetensors": ("tensors", "read_safetensors"),
    ".onnx": ("onnx_reading", "read_onnx"),
    ".keras": ("keras_archive", "read_keras"),
}
SUFFIXES = tuple(_READERS)
_TORCH = 'safetensors.torch.save_file(torch.load("{0}").state_dict(), "{1}.safetensors")'
_SKLEARN = 'numpy.savez("{1}.npz", **{{f"W{{i}}": W for i, W in enumerate(model.coefs_, 1)}}, ' + (
    '**{{f"b{{i}}": b for i, b in enumerate(model.intercepts_, 1)}})'
)
#: Ending of a pickle's name -> the line that writes a file which can be read.
_PICKLES = {".pt": _TORCH, ".pth": _TORCH, ".bin": _TORCH, ".pkl": _SKLEARN, ".pickle": _SKLEARN, ".joblib": _SKLEARN}
_MOST_LETTERS = 400


def read_network(path: Path, activations: tuple[str, ...] = (), output: str = "sigmoid") -> NetworkFile:
    """Read a network from a file.

    Parameters
    ----------
    path : Path
    activations : tuple of str, optional
        In place of those in the file: one for all hidden layers, or one for each layer, the output layer's last.
    output : str
        The activation of the output layer, if neither the file nor `activations` name it.

    Raises
    ------
    UnknownActivationsError
        If the file does not name its activations, and they are not given.
    NetworkFileError
        If it cannot be read.
    """
    try:
        return _checked(_content(path), activations, output)
    except UnknownActivationsError as fault:
        raise UnknownActivationsError(
            _("{path} cannot be opened: {printable}").format(path=path, printable=_printable(fault)), fault.n_layers
        ) from fault
    except OSError as fault:
        raise NetworkFileError(
            _("{path} cannot be opened: {reason}").format(path=path, reason=reason(fault))
        ) from fault
    except (ValueError, MemoryError, RecursionError, OverflowError) as fault:
        raise NetworkFileError(
            _("{path} cannot be opened: {printable}").format(path=path, printable=_printable(fault))
        ) from fault


def _content(path: Path) -> Content:
    suffix = path.suffix.lower()
    if suffix in _PICKLES:
        line = _PICKLES[suffix].format(path.name, path.stem)
        raise ValueError(_("a pickle can run any code, so it is never read. In Python, write {line}").format(line=line))
    if suffix not in _READERS:
        raise ValueError(
            _("its name must end in {suffixes} or {last}").format(suffixes=", ".join(SUFFIXES[:-1]), last=SUFFIXES[-1])
        )
    read = _reader(suffix)
    with open_regular_file(path) as file:
        if file.seek(0, os.SEEK_END) > MOST_BYTES:
            raise ValueError(
                _("it is larger than {most_bytes} MB, more than any network that can be opened").format(
                    most_bytes=MOST_BYTES // 1_000_000
                )
            )
        file.seek(0)
        return read(file)


def _reader(suffix: str) -> Callable[[BinaryIO], Content]:
    module, name = _READERS[suffix]
    try:
        read: Callable[[BinaryIO], Content] = getattr(importlib.import_module(f"{_PACKAGE}.{module}"), name)
    except ImportError as fault:
        raise ValueError(
            _("{suffix} files need a package: pip install 'bpviz[{extra}]'").format(suffix=suffix, extra=suffix[1:])
        ) from fault
    return read


def _checked(content: Content, given: tuple[str, ...], output: str) -> NetworkFile:
    chain, n_layers = content.chain, len(content.chain.sizes) - 1
    if given and n_layers > 0:
        is_for_hidden = len(given) == 1 and n_layers > 1
        last = (chain.output_activation or "none") if content.has_activations else output
        chain.set_activations(given * (n_layers - 1) + (last,) if is_for_hidden else given)
    elif not content.has_activations and n_layers > 0:
        raise UnknownActivationsError(_("it does not say which activations its layers have"), n_layers)
    network = chain.network()
    names = tuple(layer.activation for layer in network.layers)
    return NetworkFile(chain.sizes, names, network.parameters, content.loss if content.loss in LOSSES else None)


def _printable(fault: BaseException) -> str:
    """Return a message, which may quote a file, as one line of limited length."""
    text = str(fault) or _("there is not enough memory")
    short = text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short)
