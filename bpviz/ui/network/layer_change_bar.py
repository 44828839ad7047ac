"""A non-modal bar that asks for confirmation before the layers of a network are changed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.layer_changes import shape
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.form_fields import sentence

_MEANS = N_("A new network: it starts at epoch 0, and the current one stays as a branch.")


class LayerChangeBar(QFrame):
    """Holds the proposed experiment until it is accepted or cancelled.

    Signals
    -------
    accepted : Experiment
    """

    accepted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
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
        self.hide()

    def propose(self, experiment: Experiment, present: Experiment) -> None:
        """Propose an experiment in place of the current one; if it is invalid, show the problem instead."""
        if experiment == present:
            self.clear()
            return
        problems = experiment.problems()
        if not problems:
            self.proposed = experiment
        self.make.setEnabled(self.proposed is not None)
        wrong = sentence(next(iter(problems.values()))) if problems else f"{shape(experiment)} — {_(_MEANS)}"
        self.describe.setText(wrong)
        self.show()

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
            self.accepted.emit(proposed)
