"""Autosave: when a session is saved, on which thread, and which files remain."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bpviz.session.files.safe_write import ExportError
from bpviz.session.recovery.autosave import SECONDS, SOON_SECONDS, Autosave

_DEADLINE_SECONDS = 20


class Disk:
    """A clock, and a writer that can be made to wait."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.written: list[str] = []
        self.told: list[str] = []
        self.fault: Exception | None = None
        self.threads: set[threading.Thread] = set()
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()
        self.go_on.set()

    def clock(self) -> float:
        return self.now

    def write(self, path: Path, session: str) -> None:
        self.threads.add(threading.current_thread())
        self.begun.release()
        assert self.go_on.wait(_DEADLINE_SECONDS)
        if self.fault:
            raise self.fault
        path.write_text(session, encoding="utf-8")
        self.written.append(session)

    def hold(self) -> None:
        self.go_on.clear()

    def wait_until_it_has_begun(self) -> None:
        assert self.begun.acquire(timeout=_DEADLINE_SECONDS)


def settle(autosave: Autosave[str]) -> None:
    """Wait until nothing is being written."""
    autosave._writer.wait()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def autosave(tmp_path: Path, disk: Disk) -> Iterator[Autosave[str]]:
    made = Autosave[str](tmp_path / "autosave", disk.write, disk.told.append, disk.clock)
    yield made
    disk.go_on.set()
    made.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# When


def test_nothing_is_due_while_nothing_happens(autosave: Autosave[str], disk: Disk) -> None:
    disk.now += 10 * SECONDS
    assert autosave.seconds_until_due() is None
    assert not autosave.is_due()


def test_training_is_due_ever_less_often_down_to_half_a_minute(autosave: Autosave[str], disk: Disk) -> None:
    for wait in (SOON_SECONDS, 4, 8, 16, SECONDS, SECONDS):
        autosave.changed()
        assert autosave.seconds_until_due() == wait
        disk.now += wait - 1
        assert not autosave.is_due()
        disk.now += 1
        assert autosave.is_due()
        autosave.save("again")


def test_a_crash_after_14_seconds_does_not_lose_the_whole_run(autosave: Autosave[str], disk: Disk) -> None:
    began, saved_at = disk.now, disk.now
    for _ in range(14):
        disk.now += 1
        autosave.changed()
        if autosave.is_due():
            autosave.save("so far")
            saved_at = disk.now
    assert saved_at - began > (disk.now - began) / 3


def test_another_session_is_saved_soon_again(autosave: Autosave[str], disk: Disk) -> None:
    for _ in range(6):
        autosave.save("long")
    autosave.begin()
    autosave.changed()
    assert autosave.seconds_until_due() == SOON_SECONDS


def test_changes_by_the_user_are_due_at_once_but_not_too_often(autosave: Autosave[str], disk: Disk) -> None:
    disk.now += SOON_SECONDS
    autosave.request()
    assert autosave.is_due()
    autosave.save("first")
    autosave.request()
    assert autosave.seconds_until_due() == SOON_SECONDS
    disk.now += SOON_SECONDS
    assert autosave.is_due()


# What


def test_it_is_written_on_another_thread_that_ends(autosave: Autosave[str], disk: Disk) -> None:
    autosave.save("first")
    settle(autosave)
    assert disk.written == ["first"]
    assert autosave.path is not None
    assert autosave.path.read_text(encoding="utf-8") == "first"
    (thread,) = disk.threads
    assert thread is not threading.current_thread()
    thread.join(_DEADLINE_SECONDS)
    assert not thread.is_alive()


def test_saving_does_not_block_and_of_the_waiting_sessions_the_latest_is_kept(
    autosave: Autosave[str], disk: Disk
) -> None:
    disk.hold()
    autosave.save("first")
    disk.wait_until_it_has_begun()
    for session in ("second", "third", "fourth"):
        autosave.save(session)
    disk.go_on.set()
    settle(autosave)
    assert disk.written == ["first", "fourth"]
    assert len(disk.threads) == 1


def test_every_time_it_is_the_same_file(autosave: Autosave[str]) -> None:
    paths = set()
    for session in ("first", "second"):
        autosave.save(session)
        settle(autosave)
        paths.add(autosave.path)
    assert len(paths) == 1


def test_two_of_them_have_a_file_each(tmp_path: Path, disk: Disk, autosave: Autosave[str]) -> None:
    other = Autosave[str](tmp_path / "autosave", disk.write, disk.told.append, disk.clock)
    for each in (autosave, other):
        each.save("session")
        settle(each)
    assert autosave.path != other.path
    other.close()
    assert autosave.path is not None
    assert autosave.path.exists()


# What goes wrong


@pytest.mark.parametrize("fault", [ExportError("x cannot be written: no space left"), MemoryError("too large")])
def test_a_failure_is_reported_once_and_retried(autosave: Autosave[str], disk: Disk, fault: Exception) -> None:
    disk.fault = fault
    for session in ("first", "second"):
        autosave.save(session)
        settle(autosave)
    (sentence,) = disk.told
    assert sentence.startswith("The session cannot be autosaved")
    assert str(fault) in sentence
    assert autosave.seconds_until_due() == SECONDS  # although nothing has changed since
    disk.fault = None
    autosave.save("third")
    settle(autosave)
    assert disk.written == ["third"]
    assert autosave.seconds_until_due() is None


def test_a_failure_after_a_success_is_reported_again(autosave: Autosave[str], disk: Disk) -> None:
    for disk.fault in (ExportError("one"), None, ExportError("two")):
        autosave.save("session")
        settle(autosave)
    assert [sentence.split()[-1] for sentence in disk.told] == ["one.", "two."]


def test_a_folder_that_cannot_be_made_is_reported_and_training_continues(tmp_path: Path, disk: Disk) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    autosave = Autosave[str](tmp_path / "file", disk.write, disk.told.append, disk.clock)
    autosave.save("session")
    settle(autosave)
    assert len(disk.told) == 1
    assert autosave.path is None
    autosave.close()


# The end


def test_an_orderly_end_waits_for_the_writer_and_leaves_nothing(
    tmp_path: Path, autosave: Autosave[str], disk: Disk
) -> None:
    disk.hold()
    autosave.save("first")
    disk.wait_until_it_has_begun()
    autosave.save("never needed")
    closing = threading.Thread(target=autosave.close)
    closing.start()
    disk.go_on.set()
    closing.join(_DEADLINE_SECONDS)
    assert not closing.is_alive()
    assert disk.written[0] == "first"
    assert list((tmp_path / "autosave").iterdir()) == []


def test_without_a_save_no_folder_is_made(tmp_path: Path, autosave: Autosave[str]) -> None:
    autosave.close()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_contains_only_the_session_and_its_lock(tmp_path: Path, autosave: Autosave[str]) -> None:
    autosave.save("session")
    settle(autosave)
    session, lock = files(tmp_path)
    assert session.endswith(".lock") or lock.endswith(".lock")
    assert "autosave.bpviz" in (session, lock)
