"""HandoutMaker: goes to the position of each page in a second session, paints its panels, and writes the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QImage, QImageWriter

from bpviz.language import _
from bpviz.session.engine.commands import OpenSession, OpenSnapshot, ShowBranch
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
from bpviz.ui.offscreen.second_session import SecondSession
from bpviz.ui.style.theme import PRINT
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel

#: Makes the panel of a key for a view model.
MakePanel = Callable[[str, ViewModel], Panel]
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


class HandoutMaker(QObject):
    """Makes one handout. Each turn of the event loop does one small thing, so that the window stays responsive.

    Parameters
    ----------
    handout : Handout
    path : Path
        The suffix decides the format.
    titles : dict of str to str
        Keys of the panels, and their titles.
    make_panel : callable
        Makes the panel of a key for a view model.
    make_director : callable
        Makes a `SceneDirector` for a view model, with a parent.
    parent : QObject

    Signals
    -------
    progressed : int, int
        So many pages are made, of so many.
    ended : str
        The handout is written; or why it is not, as a sentence.
    """

    progressed = Signal(int, int)
    ended = Signal(str)

    def __init__(
        self,
        handout: Handout,
        path: Path,
        titles: dict[str, str],
        make_panel: MakePanel,
        make_director: MakeDirector,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._handout, self._path, self._titles, self._make_panel = handout, path, titles, make_panel
        self._session = SecondSession(self)
        self._session.model.set_theme(_THEME)
        self._session.opened.connect(self._begin)
        self._session.arrived.connect(self._arrive)
        self._session.failed.connect(self._fail)
        self._session.model.failed.connect(self._fail_with)
        self._director = make_director(self._session.model, self)
        self._director.arrived.connect(self._wait_for_panels)
        self._selection = Selection()
        self._board: Board | None = None
        self._pdf: PdfFile | None = None
        self._made: list[HtmlPage] = []
        self._answers: list[str] = []
        self._pieces: Iterator[QImage | None] = iter(())
        self._image: QImage | None = None
        self._heading, self._paragraphs = "", tuple[str, ...]()
        self._target = Position()
        self._is_at_answer, self.is_over = False, False
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._make_next_panel)
        self._piece = QTimer(self, singleShot=True, interval=0)
        self._piece.timeout.connect(self._paint_piece)

    def start(self, source: OpenSnapshot | OpenSession | None, selection: Selection | None = None) -> None:
        """Start with a session, None for a lesson; `ended` follows unless it is cancelled."""
        self._selection = selection or Selection()
        if source is None:
            self._session.start_empty()
            self._begin()
        else:
            self._session.open(source)

    def cancel(self) -> None:
        """End without a file; nothing is told any more."""
        if not self.is_over:
            self.is_over = True
            self._turn.stop()
            self._piece.stop()
            self._pieces = iter(())
            self._session.end(self._board)
            if self._pdf:
                self._pdf.finish()
            self._board = None

    # Page after page

    @property
    def _page(self) -> Page:
        return self._handout.pages[len(self._made)]

    @Slot()
    def _begin(self) -> None:
        self._board = Board(_THEME, _SIZE, has_caption=False)
        self.progressed.emit(0, len(self._handout.pages))
        self._turn_page()

    def _turn_page(self) -> None:
        """Go on to the next page, or write the file after the last."""
        if len(self._made) == len(self._handout.pages):
            self._finish()
        else:
            self._turn.start()

    @Slot()
    def _make_next_panel(self) -> None:
        assert self._board is not None
        if missing := self._board.lacks(self._page.panels):
            self._board.add(self._make_panel(missing[0], self._session.model))
            self._turn.start()
        else:
            self._board.open(self._page.panels)
            self._set_out()

    def _set_out(self) -> None:
        """Go to the position of the page."""
        page, timeline = self._page, self._session.model.time.timeline
        self._target = page.position
        if page.scene:
            self._director.show_scene(page.scene)
            return
        chosen = self._selection
        self._session.model.select(sample=chosen.sample, layer=chosen.layer, neuron=chosen.neuron)
        if page.branch is not None and timeline and page.branch != timeline.active:
            self._session.post(ShowBranch(page.branch))
        self._wait_for_panels()

    @Slot()
    def _wait_for_panels(self) -> None:
        if not self.is_over:
            self._session.go_to(self._target)

    @Slot()
    def _arrive(self) -> None:
        if self._is_at_answer:
            self._is_at_answer = False
            self._note_answer()
            self._end_page()
            return
        assert self._board is not None
        model = self._session.model
        self._heading, self._paragraphs = heading_of(self._page, model), paragraphs_of(self._page, model)
        if self._path.suffix.lower() == ".pdf":
            self._pdf = self._pdf or PdfFile(self._handout.title, self._board.logicalDpiX())
            self._pieces = self._pdf.add(self._heading, self._paragraphs, self._board)
        else:
            self._pieces = self._board.paint_in_pieces()
        self._piece.start()

    @Slot()
    def _paint_piece(self) -> None:
        for piece in self._pieces:
            self._image = piece
            self._piece.start()
            return
        question = self._page.question
        if question is not None and question.reveal_at is not None:
            self._is_at_answer, self._target = True, question.reveal_at
            self._director.go_to(self._target)
            return
        self._note_answer()
        self._end_page()

    def _end_page(self) -> None:
        png = _png(self._image) if self._image else b""
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

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        if not self.is_over:
            self.cancel()
            self.ended.emit(sentence)

    @Slot(object)
    def _fail_with(self, failed: Failed) -> None:
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
