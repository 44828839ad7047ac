"""Files of recordings: nothing is lost, and what is damaged or hostile is refused in one sentence."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pytest

from bpviz.core.diagnosis.layouts import RawUpdate
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_file import SessionFileError, read_session
from bpviz.session.recording.recording import RecordedUpdate, Recording
from bpviz.session.recording.recording_file import (
    RecordingFileError,
    is_recording,
    read_recording,
    write_recording,
)

RNG = np.random.RandomState(0)


def raw(dtype: Any = np.float64, rate: float | None = 0.1, samples: int = 1) -> RawUpdate:
    def made(*shape: int) -> Any:
        return np.asarray(RNG.randn(*shape)).astype(dtype)

    shape = (samples,) if samples > 1 else ()
    numbers = {("a", 1): made(*shape, 3), ("loss", 0): made(), ("dW", 2): made(3, 2), ("b_after", 1): made(3)}
    x, y = made(*shape, 4), made(*shape, 2)
    return RawUpdate(x, y, [made(4, 3), made(3, 2)], [made(3), made(2)], numbers, rate)


def recording(*raws: RawUpdate) -> Recording:
    updates = tuple(RecordedUpdate(2 * number + 1, each) for number, each in enumerate(raws or (raw(), raw())))
    return Recording(updates, 9, 2, ("tanh", "sigmoid"), "mse", 1e-3, 1, "nothing fits\nin\x00 here", "KeyError")


def equal(one: RawUpdate, other: RawUpdate) -> bool:
    arrays = [(each.x, each.y, *each.weights, *each.biases, *each.numbers.values()) for each in (one, other)]
    is_same = all(
        mine.shape == yours.shape and mine.dtype == yours.dtype and np.array_equal(mine, yours, equal_nan=True)
        for mine, yours in zip(*arrays, strict=True)
    )
    return is_same and (list(one.numbers), one.learning_rate, one.train_biases) == (
        list(other.numbers),
        other.learning_rate,
        other.train_biases,
    )


def test_a_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    odd = raw(np.float16, None, samples=5)
    odd.numbers["a", 1][0, 0] = np.nan
    raws = raw(), raw(np.float32), replace(odd, train_biases=True), raw(samples=3)
    path, written = tmp_path / "mine.bpviz", recording(*raws)
    write_recording(path, written)
    read = read_recording(path)
    assert is_recording(path)
    assert all(equal(one.raw, other.raw) for one, other in zip(written.updates, read.updates, strict=True))
    assert [update.number for update in read.updates] == [1, 3, 5, 7]
    assert replace(read, updates=()) == replace(written, updates=(), fault="nothing fits in here")
    assert read.sizes == (4, 3, 2)
    assert read.sentences() == (
        "9 updates, of which every 2nd was kept to stay within the size: 4.",
        "1 update could not be read: nothing fits in here.",
        "The training ended with KeyError.",
    )


def test_equal_recordings_give_equal_bytes_without_code(tmp_path: Path) -> None:
    written = recording()
    for name in ("one.bpviz", "two.bpviz"):
        write_recording(tmp_path / name, written)
    content = (tmp_path / "one.bpviz").read_bytes()
    assert content == (tmp_path / "two.bpviz").read_bytes()
    with ZipFile(tmp_path / "one.bpviz") as archive:
        assert archive.namelist() == ["recording.json", "numbers-f8.npy"]
        np.load(io.BytesIO(archive.read("numbers-f8.npy")), allow_pickle=False)


def test_numbers_of_other_types_are_stored_as_such_that_hold_them(tmp_path: Path) -> None:
    write_recording(tmp_path / "mine.bpviz", recording(raw(">f4"), raw(np.longdouble)))
    found = [update.raw.x.dtype for update in read_recording(tmp_path / "mine.bpviz").updates]
    assert found == [np.dtype("<f4"), np.dtype("<f8")]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "mine.bpviz").mkdir()
    with pytest.raises(ExportError, match=r"mine\.bpviz cannot be written"):
        write_recording(tmp_path / "mine.bpviz", recording())


# Told apart from a session


def test_a_recording_is_no_session_and_the_reverse(tmp_path: Path) -> None:
    path, other = tmp_path / "mine.bpviz", tmp_path / "other.bpviz"
    write_recording(path, recording())
    with pytest.raises(SessionFileError, match=r"its member session\.json is missing"):
        read_session(path)
    with ZipFile(other, "w") as archive:
        archive.writestr(ZipInfo("session.json"), "{}")
    assert not is_recording(other)
    with pytest.raises(RecordingFileError, match=r"its member recording\.json is missing"):
        read_recording(other)


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir, lambda path: path.write_text("no zip"), os.mkfifo])
def test_what_is_no_file_of_bpviz_is_no_recording(make: Callable[[Path], object], tmp_path: Path) -> None:
    make(tmp_path / "mine.bpviz")
    assert not is_recording(tmp_path / "mine.bpviz")
    with pytest.raises(RecordingFileError, match=r"mine\.bpviz cannot be opened: .*; choose another file"):
        read_recording(tmp_path / "mine.bpviz")


# Damaged and hostile files


def write(path: Path, members: dict[str, bytes], kind: int = 0) -> None:
    with ZipFile(path, "w") as archive:
        for name, content in members.items():
            info = ZipInfo(name)
            info.compress_type = kind
            archive.writestr(info, content)


@pytest.fixture
def members(tmp_path: Path) -> dict[str, bytes]:
    write_recording(tmp_path / "good.bpviz", recording())
    with ZipFile(tmp_path / "good.bpviz") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(path: Path) -> str:
    with pytest.raises(RecordingFileError) as fault:
        read_recording(path)
    sentence = str(fault.value)
    assert "\n" not in sentence
    return sentence


def test_a_file_that_was_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    write_recording(tmp_path / "good.bpviz", recording())
    content = (tmp_path / "good.bpviz").read_bytes()
    for length in range(0, len(content), 37):
        (tmp_path / "cut.bpviz").write_bytes(content[:length])
        assert refused(tmp_path / "cut.bpviz")


def test_a_byte_that_was_changed_never_does_more_than_refuse_or_change_a_number(tmp_path: Path) -> None:
    write_recording(tmp_path / "good.bpviz", recording())
    content = (tmp_path / "good.bpviz").read_bytes()
    for place in range(0, len(content), 11):
        (tmp_path / "changed.bpviz").write_bytes(
            content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        )
        with suppress(RecordingFileError):
            read_recording(tmp_path / "changed.bpviz")


def test_members_that_bpviz_would_not_write_are_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    path, numbers = tmp_path / "bad.bpviz", members["numbers-f8.npy"]
    write(path, {**members, "more.py": b""})
    assert "it has an unexpected member called more.py" in refused(path)
    write(path, {"recording.json": members["recording.json"]})
    assert "its member numbers-f8.npy is missing" in refused(path)
    write(path, members, ZIP_DEFLATED)
    assert "its member recording.json is compressed" in refused(path)
    write(path, {**members, "numbers-f8.npy": numbers[:-8]})
    assert "is not as long as it claims to be" in refused(path)
    write(path, {**members, "numbers-f8.npy": numbers.replace(b"<f8", b"|O8")})
    assert "has a wrong type or shape" in refused(path)
    write(path, {**members, "recording.json": b"[" * 10**6})
    assert "recording.json" in refused(path)
    write(path, {**members, "recording.json": b"\xff"})
    assert "recording.json is not text in UTF-8" in refused(path)


CHANGES: list[tuple[Callable[[Any], None], str]] = [
    (lambda values: values.update(format=2), "format must be"),
    (lambda values: values.update(more=1), "more"),
    (lambda values: values.pop("total"), "total"),
    (lambda values: values.update(updates=[]), "it has no updates"),
    (lambda values: values.update(updates=[[1, 0, 0.1], [1, 0, 0.1]]), "its updates are not in their order"),
    (lambda values: values.update(updates=[[1, 7, 0.1]]), "an update must be"),
    (lambda values: values.update(updates=[[1, 0, -1]]), "an update must be"),
    (lambda values: values.update(updates=[1]), "an update must be a list of three values"),
    (lambda values: values.update(updates={}), "updates must be a list"),
    (lambda values: values.update(activations=["tanh"]), "different numbers of layers"),
    (lambda values: values.update(activations=["__import__", "tanh"]), "activations"),
    (lambda values: values["forms"][0][0].__setitem__(3, [10**9]), "claims to be larger|is not as long|wrong type"),
    (lambda values: values["forms"][0][0].__setitem__(3, [10**9] * 4), "claims to be larger|is not as long|wrong type"),
    (lambda values: values["forms"][0][0].__setitem__(3, [0]), "has an entry that is not an array"),
    (lambda values: values["forms"][0][0].__setitem__(3, [-1]), "has an entry that is not an array"),
    (lambda values: values["forms"][0][0].__setitem__(2, "O"), "has an entry that is not an array"),
    (lambda values: values["forms"][0][0].__setitem__(1, True), "has an entry that is not an array"),
    (lambda values: values["forms"][0].__setitem__(0, None), "has an entry that is not an array"),
    (lambda values: values["forms"][0].pop(0), "does not hold x, y, and W and b of every layer"),
    (lambda values: values["forms"][0][-1].__setitem__(0, "x"), "holds x of layer 1, which it cannot have"),
    (lambda values: values["forms"][0][-1].__setitem__(1, 3), "holds b_after of layer 3, which it cannot have"),
    (lambda values: values["forms"][0][2].__setitem__(3, [12]), "has weights that are no matrix"),
    (lambda values: values["forms"][0].append(values["forms"][0][-1]), "does not hold"),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
def test_values_that_bpviz_would_not_write_are_refused(
    change: Callable[[Any], None], told: str, tmp_path: Path, members: dict[str, bytes]
) -> None:
    values = json.loads(members["recording.json"])
    change(values)
    write(tmp_path / "bad.bpviz", {**members, "recording.json": json.dumps(values).encode()})
    sentence = refused(tmp_path / "bad.bpviz")
    assert sentence.endswith("record it again, this file is damaged, was changed, or is of a newer version of bpviz")
    assert any(part in sentence for part in told.split("|")), sentence
