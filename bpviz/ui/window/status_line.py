"""The status bar: state, position, MSE, accuracy, speed, network and kernel, each in a label of its own."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from bpviz.core.training.kernel import compiler_fault, path_name
from bpviz.language import N_, _, ngettext
from bpviz.session.engine.events import Cause, NetworkReady, State
from bpviz.session.lessons.withheld import Withheld
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position, position_text
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.playhead import position_on_screen, row_on_screen
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.layout_barrier import ElidedLabel, LayoutBarrier

_STATES = {
    State.PREPARING: N_("Preparing the samples…"),
    State.PAUSED: N_("Paused"),
    State.RUNNING: N_("Training"),
    State.FINISHED: N_("Finished"),
    State.STOPPED: N_("Stopped"),
}
# More than the state says.
_CAUSES = {
    Cause.BREAKPOINT: N_("Stopped at a breakpoint"),
    Cause.LIMIT: N_("Finished: last epoch"),
    Cause.STEP: N_("Step done"),
    Cause.FAULT: N_("Stopped by a fault"),
}

_GAP = "    "
_KERNEL_TIP = N_("The training kernel: machine code compiled by numba, or numpy: {path}")


class StatusLine(QStatusBar):
    """Shows the state of training in words and numbers."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__(sizeGripEnabled=False)
        self._model, self._is_withheld = model, False
        self.state, self.where, self.scores = QLabel(), QLabel(), ElidedLabel()
        self.scores.setProperty("role", None)  # the normal font size, not that of a caption
        self.speed, self.network, self.kernel = QLabel(), QLabel(), QLabel()
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GAP)
        for label in (self.state, self.where, self.scores, self.speed, self.network, self.kernel):
            row.addWidget(label, 1 if label is self.scores else 0)
        # The labels change at every epoch, which must not cause a new layout of the window each time.
        self.addWidget(LayoutBarrier(line), 1)
        model.status_changed.connect(self._show)
        model.epochs_added.connect(self._show)
        model.experiment_prepared.connect(self._describe)
        self._show()

    @Slot(object)
    def withhold(self, withheld: Withheld) -> None:
        """Leave out the scores while a lesson asks about epochs."""
        self._is_withheld = withheld.epochs
        self._show_scores()

    @Slot()
    def _show(self) -> None:
        model, position = self._model, self._model.position
        state = model.status.state
        # A new network is ready, not paused.
        is_untouched = state is State.PAUSED and position == Position()
        self.state.setText(_(_CAUSES.get(model.status.cause, N_("Ready") if is_untouched else _STATES[state])))
        if shown := position_on_screen(model):
            self.where.setText(self._position_text(shown))
        self.speed.setText(formats.rate(model.rate) if model.is_running and model.rate else "")
        path, *_rest = path_name().partition(",")  # the tooltip has the rest, for which there is no room
        self.kernel.setText(path)
        self.kernel.setToolTip(compiler_fault() or _(_KERNEL_TIP).format(path=path_name()))
        self._show_scores()

    def _position_text(self, position: Position) -> str:
        text = position_text(position)
        return text if self._model.status.is_live else _("{position}, in the past").format(position=text)

    def _show_scores(self) -> None:
        row = row_on_screen(self._model)
        self.scores.setText("" if row < 0 or self._is_withheld else _scores(self._model.epochs, row))

    @Slot(object)
    def _describe(self, prepared: NetworkReady) -> None:
        sizes = "-".join(map(str, prepared.experiment.sizes))
        text = ngettext("{sizes}, {count} parameter", "{sizes}, {count} parameters", prepared.n_parameters)
        self.network.setText(text.format(sizes=sizes, count=formats.count(prepared.n_parameters)))


def _scores(epochs: EpochTable, row: int) -> str:
    """Return how well the network does on the training and the test set after an epoch."""
    _epoch, mse_train, mse_test, accuracy_train, accuracy_test = epochs.row(row)
    mse = _("MSE train {train}, test {test}").format(train=formats.mse(mse_train), test=formats.mse(mse_test))
    if epochs.is_regression:
        r2_train, r2_test = (formats.r2(float(epochs.column(name)[row])) for name in ("r2_train", "r2_test"))
        return _GAP.join((mse, _("R² train {train}, test {test}").format(train=r2_train, test=r2_test)))
    accuracy = _("accuracy train {train}, test {test}").format(
        train=formats.percent(accuracy_train), test=formats.percent(accuracy_test)
    )
    count = int(epochs.column("mistakes")[row])
    mistakes = ngettext("{count} error in training", "{count} errors in training", count)
    return _GAP.join((mse, accuracy, mistakes.format(count=formats.count(count))))
