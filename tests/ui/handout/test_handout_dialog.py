"""The dialog for a handout, in the real program."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bpviz.session.conventions.conventions import Conventions
from bpviz.session.training.position import Position
from bpviz.ui.handout.handout_dialog import HandoutDialog
from bpviz.ui.offscreen.viewpoint import Viewpoint
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver


@pytest.fixture
def trained(open_program: OpenProgram) -> ProgramDriver:
    driver = open_program(dataclasses.replace(SMALL, epochs=2))
    driver.wait_until_ready()
    driver.run_to_end()
    return driver


def dialog_of(driver: ProgramDriver) -> HandoutDialog:
    driver.trigger("handout")
    dialog = driver.window.exports.handouts.dialog
    assert isinstance(dialog, HandoutDialog)
    return dialog


def choose(dialog: HandoutDialog, text: str) -> None:
    dialog.what.setCurrentIndex(dialog.what.findText(text))
    dialog.what.activated.emit(dialog.what.currentIndex())


@pytest.mark.slow
def test_without_bookmarks_the_dialog_says_how_to_set_one(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    assert not dialog.isModal()
    assert dialog.about.text() == "There are no bookmarks yet: Ctrl+B sets one at the position on screen."
    assert not dialog.save.isEnabled()
    trained.model.time.add_bookmark(Position(1), "half way")
    assert dialog.about.text() == "1 page: Moons"
    assert dialog.save.isEnabled()


@pytest.mark.slow
def test_every_lesson_can_be_chosen(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    assert dialog.what.count() == 2 + 8
    choose(dialog, "Lesson: The chain rule by hand")
    assert dialog.about.text() == "11 pages: The chain rule by hand"


def test_an_update_is_that_on_screen(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    choose(dialog, "The operations of the update on screen")
    assert dialog.about.text() == "24 pages: Moons, epoch 2"


def test_a_handout_takes_over_what_the_window_looks_at_and_a_lesson_only_the_conventions(
    trained: ProgramDriver, tmp_path: Path
) -> None:
    dialog, chosen = dialog_of(trained), Conventions(negative=True)
    trained.model.select(sample=3, layer=1, neuron=2)
    trained.model.conventions.choose(chosen)
    for what, viewpoint in (
        ("The operations of the update on screen", Viewpoint(trained.model.selection, None, chosen)),
        ("Lesson: The chain rule by hand", Viewpoint(conventions=chosen)),
    ):
        choose(dialog, what)
        dialog.make(str(tmp_path / "a.html"))
        trained.wait_until(lambda: dialog.maker is not None)
        assert dialog.maker is not None
        assert dialog.maker.viewpoint == viewpoint
        dialog.cancel()


@pytest.mark.slow
def test_bookmarks_are_printed_while_the_program_goes_on(trained: ProgramDriver, tmp_path: Path) -> None:
    trained.model.time.add_bookmark(Position(1), "half way")
    dialog = dialog_of(trained)
    dialog.make(str(tmp_path / "a.html"))
    trained.wait_until(lambda: dialog.maker is not None)
    trained.model.go_to(Position(0))
    trained.wait_until(lambda: dialog.about.text() == f"{tmp_path / 'a.html'} is written.")
    assert trained.position == Position(0)
    assert "<h2>half way</h2>" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_another_kind_of_file_is_refused(trained: ProgramDriver, tmp_path: Path) -> None:
    trained.model.time.add_bookmark(Position(1), "half way")
    dialog = dialog_of(trained)
    dialog.make(str(tmp_path / "a.docx"))
    assert dialog.about.text().endswith("cannot be written: its name must end in .pdf or .html.")


@pytest.mark.slow
def test_closing_the_window_ends_the_handout(trained: ProgramDriver, tmp_path: Path) -> None:
    dialog = dialog_of(trained)
    choose(dialog, "Lesson: The chain rule by hand")
    dialog.make(str(tmp_path / "a.pdf"))
    trained.wait_until(lambda: dialog.maker is not None)
    trained.close()
    assert list(tmp_path.glob("*.pdf")) == []
