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
def recovery_offer(main_window: MainWindow, stage: Stage, folder: Path) -> RecoveryOffer:
    """Start recovery as at the start of a program, after another one was killed."""
    stage.prepare()
    leave_over(folder, "epoch 512 of moons", AT)
    assert main_window.recovery_offer is not None
    main_window.recovery_offer.begin()
    return main_window.recovery_offer


def is_left_over(folder: Path) -> bool:
    return bool(list(folder.rglob("*.bpviz")))


def others_see(folder: Path) -> int:
    """Return how many sessions another program could recover."""
    return len(Recovery(folder, str).find_leftovers())


def dialog(window: MainWindow) -> RecoveryDialog:
    (found,) = window.findChildren(RecoveryDialog)
    return found


# The offer


def test_nothing_is_offered_without_a_leftover(main_window: MainWindow) -> None:
    assert main_window.recovery_offer is not None
    main_window.recovery_offer.begin()
    assert not main_window.offer.isVisible()
    assert not main_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_a_session_is_offered_with_its_time_without_blocking(main_window: MainWindow) -> None:
    assert main_window.offer.isVisible()
    sentence = main_window.offer.sentence.text()
    assert "2026-03-04 14:32" in sentence
    assert "epoch 512 of moons" in sentence
    assert QApplication.activeModalWidget() is None
    assert main_window.actions_["recover"].isEnabled()


def test_a_session_is_offered_once_and_stays_listed(main_window: MainWindow, recovery_offer: RecoveryOffer) -> None:
    main_window.offer.later.click()
    assert not main_window.offer.isVisible()
    recovery_offer.begin()
    assert not main_window.offer.isVisible()
    assert main_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_no_other_program_can_claim_an_offered_session(main_window: MainWindow, folder: Path) -> None:
    assert others_see(folder) == 0
    main_window.offer.later.click()
    assert others_see(folder) == 1


@pytest.mark.usefixtures("recovery_offer")
def test_a_discarded_session_is_deleted(main_window: MainWindow, folder: Path) -> None:
    main_window.offer.discard.click()
    assert not main_window.offer.isVisible()
    assert list(folder.iterdir()) == []
    assert not main_window.actions_["recover"].isEnabled()


def test_an_unreadable_session_is_offered_with_its_problem(main_window: MainWindow, folder: Path) -> None:
    name = leave_over(folder, "", AT)
    (folder / name / "autosave.bpviz").write_bytes(b"\xff")
    assert main_window.recovery_offer is not None
    main_window.recovery_offer.begin()
    assert "decode" in main_window.offer.sentence.text()
    assert not main_window.offer.open.isEnabled()
    assert main_window.offer.discard.isEnabled()


def test_without_a_folder_nothing_is_offered(main_window: MainWindow) -> None:
    menu = main_window.findChild(QMenu, "file")
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    assert not main_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_the_offer_is_one_line_with_its_buttons_at_the_end(main_window: MainWindow) -> None:
    lay_out_and_paint(main_window)
    sentence, answers = main_window.offer.sentence, (main_window.offer.open, main_window.offer.discard)
    assert sentence.fontMetrics().horizontalAdvance(sentence.text()) <= sentence.width()
    assert all(answer.x() >= sentence.geometry().right() for answer in answers)
    assert main_window.offer.height() < 4 * sentence.fontMetrics().height()


# Opening


@pytest.mark.usefixtures("recovery_offer")
def test_an_opened_session_is_kept_until_it_is_saved(
    main_window: MainWindow, stage: Stage, folder: Path, tmp_path: Path
) -> None:
    main_window.offer.open.click()
    (path,) = stage.commands.of(OpenSession)
    assert isinstance(path, Path)
    assert path.read_text(encoding="utf-8") == "epoch 512 of moons"
    stage.prepare()
    assert main_window.windowTitle() == "Recovered session – bpviz"
    assert is_left_over(folder)
    stage.tell(SessionSaved(tmp_path / "mine.bpviz"))
    assert main_window.windowTitle() == "mine.bpviz – bpviz"
    assert list(folder.iterdir()) == []
    assert not main_window.actions_["recover"].isEnabled()


