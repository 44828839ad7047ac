"""All updates of a recording compared with bpviz: how far each quantity is off, and what is wrong first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from bpviz.core.diagnosis.agreement import Comparison
from bpviz.core.diagnosis.layouts import words
from bpviz.core.diagnosis.numbers import CheckedUpdate, Given
from bpviz.core.mistakes.program import Key, keys_in_order
from bpviz.language import _
from bpviz.session.recording.understanding import Understood

# So many updates are told of at a time.
_BATCH = 32


@dataclass(frozen=True)
class ComparedUpdate:
    """One update of a recording, compared with bpviz.

    Attributes
    ----------
    number : int
        Which of their updates, counted from 1.
    first : (str, int) or None
        The first array that is wrong, in the order of computing.
    differences : mapping
        By quantity the largest difference of all layers, relative to the largest number of the array.
    problem : str
        Why it could not be compared, or "".
    """

    number: int
    first: Key | None = None
    differences: Mapping[str, float] = field(default_factory=dict, repr=False)
    problem: str = ""

    @property
    def is_right(self) -> bool:
        """Whether all of its numbers are right."""
        return self.first is None and not self.problem


@dataclass(frozen=True)
class Survey:
    """A part of the updates of a recording, compared.

    Attributes
    ----------
    understood : Understood
    tolerance : float or None
    start : int
        The place of the first of them in the recording.
    rows : tuple of ComparedUpdate
    """

    understood: Understood
    tolerance: float | None
    start: int
    rows: tuple[ComparedUpdate, ...] = field(repr=False)


def survey_in_pieces(understood: Understood, tolerance: float | None) -> Iterator[Survey | None]:
    """Compare all updates of a recording between other work.

    Parameters
    ----------
    understood : Understood
    tolerance : float or None
        The largest relative difference that does not count; None if it follows from the arithmetic.

    Yields
    ------
    Survey or None
        None after each update, but some updates at a time where there are some to tell of.
    """
    rows: list[ComparedUpdate] = []
    for index in range(len(understood)):
        rows.append(compared(understood, index, tolerance))
        if len(rows) == _BATCH or index == len(understood) - 1:
            yield Survey(understood, tolerance, index + 1 - len(rows), tuple(rows))
            rows = []
        else:
            yield None


def compared(understood: Understood, index: int, tolerance: float | None) -> ComparedUpdate:
    """Compare one update of a recording."""
    number = understood.number(index)
    try:
        update = understood.checked(index)
    except ValueError as fault:
        return ComparedUpdate(number, problem=str(fault))
    if problem := start_problem(update):
        return ComparedUpdate(number, problem=problem)
    finite, broken = finite_part(update)
    found = _compared(number, finite, tolerance) if finite.numbers else ComparedUpdate(number)
    if broken is None:
        return found
    differences = {**found.differences, broken[0]: np.inf}
    return replace(found, first=found.first or broken, differences=differences)


def _compared(number: int, update: CheckedUpdate, tolerance: float | None) -> ComparedUpdate:
    comparison = Comparison([update], tolerance)
    agreement = comparison.compare(comparison.true_program)
    if not agreement.is_whole:
        rounded = Comparison([update], tolerance, rounded=True)
        if rounded.roundings:
            comparison, agreement = rounded, rounded.compare(rounded.true_program)
    differences: dict[str, float] = {}
    for _array, key in comparison.given():
        difference = comparison.relative_difference(0, key, comparison.candidates(0, key, agreement.factors))
        differences[key[0]] = max(difference, differences.get(key[0], 0.0))
    return ComparedUpdate(number, agreement.key, differences)


def start_problem(update: CheckedUpdate) -> str:
    """Return why nothing can be computed from what an update starts from, or "": a number that is not finite."""
    setup = update.setup
    starts = [("x", setup.x), ("y", setup.y)]
    for number in range(1, setup.n_layers + 1):
        starts += [
            (_("W of layer {number}").format(number=number), setup.layer(number).weights),
            (_("b of layer {number}").format(number=number), setup.layer(number).bias),
        ]
    for name, values in starts:
        if not np.isfinite(values).all():
            return _("{name} is not finite before this update: look for the first update that makes it so").format(
                name=name
            )
    if not update.numbers:
        return _("nothing but its parameters was recorded of this update")
    return ""


def finite_part(update: CheckedUpdate) -> tuple[CheckedUpdate, Key | None]:
    """Return the numbers of an update before the first array that is not finite, and that array."""
    kept: dict[Key, Given] = {}
    for key in (key for key in keys_in_order(update.setup.n_layers) if key in update.numbers):
        if not np.isfinite(update.numbers[key].values).all():
            return CheckedUpdate(update.setup, kept), key
        kept[key] = update.numbers[key]
    return update, None


def broken_sentence(update: CheckedUpdate, key: Key) -> str:
    """Return that an array is not finite, where, and what bpviz has there."""
    given = update.numbers[key]
    index = tuple(map(int, np.argwhere(~np.isfinite(given.values))[0])) if given.values.ndim else ()
    place = given.their_index(index)
    with np.errstate(all="ignore"):
        ours = float(update.truth().value(*key)[index])
    told = (
        _("should be {ours:.6g}").format(ours=ours)
        if np.isfinite(ours)
        else _("is not finite in bpviz either, so the training diverges")
    )
    at = _(" at {place}").format(place=place) if place else ""
    theirs = float(given.values[index])
    return _("The first number that is not finite is {key}{at}: it is {theirs} and {told}.").format(
        key=words(key), at=at, theirs=theirs, told=told
    )
