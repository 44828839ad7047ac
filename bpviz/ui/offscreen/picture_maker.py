"""PictureMaker: paints panels of a second session, one picture after another, for films and handouts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from bpviz.session.engine.commands import OpenSession, OpenSnapshot
from bpviz.ui.offscreen.board import Board
from bpviz.ui.offscreen.second_session import SecondSession
from bpviz.ui.offscreen.viewpoint import Viewpoint
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel

#: Makes the panel of a key for a view model.
MakePanel = Callable[[str, ViewModel], Panel]


class PictureMaker(QObject):
    """Makes a file of pictures. Each turn of the event loop does one small thing, so that the window stays responsive.

    Parameters
    ----------
    theme : Theme
    make_panel : callable
        Makes the panel of a key for a view model.
    parent : QObject

    Attributes
    ----------
    viewpoint : Viewpoint
        How the session is looked at.

    Signals
    -------
    progressed : int, int
        So many pictures are made, of so many.
    ended : str
        The file is written; or why it is not, as a sentence.
    """

    progressed = Signal(int, int)
    ended = Signal(str)

    def __init__(self, theme: Theme, make_panel: MakePanel, parent: QObject) -> None:
        super().__init__(parent)
        self.theme, self._make_panel = theme, make_panel
        self._session = SecondSession(self)
        self._session.model.set_theme(theme)
        self._session.opened.connect(self._open)
        self._session.arrived.connect(self._arrive)
        self._session.failed.connect(self._fail)
        self.viewpoint = Viewpoint()
        self._board: Board | None = None
        self._wanted: tuple[str, ...] = ()
        self._pieces: Iterator[QImage | None] = iter(())
        self._image: QImage | None = None
        self._is_over = False
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._make_next_panel)
        self._piece = QTimer(self, singleShot=True, interval=0)
        self._piece.timeout.connect(self._paint_piece)

    @property
    def is_over(self) -> bool:
        """Whether the file is written, or the making was cancelled or has failed."""
        return self._is_over

    def start(self, source: OpenSnapshot | OpenSession | None, viewpoint: Viewpoint | None = None) -> None:
        """Start with a session, None for one that is loaded later; `ended` follows unless it is cancelled."""
        self.viewpoint = viewpoint or Viewpoint()
        self._session.model.conventions.choose(self.viewpoint.conventions)
        if source is None:
            self._session.start_empty()
            self._open()
        else:
            self._session.open(source)

    def cancel(self) -> None:
        """End without a file; nothing is told any more."""
        if not self._is_over:
            self._clean_up()
            self.drop()

    # Hooks

    def begin(self) -> None:
        """Begin with the first picture: the session is open."""
        raise NotImplementedError

    def set_out(self) -> None:
        """Go to the position of a picture: its panels are shown."""
        raise NotImplementedError

    def paint(self, board: Board) -> Iterator[QImage | None]:
        """Return what paints a picture of the panels piece by piece: they show the position."""
        raise NotImplementedError

    def take(self, image: QImage | None) -> None:
        """Take the picture that is painted, and go on to the next."""
        raise NotImplementedError

    def drop(self) -> None:
        """Drop what is made so far."""

    # One picture after another

    def open_board(self, size: QSize, *, has_caption: bool) -> None:
        """Make what the panels are painted on."""
        self._board = Board(self.theme, size, has_caption=has_caption)

    def show_panels(self, keys: tuple[str, ...]) -> None:
        """Show these panels; `set_out` follows."""
        self._wanted = keys
        self._turn.start()

    @Slot()
    def _open(self) -> None:
        self.begin()

    @Slot()
    def _make_next_panel(self) -> None:
        assert self._board is not None
        if missing := self._board.lacks(self._wanted):
            panel = self._make_panel(missing[0], self._session.model)
            self._board.add(panel)
            self._session.wait_for(panel)
            self._turn.start()
        else:
            self._board.open(self._wanted)
            self.set_out()

    @Slot()
    def _arrive(self) -> None:
        assert self._board is not None
        self._board.show_marks()
        self._pieces = self.paint(self._board)
        self._piece.start()

    @Slot()
    def _paint_piece(self) -> None:
        for piece in self._pieces:
            self._image = piece
            self._piece.start()
            return
        self.take(self._image)

    # The end

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
