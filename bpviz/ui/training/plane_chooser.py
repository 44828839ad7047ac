"""The row in which the plane through more than two inputs is chosen."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from bpviz.language import _
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.plane_model import Kind, PlaneChoice, PlaneModel
from bpviz.ui.widgets.compact_editors import CompactComboBox


class PlaneChooser(QWidget):
    """Two lists of inputs and how the plane lies; hidden where there are at most two inputs."""

    def __init__(self, model: PlaneModel) -> None:
        super().__init__()
        self._model = model
        tip = _("How the plane lies in the space of inputs")
        self.kind = CompactComboBox(tip, tip, {kind.value: kind.value for kind in Kind})
        self.kind.setProperty("role", "flat")
        self.across, self.up = (
            _combo(tip) for tip in (_("The input along the horizontal axis"), _("The input along the vertical axis"))
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP // 2)
        for combo in (self.across, self.up, self.kind):
            combo.activated.connect(self._choose)
            row.addWidget(combo, 0 if combo is self.kind else 1)  # names of inputs may be of any length
        self.hide()

    def begin(self, input_names: tuple[str, ...]) -> None:
        """Offer the inputs of another network."""
        for combo in (self.across, self.up):
            combo.clear()
            combo.addItems(input_names)
        self._show(self._model.choice)
        self.setVisible(self._model.can_be_chosen)

    def _show(self, choice: PlaneChoice) -> None:
        self.kind.choose(choice.kind.value)
        for combo, number in ((self.across, choice.across), (self.up, choice.up)):
            combo.setCurrentIndex(number)
            combo.setEnabled(choice.kind is not Kind.COMPONENTS)

    @Slot()
    def _choose(self) -> None:
        before, kind = self._model.choice, Kind(self.kind.word())
        across, up = self.across.currentIndex(), self.up.currentIndex()
        if across == up:  # an axis cannot be crossed with itself: the other one gives way to where this one was
            across, up = (before.up, up) if up != before.up else (across, before.across)
        choice = dataclasses.replace(before, kind=kind, across=across, up=up)
        self._show(choice)
        self._model.choose(choice)


def _combo(tip: str) -> QComboBox:
    combo = QComboBox()
    combo.setToolTip(tip)
    combo.setAccessibleName(tip)
    combo.setProperty("role", "flat")
    combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return combo
