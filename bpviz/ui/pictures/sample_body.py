"""A picture at the input, what its pixels do to the loss, and the outputs."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.pictures.figure import Figure
from bpviz.ui.pictures.output_bars import OutputBars
from bpviz.ui.pictures.picture_view import PictureView
from bpviz.ui.style.theme import GAP, Theme

Direction = QBoxLayout.Direction


class SampleBody(QWidget):
    """Holds the picture at the input, dL/dx as a picture, and the bars of the outputs.

    Parameters
    ----------
    view : PictureView
        Shows the picture at the input.
    whose : str
        Whose picture it is, for accessible names.
    """

    def __init__(self, view: PictureView, whose: str) -> None:
        super().__init__()
        self.input = Figure(view, _("Ink of {whose}").format(whose=whose), "ink")
        self.gradient = Figure(
            PictureView(_("dL/dx of {whose}").format(whose=whose)),
            _("Colours of dL/dx of {whose}").format(whose=whose),
            "sign",
        )
        self.bars = OutputBars(_("Outputs for {whose}").format(whose=whose))
        self.row, self.inner = QBoxLayout(Direction.TopToBottom, self), QBoxLayout(Direction.LeftToRight)
        for each in (self.row, self.inner):
            each.setContentsMargins(0, 0, 0, 0)
            each.setSpacing(GAP)
        self._fill()

    def _fill(self) -> None:
        """Put both pictures side by side, in the same size, and the bars below them."""
        self.inner.addWidget(self.input, 1)
        self.inner.addWidget(self.gradient, 1)
        self.row.addLayout(self.inner, 2)
        self.row.addWidget(self.bars, 1)

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        for part in (self.input, self.gradient, self.bars):
            part.restyle(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn if the size requires it."""
        super().resizeEvent(event)
        self._turn(self.width() / max(self.height(), 1))

    def _turn(self, aspect: float) -> None:
        """Put the bars beside the pictures in a wide body, and all three below each other in a high one."""
        self.row.setDirection(Direction.LeftToRight if aspect > 1.9 else Direction.TopToBottom)
        self.inner.setDirection(Direction.TopToBottom if aspect < 0.7 else Direction.LeftToRight)


class DrawingBody(SampleBody):
    """The same with a picture that is drawn on: it is as large as there is room for."""

    def _fill(self) -> None:
        self.inner.addWidget(self.gradient, 3)
        self.inner.addWidget(self.bars, 2)
        self.row.addWidget(self.input, 3)
        self.row.addLayout(self.inner, 2)

    def _turn(self, aspect: float) -> None:
        """Put the rest beside the pad, or below it in a body that is higher than wide."""
        is_wide = aspect > 1
        self.row.setDirection(Direction.LeftToRight if is_wide else Direction.TopToBottom)
        self.inner.setDirection(Direction.TopToBottom if is_wide and aspect < 2.6 else Direction.LeftToRight)
