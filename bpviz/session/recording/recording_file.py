"""Files of recordings: a zip of JSON and arrays without code, fully validated when it is read.

The numbers of all updates follow each other in one array for each type; the JSON says which are whose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeAlias
from zipfile import ZipFile

import numpy as np

import bpviz
from bpviz.core.diagnosis.layouts import Raw, RawUpdate
from bpviz.language import _
from bpviz.session.experiment.json_fields import check_amount
from bpviz.session.files.safe_write import open_regular_file, reason, write_atomically
from bpviz.session.files.session_file import printable
from bpviz.session.files.zip_archive import Archive, NotAnArchiveError, new_member
from bpviz.session.recording.recording import RecordedUpdate, Recording
from bpviz.session.recording.recording_json import MOST_ARRAYS, Form, Heading, from_json, to_json

#: The largest size that a recording can be given.
MOST_RECORDED_BYTES = 10**9
_MAX_BYTES, _MAX_JSON_BYTES, _MAX_HEADER = 2 * 10**9, 64_000_000, 1000
_JSON = "recording.json"
# Numbers of another type are stored as the smallest of these that holds them.
_TYPES = ("<f8", "<f4", "<f2")
_MAGIC, _LENGTH_BYTES = b"\x93NUMPY\x01\x00", 2
Pools: TypeAlias = dict[str, Raw]


class RecordingFileError(ValueError):
    """A file is not a valid recording. The message is one sentence: which file, what is wrong, and what to do."""


def is_recording(path: Path) -> bool:
    """Return whether a file is a recording, damaged or not, by its members."""
    try:
        with open_regular_file(path) as file:
            return Archive(file, _MAX_BYTES).has(_JSON)
    except (OSError, ValueError):
        return False


def write_recording(path: Path, recording: Recording) -> None:
    """Write a recording to a file.

    Raises
    ------
    ExportError
        If the file cannot be written; an existing file is then unchanged.
    """
    forms: dict[Form, int] = {}
    rows = []
    pools: dict[str, list[Raw]] = {kind: [] for kind in _TYPES}
    for update in recording.updates:
        named = [(name, layer, _stored(array)) for name, layer, array in _arrays(update.raw)]
        form = tuple((name, layer, array.dtype.str, array.shape) for name, layer, array in named)
        rows.append((update.number, forms.setdefault(form, len(forms)), update.raw.learning_rate))
        for _name, _layer, array in named:
            pools[array.dtype.str].append(array)
    content = to_json(recording, tuple(forms), rows, bpviz.__version__)
    write_atomically(path, lambda file: _write(file, content, pools))


def _arrays(raw: RawUpdate) -> Iterator[tuple[str, int, Raw]]:
    yield "x", 0, raw.x
    yield "y", 0, raw.y
    for name, arrays in (("W", raw.weights), ("b", raw.biases)):
        for layer, array in enumerate(arrays, start=1):
            yield name, layer, array
    for (quantity, layer), array in raw.numbers.items():
        yield quantity, layer, array


def _stored(array: Raw) -> Raw:
    kind = np.dtype(f"<f{min(max(array.dtype.itemsize, 2), 8)}" if array.dtype.kind == "f" else "<f8")
    return np.asarray(array, dtype=kind)


def _write(file: BinaryIO, content: bytes, pools: dict[str, list[Raw]]) -> None:
    with ZipFile(file, "w") as archive:
        with new_member(archive, _JSON) as member:
            member.write(content)
        for kind, arrays in pools.items():
            if arrays:
                whole = np.concatenate([array.ravel() for array in arrays])
                with new_member(archive, _name(kind)) as member:
                    np.lib.format.write_array(member, whole, version=(1, 0), allow_pickle=False)


def _name(kind: str) -> str:
    return f"numbers-{kind[1:]}.npy"


def read_recording(path: Path) -> Recording:
    """Read a recording from a file.

    Raises
    ------
    RecordingFileError
        If the file does not exist, is damaged, is not a recording, or has a newer format.
    """
    try:
        with open_regular_file(path) as file:
            return _read(file)
    except (OSError, ValueError, RecursionError, MemoryError) as fault:
        raise RecordingFileError(
            _("{path} cannot be opened: {sentence}").format(path=path, sentence=_sentence(fault))
        ) from fault


def _sentence(fault: BaseException) -> str:
    if isinstance(fault, OSError):
        return _("{reason}; choose another file").format(reason=reason(fault))
    if isinstance(fault, NotAnArchiveError):
        return _("it is not a recording; choose another file")
    if isinstance(fault, MemoryError):
        return _("there is not enough memory; close other programs")
    return _(
        "{printable}; record it again, this file is damaged, was changed, or is of a newer version of bpviz"
    ).format(printable=printable(fault))


def _read(file: BinaryIO) -> Recording:
    archive = Archive(file, _MAX_BYTES)
    content = archive.read(_JSON, _MAX_JSON_BYTES)
    check_amount(content, _JSON, MOST_ARRAYS)
    heading = from_json(content)
    sizes = {kind: heading.size_of(kind) for kind in _TYPES}
    archive.expect([_JSON, *(_name(kind) for kind, size in sizes.items() if size)])
    pools = {kind: _pool(archive, kind, size) for kind, size in sizes.items() if size}
    return heading.with_updates(tuple(_updates(heading, pools)))


def _pool(archive: Archive, kind: str, size: int) -> Raw:
    """Return all numbers of a type. The header must equal the expected one: it is compared, never parsed."""
    n_bytes = size * np.dtype(kind).itemsize
    content = archive.read(_name(kind), n_bytes + _MAX_HEADER)
    start = len(_MAGIC) + _LENGTH_BYTES
    end = start + int.from_bytes(content[len(_MAGIC) : start], "little")
    expected = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {(size,)!r}, }}"
    if not content.startswith(_MAGIC) or content[start:end].rstrip() != expected.encode():
        raise ValueError(_("its array {name} has a wrong type or shape").format(name=_name(kind)))
    if len(content) != end + n_bytes:
        raise ValueError(_("its array {name} is not as long as it claims to be").format(name=_name(kind)))
    return np.frombuffer(content, kind, offset=end)


def _updates(heading: Heading, pools: Pools) -> Iterator[RecordedUpdate]:
    starts = dict.fromkeys(pools, 0)
    for number, form, rate in heading.rows:
        found: list[tuple[str, int, Raw]] = []
        for name, layer, kind, shape in heading.forms[form]:
            size = int(np.prod(shape, dtype=np.int64))
            found.append((name, layer, pools[kind][starts[kind] : starts[kind] + size].reshape(shape)))
            starts[kind] += size
        yield RecordedUpdate(number, _raw(found, rate, train_biases=heading.train_biases))


def _raw(found: Sequence[tuple[str, int, Raw]], rate: float | None, *, train_biases: bool) -> RawUpdate:
    samples = {name: array for name, _, array in found[:2]}
    weights = [array for name, _, array in found if name == "W"]
    biases = [array for name, _, array in found if name == "b"]
    numbers = {(name, layer): array for name, layer, array in found if name not in ("x", "y", "W", "b")}
    return RawUpdate(samples["x"], samples["y"], weights, biases, numbers, rate, train_biases)
