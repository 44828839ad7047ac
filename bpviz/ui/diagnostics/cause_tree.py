"""Tree model of the causes of a delta; branches are computed when they are expanded."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from bpviz.language import N_, _
from bpviz.session.diagnostics.causes import Cause, Term, explain
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style import formats

COLUMNS = (N_("layer · neuron"), N_("weight"), N_("next delta"), N_("product"), N_("share"))
SHARE = len(COLUMNS) - 1
#: Role of the share, 0 to 1, with the sign of the product, which is painted as a bar behind the number.
BAR_ROLE = Qt.ItemDataRole.UserRole
_TIPS = (
    N_("A neuron of the next layer, which expands into its own causes, or a factor of this delta"),
    N_("Weight to that neuron"),
    N_("Delta of that neuron"),
    N_("weight × next delta; the products add up to the error"),
    N_("|product| divided by the sum of all |products|"),
)
_NO_PARENT = QModelIndex()

Index = QModelIndex | QPersistentModelIndex
Path = tuple[int, ...]


@dataclass
class _Node:
    """A row of the tree; the first node is the delta to explain, and is not shown.

    Attributes
    ----------
    number, parent, place : int
        Index in the list of nodes, index of its parent there, and row among its siblings.
    layer, neuron : int
        The neuron of the row; for a factor, the neuron whose delta it belongs to.
    cells : tuple of str
    Text of each column.
        The neurons from the root to this row.
    Value of the bar.
    children : list of int or None
        None until they are computed; a factor has no children.
    """

    number: int
    parent: int
    place: int
    layer: int
    neuron: int
    cells: tuple[str, ...]
    path: Path
    bar: float = 0.0
    children: list[int] | None = field(default_factory=list)


class CauseTree(QAbstractItemModel):
    """Explains one delta by its slope and the terms of its error; each term is explained in the same way."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._update_of: TracedUpdate | None = None
        self._row = 0
        self._nodes: list[_Node] = []

    def explain(self, update: TracedUpdate, row: int, layer: int, neuron: int) -> None:
        """Explain the delta of a neuron for one sample of the batch."""
        self.beginResetModel()
        self._update_of, self._row = update, row
        self._nodes = [_Node(0, 0, 0, layer, neuron, (), (), children=None)]
        self.endResetModel()

    def clear(self) -> None:
        """Remove all rows."""
        self.beginResetModel()
        self._update_of, self._nodes = None, []
        self.endResetModel()

    def neuron(self, index: Index) -> tuple[int, int]:
        """Return the layer and neuron of a row."""
        node = self._nodes[index.internalId()]
        return node.layer, node.neuron

    def opened(self) -> list[tuple[Path, QModelIndex]]:
        """Return the rows whose causes have been computed, parents before their children."""
        return [(node.path, self._index(node)) for node in self._nodes[1:] if node.children]

    def path(self, index: Index) -> Path:
        """Return the neurons from the root to a row; the last element is negative for a factor."""
        return self._nodes[index.internalId()].path if index.isValid() else ()

    def find(self, path: Path) -> QModelIndex:
        """Return the row with a path."""
        node = self._nodes[0]
        for depth in range(1, len(path) + 1):
            children = (self._nodes[child] for child in self._children(node))
            node = next(child for child in children if child.path == path[:depth])
        return self._index(node)

    # Methods of QAbstractItemModel

    def index(self, row: int, column: int, parent: Index = _NO_PARENT) -> QModelIndex:
        """Return the index of a child row."""
        if not self._nodes or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        # The internal id is an index into the list of nodes: Qt keeps no reference to Python objects.
        return self.createIndex(row, column, self._children(self._node(parent))[row])

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        """Return the index of the parent row."""
        return self._index(self._nodes[self._nodes[child.internalId()].parent]) if child.isValid() else QModelIndex()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of child rows, and compute them if needed."""
        return len(self._children(self._node(parent))) if self._nodes else 0

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return len(COLUMNS)

    def hasChildren(self, parent: Index = _NO_PARENT) -> bool:
        """Return whether a row can be expanded, without computing its children."""
        return bool(self._nodes) and self._node(parent).children != []

    def data(self, index: Index, kind: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text, tooltip, alignment or bar value of a cell."""
        node, column = self._nodes[index.internalId()], index.column()
        if kind == Qt.ItemDataRole.DisplayRole or (kind == Qt.ItemDataRole.ToolTipRole and not column):
            return node.cells[column]
        if kind == Qt.ItemDataRole.TextAlignmentRole and column:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return node.bar if kind == BAR_ROLE and column == SHARE else None

    def headerData(self, section: int, orientation: Qt.Orientation, kind: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name, tooltip or alignment of a column."""
        if kind == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        texts = {Qt.ItemDataRole.DisplayRole: COLUMNS, Qt.ItemDataRole.ToolTipRole: _TIPS}.get(Qt.ItemDataRole(kind))
        return _(texts[section]) if texts else None

    # Nodes

    def _node(self, index: Index) -> _Node:
        return self._nodes[index.internalId() if index.isValid() else 0]

    def _index(self, node: _Node) -> QModelIndex:
        return self.createIndex(node.place, 0, node.number) if node.number else QModelIndex()

    def _children(self, node: _Node) -> list[int]:
        # The number of paths grows exponentially with the depth, so only expanded rows are computed.
        if node.children is None:
            assert self._update_of is not None
            cause = explain(self._update_of, self._row, node.layer, node.neuron)
            lines: list[tuple[str, str] | Term] = [*_factors(cause), *cause.terms]
            node.children = [self._add(node, place, line) for place, line in enumerate(lines)]
        return node.children

    def _add(self, parent: _Node, place: int, line: tuple[str, str] | Term) -> int:
        number, where = len(self._nodes), (parent.number, place)
        if isinstance(line, Term):
            layer, path = parent.layer + 1, (*parent.path, line.neuron)
            first = self._update_of.conventions.first if self._update_of else 0
            bar = line.share if line.product >= 0 else -line.share
            made = _Node(number, *where, layer, line.neuron, _cells(line, layer, first), path, bar, None)
        else:
            cells = (line[0], "", "", line[1], "")
            made = _Node(number, *where, parent.layer, parent.neuron, cells, (*parent.path, -1 - place))
        self._nodes.append(made)
        return number


def _cells(term: Term, layer: int, first: int) -> tuple[str, ...]:
    numbers = (formats.number(value, 3) for value in (term.weight, term.delta, term.product))
    share = "" if term.share != term.share else f"{100 * term.share:.0f} %"
    return (_("{layer} · neuron {neuron}").format(layer=layer, neuron=term.neuron + first), *numbers, share)


def _factors(cause: Cause) -> list[tuple[str, str]]:
    """Return name and value of the slope and, at the output layer, of the error or delta from the loss."""
    a = formats.number(cause.a, 3)
    factors = []
    if not cause.is_difference and cause.activation != "softmax":
        factors.append((_("slope, a = {a}").format(a=a), f"× {formats.number(cause.slope, 3)}"))
    if cause.y is not None:
        name, value = (_("delta"), cause.delta) if cause.is_difference else (_("error"), cause.error)
        factors.append((f"{name}, a = {a}, y = {formats.number(cause.y, 3)}", formats.number(value, 3)))
    return factors
