"""The operations of the current update by layer, with their state."""

from __future__ import annotations

from PySide6.QtCore import Slot

from bpviz.language import N_, _
from bpviz.session.engine.commands import GoToOperation
from bpviz.session.walkthrough.captions import class_of
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.walkthrough.operation_grid import OperationGrid
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

_EMPTY = N_("Press F11 to take one operation,\nF10 to train on one sample.")


class OperationsPanel(Panel):
    """Shows the operations of one update; a click steps to an operation, forward or back."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("operations", _("Operations"), model)
        self.empty = empty_page(_(_EMPTY))
        self.grid = OperationGrid()
        self.pages = stacked(self.empty, self.grid)
        self.layout_.addWidget(self.pages, 1)
        self.grid.picked.connect(self._go)
        model.experiment_prepared.connect(self._draw)
        model.current_update_changed.connect(self._draw)
        model.selection_changed.connect(self._draw)
        model.theme_changed.connect(self._restyle)
        self._restyle(model.theme)
        self._draw()

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if not self.is_seen:
            return
        update = self.model.current_update
        self.pages.setCurrentIndex(0 if update is None else 1)
        self.set_caption("" if update is None else self._description(update))
        if update is not None:
            self.grid.show_update(update)

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.grid.set_theme(theme)

    @Slot(int)
    def _go(self, index: int) -> None:
        self.model.post(GoToOperation(index))

    def _description(self, update: TracedUpdate) -> str:
        text = _("operation {index} of {count} · {sample}, {class_name}, {kind}")
        if len(update.samples) > 1:
            text = _("operation {index} of {count} · {sample}, {class_name}, {kind}, batch of {batch}")
        return text.format(
            index=update.index,
            count=len(update.operations),
            sample=update.sample_name(self.model.row),
            class_name=class_of(update, self.model.row),
            kind=_(update.kind),
            batch=len(update.samples),
        )
