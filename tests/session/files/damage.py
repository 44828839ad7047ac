"""Damaged, foreign and malicious session files, made from a valid one and a seed."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from bpviz.session.files.session_json import FORMAT

Members = dict[str, bytes]
#: What has no place in most of a session.
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2, 3, 29, 2**53, 2**80, 10**4000, -0.5, 1e308, float("nan"), float("inf")),
    *("", "x" * 100_000, "a\nb", "\ud800", "\0", [], {}, [[[[]]]], {"": {}}, [1] * 300, "9" * 5000),
)
_NAMES = ("readme.txt", "../../evil", "/etc/passwd", "branch-0.npz/", "a\nb", "\u202e", "branch-00.npz", "x" * 60_000)
_FORMATS = (b'{"format": 3}', b'{"format": 1e999}', b'{"format": 1}', b'{"format": ' + b"[" * 100_000)
_TEXTS = (b"", b"null", b"[]", b"{}", b"\xff\xfe", *_FORMATS)
#: Field of an entry in a zip's directory -> where it stands, and as what.
_FIELDS = {
    "flags": (8, "<H"),
    "method": (10, "<H"),
    "checksum": (16, "<L"),
    "stored": (20, "<L"),
    "size": (24, "<L"),
    "name": (28, "<H"),
    "extra": (30, "<H"),
    "comment": (32, "<H"),
    "place": (42, "<L"),
}


def members(content: bytes) -> Members:
    """Return the members of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Members, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Make an archive with sound checksums of any members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def damaged(good: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield a description and the content of each damaged file, more than 1,000."""
    rng = np.random.default_rng(seed)
    yield from _foreign()
    yield from _cut_and_flipped(good, rng)
    yield from _with_other_members(good)
    yield from _with_flipped_members(good, rng)
    yield from _with_other_json(good, rng)
    yield from _with_other_arrays(good)
    yield from bombs(good)
    yield from _with_other_directories(good, rng)


def _foreign() -> Iterator[tuple[str, bytes]]:
    yield "empty", b""
    yield "one byte", b"P"
    yield "a start only", b"PK\3\4"
    yield "an end only", b"PK\5\6" + bytes(18)
    yield "a picture", b"\x89PNG\r\n\x1a\n" + bytes(100)
    yield "a pickle", pickle.dumps({"format": 1})
    yield "JSON", b'{"format": 1}'
    yield "another archive", packed({"word/document.xml": b"<xml/>"})
    yield "an empty archive", packed({})


def _cut_and_flipped(good: bytes, rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    for length in rng.integers(0, len(good), 60).tolist():
        yield f"cut to {length} bytes", good[:length]
        yield f"without its first {length + 1} bytes", good[length + 1 :]
    for place in rng.integers(0, len(good), 150).tolist():
        yield f"byte {place} flipped", _flipped(good, place, rng)
    for place in range(len(good) - 150, len(good)):
        yield f"byte {place}, near its end, flipped", _flipped(good, place, rng)
    for length in (1, 22, 5000):
        yield f"{length} bytes behind it", good + bytes(length)
        yield f"{length} bytes before it", bytes(length) + good


def _flipped(content: bytes, place: int, rng: np.random.Generator) -> bytes:
    return content[:place] + bytes([content[place] ^ int(rng.integers(1, 256))]) + content[place + 1 :]


def _with_other_members(good: bytes) -> Iterator[tuple[str, bytes]]:
    parts = members(good)
    for name in parts:
        yield f"without {name}", packed({other: part for other, part in parts.items() if other != name})
        yield f"{name} empty", packed(parts | {name: b""})
        yield f"{name} is a pickle", packed(parts | {name: pickle.dumps(name)})
        yield f"{name} inside itself", packed(parts | {name: good})
    one, other = (parts[f"branch-{number}.npz"] for number in (0, 3))
    yield "arrays in each other's place", packed(parts | {"branch-0.npz": other, "branch-3.npz": one})
    for name in _NAMES:
        yield f"with {name[:20]!r}", packed(parts | {name: b"data"})
    yield "70 members more", packed(parts | {str(number): b"" for number in range(70)})
    yield "compressed", packed(parts, zipfile.ZIP_DEFLATED)
    yield "two members of one name", _renamed(packed(parts | {"branch-7.npz": b"0"}), b"branch-7.npz", b"branch-0.npz")
    arrays = members(parts["branch-0.npz"])
    for name in arrays:
        without = {other: part for other, part in arrays.items() if other != name}
        yield f"without {name}", packed(parts | {"branch-0.npz": packed(without)})
    yield "an array more", packed(parts | {"branch-0.npz": packed(arrays | {"more.npy": arrays["epochs.npy"]})})
    yield "arrays compressed", packed(parts | {"branch-0.npz": packed(arrays, zipfile.ZIP_DEFLATED)})


def _renamed(content: bytes, old: bytes, new: bytes) -> bytes:
    return content.replace(old, new)


def _with_flipped_members(good: bytes, rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    """Damage that leaves all checksums correct."""
    parts = members(good)
    arrays = members(parts["branch-0.npz"])
    for name, content in parts.items():
        for place in rng.integers(0, len(content), 25).tolist():
            yield f"byte {place} of {name} flipped", packed(parts | {name: _flipped(content, place, rng)})
    for name, content in arrays.items():
        for place in [*range(0, 12), *rng.integers(0, 128, 6).tolist()]:
            other = packed(arrays | {name: _flipped(content, place, rng)})
            yield f"byte {place} of {name} flipped", packed(parts | {"branch-0.npz": other})


def _with_other_json(good: bytes, rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    parts = members(good)
    values = json.loads(parts["session.json"])
    paths = [*_paths(values)]
    for path in [*paths[:12], *(paths[number] for number in rng.integers(0, len(paths), 200))]:
        value = VALUES[int(rng.integers(len(VALUES)))]
        yield f"{path} is {str(value)[:20]!r}", packed(parts | {"session.json": _dumped(_put(values, path, value))})
    for path in paths[::4]:
        yield f"{path} is missing", packed(parts | {"session.json": _dumped(_put(values, path, ...))})
    for text in _TEXTS:
        yield f"session.json is {text[:20]!r}", packed(parts | {"session.json": text})
    yield "a newer format", packed(parts | {"session.json": _dumped(values | {"format": FORMAT + 1, "more": []})})
    yield "five branches", packed(parts | {"session.json": _dumped(values | {"branches": values["branches"][:1] * 5})})


def _dumped(values: Any) -> bytes:
    return json.dumps(values).encode()


def _paths(values: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else ()
    for key, value in inner:
        yield (*before, key)
        yield from _paths(value, (*before, key))


def _put(values: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return a copy with another value at a path, or without that at all for `...`."""
    copy = values.copy()
    if len(path) > 1:
        copy[path[0]] = _put(values[path[0]], path[1:], value)
    elif value is ...:
        del copy[path[0]]
    else:
        copy[path[0]] = value
    return copy


def _with_other_arrays(good: bytes) -> Iterator[tuple[str, bytes]]:
    parts = members(good)
    arrays = members(parts["branch-0.npz"])
    for name, content in arrays.items():
        sound = np.load(io.BytesIO(content))
        for what, other in _others(sound):
            made = packed(arrays | {name: other})
            yield f"{name} {what}", packed(parts | {"branch-0.npz": made})


def _others(sound: npt.NDArray[Any]) -> Iterator[tuple[str, bytes]]:
    yield "of other numbers", _saved(np.full_like(sound, 10**6))
    yield "of negative numbers", _saved(np.full_like(sound, -1))
    yield "of another type", _saved(sound.astype(np.complex128))
    yield "of another order", _saved(sound.astype(sound.dtype.newbyteorder(">")))
    yield "of text", _saved(np.full(sound.shape, "abc"))
    yield "of objects", _saved(sound.astype(object))
    yield "of one row less", _saved(sound[:-1])
    yield "of one row more", _saved(np.concatenate((sound, sound[:1])))
    yield "with one axis more", _saved(sound[None])
    yield "with no axis", _saved(np.float64(1.0))
    yield "column by column", _saved(np.asfortranarray(sound.reshape(len(sound), -1)))
    if sound.dtype.kind == "f":
        for value in (np.nan, np.inf, -np.inf):
            yield f"of {value}", _saved(np.full_like(sound, value))
    for shape in ("(999999999999, 9)", "(-1,)", "(1e9,)", "()", "(" * 900, "('a',)", "(__import__('os'),)"):
        yield f"of shape {shape[:20]}", _header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}")
    yield "of a header without an end", _header("x" * 65_000, claims=65_535)


