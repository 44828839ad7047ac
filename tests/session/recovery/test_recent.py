"""The bounded list of session files, and what undo keeps in memory."""

import dataclasses
from pathlib import Path

import pytest

from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.recovery.kept_sessions import KeptSessions
from bpviz.session.recovery.recent import MOST_RECENT, RecentSessions, list_recent, recent_folder
from bpviz.session.time_travel.history import History
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL, advance


def session(epochs: int) -> SavedSession:
    history, table = History(Training(SMALL)), EpochTable()
    for _ in range(epochs):
        table.extend(advance(history, 28))
    return single_branch_session(history, SMALL, table)


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def recent(tmp_path: Path, complaints: list[str]) -> RecentSessions:
    return RecentSessions(tmp_path / "recent", write_session, complaints.append)


def test_a_kept_session_can_be_read_and_its_name_describes_it(tmp_path: Path, recent: RecentSessions) -> None:
    recent.keep(session(3))
    recent.close()
    (found,) = list_recent(tmp_path / "recent")
    assert found.description.endswith("moons 2-4-3-2, epoch 3")
    assert read_session(found.path).branches[0].furthest.epoch == 3


def test_only_the_newest_are_kept(tmp_path: Path, recent: RecentSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(f"2026-01-01 00-00-{n:02} moons 2-2, epoch {n} 0123abcd.bpviz" for n in range(60))
    monkeypatch.setattr("bpviz.session.recovery.recent._name", lambda _: next(names))
    for _ in range(MOST_RECENT + 3):
        recent.keep(session(1))
    recent.close()
    found = [each.description for each in list_recent(tmp_path / "recent")]
    assert found == [f"2026-01-01 00:00, moons 2-2, epoch {n}" for n in range(MOST_RECENT + 2, 2, -1)]


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path, complaints: list[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    recent = RecentSessions(tmp_path / "file", write_session, complaints.append)
    recent.keep(session(1))
    recent.close()
    assert complaints
    assert complaints[0].startswith("The run could not be kept in File, Recent: ")


def test_other_files_are_left_alone_and_a_strange_name_is_its_own_description(tmp_path: Path) -> None:
    for name in ("2026-13-45 00-00-00 never 01234567.bpviz", "mine.bpviz", ".bpviz-half", "notes.txt"):
        (tmp_path / name).touch()
    assert [each.description for each in list_recent(tmp_path)] == ["mine", "2026-13-45 00-00-00 never 01234567"]
    assert list_recent(tmp_path / "nowhere") == []


def test_the_folder_is_beside_that_of_the_autosaves(tmp_path: Path) -> None:
    assert recent_folder(tmp_path / "autosave") == tmp_path / "recent"


# In memory


def test_an_untouched_network_is_not_kept(tmp_path: Path, recent: RecentSessions) -> None:
    kept = KeptSessions()
    kept.recent = recent
    assert not kept.keep(session(0))
    kept.close(session(0))
    assert (kept.undo_session, list_recent(tmp_path / "recent")) == (None, [])


def test_undo_and_redo_change_places_with_the_present_session() -> None:
    kept, first, second = KeptSessions(), session(2), session(0)
    assert kept.keep(first)
    assert kept.describe() == ("(back to the run of 2 epochs)", "")
    opened = kept.undo(second)
    assert opened is not None
    assert opened.branches[0].furthest == first.branches[0].furthest
    assert kept.describe() == ("", "(back to the new network)")
    again = kept.redo(first)
    assert again is not None
    assert again.branches[0].furthest == second.branches[0].furthest
    assert kept.undo_session is first


def test_an_opened_session_shares_no_table_that_grows() -> None:
    kept, first = KeptSessions(), session(2)
    kept.keep(first)
    opened = kept.undo(None)
    assert opened is not None
    opened.branches[0].epochs.extend(advance(History(Training(SMALL)), 28))
    assert (len(opened.branches[0].epochs), len(first.branches[0].epochs)) == (3, 2)


def test_what_a_file_has_already_is_not_written_again(tmp_path: Path, recent: RecentSessions) -> None:
    kept, saved = KeptSessions(), session(2)
    kept.recent = recent
    kept.know_file(saved)
    kept.keep(saved)
    kept.close(dataclasses.replace(saved))
    assert list_recent(tmp_path / "recent") == []
