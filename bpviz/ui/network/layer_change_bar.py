"""A non-modal bar that asks for confirmation before the layers of a network are changed."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from bpviz.language import N_, _
from bpviz.session.engine.commands import LoadBeside
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.layer_changes import shape, with_layer, with_width, without_layer
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.form_fields import sentence

_MEANS = N_("A new network: it starts at epoch 0, and the current one stays as a branch.")


class LayerChangeBar(QFrame):
    """Holds the proposed experiment until it is accepted or cancelled."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__()
        self._model = model
        self.proposed: Experiment | None = None
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, 4, GAP, 4)
        self.describe = QLabel(wordWrap=True)
        self.make, self.drop = QPushButton(_("Create")), QPushButton(_("Cancel"))
        self.make.setProperty("role", "primary")
        self.make.setToolTip(_("Create the new network on a branch, next to the current one"))
        self.drop.setToolTip(_("Keep the network as it is"))
        row.addWidget(self.describe, 1)
        row.addWidget(self.make)
        row.addWidget(self.drop)
        self.make.clicked.connect(self._accept)
        self.drop.clicked.connect(self.clear)
        model.edit_begun.connect(self._give_way)
        self.hide()

    @property
    def _draft(self) -> Experiment:
        return self.proposed or self._model.experiment

    @Slot(int, int)
    def widen(self, layer: int, by: int) -> None:
        """Propose more or fewer neurons in a hidden layer."""
        hidden = self._draft.hidden
        if layer <= len(hidden):
            self._propose(with_width(self._draft, layer, hidden[layer - 1] + by))

    @Slot(int)
    def add_layer(self, layer: int) -> None:
        """Propose one more hidden layer, before the present layer of that number."""
        self._propose(with_layer(self._draft, min(layer, len(self._draft.hidden) + 1)))

    @Slot(int)
    def remove_layer(self, layer: int) -> None:
        """Propose the network without a hidden layer."""
        if layer <= len(self._draft.hidden):
            self._propose(without_layer(self._draft, layer))

    def _propose(self, experiment: Experiment) -> None:
        """Propose an experiment in place of the current one; if it is invalid, show the problem instead."""
        self._model.edit_begun.emit(self)
        if experiment == self._model.experiment:
            self.clear()
            return
        problems = experiment.problems()
        if not problems:
            self.proposed = experiment
        self.make.setEnabled(self.proposed is not None)
        wrong = sentence(next(iter(problems.values()))) if problems else f"{shape(experiment)} — {_(_MEANS)}"
        self.describe.setText(wrong)
        self.show()

    @Slot(object)
    def _give_way(self, editor: object) -> None:
        """Drop the proposal when the same experiment is edited elsewhere."""
        if editor is not self:
            self.clear()

    @Slot()
    def clear(self) -> None:
        """Discard the proposed experiment."""
        self.proposed = None
        self.hide()

    @Slot()
    def _accept(self) -> None:
        proposed = self.proposed
        self.clear()
        if proposed is not None:
            self._model.post(LoadBeside(proposed, shape(proposed)))
