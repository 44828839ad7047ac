"""Leftover sessions of crashed programs: found, offered once, kept, discarded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bpviz.session.recovery.autosave_slot import AutosaveSlot, make_slot
from bpviz.session.recovery.file_lock import FileLock
from bpviz.session.recovery.recovery import Recovery
from tests.session.leftovers import leave_over


def describe(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if text == "damaged":
        raise ValueError("it holds no session")
    return f"a session of {text}"


@pytest.fixture
def recovery(tmp_path: Path) -> Iterator[Recovery]:
    made = Recovery(tmp_path, describe)
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Recovery]:
    """Another program on the same folder."""
    made = Recovery(tmp_path, describe)
    yield made
    made.close()


def words(recovery: Recovery) -> list[str]:
    return [recovery.summarize(each).description for each in recovery.find_leftovers()]


# What there is


def test_without_an_autosave_there_are_no_leftovers(tmp_path: Path) -> None:
    recovery = Recovery(tmp_path / "nowhere", describe)
    assert recovery.find_leftovers() == []
    assert recovery.next_offer() is None
    assert not (tmp_path / "nowhere").exists()


def test_the_newest_comes_first_with_its_time(tmp_path: Path, recovery: Recovery) -> None:
    for text, at in (("noon", 2000.0), ("morning", 1000.0), ("evening", 3000.0)):
        leave_over(tmp_path, text, at)
    assert words(recovery) == ["a session of evening", "a session of noon", "a session of morning"]
    assert recovery.find_leftovers()[0].written == datetime.fromtimestamp(3000)


def test_the_session_of_a_running_program_is_not_a_leftover(tmp_path: Path, recovery: Recovery) -> None:
    running = make_slot(tmp_path)
    running.fresh.write_text("life", encoding="utf-8")
    assert recovery.find_leftovers() == []
    assert recovery.next_offer() is None
    assert running.fresh.exists()
    running.leave()
    assert words(recovery) == ["a session of life"]


def test_an_unreadable_session_is_listed_with_its_problem(tmp_path: Path, recovery: Recovery) -> None:
    leave_over(tmp_path, "damaged", 1000.0)
    (found,) = recovery.find_leftovers()
    account = recovery.summarize(found)
    assert not account.is_sound
    assert account.description == "it holds no session"


# Offered once


def test_it_is_offered_once_and_stays_listed(tmp_path: Path, recovery: Recovery) -> None:
    leave_over(tmp_path, "noon", 1000.0)
    offered = recovery.next_offer()
    assert offered is not None
    assert recovery.summarize(offered).description == "a session of noon"
    assert offered.written == datetime.fromtimestamp(1000)
    recovery.close()
    assert recovery.next_offer() is None
    assert words(recovery) == ["a session of noon"]


def test_of_several_each_start_offers_one_the_newest_first(tmp_path: Path, recovery: Recovery) -> None:
    for text, at in (("noon", 2000.0), ("morning", 1000.0)):
        leave_over(tmp_path, text, at)
    for expected in ("a session of noon", "a session of morning"):
        offered = recovery.next_offer()
        assert offered is not None
        assert recovery.summarize(offered).description == expected
        recovery.close()


def test_two_programs_are_not_offered_the_same(tmp_path: Path, recovery: Recovery, other: Recovery) -> None:
    leave_over(tmp_path, "noon", 1000.0)
    offered = recovery.next_offer()
    assert offered is not None
    assert other.next_offer() is None
    assert other.find_leftovers() == []
    assert other.acquire(offered) is None
    recovery.release(offered)
    assert len(other.find_leftovers()) == 1


def test_a_session_listed_before_another_program_offered_it_can_be_acquired(
    tmp_path: Path, recovery: Recovery, other: Recovery
) -> None:
    leave_over(tmp_path, "noon", 1000.0)
    (listed,) = recovery.find_leftovers()
    other.next_offer()
    other.close()
    claimed = recovery.acquire(listed)
    assert claimed is not None
    assert claimed.path.exists()


# Kept or not


def test_an_acquired_session_stays_on_its_holders_list(tmp_path: Path, recovery: Recovery) -> None:
    leave_over(tmp_path, "noon", 1000.0)
    (found,) = recovery.find_leftovers()
    assert recovery.acquire(found) == found
    assert recovery.find_leftovers() == [found]


def test_a_discarded_session_leaves_no_files(tmp_path: Path, recovery: Recovery) -> None:
    leave_over(tmp_path, "noon", 1000.0)
    (found,) = recovery.find_leftovers()
    recovery.discard(found)
    assert list(tmp_path.iterdir()) == []
    recovery.discard(found)
    assert recovery.acquire(found) is None
    assert list(tmp_path.iterdir()) == []


def test_a_session_held_by_another_program_is_not_discarded(
    tmp_path: Path, recovery: Recovery, other: Recovery
) -> None:
    leave_over(tmp_path, "noon", 1000.0)
    (found,) = recovery.find_leftovers()
    other.acquire(found)
    recovery.discard(found)
    assert len(other.find_leftovers()) == 1


# Tidying up


def test_unfinished_writes_of_programs_that_are_gone_are_removed(tmp_path: Path, recovery: Recovery) -> None:
    name = leave_over(tmp_path, "noon", 1000.0)
    (tmp_path / name / ".bpviz-0123").write_bytes(b"half")
    assert words(recovery) == ["a session of noon"]
    assert [path.name for path in (tmp_path / name).iterdir()] == ["autosave.bpviz"]


def test_unfinished_writes_of_running_programs_are_left_alone(tmp_path: Path, recovery: Recovery) -> None:
    running = make_slot(tmp_path)
    temporary = running.fresh.with_name(".bpviz-0123")
    temporary.write_bytes(b"half")
    assert recovery.find_leftovers() == []
    assert temporary.exists()
    running.leave()


def test_an_empty_slot_is_removed(tmp_path: Path, recovery: Recovery) -> None:
    slot = make_slot(tmp_path)
    slot.fresh.with_name(".bpviz-0123").write_bytes(b"half")
    slot.leave()
    (tmp_path / "only-a.lock").touch()
    assert recovery.find_leftovers() == []
    assert list(tmp_path.iterdir()) == []


def test_files_of_others_in_the_folder_are_left_alone(tmp_path: Path, recovery: Recovery) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "moons.png").write_bytes(b"png")
    assert recovery.find_leftovers() == []
    assert (tmp_path / "notes.txt").exists()
    assert (tmp_path / "pictures" / "moons.png").exists()


# The lock


def test_a_lock_that_is_held_cannot_be_taken(tmp_path: Path) -> None:
    held = FileLock.take(tmp_path / "lock")
    assert held is not None
    assert FileLock.take(tmp_path / "lock") is None
    held.release()
    taken = FileLock.take(tmp_path / "lock")
    assert taken is not None
    taken.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="lock"):
        FileLock.take(tmp_path / "nowhere" / "lock")


def test_a_shelf_that_cannot_be_made_holds_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", lambda path, **given: None if given else refuse())
        with pytest.raises(OSError, match="no room"):
            make_slot(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_shelf_is_taken_by_one(tmp_path: Path) -> None:
    slot = make_slot(tmp_path)
    assert not AutosaveSlot(tmp_path, slot.name).take()
    slot.clear()
