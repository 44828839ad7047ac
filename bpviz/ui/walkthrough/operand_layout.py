"""Layout of the operands of an operation: the largest cells that fit, in few lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPoint, QRect

from bpviz.ui.style.theme import GAP

# Heights of a cell to try, in pixels. Integers while cells are large, so that all cells have the same size.
_SIDES = (*range(60, 4, -1), *(quarters / 4 for quarters in range(16, 3, -1)), 0.75, 0.5, 0.35, 0.2, 0.1, 0.05, 0.0)
_LEAST_SIDE, _SIGN_HEIGHT = 16, 32
# Another line must make the cells larger by this factor.
_WORTH_A_LINE = 1.5
_NEW_EQUATION = 3 * GAP


@dataclass(frozen=True)
class Wanted:
    """Space that an operand needs: its shape, the width of its texts and of the operator before it.

    Attributes
    ----------
    rows, columns : int
    text : int
        Width of its texts in pixels.
    sign : int
        Width of the operator before it in pixels; 0 if there is none, which starts a new equation.
    breadth : float
        Width over height of a cell.
    """

    rows: int
    columns: int
    text: int
    sign: int
    breadth: float = 1.0

    def size(self, side: float) -> tuple[int, int]:
        """Return width and height of all cells, not below the smallest visible size."""
        width = self.columns * (int(self.breadth * side) if side > 1 and self.breadth > 1 else side)
        return max(int(width), _LEAST_SIDE), max(int(self.rows * side), _LEAST_SIDE)


@dataclass(frozen=True)
class Place:
    """Rectangles of an operand.

    Attributes
    ----------
    column : QRect
        The operand with the texts above and below it.
    cells : QRect
    sign : QRect
        The operator before it; empty if there is none.
    """

    column: QRect
    cells: QRect
    sign: QRect

    def cell(self, row: int, column: int, rows: int, columns: int) -> QRect:
        """Return the rectangle of one cell, at least one pixel."""
        box = self.cells
        left, right = box.width() * column // columns, box.width() * (column + 1) // columns
        top, bottom = box.height() * row // rows, box.height() * (row + 1) // rows
        return QRect(box.left() + left, box.top() + top, max(right - left, 1), max(bottom - top, 1))

    def cell_at(self, at: QPoint, rows: int, columns: int) -> tuple[int, int] | None:
        """Return row and column at a point, or None outside."""
        box = self.cells
        if not box.contains(at):
            return None
        # The inverse of `cell`: the last pixel of a row is the one before the next row begins.
        row = ((at.y() - box.top() + 1) * rows - 1) // box.height()
        column = ((at.x() - box.left() + 1) * columns - 1) // box.width()
        return row, column


@dataclass(frozen=True)
class Room:
    """The available space.

    Attributes
    ----------
    width, height : int
    above, below : int
        Height of the texts above and below each operand.
    """

    width: int
    height: int
    above: int
    below: int


@lru_cache(maxsize=64)  # the search is slow, and all samples have the same shapes
def arrange(wanted: tuple[Wanted, ...], room: Room) -> tuple[Place, ...]:
    """Return the rectangles of all operands, inside the available space if they can fit at all.

    Texts are omitted if there is no room for cells next to them.
    """
    best = _best_lines(wanted, room)
    if best is None:
        room = replace(room, above=0, below=0)
        wanted = tuple(replace(one, text=0) for one in wanted)
        best = _best_lines(wanted, room) or (0.0, _lines(wanted, 0.0, room.width, breaks=False))
    side, lines = best
    return tuple(_places(lines, side, room))


Line = list[Wanted]


def _best_lines(wanted: Sequence[Wanted], room: Room) -> tuple[float, list[Line]] | None:
    """Return cell height and lines; prefers fewer lines, and a line for each equation, if cells stay large."""
    best: tuple[float, list[Line]] | None = None
    for most in range(1, len(wanted) + 1):
        for breaks in (True, False):
            found = _largest(wanted, room, most, breaks)
            if found and (best is None or found[0] > best[0] * _WORTH_A_LINE):
                best = found
    return best


def _largest(wanted: Sequence[Wanted], room: Room, most: int, breaks: bool) -> tuple[float, list[Line]] | None:
    low, high = 0, len(_SIDES)
    while low < high:  # bisection: whatever fits with large cells fits with smaller ones
        middle = (low + high) // 2
        if _fits(_lines(wanted, _SIDES[middle], room.width, breaks=breaks), _SIDES[middle], room, most):
            high = middle
        else:
            low = middle + 1
    return (_SIDES[low], _lines(wanted, _SIDES[low], room.width, breaks=breaks)) if low < len(_SIDES) else None


def _fits(lines: list[Line], side: float, room: Room, most: int) -> bool:
    if len(lines) > most or any(_width(line, side) > room.width for line in lines):
        return False
    return sum(_height(line, side, room) for line in lines) + GAP * (len(lines) - 1) <= room.height


def _lines(wanted: Sequence[Wanted], side: float, width: int, *, breaks: bool) -> list[Line]:
    """Fill lines from left to right; with `breaks`, each equation starts a new line."""
    lines: list[Line] = [[]]
    for one in wanted:
        is_new = breaks and not one.sign
        if lines[-1] and (is_new or _width([*lines[-1], one], side) > width):
            lines.append([])
        lines[-1].append(one)
    return lines


def _before(one: Wanted, is_first: bool) -> int:
    """Return the space before an operand: its operator, or the gap between two equations."""
    return one.sign or (0 if is_first else _NEW_EQUATION)


def _width(line: Line, side: float) -> int:
    return sum(_before(one, n == 0) + max(one.size(side)[0], one.text) for n, one in enumerate(line))


def _height(line: Line, side: float, room: Room) -> int:
    return room.above + max(one.size(side)[1] for one in line) + room.below


def _places(lines: list[Line], side: float, room: Room) -> list[Place]:
    places, top = [], 0
    for line in lines:
        left = 0
        for number, one in enumerate(line):
            left += _before(one, number == 0)
            places.append(_place(one, side, left, top, room))
            left += max(one.size(side)[0], one.text)
        top += _height(line, side, room) + GAP
    return places


def _place(one: Wanted, side: float, left: int, top: int, room: Room) -> Place:
    width, height = one.size(side)
    cells = QRect(left, top + room.above, width, height)
    column = QRect(left, top, max(width, one.text), room.above + height + room.below)
    # Operators are aligned with the first row of cells.
    middle = cells.top() + max(height // one.rows, _LEAST_SIDE) // 2
    sign = QRect(left - one.sign, middle - _SIGN_HEIGHT // 2, one.sign, _SIGN_HEIGHT)
    return Place(column, cells, sign)
