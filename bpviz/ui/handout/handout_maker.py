"""HandoutMaker: goes to the position of each page in a second session, paints its panels, and writes the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, SignalInstance, Slot
from PySide6.QtGui import QImage, QImageWriter

from bpviz.language import _
from bpviz.session.engine.commands import ShowBranch
from bpviz.session.engine.events import Failed
from bpviz.session.files.safe_write import ExportError, write_atomically
from bpviz.session.handout.html_file import HtmlPage, html_file
from bpviz.session.handout.pages import Handout, Page
from bpviz.session.lessons.lesson import Scene
from bpviz.session.lessons.questions import Question, right_answer
from bpviz.session.lessons.situation import Situation
from bpviz.session.training.position import Position
from bpviz.ui.handout.page_text import description_of, heading_of, paragraphs_of
from bpviz.ui.handout.pdf_file import PdfFile
from bpviz.ui.offscreen.board import Board
from bpviz.ui.offscreen.picture_maker import MakePanel, PictureMaker
from bpviz.ui.style.theme import PRINT
from bpviz.ui.view_model.view_model import ViewModel

# Pixels of a picture in HTML: twice those of a page on the screen.
_SIZE = QSize(2200, 1200)
_THEME = replace(PRINT, is_for_lecture=True, line_width=1.25)


class SceneDirector(Protocol):
    """Brings a session to the scene of a lesson's step."""

    arrived: SignalInstance

    def show_scene(self, scene: Scene) -> None:
        """Load the experiment of a scene where another one is on screen, and go to its position."""
        ...

    def go_to(self, position: Position) -> None:
        """Go to another position of the scene, training up to it if necessary."""
        ...


MakeDirector = Callable[[ViewModel, QObject], SceneDirector]


class HandoutMaker(PictureMaker):
    """Makes one handout, whose pages are counted as pictures.

    Parameters
    ----------
    handout : Handout
    path : Path
        The suffix decides the format.
    titles : dict of str to str
        Keys of the panels, and their titles.
    make_panel, parent
        As of `PictureMaker`.
    make_director : callable
        Makes a `SceneDirector` for a view model, with a parent.
    """

    def __init__(
        self,
        handout: Handout,
        path: Path,
        titles: dict[str, str],
        make_panel: MakePanel,
        make_director: MakeDirector,
        parent: QObject,
    ) -> None:
        super().__init__(_THEME, make_panel, parent)
        self._handout, self._path, self._titles = handout, path, titles
        self._session.model.failed.connect(self._fail_with)
        self._director = make_director(self._session.model, self)
        self._director.arrived.connect(self._wait_for_panels)
        self._pdf: PdfFile | None = None
        self._made: list[HtmlPage] = []
        self._answers: list[str] = []
        self._heading, self._paragraphs = "", tuple[str, ...]()
        self._target = Position()
        self._is_at_answer = False

    # Page after page

    @property
    def _page(self) -> Page:
        return self._handout.pages[len(self._made)]

    def begin(self) -> None:
        """Begin with the first page."""
        self.open_board(_SIZE, has_caption=False)
        self.progressed.emit(0, len(self._handout.pages))
        self._turn_page()

    def _turn_page(self) -> None:
        """Go on to the next page, or write the file after the last."""
        if len(self._made) == len(self._handout.pages):
            self._finish()
        else:
            self.show_panels(self._page.panels)

    def set_out(self) -> None:
        """Go to the position of the page."""
        page, timeline = self._page, self._session.model.time.timeline
        self._target = page.position
        if page.scene:
            self._director.show_scene(page.scene)
            return
        self.viewpoint.take(self._session.model)
        if page.branch is not None and timeline and page.branch != timeline.active:
            self._session.post(ShowBranch(page.branch))
        self._wait_for_panels()

    @Slot()
    def _wait_for_panels(self) -> None:
        if not self._is_over:
            self._session.go_to(self._target)

    def paint(self, board: Board) -> Iterator[QImage | None]:
        """Return what paints the page; nothing where only its answer was looked up."""
        if self._is_at_answer:
            return iter(())
        model = self._session.model
        self._heading, self._paragraphs = heading_of(self._page, model), paragraphs_of(self._page, model)
        if self._path.suffix.lower() == ".pdf":
            self._pdf = self._pdf or PdfFile(self._handout.title, board.logicalDpiX())
            return self._pdf.add(self._heading, self._paragraphs, board)
        return board.paint_in_pieces()

    def take(self, image: QImage | None) -> None:
        """Look up the answer to the question of the page, at another position if necessary, and end the page."""
        question, was_at_answer, self._is_at_answer = self._page.question, self._is_at_answer, False
        if question is not None and question.reveal_at is not None and not was_at_answer:
            self._is_at_answer, self._target = True, question.reveal_at
            self._director.go_to(self._target)
            return
        self._note_answer()
        self._end_page(image)

    def _end_page(self, image: QImage | None) -> None:
        png = _png(image) if image else b""
        description = description_of(self._page.panels, self._titles)
        self._made.append(HtmlPage(self._heading, self._paragraphs, png, description))
        self.progressed.emit(len(self._made), len(self._handout.pages))
        self._turn_page()

    def _note_answer(self) -> None:
        question = self._page.question
        if question is not None:
            self._answers.append(_answer_text(self._heading, question, self._situation()))

    def _situation(self) -> Situation:
        model, chosen = self._session.model, self._session.model.selection
        return Situation(model.position, model.current_update, model.epochs, chosen.sample, chosen.layer, chosen.neuron)

    # The end

    def _finish(self) -> None:
        last = HtmlPage(_("Answers"), tuple(self._answers)) if self._answers else None
        if self._pdf:
            if last:
                for _piece in self._pdf.add(last.heading, last.paragraphs, None):
                    pass
            content = self._pdf.finish()
            self._pdf = None
        else:
            content = html_file(self._handout.title, [*self._made, *filter(None, (last,))])
        self.cancel()
        try:
            write_atomically(self._path, lambda file: file.write(content))
        except ExportError as fault:
            self.ended.emit(_("{clause}.").format(clause=fault))
            return
        self.ended.emit("")

    def drop(self) -> None:
        """End the file, of which nothing is kept."""
        if self._pdf:
            self._pdf.finish()

    @Slot(object)
    def _fail_with(self, failed: Failed) -> None:
        if not failed.is_beside:
            self._fail(failed.sentence)


def _answer_text(heading: str, question: Question, situation: Situation) -> str:
    """Return the right answer and its reason as rich text."""
    answer = right_answer(question, situation)
    if answer is None:
        return _("<b>{heading}</b><br>See the panels.").format(heading=escape(heading))
    return _("<b>{heading}</b><br>{answer}. {why}").format(
        heading=escape(heading), answer=escape(answer.text.rstrip(".")), why=escape(answer.why)
    )


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
