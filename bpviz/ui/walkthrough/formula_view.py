"""A formula in mathematical setting, and the work of setting formulas before they are asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, QSizeF, QTimer, Slot
from PySide6.QtGui import QFontInfo, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.ui.style.theme import LIGHT, Theme

#: Of the letters in the SVG; they are scaled to what the font around them asks for.
_SET_SIZE = 24
_TIMES_THE_TEXT = 1.6
#: Stands for the theme's ink in what is kept, so that a change of theme sets nothing again.
_INK = "#010203"
_KEPT = 1024


@lru_cache(maxsize=_KEPT)
def set_formula(latex: str) -> str:
    """Return a formula as SVG in the stand-in for ink; the first time takes some 20 to 60 ms."""
    # It takes a quarter of a second, and no other part of the window needs it.
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # Qt reads SVG 1 only
    return Latex(latex, size=_SET_SIZE, color=_INK).svg()


class FormulaView(QWidget):
    """Paints one formula at the size of the text around it, smaller where it would not fit."""

    def __init__(self) -> None:
        super().__init__()
        self._latex = ""
        self._theme: Theme = LIGHT
        self._renderer = QSvgRenderer(self)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
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
        """Take the theme's ink."""
        self._theme = theme
        self._load()

    def _load(self) -> None:
        if self._latex:
            svg = set_formula(self._latex).replace(_INK, self._theme.ink)
            self._renderer.load(QByteArray(svg.encode()))
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for room for the formula at its full size."""
        full = self._full_size()
        return QSize(round(full.width()), round(full.height()))

    def heightForWidth(self, width: int) -> int:
        """Return the height of the formula where it has so much room."""
        return round(self._fitted(width).height())

    def formula_rect(self) -> QRectF:
        """Return where the formula is painted."""
        return QRectF(self.rect().topLeft(), self._fitted(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the formula; its outlines are as sharp as the screen."""
        if self._latex:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._renderer.render(painter, self.formula_rect())
            painter.end()

    def _full_size(self) -> QSizeF:
        letters = QFontInfo(self.font()).pixelSize() * _TIMES_THE_TEXT
        return self._renderer.viewBoxF().size() * (letters / _SET_SIZE)

    def _fitted(self, width: int) -> QSizeF:
        full = self._full_size()
        return full * min(1.0, width / full.width()) if full.width() > 0 else QSizeF(0, 0)


class FormulasAhead(QObject):
    """Sets formulas while nobody needs the window, one in each idle turn of the event loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[str] = deque()
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._set_one)

    def want(self, formulas: Iterable[str]) -> None:
        """Name the formulas that will be asked for, the first first; those named before are forgotten."""
        self._waiting = deque(formulas)

    def go_on(self, on: bool) -> None:
        """Work, or rest."""
        if on and self._waiting:
            self._idle.start()
        else:
            self._idle.stop()

    @property
    def is_at_work(self) -> bool:
        """Whether formulas are waiting and will be set."""
        return self._idle.isActive()

    @Slot()
    def _set_one(self) -> None:
        if self._waiting:
            set_formula(self._waiting.popleft())
        if not self._waiting:
            self._idle.stop()
