import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from bpviz.session.files.safe_write import ExportError, check_target, write_atomically


def write_hello(file: BinaryIO) -> None:
    file.write(b"hello")


def write_and_fail(file: BinaryIO) -> None:
    file.write(b"hel")
    raise OSError(28, "No space left on device")


def test_a_file_is_written_under_its_name_without_leftovers(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.csv", write_hello)
    assert (tmp_path / "a.csv").read_bytes() == b"hello"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_an_existing_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a much longer text than the new one")
    write_atomically(tmp_path / "a.csv", write_hello)
    assert (tmp_path / "a.csv").read_bytes() == b"hello"


def test_a_failure_keeps_the_existing_file_and_leaves_no_temporary_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("before")
    with pytest.raises(ExportError, match=r"a\.csv cannot be written: no space left on device; make room"):
        write_atomically(tmp_path / "a.csv", write_and_fail)
    assert (tmp_path / "a.csv").read_text() == "before"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_content_is_on_the_disk_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("before")
    sync, seen = os.fsync, []

    def note(number: int) -> None:
        sync(number)
        seen.append((os.fstat(number).st_size, (tmp_path / "a.csv").read_text()))

    monkeypatch.setattr(os, "fsync", note)
    write_atomically(tmp_path / "a.csv", write_hello)
    assert seen == [(5, "before")]


def test_a_new_file_is_as_readable_as_any_other_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "a.csv", write_hello)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_link_stays_a_link_to_the_new_content(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "a.csv").symlink_to(tmp_path / "far" / "b.csv")
    write_atomically(tmp_path / "a.csv", write_hello)
    assert (tmp_path / "a.csv").is_symlink()
    assert (tmp_path / "far" / "b.csv").read_bytes() == b"hello"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nowhere/a.csv", "no such file or directory; make that folder first"),
        ("file.csv/a.csv", "not a directory; a part of the path is a file"),
        ("folder.csv", "is a directory; that is a folder: add the name of a file"),
        ("a" * 300 + ".csv", "file name too long; choose a shorter name"),
    ],
)
def test_an_unwritable_target_is_refused_with_a_message(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "file.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError, match=re.escape(f"{tmp_path / name} cannot be written: {sentence}")):
        check_target(tmp_path / name, (".csv",))
    with pytest.raises(ExportError, match=re.escape(f"{tmp_path / name} cannot be written: {sentence}")):
        write_atomically(tmp_path / name, write_hello)


@pytest.mark.parametrize("name", ["a.txt", "a", "csv", ".csv", "a.csv.gz", "a."])
def test_another_ending_is_refused_with_those_that_may_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"its name must end in \.csv or \.tsv"):
        check_target(tmp_path / name, (".csv", ".tsv"))


@pytest.mark.parametrize("name", ["a.csv", "a.CSV", "a b.csv", "ä.csv", "a.b.csv"])
def test_a_check_neither_writes_nor_changes_a_file(tmp_path: Path, name: str) -> None:
    check_target(tmp_path / name, (".csv",))
    assert os.listdir(tmp_path) == []
    (tmp_path / name).write_text("before")
    check_target(tmp_path / name, (".csv",))
    assert (tmp_path / name).read_text() == "before"
    assert os.listdir(tmp_path) == [name]


def test_a_check_sees_that_a_link_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "nowhere" / "b.csv")
    with pytest.raises(ExportError, match="make that folder first"):
        check_target(tmp_path / "a.csv", (".csv",))
