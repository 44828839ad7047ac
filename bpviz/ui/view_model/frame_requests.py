"""When the screen asks for a frame, and how fine it is to be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import Command, RequestFrame, SetFrameOptions
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations

# The next frame is requested when the last one has had time to be painted.
_PAINT_MILLISECONDS = 8
# Painting takes the interpreter's lock away from training: at unlimited speed the screen follows ten times a second.
_UNLIMITED_MILLISECONDS = 100
# While steps follow each other within this time, frames are coarse: a fine one would delay the next step.
_MOVING_MILLISECONDS = 300


class FrameRequests(QObject):
    """Requests one frame at a time, when the last is painted and no longer shows the position on screen.

    Attributes
    ----------
    frame : Frame or None
        The latest.
    is_running : bool
        Whether training runs; frames are then spaced out.
    """

    def __init__(self, post: Callable[[Command], None], parent: QObject) -> None:
        super().__init__(parent)
        self._post = post
        self.frame: Frame | None = None
        self.is_running = False
        self._grid: Grid | None = None
        self._options: dict[object, FrameOptions] = {}
        self._stale, self._asked, self._ready = True, False, False
        self._may_be_coarse = True
        self._milliseconds = _PAINT_MILLISECONDS
        self._moving = QTimer(self, singleShot=True, interval=_MOVING_MILLISECONDS)
        self._moving.timeout.connect(self.make_stale)
        self._painted = QTimer(self, singleShot=True)
        self._painted.timeout.connect(self._ask_if_stale)

    @property
    def is_up_to_date(self) -> bool:
        """Whether the latest frame shows the position on screen at full resolution."""
        return self.shows_the_present and not self._moving.isActive()

    @property
    def shows_the_present(self) -> bool:
        """Whether the latest frame shows the position on screen, at any resolution."""
        return self.frame is not None and not self._stale and not self._asked

    @property
    def is_hasty(self) -> bool:
        """Whether drawings will be replaced soon, because training runs or steps follow each other."""
        return self.is_running or self._moving.isActive()

    def stay_fine(self) -> None:
        """Request only fine frames from now on, for pictures that are kept."""
        self._may_be_coarse = False

    def begin(self, grid: Grid) -> None:
        """Start with a new network, which has no frame yet; `grid` is used until a panel sets one."""
        self.frame, self._asked, self._ready = None, False, True
        if self._grid is None or self._grid.plane != grid.plane:  # the grid before may be for other inputs
            self._grid = grid

    def set_grid(self, grid: Grid) -> None:
        """Set the part of the input plane that frames cover."""
        if grid != self._grid:
            self._grid = grid
            self.make_stale()

    def request_frame_options(self, who: object, options: FrameOptions) -> None:
        """Set what one panel needs in frames; default options cancel its request."""
        before = self._all_options()
        self._options[who] = options
        now = self._all_options()
        if now != before:
            self._post(SetFrameOptions(now))
        if _adds(now, before):
            self.make_stale()

    def _all_options(self) -> FrameOptions:
        """Return the options that satisfy all panels; of several grids the one with most cells."""
        grids = [options.maps for options in self._options.values() if options.maps]
        finest = max(grids, key=lambda grid: grid.rows * grid.columns, default=None)
        wanted = self._options.values()
        return FrameOptions(
            finest, any(options.activations for options in wanted), any(options.predictions for options in wanted)
        )

    def set_unlimited(self, unlimited: bool) -> None:
        """Set whether training has no speed limit."""
        self._milliseconds = _UNLIMITED_MILLISECONDS if unlimited else _PAINT_MILLISECONDS

    def take(self, frame: Frame) -> None:
        """Take the frame that was requested."""
        self.frame, self._asked = frame, False
        self._stale = self._stale or (frame.grid != self._grid and not self._moving.isActive())

    def painted(self) -> None:
        """Request the next frame when all panels have had time to paint this one."""
        self._painted.start(self._milliseconds if self.is_running else _PAINT_MILLISECONDS)

    def move(self) -> None:
        """Request coarse frames for a while, since steps follow each other."""
        if self._may_be_coarse:
            self._moving.start()

    @Slot()
    def make_stale(self) -> None:
        """Request another frame, since the latest no longer shows the position on screen."""
        self._stale = True
        if not (self.is_running and self._painted.isActive()):
            self._ask_if_stale()

    @Slot()
    def _ask_if_stale(self) -> None:
        if self._stale and not self._asked and self._grid is not None and self._ready:
            self._stale, self._asked = False, True
            coarse = self._grid.coarser().coarser()
            self._post(RequestFrame(coarse if self._moving.isActive() else self._grid))


def _adds(now: FrameOptions, before: FrameOptions) -> bool:
    return (
        (now.maps is not None and now.maps != before.maps)
        or (now.activations and not before.activations)
        or (now.predictions and not before.predictions)
    )


def network_at(position: Position | None, n_layers: int, extra: tuple[str, ...]) -> tuple[int, int, int] | None:
    """Return a key of the network's state at a position: of an update's operations, only the last ones change it."""
    if position is None:
        return None
    done = max(position.operation - (len(operations(n_layers, extra)) - n_layers), 0)
    return position.epoch, position.sample, done
