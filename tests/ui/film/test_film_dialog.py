"""The dialog for a film, in the real program: what it says, the film beside training, and its end."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from bpviz.session.conventions.conventions import Conventions
from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import State
from bpviz.ui.film.film_dialog import FilmDialog
from bpviz.ui.offscreen.viewpoint import Viewpoint
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver

EPOCHS = dataclasses.replace(SMALL, epochs=6)


@pytest.fixture
def trained(open_program: OpenProgram) -> ProgramDriver:
    driver = open_program(EPOCHS)
    driver.wait_until_ready()
    driver.run_to_end()
    return driver


def dialog_of(driver: ProgramDriver) -> FilmDialog:
    driver.trigger("film")
    dialog = driver.window.exports.films.dialog
    assert isinstance(dialog, FilmDialog)
    assert dialog.isVisible()
    return dialog


def is_written(dialog: FilmDialog, path: Path) -> bool:
    return dialog.about.text() == f"{path} is written."


def choose(dialog: FilmDialog, *keys: str) -> None:
    for key, box in dialog.form.panels.items():
        if box.isChecked() != (key in keys):
            box.click()


def edit(dialog: FilmDialog, name: str, text: str) -> None:
    line = getattr(dialog.form, name)
    line.clear()
    line.setText(text)
    line.textEdited.emit(text)


def test_the_dialog_says_how_long_the_film_is(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    assert not dialog.isModal()
    assert dialog.about.text() == "7 pictures, 0.35 seconds"
    edit(dialog, "every", "3")
    edit(dialog, "rate", "2")
    assert dialog.about.text() == "3 pictures, 1.5 seconds"


def test_a_field_that_makes_no_film_says_why(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    for name, text, sentence in (
        ("end", "9", "Training has come to epoch 6, not to epoch 9."),
        ("begin", "x", "A position must be like 12 or 12,30,4 (epoch, samples, operations), not x."),
        (
            "begin",
            "2,1",
            "A film of epochs begins at an epoch, like 12; choose samples or operations for other places.",
        ),
        ("every", "0", "Every must be a whole number from 1."),
        ("rate", "fast", "Pictures a second must be a number from 0.1 to 50."),
    ):
        before = getattr(dialog.form, name).text()
        edit(dialog, name, text)
        assert dialog.about.text() == sentence
        assert not dialog.save.isEnabled()
        edit(dialog, name, before)
        assert dialog.save.isEnabled()


@pytest.mark.slow
def test_no_panels_make_no_film(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    choose(dialog)
    assert dialog.about.text() == "Choose 1 to 6 panels."


@pytest.mark.slow
def test_a_panel_without_anything_to_show_says_what_is_missing(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    choose(dialog, "watch")
    assert dialog.about.text() == "There is nothing to watch: add a metric in the panel Watch, or leave the panel out."
    choose(dialog, "comparison")
    assert dialog.about.text() == "No branches are compared: tick “Compare” for a branch, or leave Side by side out."
    assert not dialog.save.isEnabled()


@pytest.mark.slow
def test_the_dialog_says_why_there_is_no_gradient_check(trained: ProgramDriver) -> None:
    texts = [label.text() for label in dialog_of(trained).form.findChildren(QLabel)]
    reason = "Gradient check is left out: it is made for one moment, when its button is pressed."
    assert reason in texts


@pytest.mark.slow
def test_the_film_takes_over_what_the_window_looks_at(trained: ProgramDriver, tmp_path: Path) -> None:
    dialog, chosen = dialog_of(trained), Conventions(negative=True, columns=True)
    trained.model.select(sample=3, layer=1, neuron=2)
    trained.model.conventions.choose(chosen)
    choose(dialog, "operations")
    dialog.make(str(tmp_path / "a.webp"))
    trained.wait_until(lambda: dialog.maker is not None)
    assert dialog.maker is not None
    assert dialog.maker.viewpoint == Viewpoint(trained.model.selection, None, chosen)
    dialog.cancel()


@pytest.mark.slow
def test_the_fields_follow_what_the_film_goes_by(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    level = dialog.form.level
    level.setCurrentIndex(level.findData("operation"))
    level.activated.emit(level.currentIndex())
    assert dialog.form.rate.text() == "0.5"
    assert [key for key, box in dialog.form.panels.items() if box.isChecked()] == ["network", "formula", "operands"]
    assert dialog.about.text() == "25 pictures, 50 seconds"


def test_a_film_is_made_while_training_goes_on(trained: ProgramDriver, tmp_path: Path) -> None:
    dialog = dialog_of(trained)
    choose(dialog, "surface")
    edit(dialog, "end", "4")
    dialog.make(str(tmp_path / "a.webp"))
    trained.model.stop_after(10**6)
    trained.wait_for_state(State.PAUSED)
    trained.model.post(Run())
    trained.wait_for_state(State.RUNNING)
    begun = len(trained.model.epochs)
    trained.wait_until(lambda: dialog.about.text() == f"{tmp_path / 'a.webp'} is written.")
    assert trained.model.is_running
    assert len(trained.model.epochs) > begun
    before = len(trained.model.epochs)
    trained.wait_until(lambda: len(trained.model.epochs) > before + 20)
    assert dialog.about.text().endswith("is written.")  # until the user goes on
    with Image.open(tmp_path / "a.webp") as film:
        assert film.n_frames == 5  # type: ignore[attr-defined]
    assert dialog.save.isVisible()
    assert not dialog.stop.isVisible()


@pytest.mark.slow
def test_a_second_film_can_follow_the_first(trained: ProgramDriver, tmp_path: Path) -> None:
    dialog = dialog_of(trained)
    choose(dialog, "operations")
    for name in ("a.webp", "b.webp"):
        dialog.make(str(tmp_path / name))
        trained.wait_until(partial(is_written, dialog, tmp_path / name))
    assert (tmp_path / "a.webp").read_bytes() == (tmp_path / "b.webp").read_bytes()


@pytest.mark.slow
def test_a_cancelled_film_leaves_no_file(trained: ProgramDriver, tmp_path: Path) -> None:
    dialog = dialog_of(trained)
    dialog.make(str(tmp_path / "a.gif"))
    trained.wait_until(lambda: dialog.maker is not None)
    dialog.stop.click()
    assert dialog.about.text() == "It was cancelled; no file was written."
    assert list(tmp_path.glob("*.gif")) == []
    assert dialog.form.isEnabled()


def test_it_closes_and_opens_again(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    (button,) = (each for each in dialog.findChildren(QPushButton) if each.text().replace("&", "") == "Close")
    button.click()
    assert not dialog.isVisible()
    dialog = dialog_of(trained)
    dialog.activateWindow()
    QCoreApplication.processEvents()  # keys reach the window that is active
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    dialog_of(trained).close()
    assert not dialog.isVisible()
    assert dialog_of(trained).isVisible()


def test_closing_the_window_ends_the_film(trained: ProgramDriver, tmp_path: Path) -> None:
    dialog = dialog_of(trained)
    dialog.make(str(tmp_path / "a.gif"))
    trained.wait_until(lambda: dialog.maker is not None)
    trained.close()
    assert list(tmp_path.glob("*.gif")) == []


@pytest.mark.slow
def test_a_name_that_is_no_film_is_refused(trained: ProgramDriver, tmp_path: Path) -> None:
    dialog = dialog_of(trained)
    dialog.make(str(tmp_path / "a.png"))
    assert dialog.about.text().endswith("cannot be written: its name must end in .webp or .gif or .mp4.")
    assert dialog.maker is None


def test_the_button_asks_for_a_file(trained: ProgramDriver) -> None:
    dialog = dialog_of(trained)
    dialog.save.click()
    (asking,) = dialog.findChildren(QFileDialog)
    assert asking.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    asking.close()
