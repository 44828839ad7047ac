"""FilmMaker: replays a session beside the window, paints panels at every position, and has the pictures written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from bpviz.language import _
from bpviz.session.engine.commands import OpenSession, OpenSnapshot
from bpviz.session.film.film_plan import FilmError, FilmPlan, positions_of
from bpviz.session.film.film_writing import FilmWriting, WritingNews
from bpviz.session.film.pixels import Pixels
from bpviz.session.training.position import Position
from bpviz.ui.film.film_caption import film_caption
from bpviz.ui.offscreen.board import Board
from bpviz.ui.offscreen.reach import reach_of
from bpviz.ui.offscreen.second_session import SecondSession
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel

#: Makes the panel of a key for a view model.
MakePanel = Callable[[str, ViewModel], Panel]
# Wide enough to be seen in a film that is shown small.
_LINE_WIDTH = 1.5


class FilmMaker(QObject):
    """Makes one film. Each turn of the event loop does one small thing, so that the window stays responsive.

    Parameters
    ----------
    plan : FilmPlan
    theme : Theme
    make_panel : callable
        Makes the panel of a key for a view model.
    parent : QObject

    Signals
    -------
    progressed : int, int
        So many pictures are written, of so many.
    ended : str
        The film is written; or why it is not, as a sentence.
    """

    progressed = Signal(int, int)
    ended = Signal(str)
    _news = Signal(object)

    def __init__(self, plan: FilmPlan, theme: Theme, make_panel: MakePanel, parent: QObject) -> None:
        super().__init__(parent)
        self._plan, self._make_panel = plan, make_panel
        self.theme = replace(theme, is_for_lecture=True, line_width=_LINE_WIDTH)
        self._session = SecondSession(self)
        self._session.model.set_theme(self.theme)
        self._session.opened.connect(self._begin)
        self._session.arrived.connect(self._paint)
        self._session.failed.connect(self._fail)
        self._selection = Selection()
        self._board: Board | None = None
        self._writing: FilmWriting | None = None
        self._pieces: Iterator[QImage] = iter(())
        self._image = QImage()
        self._positions: tuple[Position, ...] = ()
        self._n_begun, self._is_waiting, self._is_over = 0, False, False
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._make_next_panel)
        self._piece = QTimer(self, singleShot=True, interval=0)
        self._piece.timeout.connect(self._paint_piece)
        self._news.connect(self._take_news, Qt.ConnectionType.QueuedConnection)

    @property
    def is_over(self) -> bool:
        """Whether the film is written, cancelled or has failed."""
        return self._is_over

    def start(self, source: OpenSnapshot | OpenSession, selection: Selection | None = None) -> None:
        """Start with a session, and with a sample and a neuron selected; `ended` follows unless it is cancelled."""
        self._selection = selection or Selection()
        self._session.open(source)

    def cancel(self) -> None:
        """End without a file; nothing is told any more."""
        if not self._is_over:
            self._clean_up()
            if self._writing:
                self._writing.cancel()

    # The pictures, one after another

    @Slot()
    def _begin(self) -> None:
        model, plan = self._session.model, self._plan
        try:
            self._positions = positions_of(plan, reach_of(model))
        except FilmError as fault:
            self._fail(_("{clause}.").format(clause=_capitalized(str(fault))))
            return
        self._board = Board(self.theme, QSize(*plan.size), has_caption=plan.has_captions)
        self._writing = FilmWriting(plan.path, plan.size, plan.pictures_a_second, self._news.emit)
        self.progressed.emit(0, len(self._positions))
        self._turn.start()

    @Slot()
    def _make_next_panel(self) -> None:
        assert self._board is not None
        if missing := self._board.lacks(self._plan.shown_panels):
            self._board.add(self._make_panel(missing[0], self._session.model))
            self._turn.start()
            return
        self._board.open(self._plan.shown_panels)
        chosen = self._selection
        self._session.model.select(sample=chosen.sample, layer=chosen.layer, neuron=chosen.neuron)
        self._go_on()

    def _go_on(self) -> None:
        """Go to the next position, unless pictures wait to be written; after the last, have the file finished."""
        assert self._writing is not None
        if not self._writing.has_room:
            self._is_waiting = True
        elif self._n_begun < len(self._positions):
            self._n_begun += 1
            self._session.go_to(self._positions[self._n_begun - 1])
        else:
            self._writing.finish()

    @Slot()
    def _paint(self) -> None:
        assert self._board is not None
        if self._plan.has_captions:
            self._board.set_caption(film_caption(self._session.model, self._plan.level))
        self._pieces = self._board.paint_in_pieces()
        self._piece.start()

    @Slot()
    def _paint_piece(self) -> None:
        assert self._writing is not None
        if image := next(self._pieces, None):
            self._image = image
            self._piece.start()
        else:
            self._writing.take(pixels_of(self._image))
            self._go_on()

    # The end

    @Slot(object)
    def _take_news(self, news: WritingNews) -> None:
        if self._is_over:
            return
        if news.problem or news.is_done:
            self._clean_up()
            if self._writing:
                self._writing.wait()
            self.ended.emit(news.problem)
            return
        self.progressed.emit(news.n_written, len(self._positions))
        if self._is_waiting:
            self._is_waiting = False
            self._go_on()

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        if not self._is_over:
            self.cancel()
            self.ended.emit(sentence)

    def _clean_up(self) -> None:
        self._is_over = True
        self._turn.stop()
        self._piece.stop()
        self._pieces = iter(())
        self._session.end(self._board)
        self._board = None


def pixels_of(image: QImage) -> Pixels:
    """Return the pixels of an image as an array of their own."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), dtype=np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
