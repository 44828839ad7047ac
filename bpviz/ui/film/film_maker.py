"""FilmMaker: replays a session beside the window, paints panels at every position, and has the pictures written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage

from bpviz.language import _
from bpviz.session.film.film_plan import FilmError, FilmPlan, positions_of
from bpviz.session.film.film_writing import FilmWriting, WritingNews
from bpviz.session.film.pixels import Pixels
from bpviz.session.training.position import Position
from bpviz.ui.film.film_caption import film_caption
from bpviz.ui.offscreen.board import Board
from bpviz.ui.offscreen.picture_maker import MakePanel, PictureMaker
from bpviz.ui.offscreen.reach import reach_of
from bpviz.ui.style.theme import Theme

# Wide enough to be seen in a film that is shown small.
_LINE_WIDTH = 1.5


class FilmMaker(PictureMaker):
    """Makes one film.

    Parameters
    ----------
    plan : FilmPlan
    theme : Theme
    make_panel, parent
        As of `PictureMaker`.
    """

    _news = Signal(object)

    def __init__(self, plan: FilmPlan, theme: Theme, make_panel: MakePanel, parent: QObject) -> None:
        super().__init__(replace(theme, is_for_lecture=True, line_width=_LINE_WIDTH), make_panel, parent)
        self._plan = plan
        self._writing: FilmWriting | None = None
        self._positions: tuple[Position, ...] = ()
        self._n_begun, self._is_waiting = 0, False
        self._news.connect(self._take_news, Qt.ConnectionType.QueuedConnection)

    # The pictures, one after another

    def begin(self) -> None:
        """Find the positions, and begin the file."""
        model, plan = self._session.model, self._plan
        try:
            self._positions = positions_of(plan, reach_of(model))
        except FilmError as fault:
            self._fail(_("{clause}.").format(clause=_capitalized(str(fault))))
            return
        self.open_board(QSize(*plan.size), has_caption=plan.has_captions)
        self._writing = FilmWriting(plan.path, plan.size, plan.pictures_a_second, self._news.emit)
        self.progressed.emit(0, len(self._positions))
        self.show_panels(plan.shown_panels)

    def set_out(self) -> None:
        """Go to the first position."""
        self.viewpoint.take(self._session.model)
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

    def paint(self, board: Board) -> Iterator[QImage]:
        """Return what paints the panels with their caption."""
        if self._plan.level == "epoch":
            self._session.model.debugger.take_step_as_epoch()
        if self._plan.has_captions:
            board.set_caption(film_caption(self._session.model, self._plan.level))
        return board.paint_in_pieces()

    def take(self, image: QImage | None) -> None:
        """Have the picture written."""
        assert self._writing is not None
        assert image is not None
        self._writing.take(pixels_of(image))
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

    def drop(self) -> None:
        """End the file, which is deleted."""
        if self._writing:
            self._writing.cancel()


def pixels_of(image: QImage) -> Pixels:
    """Return the pixels of an image as an array of their own."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), dtype=np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
