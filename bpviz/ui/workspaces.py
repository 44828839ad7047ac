"""Arrangements of the panels, each for a purpose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from bpviz.ui.panel import Panel


@dataclass(frozen=True)
class Workspace:
    """Columns of panels from left to right, each from top to bottom, with shares of the width and of the height."""

    columns: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    heights: tuple[tuple[int, ...], ...]


TRAIN = Workspace(
    (("experiment",), ("surface", "curves"), ("deltas", "step")), (250, 530, 660), ((1,), (58, 42), (55, 45))
)
STEP = Workspace((("surface", "deltas"), ("step",)), (480, 960), ((50, 50), (1,)))
LECTURE = Workspace((("surface",), ("curves", "deltas")), (760, 680), ((1,), (42, 58)))


def arrange(window: QMainWindow, panels: tuple[Panel, ...], workspace: Workspace) -> None:
    """Put the panels where a workspace has them and hide the others, which have a column at the left when shown."""
    by_key = {panel.objectName(): panel for panel in panels}
    for panel in panels:
        if panel.isFloating():  # asked first: setting it rebuilds the dock's window each time
            panel.setFloating(False)
        window.removeDockWidget(panel)
    columns = [[by_key[key] for key in column] for column in workspace.columns]
    placed = {panel for column in columns for panel in column}
    spare = [panel for panel in panels if panel not in placed]
    _place(window, [spare, *columns] if spare else columns)
    for panel in panels:
        panel.setVisible(panel in placed)
    _share(window, workspace, columns)


def _place(window: QMainWindow, columns: list[list[Panel]]) -> None:
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, columns[0][0])
    for left, right in pairwise(columns):
        window.splitDockWidget(left[0], right[0], Qt.Orientation.Horizontal)
    for column in columns:
        for above, below in pairwise(column):
            window.splitDockWidget(above, below, Qt.Orientation.Vertical)


def _share(window: QMainWindow, workspace: Workspace, columns: list[list[Panel]]) -> None:
    width, height = window.width(), window.height()
    total = sum(workspace.widths)
    widths = [share * width // total for share in workspace.widths]
    window.resizeDocks([column[0] for column in columns], widths, Qt.Orientation.Horizontal)
    for column, shares in zip(columns, workspace.heights, strict=True):
        heights = [share * height // sum(shares) for share in shares]
        window.resizeDocks(list(column), heights, Qt.Orientation.Vertical)
