"""One update of a recording in full: which numbers are wrong, the first of them, and the mistake that gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.agreement import Mask
from bpviz.core.diagnosis.diagnose import Reading, diagnose_in_pieces
from bpviz.core.diagnosis.numbers import CheckedUpdate
from bpviz.core.diagnosis.report import Report
from bpviz.core.mistakes.program import Key
from bpviz.language import _
from bpviz.session.own_numbers.marks import marks
from bpviz.session.own_numbers.number_check import Cell, NumbersChecked
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.recording.survey import broken_sentence, compared, finite_part, start_problem
from bpviz.session.recording.understanding import Understood, own_numbers, traced
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class RecordedUpdateChecked:
    """One update of a recording, with its verdict.

    Attributes
    ----------
    understood : Understood
    index : int
        The place of the update in the recording.
    tolerance : float or None
    checked : NumbersChecked
    """

    understood: Understood
    index: int
    tolerance: float | None
    checked: NumbersChecked


def check_update_in_pieces(
    understood: Understood, index: int, tolerance: float | None
) -> Iterator[RecordedUpdateChecked | None]:
    """Compare one update of a recording, and search for the cause between other work.

    The update before it takes part if it was recorded and is right: some mistakes leave something of it behind.

    Yields
    ------
    RecordedUpdateChecked or None
        None after each piece of the search. Where a number is wrong, one result before the search and one after it.
    """
    update = understood.checked(index)
    verdict = _Verdict(update, understood, _(" of update {number:,}").format(number=understood.number(index)))
    if problem := start_problem(update):
        yield RecordedUpdateChecked(understood, index, tolerance, verdict.of_problem(problem))
        return
    finite, broken = finite_part(update)
    is_wrong = False
    if finite.numbers:
        before = _before(understood, index, tolerance)
        for report in diagnose_in_pieces([Reading([*before, finite], understood.layout)], tolerance):
            if report is None or (report.ok and broken):
                yield None
                continue
            yield RecordedUpdateChecked(understood, index, tolerance, verdict.of_report(report, is_last=is_wrong))
            is_wrong = not report.ok
    if broken and not is_wrong:
        yield RecordedUpdateChecked(understood, index, tolerance, verdict.of_broken(broken))


def _before(understood: Understood, index: int, tolerance: float | None) -> list[CheckedUpdate]:
    """Return the update before a wrong one, if it is known and right."""
    is_known = index > 0 and understood.number(index - 1) == understood.number(index) - 1
    is_wrong = is_known and not compared(understood, index, tolerance).is_right
    is_needed = is_wrong and compared(understood, index - 1, tolerance).is_right
    return [understood.checked(index - 1)] if is_needed else []


class _Verdict:
    """Puts what is known of an update into a `NumbersChecked`."""

    def __init__(self, update: CheckedUpdate, understood: Understood, which: str) -> None:
        self._update, self._understood, self._which = update, understood, which
        self._traced: TracedUpdate = traced(update)
        self._numbers: OwnNumbers = own_numbers(update)

    def of_problem(self, problem: str) -> NumbersChecked:
        return self._made({}, {}, None, f"{problem[0].upper()}{problem[1:]}.")

    def of_broken(self, key: Key) -> NumbersChecked:
        mask = np.atleast_2d(~np.isfinite(self._update.numbers[key].values))
        row, column = map(int, np.argwhere(mask)[0])
        return self._made({key: mask}, {}, (key, (row, column)), broken_sentence(self._update, key))

    def of_report(self, report: Report, *, is_last: bool) -> NumbersChecked:
        number = len(report.comparison.updates) - 1
        wrong, right = {}, {}
        for key in report.comparison.updates[number].numbers:
            mask, ours = marks(report, number, key)
            wrong[key], right[key] = np.atleast_2d(mask), np.atleast_2d(ours)
        is_searching = not report.ok and not is_last and not report.explanations
        first = _first(report, wrong)
        sentence = report.sentence if report.ok else report.told_of(self._which)
        if is_searching:
            sentence = _("{where}. The cause is being searched for…").format(where=report.where(self._which))
        return self._made(
            wrong,
            right,
            first,
            sentence,
            (*self._understood.notes, *report.conventions),
            report.causes,
            tuple(report.invisible) if report.ok else (),
            is_searching,
        )

    def _made(
        self,
        wrong: Mapping[Key, Mask],
        right: Mapping[Key, Array],
        first: tuple[Key, Cell] | None,
        sentence: str,
        *others: object,
    ) -> NumbersChecked:
        return NumbersChecked(self._traced, self._numbers, wrong, right, first, sentence, *others)  # type: ignore[arg-type]


def _first(report: Report, wrong: dict[Key, Mask]) -> tuple[Key, Cell] | None:
    """Return the first wrong number as row and column; what only the search found wrong is marked, too."""
    if report.wrong is None:
        return None
    key = report.wrong.key
    if not wrong[key].any():
        wrong[key] = wrong[key].copy()
        wrong[key][0, 0] = True
    row, column = map(int, np.argwhere(wrong[key])[0])
    return key, (row, column)
