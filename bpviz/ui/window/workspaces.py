"""Workspaces: arrangements of the panels for different purposes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock

# Up to these widths and this many columns the numbers of a network have room in its diagram.
_SMALL_WIDTH, _SMALL_DEPTH = 4, 4
Cell = tuple[str, ...]
# The least width of a column and height of a cell in which a panel can be read, and the height of menus and bars, in
# pixels at the usual size of text.
_COLUMN, _ROW, _BARS = 425, 185, 190
Dock = PanelDock[Panel]
# Width at the usual size of text of the panel that leads through lessons.
_GUIDE = 320
# A panel that a workspace does not show becomes, when the user shows it, a tab of the first of these that it shows.
_BESIDE = {
    "confusion": ("curves", "hidden_space"),
    "effect": ("explain", "surface", "comparison"),
    "ledger": ("explain", "curves"),
    "find_bug": ("explain",),
    "pictures": ("surface", "comparison"),
    "recording": ("mine", "network"),
}


@dataclass(frozen=True)
class Workspace:
    """Columns of cells from left to right, each from top to bottom, with relative widths and heights.

    A cell is one panel, or several as tabs with the first one in front. Any other panel, when it is shown and has no
    place of its own (`_BESIDE`), becomes a tab of the cell that has the panel `beside_others`, or else of the first.
    """

    columns: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    heights: tuple[tuple[int, ...], ...]
    has_step_bar: bool = False
    is_for_lecture: bool = False
    beside_others: str = ""

    def cell_for_others(self) -> Cell:
        """Return the cell in which all other panels are shown."""
        cells = [cell for column in self.columns for cell in column]
        return next((cell for cell in cells if self.beside_others in cell), cells[0])


@dataclass(frozen=True)
class Density:
    """How many columns, and how many cells in each, a window has room for at its size of text."""

    columns: int
    rows: int

    @classmethod
    def of(cls, width: int, height: int, scale: float) -> Density:
        """Return what fits into a window of a size in pixels, with text `scale` times as large as usual."""
        room = height / scale - _BARS
        return cls(max(int(width / scale // _COLUMN), 1), max(int(room // _ROW), 1))


TRAIN = Workspace(
    (
        (("experiment",),),
        (("surface", "comparison"), ("curves", "hidden_space", "confusion")),
        (("network", "weights"), ("deltas", "step", "branches")),
    ),
    (250, 490, 700),
    ((1,), (58, 42), (58, 42)),
)
STEP = Workspace(
    (
        (("network", "surface", "deltas", "curves"), ("operations", "hidden_space")),
        (("formula",), ("operands", "step", "weights", "comparison")),
        (("code",), ("explain", "breakpoints", "watch", "check", "mine", "branches")),
    ),
    (400, 560, 480),
    ((60, 40), (42, 58), (46, 54)),
    has_step_bar=True,
)
# For a network whose numbers all have room in the diagram, which is then the largest panel.
STEP_SMALL = Workspace(
    (
        (
            ("network", "surface", "deltas", "curves"),
            ("operations", "code", "step", "weights", "hidden_space", "comparison"),
        ),
        (("formula",), ("operands", "explain", "breakpoints", "watch", "check", "mine", "branches")),
    ),
    (840, 600),
    ((70, 30), (46, 54)),
    has_step_bar=True,
)
LECTURE = Workspace(((("surface", "curves"),), (("network", "deltas"),)), (620, 820), ((1,), (1,)), is_for_lecture=True)
COMPARE = Workspace(
    ((("comparison",),), (("curves",), ("deltas",), ("branches",))),
    (800, 640),
    ((1,), (36, 38, 26)),
    beside_others="branches",
)


def fitted(workspace: Workspace, density: Density) -> Workspace:
    """Return the workspace with so few columns and cells that each can be read; the others join them as tabs."""
    columns, widths = list(workspace.columns), list(workspace.widths)
    heights = list(workspace.heights)
    while len(columns) > density.columns:
        narrow = widths.index(min(widths))
        into = narrow + 1 if narrow == 0 else narrow - 1
        columns[into] = _with_tabs(columns[into], columns[narrow])
        widths[into] += widths[narrow]
        del columns[narrow], widths[narrow], heights[narrow]
    for index, column in enumerate(columns):
        last = tuple(key for cell in column[density.rows - 1 :] for key in cell)
        columns[index] = (*column[: density.rows - 1], last) if last else column
        heights[index] = heights[index][: density.rows]
    return replace(workspace, columns=tuple(columns), widths=tuple(widths), heights=tuple(heights))


def _with_tabs(cells: tuple[Cell, ...], others: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return cells with those of another column as tabs behind them, each at its own height if there is one."""
    joined = list(cells)
    for row, other in enumerate(others):
        place = min(row, len(joined) - 1)
        joined[place] += other
    return tuple(joined)


