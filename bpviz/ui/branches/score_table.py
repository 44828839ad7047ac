"""MSE of two branches at their positions, and the difference."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from bpviz.language import N_, _
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.ui.branches.delta_bars import branch_colours
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, Theme

_ROWS = {"mse_train": N_("training MSE"), "mse_test": N_("test MSE")}
_NOTHING = "–"


class ScoreTable(QWidget):
    """A row for training and one for test; columns for the active branch, the compared one, and the difference."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: dict[tuple[str, int], QLabel] = {}
        self._heads = [_right(QLabel()) for _ in range(3)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GAP)
        grid.setVerticalSpacing(GAP // 2)
        for column, head in enumerate(self._heads, 1):
            head.setProperty("role", "caption")
            grid.addWidget(head, 0, column)
        self._heads[2].setText(_("difference"))
        self._heads[2].setToolTip(_("Right minus left"))
        for row, (name, words) in enumerate(_ROWS.items(), 1):
            grid.addWidget(_caption(_(words)), row, 0)
            for column in range(3):
                self.cells[name, column] = _right(QLabel(_NOTHING))
                self.cells[name, column].setMinimumWidth(self.fontMetrics().horizontalAdvance("−0.123456"))
                grid.addWidget(self.cells[name, column], row, column + 1)
        grid.setRowStretch(len(_ROWS) + 1, 1)

    def restyle(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        for head, colour in zip(self._heads, branch_colours(theme), strict=False):
            head.setText("■")
            head.setStyleSheet(f"color: {colour.name()}")

    def show_scores(self, first: EpochTable, at: Position, second: EpochTable | None, then: Position | None) -> None:
        """Show the scores of each branch at the end of its last complete epoch."""
        for name in _ROWS:
            ours = _score(first, name, at)
            theirs = _score(second, name, then) if second is not None and then is not None else None
            less = theirs - ours if ours is not None and theirs is not None and at == then else None
            texts = [_NOTHING if each is None else formats.mse(each) for each in (ours, theirs)]
            texts.append(_NOTHING if less is None else _signed(less))
            for column, text in enumerate(texts):
                self.cells[name, column].setText(text)


def _score(table: EpochTable, name: str, at: Position) -> float | None:
    """Return the score at the end of the epoch before a position, or None if there is no such epoch."""
    return float(table.column(name)[at.epoch - 1]) if 0 < at.epoch <= len(table) else None


def _signed(value: float) -> str:
    return f"{value:+.6f}".replace("-", "−")


def _caption(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "caption")
    return label


def _right(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
