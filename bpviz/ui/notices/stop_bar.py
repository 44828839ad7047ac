"""The line that says why training stopped, and where; it offers to go on and to explain."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction

from bpviz.language import N_, _
from bpviz.session.debugging.breakpoints import armed
from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import Cause, Failed, Status
from bpviz.session.lessons.withheld import NOTHING, Withheld
from bpviz.session.training.early_stopping import early_stop_text
from bpviz.session.training.position import Position, position_text
from bpviz.session.walkthrough.operations import operation_text
from bpviz.ui.style import formats
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar
from bpviz.ui.widgets.message_bar import MessageBar

_TO_NEXT = N_("Training to the next hit of a breakpoint…")
_TRAIN_ON = N_("Train on  (F5)")
_NO_MORE = N_("Lower the learning rate, and reset")
# Stops that nobody has asked for at this moment; a step is one of them if it took a while. A shorter one ends the line,
# since the user goes on.
_BY_ITSELF = (Cause.BREAKPOINT, Cause.LIMIT, Cause.PATIENCE, Cause.FAULT)


class StopBar(ActionBar):
    """Says every stop of training: at a breakpoint, at the last epoch, early, after a long step, and for a fault.

    It keeps its place while training goes on to another breakpoint, so that the panels below it do not move twice for
    each of them.

    Parameters
    ----------
    model : ViewModel
    explain : QAction
        Opens the panel that explains the selected delta.
    notice : MessageBar
        Shows failures; the line takes the place of one that has stopped training.
    """

    def __init__(self, model: ViewModel, explain: QAction, notice: MessageBar) -> None:
        super().__init__("stop", _("Why training stopped"))
        self._model, self._notice = model, notice
        self._was_running, self._failed = False, Failed("")
        self._followed: Status | None = None
        self._withheld = NOTHING
        self.go_on = self.add_button(N_("Go on"), _(_TRAIN_ON), self._go_on)
        self.explain = self.add_button(
            N_("Explain"), _("Explain the delta of the selected neuron  (F4)"), explain.trigger
        )
        self.close_line = self.add_button(N_("Close"), _("Close this line"), self.hide)
        model.failed.connect(self._note_failure)
        model.status_changed.connect(self._follow)
        model.experiment_prepared.connect(self.hide)

    @Slot(object)
    def withhold(self, withheld: Withheld) -> None:
        """Say no values of conditions while a lesson asks for a prediction; what is said already goes."""
        self._withheld = withheld
        if withheld.has_numbers:
            self.hide()

    @Slot(object)
    def _note_failure(self, failed: Failed) -> None:
        self._failed = failed

    @Slot(object)
    def _follow(self, status: Status) -> None:
        if status == self._followed:  # the same stop: the user may have closed the line
            return
        self._followed = status
        if self._model.is_running:
            self._was_running = True
            self._wait_for_breakpoint()
        elif status.cause in _BY_ITSELF or (status.cause is Cause.STEP and self._was_running):
            self._was_running = False
            self._say_stop(status)
        else:
            self._was_running = False
            self.hide()

    def _wait_for_breakpoint(self) -> None:
        sizes = self._model.experiment.sizes
        stopping = [each for each in armed(self._model.debugger.breakpoints, sizes) if not each.log_only]
        if not stopping:
            self.hide()
        elif self.isVisible():
            self.go_on.setEnabled(False)
            self.sentence.setText(_(_TO_NEXT))

    def _say_stop(self, status: Status) -> None:
        position = status.position or Position()
        sentence = {
            Cause.BREAKPOINT: self._breakpoint,
            Cause.LIMIT: self._limit,
            Cause.PATIENCE: self._early,
            Cause.STEP: self._step,
            Cause.FAULT: self._fault,
        }[status.cause](position)
        self.go_on.setEnabled(status.cause is not Cause.FAULT)
        self.go_on.setToolTip(self._what_goes_on(status.cause))
        self.explain.setEnabled(self._model.current_update is not None)
        self.say(sentence)

    # Sentences

    def _breakpoint(self, position: Position) -> str:
        stopped = self._model.debugger.stopped
        if stopped is None or self._withheld.has_numbers:
            return _("Stopped at a breakpoint, {place}").format(place=self._place(position))
        return _("Stopped at a breakpoint: {describe_fully}").format(
            describe_fully=stopped.describe_fully(self._n_layers, self._extra)
        )

    def _limit(self, position: Position) -> str:
        return _("Finished: epoch {count} is where “stop after” ends training").format(
            count=formats.count(position.epoch)
        )

    def _early(self, position: Position) -> str:
        if self._withheld.has_numbers:
            return _("Training has stopped early, {place}").format(place=self._place(position))
        return early_stop_text(self._model.epochs.column("mse_test"), self._model.experiment.patience)

    def _step(self, position: Position) -> str:
        return _("The step is done: {place}").format(place=self._place(position))

    def _fault(self, position: Position) -> str:
        if self._failed.details:  # the message has more to offer than this line
            return _("Stopped by a fault, {place}").format(place=self._place(position))
        self._notice.hide()
        if self._failed.neuron:
            sample, layer, neuron = self._failed.neuron
            self._model.select(sample=sample, layer=layer, neuron=neuron)
        return self._failed.sentence

    def _place(self, position: Position) -> str:
        update = position_text(Position(position.epoch, position.sample))
        if not position.operation:
            return update
        return f"{update}, {operation_text(position.operation, self._n_layers, self._extra)}"

    @property
    def _n_layers(self) -> int:
        return len(self._model.experiment.sizes) - 1

    @property
    def _extra(self) -> tuple[str, ...]:
        return self._model.experiment.rule.extra_operations

    # Going on

    def _what_goes_on(self, cause: Cause) -> str:
        if cause is Cause.FAULT:
            return _(_NO_MORE)
        if cause is Cause.LIMIT:
            return _("Train {count} more epochs").format(count=formats.count(self._model.experiment.epochs))
        return _(_TRAIN_ON)

    @Slot()
    def _go_on(self) -> None:
        if self._model.status.cause is Cause.LIMIT:
            self._model.stop_after(2 * self._model.experiment.epochs)
        self._model.post(Run())
