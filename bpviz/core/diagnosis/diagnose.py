"""Finding the first number that is wrong, and the mistakes that give all the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.diagnosis.agreement import Agreement, Comparison
from bpviz.core.diagnosis.conventions import conventions_of
from bpviz.core.diagnosis.layouts import Layout
from bpviz.core.diagnosis.numbers import CheckedUpdate
from bpviz.core.diagnosis.report import Report, WrongCell
from bpviz.core.diagnosis.search import Explanation, Search

# How many readings of wrong numbers are searched for a mistake.
_MOST_READINGS, _MOST_FOR_PAIRS = 4, 2


@dataclass(frozen=True)
class Reading:
    """One way to understand what was given: a layout, activation functions, a loss.

    Attributes
    ----------
    updates : sequence of CheckedUpdate
    layout : Layout
    notes : tuple of str
        What was inferred, to be said among the conventions.
    """

    updates: Sequence[CheckedUpdate]
    layout: Layout
    notes: tuple[str, ...] = ()


def diagnose(readings: Sequence[Reading], tolerance: float | None = None) -> Report:
    """Return the report on somebody's numbers, by the reading under which they are right or best explained.

    Parameters
    ----------
    readings : sequence of Reading
        The likeliest first, at least one.
    tolerance : float, optional
        The largest difference, relative to the largest number of an array.
    """
    return [report for report in diagnose_in_pieces(readings, tolerance) if report][-1]


def diagnose_in_pieces(readings: Sequence[Reading], tolerance: float | None = None) -> Iterator[Report | None]:
    """Find the report between other work; the parameters are those of `diagnose`.

    Yields
    ------
    Report or None
        None after each piece. If a number is wrong, first the report without causes; last the whole report.
    """
    exact = [_Compared(reading, Comparison(reading.updates, tolerance)) for reading in readings]
    for each in exact:
        if each.truth.is_whole:
            yield each.right()
            return
    rounded = [_Compared(each.reading, Comparison(each.reading.updates, tolerance, rounded=True)) for each in exact]
    tried = [new if new.comparison.roundings else old for new, old in zip(rounded, exact, strict=True)]
    for each in tried:
        if each.truth.is_whole:
            yield each.right()
            return
    likely = sorted(tried, key=lambda each: -each.truth.matched)[:_MOST_READINGS]
    yield likely[0].wrong([])
    yield from _best(likely)


def _best(likely: Sequence[_Compared]) -> Iterator[Report | None]:
    searches = []
    for each in likely:
        searches.append(Search(each.comparison, each.truth))
        if explained := searches[-1].single():
            yield each.wrong(explained)
            return
        yield None
    for each, search in list(zip(likely, searches, strict=True))[:_MOST_FOR_PAIRS]:
        for found in search.pairs():
            if found:
                yield each.wrong(found)
                return
            yield None
    yield likely[0].wrong([])


class _Compared:
    """A reading, compared with the truth."""

    def __init__(self, reading: Reading, comparison: Comparison) -> None:
        self.reading, self.comparison = reading, comparison
        self.truth = comparison.compare(comparison.true_program)

    def right(self) -> Report:
        return Report(self.comparison, None, (), self._conventions(self.truth))

    def wrong(self, explained: Sequence[Explanation]) -> Report:
        agreement = self.truth
        if explained:
            # The first wrong number is where the truth, with the conventions of the explanation, differs.
            best = explained[0].agreement
            fixed = self.comparison.compare(self.comparison.true_program, best.factors)
            agreement = Agreement(fixed.matched, fixed.update, fixed.key, best.factors) if fixed.key else self.truth
        return Report(self.comparison, self._cell(agreement), tuple(explained), self._conventions(agreement))

    def _cell(self, agreement: Agreement) -> WrongCell:
        number, key = agreement.update, agreement.key
        assert key is not None
        program, given = self.comparison.truths[number], self.comparison.updates[number].numbers[key]
        factors = self.comparison.candidates(number, key, agreement.factors)
        mask, factor = self.comparison.cells(number, key, program, factors)
        index = tuple(map(int, np.argwhere(mask)[0])) if mask.any() else (0,) * mask.ndim
        ours = program.value(*key)
        if key[0].endswith("_after"):
            before = program.W(key[1]) if key[0] == "W_after" else program.b(key[1])
            ours = before + factor * (ours - before)
        else:
            ours = factor * ours
        largest = float(self.comparison.allowed(number, key, factor)[index])
        return WrongCell(number, key, given.their_index(index), float(given.values[index]), float(ours[index]), largest)

    def _conventions(self, agreement: Agreement) -> tuple[str, ...]:
        return (*self.reading.notes, *conventions_of(self.comparison, self.reading.layout, agreement.factors))