@pytest.mark.usefixtures("recovery_offer")
def test_the_first_save_asks_for_a_name(main_window: MainWindow, stage: Stage) -> None:
    main_window.offer.open.click()
    stage.prepare()
    main_window.actions_["save_session"].trigger()
    assert stage.commands.of(SaveSession) == []


@pytest.mark.usefixtures("recovery_offer")
def test_a_session_is_kept_when_another_one_replaces_it(
    main_window: MainWindow, stage: Stage, folder: Path, tmp_path: Path
) -> None:
    main_window.offer.open.click()
    stage.prepare()
    assert others_see(folder) == 0
    stage.prepare()
    stage.tell(SessionSaved(tmp_path / "another.bpviz"))
    assert others_see(folder) == 1


@pytest.mark.usefixtures("recovery_offer")
def test_a_session_that_cannot_be_opened_is_kept(main_window: MainWindow, stage: Stage, folder: Path) -> None:
    main_window.offer.open.click()
    stage.tell(Failed("It cannot be opened."))
    assert others_see(folder) == 1
    assert main_window.windowTitle() == "bpviz"


def test_closing_the_window_releases_the_session(
    main_window: MainWindow, recovery_offer: RecoveryOffer, folder: Path
) -> None:
    recovery_offer.end()
    assert others_see(folder) == 1


# The list


def test_the_list_has_times_and_descriptions(
    main_window: MainWindow, recovery_offer: RecoveryOffer, folder: Path
) -> None:
    leave_over(folder, "epoch 7 of spirals", AT + 60)
    recovery_offer.show_list()
    table = dialog(main_window).table
    cells = [[table.item(row, column) for column in range(2)] for row in range(table.rowCount())]
    assert [[cell.text() for cell in row if cell] for row in cells] == [
        ["2026-03-04 14:33", "epoch 7 of spirals"],
        ["2026-03-04 14:32", "epoch 512 of moons"],
    ]
    assert not dialog(main_window).isModal()
    dialog(main_window).close()


def test_enter_opens_the_selected_session_and_hides_the_offer(
    main_window: MainWindow, recovery_offer: RecoveryOffer, stage: Stage
) -> None:
    recovery_offer.show_list()
    press(dialog(main_window).table, Qt.Key.Key_Return)
    assert len(stage.commands.of(OpenSession)) == 1
    assert not dialog(main_window).isVisible()
    assert not main_window.offer.isVisible()


def test_a_discarded_session_leaves_the_list(
    main_window: MainWindow, recovery_offer: RecoveryOffer, folder: Path
) -> None:
    recovery_offer.show_list()
    shown = dialog(main_window)
    shown.discard.click()
    assert shown.table.rowCount() == 0
    assert not shown.choose.isEnabled()
    assert not shown.discard.isEnabled()
    assert not main_window.offer.isVisible()
    assert not is_left_over(folder)
    shown.close()


def test_a_session_claimed_by_another_program_shows_an_error(
    main_window: MainWindow, recovery_offer: RecoveryOffer, stage: Stage, folder: Path
) -> None:
    main_window.offer.later.click()
    recovery_offer.show_list()
    other = Recovery(folder, str)
    other.acquire(other.find_leftovers()[0])
    dialog(main_window).choose.click()
    assert "another bpviz has opened it" in main_window.notice.sentence.text()
    assert stage.commands.of(OpenSession) == []
    other.close()


def test_the_time_of_today_has_no_date() -> None:
    now = datetime.now()
    assert in_words(now) == f"{now:%H:%M}"
    assert in_words(datetime(2026, 3, 4, 14, 32)) == "2026-03-04 14:32"