def _saved(array: Any) -> bytes:
    target = io.BytesIO()
    np.save(target, array, allow_pickle=True)
    return target.getvalue()


def _header(text: str, claims: int | None = None) -> bytes:
    encoded = text.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", claims or len(encoded)) + encoded + bytes(80)


def bombs(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield small files that claim to have large contents."""
    parts, zeros = members(good), bytes(100_000_000)
    inner = packed({"session.json": zeros, "parameters.npy": zeros}, zipfile.ZIP_DEFLATED)
    yield "a bomb", inner
    yield "a bomb of zeros", packed(parts | {"session.json": zeros}, zipfile.ZIP_DEFLATED)
    yield "a bomb in the arrays", packed(parts | {"branch-0.npz": inner})
    yield "a bomb in a bomb", packed({"session.json": inner, "branch-0.npz": inner}, zipfile.ZIP_DEFLATED)
    values = json.loads(parts["session.json"])
    for name in ("n_epochs", "n_checkpoints", "epochs_per_delta_row"):
        huge = _put(values, ("branches", 0, name), 2**40)
        yield f"{name} is huge", packed(parts | {"session.json": _dumped(huge)})
    deep = _put(values, ("branches", 0, "first", "hidden"), [1024] * 8)
    wide = _put(deep, ("branches", 0, "first", "activations"), ["tanh"] * 9)
    yield "a huge network", packed(parts | {"session.json": _dumped(wide)})


def _with_other_directories(good: bytes, rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    """Change a member's fields in the archive's directory: sizes, offsets, flags, methods."""
    start = struct.unpack("<L", good[-6:-2])[0]
    for name, (offset, form) in _FIELDS.items():
        most = 2 ** (8 * struct.calcsize(form))
        for value in (0, 1, 9, most - 1, most // 2, *rng.integers(0, most, 2).tolist()):
            other = good[: start + offset] + struct.pack(form, value) + good[start + offset + struct.calcsize(form) :]
            yield f"{name} of a member is {value}", other
