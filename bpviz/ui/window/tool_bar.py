"""The main tool bar: preset, run, step, speed, number of epochs, and the current epoch in large digits."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QSpinBox, QToolBar, QToolButton, QWidget

from bpviz.language import _
from bpviz.session.engine.events import Status
from bpviz.session.experiment.experiment import RULES, Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.experiment.validation import Integer
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.training.preset_chooser import PresetChooser
from bpviz.ui.training.preset_loading import start_preset
from bpviz.ui.view_model.playhead import epoch_on_screen
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import choose, chosen
from bpviz.ui.widgets.layout_barrier import LayoutBarrier

SPEEDS: dict[str, float | None] = {
    **{f"{speed} epochs/s": float(speed) for speed in (1, 2, 5, 10, 30, 60, 120)},
    "unlimited": None,
}
DEFAULT_SPEED = "30 epochs/s"
_WITH_TEXT = ("run", "pause", "step")


class ToolBar(QToolBar):
    """Holds the main controls of training."""

    def __init__(self, model: ViewModel, actions: dict[str, QAction], preset: str) -> None:
        super().__init__(_("Training"))
        self.setObjectName("training")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self._model, self._all_actions = model, actions
        self.preset, self.speed, self.stop_after, self.epoch = PresetChooser(), QComboBox(), QSpinBox(), QLabel("0")
        self._describe()
        self.speed.setObjectName("training.speed")
        self._fill_choices(preset)
        self._add_all(actions)
        # activated is emitted for the user only, not when the current preset is shown.
        self.preset.activated.connect(self._load_preset)
        self.speed.currentIndexChanged.connect(self._set_speed)
        self.stop_after.valueChanged.connect(self._set_stop)
        model.status_changed.connect(self._show_status)
        model.epochs_added.connect(self._show_epoch)
        model.experiment_changed.connect(self._show_experiment)
        model.failed.connect(self._show_preset)
        model.theme_changed.connect(self._follow_theme)
        self._show_experiment(model.experiment)
        self._set_speed()

    def _describe(self) -> None:
        for widget, name, tip in (
            (self.preset, _("Preset"), _("Ready-made experiments")),
            (self.speed, _("Speed"), _("Maximum training speed in epochs per second")),
            (self.stop_after, _("Stop after"), _("Number of epochs after which training stops")),
            (self.epoch, _("Epoch"), _("Number of complete passes over the training set")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)

    def _fill_choices(self, preset: str) -> None:
        self.preset.show_preset(preset)
        for word, speed in SPEEDS.items():
            self.speed.addItem(_("{speed:g} epochs/s").format(speed=speed) if speed else _("unlimited"), word)
        choose(self.speed, DEFAULT_SPEED)
        rule = RULES["epochs"]
        assert isinstance(rule, Integer)
        self.stop_after.setRange(rule.least, rule.most)
        self.stop_after.setGroupSeparatorShown(True)
        # Otherwise each digit that is typed would change the number of epochs.
        self.stop_after.setKeyboardTracking(False)

    def _add_all(self, actions: dict[str, QAction]) -> None:
        self.addWidget(self.preset)
        self.addSeparator()
        for name in ("reset", "run", "pause", "step"):
            self.addAction(actions[name])
            button = self.widgetForAction(actions[name])
            if name in _WITH_TEXT and isinstance(button, QToolButton):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addSeparator()
        self._editors = [
            self.addWidget(widget)
            for widget in (self.speed, _words(_("  stop after ")), self.stop_after, _words(_(" epochs")))
        ]
        self.addWidget(_spring())
        self.addAction(actions["present"])
        self.addWidget(_words(_("epoch  ")))
        self.epoch.setProperty("role", "readout")
        self.epoch.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(LayoutBarrier(self.epoch))

    # Model signals

    @Slot(object)
    def _follow_theme(self, theme: Theme) -> None:
        """Leave out the editors in a lecture, where the number of the epoch needs their room."""
        for action in self._editors:
            action.setVisible(not theme.is_for_lecture)

    @Slot(object)
    def _show_status(self, status: Status) -> None:
        self._show_epoch()

    @Slot()
    def _show_epoch(self) -> None:
        self.epoch.setText(formats.count(epoch_on_screen(self._model)))

    @Slot(object)
    def _show_experiment(self, experiment: Experiment) -> None:
        # The value comes from the session and must not be sent back as a command.
        self.stop_after.blockSignals(True)
        self.stop_after.setValue(experiment.epochs)
        self.stop_after.blockSignals(False)
        self._show_preset()

    @Slot()
    def _show_preset(self) -> None:
        """Show the preset of the current experiment: the one that was chosen, or else any that matches."""
        shown, experiment = self.preset.chosen(), self._model.experiment
        if shown and shown.trains(experiment):
            return
        everything = (load_preset(name) for name in self.preset.names)
        alone = (each.name for each in everything if not each.against and each.trains(experiment))
        self.preset.show_preset(next(alone, ""))

    # User actions

    def choose_preset(self, name: str) -> None:
        """Load the preset of this name, as if the user had chosen it."""
        self.preset.show_preset(name)
        self._load_preset()

    @Slot()
    def _load_preset(self) -> None:
        if preset := self.preset.chosen():
            start_preset(self._model, preset, self._all_actions)

    @Slot()
    def _set_speed(self) -> None:
        self._model.set_speed(SPEEDS[chosen(self.speed)])

    @Slot(int)
    def _set_stop(self, epochs: int) -> None:
        self._model.stop_after(epochs)


def _words(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label


def _spring() -> QWidget:
    spring = QWidget()
    spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return spring
