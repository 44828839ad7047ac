"""The tool bar for stepping: step forward and back at any level, slow motion, and choice of a sample."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QToolBar, QToolButton

from bpviz.language import N_, _
from bpviz.session.engine.commands import InspectSample
from bpviz.session.engine.events import NetworkReady
from bpviz.session.walkthrough.operations import LEVELS
from bpviz.session.walkthrough.traced_update import OWN_SAMPLE
from bpviz.ui.debugging.slow_motion import DEFAULT_SPEED, SPEEDS, SlowMotion
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import choose, chosen, offer

_MOST_STEPS = 10_000
_MOST_SAMPLES = 99_999_999
# Width of the arrows and the margins of a spin box.
_ARROWS = 34
# What the buttons are called where there is room for text beside the icons.
_BACK = {
    "run_back": N_("Last hit"),
    "step_back": N_("Sample back"),
    "start_sample": N_("Its start"),
    "back_out": N_("Operation back"),
}
_FORTH = {"step_into": N_("Operation"), "finish_sample": N_("Its end"), "step": N_("Step sample")}
_BY_COUNT = {"back_by": N_("Back"), "step_by": N_("Forward")}
_SAMPLES = {
    "inspect": N_("Inspect"),
    "inspect_worst": N_("Worst"),
    "inspect_random": N_("Random"),
    "inspect_wrong": N_("Wrong"),
    "step_chosen": N_("Apply"),
}
_BREAKPOINT = {"breakpoint": N_("Breakpoint")}
_TEXT_MARGIN = 8


class StepBar(QToolBar):
    """Holds the controls of the debugger."""

    def __init__(self, model: ViewModel, slow_motion: SlowMotion, actions: dict[str, QAction]) -> None:
        super().__init__(_("Stepping"))
        self.setObjectName("stepping")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self._model, self._slow_motion, self._actions = model, slow_motion, actions
        self.level, self.count, self.speed, self.sample = QComboBox(), QSpinBox(), QComboBox(), QSpinBox()
        self._describe()
        self._fill()
        self._add_all()
        self.speed.currentTextChanged.connect(self._set_speed)
        self.sample.lineEdit().returnPressed.connect(self.inspect)
        model.experiment_prepared.connect(self._begin)
        model.selection_changed.connect(self._show_sample)
        model.current_update_changed.connect(self._show_sample)
        slow_motion.playing_changed.connect(actions["slow_motion"].setChecked)

    def _describe(self) -> None:
        for widget, name, tip in (
            (
                self.level,
                _("Level of a step"),
                _("Size of a step: an operation, a layer, a phase, a sample or an epoch"),
            ),
            (self.count, _("Number of steps"), _("Number of steps at once, up to 10,000")),
            (self.speed, _("Speed of slow motion"), _("Speed of slow motion in operations")),
            (self.sample, _("Sample"), _("Number of a training sample; Return inspects it  (Ctrl+G)")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self.level.setObjectName("stepping.level")
        self.speed.setObjectName("stepping.pace")  # also the key under which the choice is saved

    def _fill(self) -> None:
        offer(self.level, LEVELS)
        self.count.setRange(1, _MOST_STEPS)
        self.count.setGroupSeparatorShown(True)
        offer(self.speed, SPEEDS)
        choose(self.speed, DEFAULT_SPEED)
        # A box that stopped at the last sample would show that one for any number that is too large.
        self.sample.setRange(0, _MOST_SAMPLES)
        self.sample.setFixedWidth(self.sample.fontMetrics().horizontalAdvance("500,000") + _ARROWS)
        self.sample.setGroupSeparatorShown(True)
        # Otherwise each digit that is typed would count as a number.
        self.sample.setKeyboardTracking(False)

    def _add_all(self) -> None:
        self._add_actions(_BACK)
        self.addSeparator()
        self._add_actions(_FORTH)
        self.addSeparator()
        for widget in (self.level, _words(" × "), self.count):
            self.addWidget(widget)
        self._add_actions(_BY_COUNT)
        self.addSeparator()
        self.addAction(self._actions["slow_motion"])
        self.addWidget(self.speed)
        self.addSeparator()
        self.addWidget(_words(_("sample ")))
        self.addWidget(self.sample)
        self._add_actions(_SAMPLES)
        self.addSeparator()
        self._add_actions(_BREAKPOINT)

    def _add_actions(self, names: dict[str, str]) -> None:
        for name, text in names.items():
            self._actions[name].setIconText(_(text))
            self.addAction(self._actions[name])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show text beside the icons where there is room for all of it."""
        super().resizeEvent(event)
        named = [self.widgetForAction(self._actions[name]) for name in (*_BACK, *_FORTH, *_SAMPLES, *_BREAKPOINT)]
        buttons = [button for button in named if isinstance(button, QToolButton)]
        texts = sum(self.fontMetrics().horizontalAdvance(button.text()) + _TEXT_MARGIN for button in buttons)
        with_text = buttons[0].toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        fits = self.sizeHint().width() + (0 if with_text else texts) <= self.width()
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if fits else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in buttons:
            button.setToolButtonStyle(style)

    # Model signals

    @Slot(object)
    def _begin(self, prepared: NetworkReady) -> None:
        self.sample.setValue(0)

    @Slot()
    def _show_sample(self) -> None:
        """Show the selected sample, or else that of the current update, which the panels show."""
        # A number that is being typed is not overwritten.
        update, selected = self._model.current_update, self._model.selection.sample
        shown = selected if selected is not None else int(update.samples[self._model.row]) if update else 0
        if not self.sample.hasFocus() and shown != OWN_SAMPLE:
            self.sample.setValue(shown)

    # User actions

    @Slot()
    def step(self) -> None:
        """Step forward by the selected level and count."""
        self._model.step(chosen(self.level), self.count.value())

    @Slot()
    def step_back(self) -> None:
        """Step back by the selected level and count."""
        self._model.step(chosen(self.level), -self.count.value())

    @Slot()
    def inspect(self) -> None:
        """Inspect the sample with the entered number; the session refuses one that there is not."""
        self._model.post(InspectSample(self.sample.value()))

    @Slot()
    def enter_sample(self) -> None:
        """Focus the sample number."""
        self.sample.setFocus()
        self.sample.selectAll()

    @Slot()
    def _set_speed(self) -> None:
        self._slow_motion.set_speed(SPEEDS[chosen(self.speed)])


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label