def structure(docks: tuple[Dock, ...]) -> tuple[tuple[object, ...], ...]:
    """Return which docks are hidden, floating and tabs of one another, whatever their sizes."""
    return tuple((dock.isHidden(), dock.isFloating(), not dock.isHidden() and _tabs(dock)) for dock in docks)


def _tabs(dock: Dock) -> frozenset[str]:
    window = dock.parentWidget()
    assert isinstance(window, QMainWindow)
    return frozenset(other.objectName() for other in window.tabifiedDockWidgets(dock))


def workspace_to_step(sizes: tuple[int, ...]) -> Workspace:
    """Return the workspace for stepping through a network of some widths, the inputs included."""
    return STEP_SMALL if max(sizes) <= _SMALL_WIDTH and len(sizes) <= _SMALL_DEPTH else STEP


def arrange(window: QMainWindow, docks: tuple[Dock, ...], workspace: Workspace) -> None:
    """Place the panels of a workspace, and hide the others, which become tabs when they are shown."""
    by_key = {dock.objectName(): dock for dock in docks}
    for dock in docks:
        # setFloating recreates the native window of a dock on each call. A dock without a parent says that it floats.
        if dock.isFloating() and dock.parent():
            dock.setFloating(False)
        # Removed first, so that the old arrangement has no influence on the new one.
        window.removeDockWidget(dock)
    columns = [[[by_key[key] for key in cell] for cell in column] for column in workspace.columns]
    placed = {dock for column in columns for cell in column for dock in cell}
    _place(window, columns)
    for dock in docks:
        if dock not in placed:
            # A column of their own would leave too little room for the panels that are meant to be seen.
            window.tabifyDockWidget(by_key[_neighbour(dock.objectName(), workspace)], dock)
    for dock in docks:
        dock.setVisible(dock in placed)
    # Panels are made in the order in which they are raised: the pictures come before the form at the left.
    for column in (*columns[1:], columns[0]):
        for cell in column:
            # The first panel of a cell is the tab in front.
            cell[0].raise_()
    _share(window, workspace, columns)


def _neighbour(key: str, workspace: Workspace) -> str:
    """Return the panel of which one that the workspace does not show becomes a tab when it is shown."""
    shown = [other for column in workspace.columns for cell in column for other in cell]
    return next((other for other in _BESIDE.get(key, ()) if other in shown), workspace.cell_for_others()[-1])


def _place(window: QMainWindow, columns: list[list[list[Dock]]]) -> None:
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, columns[0][0][0])
    for left, right in pairwise(columns):
        window.splitDockWidget(left[0][0], right[0][0], Qt.Orientation.Horizontal)
    for column in columns:
        for above, below in pairwise(column):
            window.splitDockWidget(above[0], below[0], Qt.Orientation.Vertical)
        for cell in column:
            for front, behind in pairwise(cell):
                window.tabifyDockWidget(front, behind)


def guide_width(scale: float) -> int:
    """Return the width in pixels of the panel that leads through lessons."""
    return int(_GUIDE * scale)


def place_guide(window: QMainWindow, guide: Dock, scale: float) -> None:
    """Place the panel that leads through lessons in a column of its own at the right of a workspace."""
    window.removeDockWidget(guide)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, guide)
    guide.show()
    window.resizeDocks([guide], [min(guide_width(scale), window.width() // 3)], Qt.Orientation.Horizontal)


def _share(window: QMainWindow, workspace: Workspace, columns: list[list[list[Dock]]]) -> None:
    width, height = window.width(), window.height()
    total = sum(workspace.widths)
    widths = [share * width // total for share in workspace.widths]
    window.resizeDocks([column[0][0] for column in columns], widths, Qt.Orientation.Horizontal)
    for column, shares in zip(columns, workspace.heights, strict=True):
        heights = [share * height // sum(shares) for share in shares]
        window.resizeDocks([cell[0] for cell in column], heights, Qt.Orientation.Vertical)
