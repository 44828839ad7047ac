"""Asks, without standing in the way, whether a network should get another shape, and says what that means."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.layer_changes import shape
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.form_fields import sentence

_MEANS = "A new network: training starts again from epoch 0; the present one stays as a branch."


class LayerChangeBar(QFrame):
    """Holds the experiment that is proposed until it is made or dropped.

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
        self.make, self.drop = QPushButton("Make it"), QPushButton("Cancel")
        self.make.setProperty("role", "primary")
        self.make.setToolTip("Begin a branch with the new network, beside the present one")
        self.drop.setToolTip("Leave the network as it is")
        row.addWidget(self.describe, 1)
        row.addWidget(self.make)
        row.addWidget(self.drop)
        self.make.clicked.connect(self._accept)
        self.drop.clicked.connect(self.forget)
        self.hide()

    def propose(self, experiment: Experiment, present: Experiment) -> None:
        """Offer an experiment in place of the present one; where it breaks a rule, say that instead."""
        if experiment == present:
            self.forget()
            return
        problems = experiment.problems()
        if not problems:
            self.proposed = experiment
        self.make.setEnabled(self.proposed is not None)
        wrong = sentence(next(iter(problems.values()))) if problems else f"{shape(experiment)} — {_MEANS}"
        self.describe.setText(wrong)
        self.show()

    @Slot()
    def forget(self) -> None:
        """Drop what is proposed."""
        self.proposed = None
        self.hide()

    @Slot()
    def _accept(self) -> None:
        proposed = self.proposed
        self.forget()
        if proposed is not None:
            self.accepted.emit(proposed)
