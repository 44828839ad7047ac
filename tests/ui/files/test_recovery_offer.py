"""Recovery of sessions: the offer, the list, opening, saving and discarding."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from bpviz.session.engine.commands import OpenSession, SaveSession
from bpviz.session.engine.events import Failed, SessionSaved
from bpviz.session.recovery.recovery import Recovery
from bpviz.ui.files.recovery_dialog import RecoveryDialog, in_words
from bpviz.ui.files.recovery_offer import RecoveryOffer
from bpviz.ui.window.main_window import MainWindow
from tests.session.leftovers import leave_over
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint, press

AT = datetime(2026, 3, 4, 14, 32).timestamp()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "autosave"


@pytest.fixture
def recovery_offer(bare_window: MainWindow, stage: Stage, folder: Path) -> RecoveryOffer:
    """Start recovery as at the start of a program, after another one was killed."""
    stage.prepare()
    leave_over(folder, "epoch 512 of moons", AT)
    assert bare_window.recovery_offer is not None
    bare_window.recovery_offer.begin()
    return bare_window.recovery_offer


def is_left_over(folder: Path) -> bool:
    return bool(list(folder.rglob("*.bpviz")))


def others_see(folder: Path) -> int:
    """Return how many sessions another program could recover."""
    return len(Recovery(folder, str).find_leftovers())


def dialog(window: MainWindow) -> RecoveryDialog:
    (found,) = window.findChildren(RecoveryDialog)
    return found


# The offer


def test_nothing_is_offered_without_a_leftover(bare_window: MainWindow) -> None:
    assert bare_window.recovery_offer is not None
    bare_window.recovery_offer.begin()
    assert not bare_window.offer.isVisible()
    assert not bare_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_a_session_is_offered_with_its_time_without_blocking(bare_window: MainWindow) -> None:
    assert bare_window.offer.isVisible()
    sentence = bare_window.offer.sentence.text()
    assert "2026-03-04 14:32" in sentence
    assert "epoch 512 of moons" in sentence
    assert QApplication.activeModalWidget() is None
    assert bare_window.actions_["recover"].isEnabled()


def test_a_session_is_offered_once_and_stays_listed(bare_window: MainWindow, recovery_offer: RecoveryOffer) -> None:
    bare_window.offer.later.click()
    assert not bare_window.offer.isVisible()
    recovery_offer.begin()
    assert not bare_window.offer.isVisible()
    assert bare_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_no_other_program_can_claim_an_offered_session(bare_window: MainWindow, folder: Path) -> None:
    assert others_see(folder) == 0
    bare_window.offer.later.click()
    assert others_see(folder) == 1


@pytest.mark.usefixtures("recovery_offer")
def test_a_discarded_session_is_deleted(bare_window: MainWindow, folder: Path) -> None:
    bare_window.offer.discard.click()
    assert not bare_window.offer.isVisible()
    assert list(folder.iterdir()) == []
    assert not bare_window.actions_["recover"].isEnabled()


def test_an_unreadable_session_is_offered_with_its_problem(bare_window: MainWindow, folder: Path) -> None:
    name = leave_over(folder, "", AT)
    (folder / name / "autosave.bpviz").write_bytes(b"\xff")
    assert bare_window.recovery_offer is not None
    bare_window.recovery_offer.begin()
    assert "decode" in bare_window.offer.sentence.text()
    assert not bare_window.offer.open.isEnabled()
    assert bare_window.offer.discard.isEnabled()


def test_without_a_folder_nothing_is_offered(bare_window: MainWindow) -> None:
    menu = bare_window.findChild(QMenu, "file")
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    assert not bare_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_the_offer_is_one_line_with_its_buttons_at_the_end(bare_window: MainWindow) -> None:
    lay_out_and_paint(bare_window)
    sentence, answers = bare_window.offer.sentence, (bare_window.offer.open, bare_window.offer.discard)
    assert sentence.fontMetrics().horizontalAdvance(sentence.text()) <= sentence.width()
    assert all(answer.x() >= sentence.geometry().right() for answer in answers)
    assert bare_window.offer.height() < 4 * sentence.fontMetrics().height()


# Opening


@pytest.mark.usefixtures("recovery_offer")
def test_an_opened_session_is_kept_until_it_is_saved(
    bare_window: MainWindow, stage: Stage, folder: Path, tmp_path: Path
) -> None:
    bare_window.offer.open.click()
    (path,) = stage.commands.of(OpenSession)
    assert isinstance(path, Path)
    assert path.read_text(encoding="utf-8") == "epoch 512 of moons"
    stage.prepare()
    assert bare_window.windowTitle() == "Recovered session – bpviz"
    assert is_left_over(folder)
    stage.tell(SessionSaved(tmp_path / "mine.bpviz"))
    assert bare_window.windowTitle() == "mine.bpviz – bpviz"
    assert list(folder.iterdir()) == []
    assert not bare_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_the_first_save_asks_for_a_name(bare_window: MainWindow, stage: Stage) -> None:
    bare_window.offer.open.click()
    stage.prepare()
    bare_window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == []


@pytest.mark.usefixtures("recovery_offer")
def test_a_session_is_kept_when_another_one_replaces_it(
    bare_window: MainWindow, stage: Stage, folder: Path, tmp_path: Path
) -> None:
    bare_window.offer.open.click()
    stage.prepare()
    assert others_see(folder) == 0
    stage.prepare()
    stage.tell(SessionSaved(tmp_path / "another.bpviz"))
    assert others_see(folder) == 1


@pytest.mark.usefixtures("recovery_offer")
def test_a_session_that_cannot_be_opened_is_kept(bare_window: MainWindow, stage: Stage, folder: Path) -> None:
    bare_window.offer.open.click()
    stage.tell(Failed("It cannot be opened."))
    assert others_see(folder) == 1
    assert bare_window.windowTitle() == "bpviz"


def test_closing_the_window_releases_the_session(
    bare_window: MainWindow, recovery_offer: RecoveryOffer, folder: Path
) -> None:
    recovery_offer.end()
    assert others_see(folder) == 1


# The list


def test_the_list_has_times_and_descriptions(
    bare_window: MainWindow, recovery_offer: RecoveryOffer, folder: Path
) -> None:
    leave_over(folder, "epoch 7 of spirals", AT + 60)
    recovery_offer.show_list()
    table = dialog(bare_window).table
    cells = [[table.item(row, column) for column in range(2)] for row in range(table.rowCount())]
    assert [[cell.text() for cell in row if cell] for row in cells] == [
        ["2026-03-04 14:33", "epoch 7 of spirals"],
        ["2026-03-04 14:32", "epoch 512 of moons"],
    ]
    assert not dialog(bare_window).isModal()
    dialog(bare_window).close()


def test_enter_opens_the_selected_session_and_hides_the_offer(
    bare_window: MainWindow, recovery_offer: RecoveryOffer, stage: Stage
) -> None:
    recovery_offer.show_list()
    press(dialog(bare_window).table, Qt.Key.Key_Return)
    assert len(stage.commands.of(OpenSession)) == 1
    assert not dialog(bare_window).isVisible()
    assert not bare_window.offer.isVisible()


def test_a_discarded_session_leaves_the_list(
    bare_window: MainWindow, recovery_offer: RecoveryOffer, folder: Path
) -> None:
    recovery_offer.show_list()
    shown = dialog(bare_window)
    shown.discard.click()
    assert shown.table.rowCount() == 0
    assert not shown.choose.isEnabled()
    assert not shown.discard.isEnabled()
    assert not bare_window.offer.isVisible()
    assert not is_left_over(folder)
    shown.close()


def test_a_session_claimed_by_another_program_shows_an_error(
    bare_window: MainWindow, recovery_offer: RecoveryOffer, stage: Stage, folder: Path
) -> None:
    bare_window.offer.later.click()
    recovery_offer.show_list()
    other = Recovery(folder, str)
    other.acquire(other.find_leftovers()[0])
    dialog(bare_window).choose.click()
    assert "another bpviz has opened it" in bare_window.notice.sentence.text()
    assert stage.commands.of(OpenSession) == []
    other.close()


def test_the_time_of_today_has_no_date() -> None:
    now = datetime.now()
    assert in_words(now) == f"{now:%H:%M}"
    assert in_words(datetime(2026, 3, 4, 14, 32)) == "2026-03-04 14:32"
