"""The part of the view model that holds the numbers of the user's own program."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from bpviz.session.engine.commands import CheckNumbers, Command
from bpviz.session.engine.events import NetworkReady
from bpviz.session.experiment.difference import differences
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.own_numbers.number_check import NumbersChecked, is_of, starts_alike
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.view_model.recording_model import RecordingModel

_MOST_KEPT = 100


class OwnNumbersModel(QObject):
    """Holds own numbers while the network moves on, and has them compared with the current update.

    Parameters
    ----------
    post : callable
        Takes each `Command` for the session.
    parent : QObject

    Attributes
    ----------
    numbers : OwnNumbers
    checked : NumbersChecked or None
        The latest comparison of these numbers with this update; None until it is made.
    tolerance : float or None
        The largest difference that does not count, relative to the largest number of an array; None if it follows
        from the digits.
    recording : RecordingModel
        A recording of the user's own training.
    was_cleared : bool
        Whether the numbers were cleared because another network was loaded; `undo` brings them back.

    Signals
    -------
    changed
        Numbers, or what is known of them.
    """

    changed = Signal()

    def __init__(self, post: Callable[[Command], None], parent: QObject) -> None:
        super().__init__(parent)
        self._post = post
        self.recording = RecordingModel(post, self)
        self.numbers = OwnNumbers()
        self.checked: NumbersChecked | None = None
        self.tolerance: float | None = None
        self.was_cleared = False
        self._before: list[OwnNumbers] = []
        self._update: TracedUpdate | None = None
        self._experiment: Experiment | None = None
        self._is_asked = False

    # What the user does

    def set_numbers(self, numbers: OwnNumbers) -> None:
        """Replace the numbers; `undo` brings back those before."""
        self._before = [*self._before[1 - _MOST_KEPT :], self.numbers]
        self.was_cleared = False
        self._take_numbers(numbers)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._before)

    def undo(self) -> None:
        """Bring back the numbers before the last change."""
        if self._before:
            self.was_cleared = False
            self._take_numbers(self._before.pop())

    def set_tolerance(self, tolerance: float | None) -> None:
        """Set what does not count."""
        if tolerance != self.tolerance:
            self.tolerance = tolerance
            self._check()

    # What the session tells

    def begin(self, prepared: NetworkReady) -> None:
        """Take note of a network; unless it is the same one again, the numbers are cleared."""
        before, self._experiment = self._experiment, prepared.experiment
        self._update, self._is_asked = None, False
        if before and self.numbers and not prepared.goes_on and differences(before, prepared.experiment):
            self.set_numbers(OwnNumbers())
            self.was_cleared = True
        self._check()

    def take_update(self, update: TracedUpdate) -> None:
        """Compare with another update, unless it computes the same numbers as the one before."""
        before, self._update = self._update, update
        if before is None or not starts_alike(before, update):
            self._check()

    def take(self, event: object) -> bool:
        """Take an event of the session; return whether it was one of own numbers."""
        if not isinstance(event, NumbersChecked):
            return self.recording.take(event)
        if event.numbers is self.numbers and self._update is not None and is_of(event, self._update):
            self.checked = event
            self.changed.emit()
        return True

    def _take_numbers(self, numbers: OwnNumbers) -> None:
        self.numbers = numbers
        self._check()

    def _check(self) -> None:
        self.checked = None
        # Without numbers there is nothing to compare, but a search may have to end.
        if self._update is not None and (self.numbers or self._is_asked):
            self._is_asked = bool(self.numbers)
            self._post(CheckNumbers(self.numbers, self.tolerance))
        self.changed.emit()
