"""The part of the view model that holds a recording of the user's own training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from bpviz.session.engine.commands import CheckRecordedUpdate, Command, SurveyRecording
from bpviz.session.engine.events import RecordingOpened
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.recording.survey import ComparedUpdate, Survey
from bpviz.session.recording.understanding import Understood
from bpviz.session.recording.verdict import RecordedUpdateChecked


class RecordingModel(QObject):
    """Holds a recording and what is known of its updates, and has them compared.

    Parameters
    ----------
    post : callable
        Takes each `Command` for the session.
    parent : QObject

    Attributes
    ----------
    path : Path or None
    understood : Understood or None
        None before one is opened.
    rows : list of ComparedUpdate
        Of the first updates, as far as they are compared with this tolerance.
    index : int
        The place of the chosen update in the recording.
    checked : NumbersChecked or None
        The latest verdict on it; None until there is one.
    tolerance : float or None
        The largest relative difference that does not count; None if it follows from the arithmetic.

    Signals
    -------
    opened
        Another recording.
    surveyed
        More updates are compared, or none again.
    chosen
        Another update, or what is known of it.
    stopped : bool
        The search for an update that differs has ended; whether there is one.
    """

    opened, surveyed, chosen, stopped = Signal(), Signal(), Signal(), Signal(bool)

    def __init__(self, post: Callable[[Command], None], parent: QObject) -> None:
        super().__init__(parent)
        self._post = post
        self.path: Path | None = None
        self.understood: Understood | None = None
        self.rows: list[ComparedUpdate] = []
        self.index = 0
        self.checked: NumbersChecked | None = None
        self.tolerance: float | None = None
        # From which place on an update that differs is looked for; None if none is.
        self._look_from: int | None = None

    # What the user does

    def choose(self, index: int) -> None:
        """Choose an update by its place."""
        self._look_from = None
        self._choose(index)

    def run_to_difference(self) -> None:
        """Choose the next update that differs, as soon as it is known; `stopped` tells of it."""
        self._look_from = self.index + 1
        self._look()

    def set_tolerance(self, tolerance: float | None) -> None:
        """Set what does not count."""
        if tolerance != self.tolerance:
            self.tolerance = tolerance
            self._survey()
            self._check()

    # What is known

    @property
    def is_looking(self) -> bool:
        """Whether an update that differs is looked for."""
        return self._look_from is not None

    @property
    def is_surveyed(self) -> bool:
        """Whether all updates are compared."""
        return self.understood is not None and len(self.rows) == len(self.understood)

    @property
    def first_wrong(self) -> int | None:
        """The place of the first update that differs; None if there is none so far."""
        return next((index for index, row in enumerate(self.rows) if not row.is_right), None)

    # What the session tells

    def take(self, event: object) -> bool:
        """Take an event of the session; return whether it was one of recordings."""
        match event:
            case RecordingOpened():
                self._open(event)
            case Survey():
                self._take_survey(event)
            case RecordedUpdateChecked():
                is_wanted = event.understood is self.understood and event.tolerance == self.tolerance
                if is_wanted and event.index == self.index:
                    self.checked = event.checked
                    self.chosen.emit()
            case _:
                return False
        return True

    def _open(self, event: RecordingOpened) -> None:
        self.path, self.understood = event.path, event.understood
        self.tolerance = event.understood.recording.tolerance
        self.index, self.checked, self._look_from = 0, None, 0
        self._survey()
        self.opened.emit()
        self._check()

    def _take_survey(self, survey: Survey) -> None:
        is_wanted = survey.understood is self.understood and survey.tolerance == self.tolerance
        if not is_wanted or survey.start != len(self.rows):
            return
        self.rows += survey.rows
        self.surveyed.emit()
        self._look()

    def _look(self) -> None:
        """Go on to look for an update that differs."""
        if self._look_from is None:
            return
        found = next((n for n in range(self._look_from, len(self.rows)) if not self.rows[n].is_right), None)
        if found is not None or self.is_surveyed:
            self._look_from = None
            if found is not None:
                self._choose(found)
            self.stopped.emit(found is not None)

    def _survey(self) -> None:
        self.rows = []
        if self.understood is not None:
            self._post(SurveyRecording(self.understood, self.tolerance))
        self.surveyed.emit()

    def _choose(self, index: int) -> None:
        if self.understood is not None:
            self.index = min(max(index, 0), len(self.understood) - 1)
            self._check()

    def _check(self) -> None:
        self.checked = None
        if self.understood is not None:
            self._post(CheckRecordedUpdate(self.understood, self.index, self.tolerance))
        self.chosen.emit()
