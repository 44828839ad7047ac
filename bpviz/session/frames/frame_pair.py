"""Frames of the active and the compared branch over the same grid."""

from __future__ import annotations

import dataclasses

from bpviz.core.surface import Grid
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.frames.frame_maker import FrameMaker


class FramePair:
    """Makes frames of the active branch and, if there is one, of the compared branch.

    Parameters
    ----------
    maker : FrameMaker
        Makes the active branch's frames and decides when they are due.
    beside : FrameMaker, optional
        Makes the compared branch's frames.
    latest : Grid, optional
        The grid of a request that has been answered before.

    Attributes
    ----------
    latest : Grid or None
        The grid that was requested last.
    """

    def __init__(self, maker: FrameMaker, beside: FrameMaker | None = None, latest: Grid | None = None) -> None:
        self._maker, self._beside, self.latest = maker, beside, latest
        self._current: Frame | None = None

    def set_frame_options(self, options: FrameOptions) -> None:
        """Set which optional arrays the frames of the active branch contain."""
        self._maker.options = options

    def request(self, grid: Grid) -> None:
        """Request a frame; a request that has not been started is replaced."""
        self.latest = grid
        self._maker.request(grid)

    def request_again(self) -> None:
        """Repeat the latest request, because the network has changed without the screen's doing."""
        if self.latest:
            self._maker.request(self.latest)

    def restart(self) -> None:
        """Discard an unfinished frame, because a network has changed, and start it again."""
        if self._current:
            self._maker.request(self._current.grid)
            self._current = None
        self._maker.restart()
        if self._beside:
            self._beside.forget()

    def forget(self) -> None:
        """Discard an unfinished frame and the request."""
        self._current = None
        self._maker.forget()
        if self._beside:
            self._beside.forget()

    def seconds_until_due(self, running: bool) -> float | None:
        """Return the seconds until the next piece of work is due; None if nothing is requested."""
        return 0.0 if self._current else self._maker.seconds_until_due(running)

    def make_piece(self) -> Frame | None:
        """Do one piece of work; return the frame after the last piece, else None."""
        if self._current is None:
            self._current = self._maker.make_piece()
            if self._current is None or self._beside is None:
                return self._take_frame()
            self._beside.request(self._current.grid)
        assert self._beside is not None
        beside = self._beside.make_piece()
        return dataclasses.replace(made, beside=beside) if beside and (made := self._take_frame()) else None

    def _take_frame(self) -> Frame | None:
        made, self._current = self._current, None
        return made
