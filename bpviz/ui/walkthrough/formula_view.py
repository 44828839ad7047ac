"""A widget that renders a LaTeX formula, and a queue that renders formulas in advance."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, QSizeF, QTimer, Slot
from PySide6.QtGui import QFontInfo, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.ui.style.theme import LIGHT, Theme

#: Font size in the SVG; the painter scales it to the surrounding text.
_SVG_FONT_SIZE = 24
_TIMES_THE_TEXT = 1.6
#: Placeholder for the text colour in cached SVGs, so that a change of theme renders nothing again.
_INK = "#010203"
_KEPT = 1024


@lru_cache(maxsize=_KEPT)
def render_formula(latex: str) -> str:
    """Return a formula as SVG with the placeholder colour; the first call for a formula takes 20 to 60 ms."""
    # The import takes a quarter of a second, and nothing else in the window needs it.
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # QSvgRenderer supports SVG 1 only
    return Latex(latex, size=_SVG_FONT_SIZE, color=_INK).svg()


class FormulaView(QWidget):
    """Paints one formula at the size of the surrounding text, or smaller if it does not fit."""

    def __init__(self) -> None:
        super().__init__()
        self._latex = ""
        self._theme: Theme = LIGHT
        self._renderer = QSvgRenderer(self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        # A formula that is scaled down to the width needs less height.
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_formula(self, latex: str) -> None:
        """Show a formula."""
        if latex != self._latex:
            self._latex = latex
            self.setAccessibleName(latex)
            self._load()
            self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Use the text colour of a theme."""
        self._theme = theme
        self._load()

    def _load(self) -> None:
        if self._latex:
            svg = render_formula(self._latex).replace(_INK, self._theme.ink)
            self._renderer.load(QByteArray(svg.encode()))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the full size of the formula."""
        full = self._full_size()
        return QSize(round(full.width()), round(full.height()))

    def heightForWidth(self, width: int) -> int:
        """Return the height of the formula at a width."""
        return round(self._fitted(width).height())

    def formula_rect(self) -> QRectF:
        """Return the rectangle of the formula."""
        return QRectF(self.rect().topLeft(), self._fitted(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the formula as vectors, sharp at every pixel ratio."""
        if self._latex:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._renderer.render(painter, self.formula_rect())
            painter.end()

    def _full_size(self) -> QSizeF:
        letters = QFontInfo(self.font()).pixelSize() * _TIMES_THE_TEXT
        return self._renderer.viewBoxF().size() * (letters / _SVG_FONT_SIZE)

    def _fitted(self, width: int) -> QSizeF:
        full = self._full_size()
        return full * min(1.0, width / full.width()) if full.width() > 0 else QSizeF(0, 0)


class FormulaQueue(QObject):
    """Renders formulas in advance while the event loop is idle, one for each turn of the loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[str] = deque()
        # An interval of 0 fires when the event queue is empty.
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._render_one)

    def set_formulas(self, formulas: Iterable[str]) -> None:
        """Replace the formulas in the queue, first in first out."""
        self._waiting = deque(formulas)

    def set_running(self, on: bool) -> None:
        """Start or pause rendering."""
        if on and self._waiting:
            self._idle.start()
        else:
            self._idle.stop()

    @property
    def is_running(self) -> bool:
        """Whether the queue is rendering formulas."""
        return self._idle.isActive()

    @Slot()
    def _render_one(self) -> None:
        if self._waiting:
            render_formula(self._waiting.popleft())
        if not self._waiting:
            self._idle.stop()
