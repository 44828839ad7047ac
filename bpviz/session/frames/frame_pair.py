"""Frames of two branches at once, over the same grid."""

from __future__ import annotations

import dataclasses

from bpviz.core.surface import Grid
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.frames.frame_maker import FrameMaker


class FramePair:
    """Makes the frame of one network and, where another is compared with it, that network's as well.

    Parameters
    ----------
    maker : FrameMaker
        Decides when.
    beside : FrameMaker, optional
        Of the branch that is compared.
    latest : Grid, optional
        Asked for already, and answered.

    Attributes
    ----------
    latest : Grid or None
        The grid that was asked for last.
    """

    def __init__(self, maker: FrameMaker, beside: FrameMaker | None = None, latest: Grid | None = None) -> None:
        self._maker, self._beside, self.latest = maker, beside, latest
        self._made: Frame | None = None

    def set_frame_options(self, options: FrameOptions) -> None:
        """Put this into the frames of the active branch as well."""
        self._maker.options = options

    def want(self, grid: Grid) -> None:
        """Ask for a frame; an earlier one that has not been begun is replaced."""
        self.latest = grid
        self._maker.want(grid)

    def want_again(self) -> None:
        """Ask for the latest frame once more: something has changed that nobody else knows of."""
        if self.latest:
            self._maker.want(self.latest)

    def start_again(self) -> None:
        """Drop what is half made, since a network has changed; the frame is still wanted."""
        if self._made:
            self._maker.want(self._made.grid)
            self._made = None
        self._maker.start_again()
        if self._beside:
            self._beside.forget()

    def forget(self) -> None:
        """Drop what is half made and what was asked for."""
        self._made = None
        self._maker.forget()
        if self._beside:
            self._beside.forget()

    def seconds_until_due(self, running: bool) -> float | None:
        """Return how many seconds there are until the next piece is due, None where nothing is asked for."""
        return 0.0 if self._made else self._maker.seconds_until_due(running)

    def make_piece(self) -> Frame | None:
        """Make one piece; returns the frame with the last."""
        if self._made is None:
            self._made = self._maker.make_piece()
            if self._made is None or self._beside is None:
                return self._taken()
            self._beside.want(self._made.grid)
        assert self._beside is not None
        beside = self._beside.make_piece()
        return dataclasses.replace(made, beside=beside) if beside and (made := self._taken()) else None

    def _taken(self) -> Frame | None:
        made, self._made = self._made, None
        return made
