"""Table model of the log of hits, newest first."""

from __future__ import annotations

from PySide6.QtCore import QObject

from bpviz.language import N_, _
from bpviz.session.debugging.breakpoints import Hit
from bpviz.session.walkthrough.operations import operations
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.cell_table import Column, RecordTable

EPOCH, SAMPLE, OPERATION, WHAT, VALUE = range(5)
_COLUMNS = (
    Column(N_("Epoch"), is_number=True),
    Column(N_("Sample"), is_number=True),
    Column(N_("Operation")),
    Column(N_("What")),
    Column(N_("Value")),
)


class HitTable(RecordTable):
    """Shows the debugger's hits."""

    def __init__(self, model: ViewModel, parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
        self._model = model
        self._hits: tuple[Hit, ...] = ()

    def refresh(self) -> None:
        """Reset the model with the current hits."""
        self.beginResetModel()
        # A copy, since the deque grows while training runs.
        self._hits = tuple(reversed(self._model.debugger.hits))
        self.endResetModel()

    def hit(self, row: int) -> Hit:
        """Return the hit in a row."""
        return self._hits[row]

    def n_rows(self) -> int:
        """Return the number of hits."""
        return len(self._hits)

    def tip(self, row: int, column: int) -> str:
        """Return a description of the hit, and how to seek to it."""
        return _("{hits}\nClick or press Enter to seek").format(hits=self._hits[row].describe())

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        hit = self._hits[row]
        match column:
            case 0:
                return formats.count(hit.position.epoch)
            case 1:
                return formats.count(hit.sample)
            case 2:
                return self._operation(hit.position.operation)
            case 3:
                return hit.breakpoint.describe()
        return ", ".join(formats.number(value, 5) for value in hit.values)

    def _operation(self, index: int) -> str:
        experiment = self._model.experiment
        done = operations(len(experiment.sizes) - 1, experiment.rule.extra_operations)[:index]
        return (
            _("{quantity}, layer {layer}").format(quantity=_(done[-1].quantity), layer=done[-1].layer)
            if done
            else _("start")
        )
