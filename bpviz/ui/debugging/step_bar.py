"""The controls of stepping: to and fro by any level, slow motion, and which sample to look at."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QToolBar

from bpviz.session.engine.commands import InspectSample
from bpviz.session.engine.events import NetworkReady
from bpviz.session.walkthrough.operations import LEVELS
from bpviz.ui.debugging.slow_motion import DEFAULT_PACE, PACES, SlowMotion
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel

_MOST_STEPS = 10_000
_BACK_AND_FORTH = ("run_back", "step_back", "start_sample", "back_out", "step_into", "finish_sample", "step")
_SAMPLES = ("inspect", "inspect_worst", "inspect_random", "inspect_wrong", "step_chosen")


class StepBar(QToolBar):
    """Gives the model the commands of a debugger."""

    def __init__(self, model: ViewModel, slow_motion: SlowMotion, actions: dict[str, QAction]) -> None:
        super().__init__("Stepping")
        self.setObjectName("stepping")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self._model, self._slow_motion, self._actions = model, slow_motion, actions
        self.level, self.count, self.pace, self.sample = QComboBox(), QSpinBox(), QComboBox(), QSpinBox()
        self._describe()
        self._fill()
        self._add_all()
        self.pace.currentTextChanged.connect(self._set_pace)
        self.sample.lineEdit().returnPressed.connect(self.inspect)
        model.experiment_prepared.connect(self._set_range)
        model.selection_changed.connect(self._show_sample)
        slow_motion.playing_changed.connect(actions["slow_motion"].setChecked)

    def _describe(self) -> None:
        for widget, name, tip in (
            (self.level, "Level of a step", "What one step is: an operation, a layer, a phase, a sample or an epoch"),
            (self.count, "Number of steps", "How many of them are made at once, up to 10,000"),
            (self.pace, "Pace of slow motion", "How many operations slow motion plays"),
            (self.sample, "Sample", "A training sample by its number; Return looks at it  (Ctrl+G)"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self.level.setObjectName("stepping.level")
        self.pace.setObjectName("stepping.pace")

    def _fill(self) -> None:
        self.level.addItems(list(LEVELS))
        self.count.setRange(1, _MOST_STEPS)
        self.count.setGroupSeparatorShown(True)
        self.pace.addItems(list(PACES))
        self.pace.setCurrentText(DEFAULT_PACE)
        self.sample.setGroupSeparatorShown(True)
        self.sample.setKeyboardTracking(False)

    def _add_all(self) -> None:
        self._add_actions(_BACK_AND_FORTH)
        self.addSeparator()
        for widget in (self.level, _words(" × "), self.count):
            self.addWidget(widget)
        self._actions["back_by"].setIconText("Back")
        self._actions["step_by"].setIconText("Step")
        self._add_actions(("back_by", "step_by"))
        self.addSeparator()
        self._add_actions(("slow_motion",))
        self.addWidget(self.pace)
        self.addSeparator()
        self.addWidget(_words("sample "))
        self.addWidget(self.sample)
        self._add_actions(_SAMPLES)
        self.addSeparator()
        self._add_actions(("breakpoint",))

    def _add_actions(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.addAction(self._actions[name])

    # What the model tells

    @Slot(object)
    def _set_range(self, prepared: NetworkReady) -> None:
        self.sample.setRange(0, len(prepared.split.X_train) - 1)

    @Slot(object)
    def _show_sample(self, selection: Selection) -> None:
        if selection.sample is not None and not self.sample.hasFocus():
            self.sample.setValue(selection.sample)

    # What users do

    @Slot()
    def step(self) -> None:
        """Step forward by what is chosen here."""
        self._model.step(self.level.currentText(), self.count.value())

    @Slot()
    def step_back(self) -> None:
        """Step back by what is chosen here."""
        self._model.step(self.level.currentText(), -self.count.value())

    @Slot()
    def inspect(self) -> None:
        """Look at the sample of the number that is written here."""
        self._model.post(InspectSample(self.sample.value()))

    @Slot()
    def enter_sample(self) -> None:
        """Let the user write a number."""
        self.sample.setFocus()
        self.sample.selectAll()

    @Slot(str)
    def _set_pace(self, text: str) -> None:
        self._slow_motion.set_pace(PACES[text])


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label
