"""A form to choose the mistake that is planted, which is then not shown again."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QWidget

from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.find_bug.levels import plantable_texts
from bpviz.ui.style.theme import GAP
from bpviz.ui.widgets.flow_layout import FlowLayout

_CHOOSE = N_("Choose a mistake")


class PlantForm(QWidget):
    """Lists the mistakes that can be made in the present network.

    Signals
    -------
    chosen : Experiment
        The experiment with the chosen mistake.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._experiment = Experiment()
        self._texts: tuple[str, ...] = ()
        self.mistake, self.layer = QComboBox(), QComboBox()
        self.mistake.setAccessibleName(_("Mistake"))
        self.layer.setAccessibleName(_("Layer"))
        # Sentences are long: the list may be wider than the box.
        self.mistake.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.mistake.setMinimumContentsLength(len(_(_CHOOSE)) + 2)
        self.mistake.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.plant = QPushButton(_("Plant it unseen"))
        self.plant.setToolTip(_("Start the present network anew with this mistake; nothing on screen names it"))
        flow = FlowLayout(self, GAP // 2)
        for widget in (self.mistake, self.layer, self.plant):
            flow.addWidget(widget)
        self.mistake.activated.connect(self._list_layers)
        self.plant.clicked.connect(self._choose)

    def show_experiment(self, experiment: Experiment) -> None:
        """List the mistakes for a network, with none of them chosen."""
        self._experiment = dataclasses.replace(experiment, mistakes=())
        self.mistake.clear()
        self.mistake.addItem(_(_CHOOSE))
        for name, mistake in MISTAKES.items():
            self.mistake.addItem(mistake.sentence, name)
            self.mistake.setItemData(self.mistake.count() - 1, mistake.sentence, Qt.ItemDataRole.ToolTipRole)
        self._list_layers()

    @Slot()
    def _list_layers(self) -> None:
        name = self.mistake.currentData()
        self._texts = plantable_texts(self._experiment, name) if name else ()
        self.layer.clear()
        for text in self._texts:
            self.layer.addItem(_("layer {partition}").format(partition=text.partition("@")[2]))
        if name and not self._texts:
            self.layer.addItem(_("changes nothing here"))
        self.layer.setVisible(bool(name))
        self.plant.setEnabled(bool(self._texts))

    @Slot()
    def _choose(self) -> None:
        text = self._texts[self.layer.currentIndex()]
        self.mistake.setCurrentIndex(0)
        self._list_layers()
        self.chosen.emit(dataclasses.replace(self._experiment, mistakes=(text,)))
