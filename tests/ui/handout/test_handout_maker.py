"""Handouts are made and read again: pages, text and pictures."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from bpviz.session.conventions.conventions import Conventions
from bpviz.session.engine.commands import OpenSnapshot
from bpviz.session.handout.pages import Handout, bookmark_handout, lesson_handout, update_handout
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position
from bpviz.ui.handout.handout_maker import HandoutMaker
from bpviz.ui.lessons.director import Director
from bpviz.ui.offscreen.viewpoint import Viewpoint
from bpviz.ui.window.panel_docks import panel_titles
from tests.session.files.saved_sessions import trained_session
from tests.ui.offscreen.sessions import DEADLINE_MILLISECONDS, make_panel


def make(qtbot: QtBot, parent: QObject, handout: Handout, path: Path, source: OpenSnapshot | None) -> str:
    """Make a handout; return the problem, "" for none."""
    maker = HandoutMaker(handout, path, panel_titles(), make_panel, Director, parent)
    with qtbot.waitSignal(maker.ended, timeout=DEADLINE_MILLISECONDS) as ended:
        maker.start(source)
    return str(ended.args[0])


def n_pages(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


def text_of(path: Path) -> str:
    """Return the text of a PDF file, as a reader of PDF finds it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    return subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True).stdout


def part(lesson: str, first: int, last: int) -> Lesson:
    whole = load_lesson(lesson)
    return Lesson(whole.title, whole.about, whole.steps[first:last])


def test_bookmarks_of_any_branch_have_a_page_each(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    bookmarks = (Bookmark(Position(1), "in the first"), Bookmark(Position(2, 3, 4), "in the fork", 3))
    handout = bookmark_handout("Moons", bookmarks)
    assert make(qtbot, parent, handout, tmp_path / "a.html", OpenSnapshot(trained_session())) == ""
    content = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert re.findall("<h2>(.*)</h2>", content) == ["in the first", "in the fork"]
    assert re.findall('alt="([^"]*)"', content) == [
        "Panels: Decision surface, Loss and accuracy, Deltas",
        "Panels: Network, Formula, Operands",
    ]
    assert content.count("data:image/png;base64,iVBOR") == 2
    assert "<p>Epoch 1 · MSE " in content
    assert "<p>Epoch 2, sample 3, operation 4</p>" in content


def test_an_update_has_a_page_for_each_operation_with_its_numbers(
    qtbot: QtBot, parent: QObject, tmp_path: Path
) -> None:
    handout = update_handout("Moons, epoch 2", Position(2, 3), 2, ("operations",))
    assert make(qtbot, parent, handout, tmp_path / "a.pdf", OpenSnapshot(trained_session())) == ""
    assert n_pages(tmp_path / "a.pdf") == 2


def test_panels_that_measure_are_printed_when_they_are_complete(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    handout = update_handout("Moons, epoch 2", Position(2, 3), 2, ("effect", "ledger", "comparison", "watch"))
    assert make(qtbot, parent, handout, tmp_path / "a.pdf", OpenSnapshot(trained_session())) == ""
    text = text_of(tmp_path / "a.pdf")
    assert text.count("Update with sample 3") == 2
    assert text.count("Epoch 2 to 3 · 28 updates") == 2
    assert "Measuring…" not in text
    assert "loading" not in text
    assert "loss of sample 3" in text


@pytest.mark.slow
def test_text_and_panels_are_in_the_conventions_that_were_chosen(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    handout = update_handout("Moons", Position(2, 3), 10, ("formula", "weights"))
    conventions = Conventions(negative=True, signal=True)
    maker = HandoutMaker(handout, tmp_path / "a.html", panel_titles(), make_panel, Director, parent)
    with qtbot.waitSignal(maker.ended, timeout=DEADLINE_MILLISECONDS) as ended:
        maker.start(OpenSnapshot(trained_session()), Viewpoint(conventions=conventions))
    assert ended.args == [""]
    content = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<h2>Operation 10 of 25: error signal of layer 3</h2>" in content
    assert "is the error signal of layer 3: how fast the loss would fall with each sum." in content


def test_the_text_of_a_pdf_can_be_searched_with_its_digits(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    handout = update_handout("Moons, epoch 2", Position(2, 3), 1, ("operations", "formula"))
    assert make(qtbot, parent, handout, tmp_path / "a.pdf", OpenSnapshot(trained_session())) == ""
    text = text_of(tmp_path / "a.pdf")
    assert "Operation 1 of 25: z of layer 1" in text
    assert "Moons, epoch 2" in text
    assert "operation 1 of 25" in text  # in the panel
    assert re.search(r"= −?0\.\d{5,}", text)  # the calculation


def test_a_lesson_loads_its_experiments_and_answers_come_last(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    handout = lesson_handout(part("chain-rule", 1, 3))
    assert make(qtbot, parent, handout, tmp_path / "a.html", None) == ""
    content = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert re.findall("<h2>(.*)</h2>", content) == ["1. The activation of a neuron", "2. The loss", "Answers"]
    assert "<b>1. The activation of a neuron</b><br>0.5933. a = 1 / (1 + e^(−0.3775)) = 0.5933." in content


def test_a_handout_is_light_on_white(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    from base64 import b64decode

    from PySide6.QtGui import QColor, QImage

    handout = update_handout("Moons", Position(2, 3), 1, ("operations",))
    assert make(qtbot, parent, handout, tmp_path / "a.html", OpenSnapshot(trained_session())) == ""
    data = re.findall('base64,([^"]*)', (tmp_path / "a.html").read_text(encoding="utf-8"))
    image = QImage.fromData(b64decode(data[0]))
    assert image.pixelColor(3, 3) == QColor("#FFFFFF")
    assert image.pixelColor(image.width() - 3, image.height() - 3) == QColor("#FFFFFF")


def test_a_cancelled_handout_leaves_no_file(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    handout = update_handout("Moons", Position(2, 3), 9, ("operations",))
    maker = HandoutMaker(handout, tmp_path / "a.pdf", panel_titles(), make_panel, Director, parent)
    begun = qtbot.waitSignal(maker.progressed, check_params_cb=lambda done, _: done > 1, timeout=DEADLINE_MILLISECONDS)
    with begun:
        maker.start(OpenSnapshot(trained_session()))
    with qtbot.assertNotEmitted(maker.ended):
        maker.cancel()
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_file_that_cannot_be_written_is_said(qtbot: QtBot, parent: QObject, tmp_path: Path) -> None:
    handout = update_handout("Moons", Position(2, 3), 1, ("operations",))
    problem = make(qtbot, parent, handout, tmp_path / "nowhere" / "a.pdf", OpenSnapshot(trained_session()))
    assert "cannot be written: no such file" in problem


@pytest.mark.slow
@pytest.mark.parametrize("name", ["chain-rule", "find-the-bug", "learning-rate"])
def test_a_whole_lesson_can_be_printed(qtbot: QtBot, parent: QObject, tmp_path: Path, name: str) -> None:
    lesson = load_lesson(name)
    assert make(qtbot, parent, lesson_handout(lesson), tmp_path / "a.pdf", None) == ""
    has_answers = any(step.question for step in lesson.steps)
    assert n_pages(tmp_path / "a.pdf") == len(lesson.steps) + has_answers
