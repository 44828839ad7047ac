"""When the session is asked to measure an effect, and the latest answer."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.session.effects.effect import Effect, Movers
from bpviz.session.engine.commands import FindMovers, MeasureEpoch, MeasureUpdate
from bpviz.session.engine.events import Failed
from bpviz.ui.view_model.view_model import ViewModel

# While training runs, something is measured at most this often.
_MILLISECONDS = 500
Wish = MeasureUpdate | MeasureEpoch | FindMovers


class EffectRequests(QObject):
    """Asks for one thing at a time, and for nothing that it has already.

    Signals
    -------
    answered
        Something was measured, or can be asked for again.
    """

    answered = Signal()

    def __init__(self, model: ViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._found: Effect | Movers | None = None
        self._found_key: object = None
        self._asked: tuple[Wish, object] | None = None
        self._is_waiting = False
        self._problem = ""
        self._pause = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._pause.timeout.connect(self.answered)
        model.effects.measured.connect(self._take)
        model.failed.connect(self._on_failed)
        model.experiment_prepared.connect(self._forget)
        model.drawing.samples_changed.connect(self._forget)

    def result_of(self, wish: Wish, key: object) -> Effect | Movers | None:
        """Return what was measured for a wish; if there is nothing yet, ask for it and return None.

        Parameters
        ----------
        wish : command
        key : object
            What the answer depends on beside the command.
        """
        if self._found is not None and self._found_key == (wish, key):
            return self._found
        if not self._is_waiting and self._asked != (wish, key) and not self._pause.isActive():
            self._asked, self._is_waiting, self._problem = (wish, key), True, ""
            self._model.post(wish)
            if self._model.is_running:
                self._pause.start()
        return None

    def problem_of(self, wish: Wish, key: object) -> str:
        """Return why there is no answer to a wish and will be none, as a sentence; "" if there is one or may be."""
        return self._problem if self._asked == (wish, key) else ""

    @Slot(object)
    def _take(self, found: Effect | Movers) -> None:
        if self._asked is None or not _answers(self._asked[0], found):
            return  # it was measured for the network before
        self._found, self._found_key, self._is_waiting = found, self._asked, False
        self.answered.emit()

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        if self._is_waiting and failed.is_beside:
            self._problem = failed.sentence
        self._is_waiting = False
        self.answered.emit()

    @Slot()
    def _forget(self) -> None:
        self._found, self._found_key, self._asked, self._is_waiting, self._problem = None, None, None, False, ""


def _answers(wish: Wish, found: Effect | Movers) -> bool:
    match wish:
        case MeasureUpdate():
            return isinstance(found, Effect) and found.update is not None
        case MeasureEpoch(epoch):
            return isinstance(found, Effect) and found.update is None and found.epoch == epoch
        case FindMovers(epoch, sample):
            return isinstance(found, Movers) and (found.epoch, found.sample) == (epoch, sample)
