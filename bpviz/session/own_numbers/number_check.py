"""Comparing somebody's numbers with the current update: which are wrong, which is first, and the cause."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.agreement import Mask
from bpviz.core.diagnosis.diagnose import Reading, diagnose_in_pieces
from bpviz.core.diagnosis.layouts import Layout, Raw, RawUpdate
from bpviz.core.diagnosis.report import Report
from bpviz.core.mistakes.program import Key, keys_in_order
from bpviz.language import N_, _
from bpviz.session.own_numbers.incomplete import wrong_cells
from bpviz.session.own_numbers.marks import marks
from bpviz.session.own_numbers.operand_keys import MATRICES, PER_SAMPLE, name_of, place_of, right_numbers
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.own_numbers.single_precision import are_single
from bpviz.session.walkthrough.traced_update import TracedUpdate

Cell = tuple[int, int]
_LAYOUTS = (Layout(), Layout(gradients_transposed=True))
_SINGLE_NOTE = N_("Numbers are taken as those of float32.")


@dataclass(frozen=True)
class NumbersChecked:
    """Somebody's numbers, compared with an update.

    Attributes
    ----------
    update : TracedUpdate
    numbers : OwnNumbers
    wrong : mapping
        By quantity and layer which cells are wrong; only arrays that fit the update have an entry.
    right : mapping
        What the numbers should be, with the signs, factors and layout of their program.
    first : ((str, int), (int, int)) or None
        The first wrong number in the order of computing: its array, its row and column.
    sentence : str
        The result, and the cause.
    conventions : tuple of str
        What differs and is no mistake, one sentence each.
    causes : tuple of str
        Names out of `bpviz.MISTAKES`, the most likely first.
    invisible : tuple of str
        Mistakes that these numbers, which are right, would not show.
    is_searching : bool
        Whether the cause is still searched for.
    """

    update: TracedUpdate
    numbers: OwnNumbers
    wrong: Mapping[Key, Mask] = field(repr=False)
    right: Mapping[Key, Array] = field(repr=False)
    first: tuple[Key, Cell] | None
    sentence: str
    conventions: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    invisible: tuple[str, ...] = ()
    is_searching: bool = False


def is_of(checked: NumbersChecked, update: TracedUpdate) -> bool:
    """Return whether numbers were compared with an update that starts as this one does."""
    return starts_alike(checked.update, update)


def starts_alike(one: TracedUpdate, other: TracedUpdate) -> bool:
    """Return whether two updates compute the same numbers, however many of their operations are done."""
    if one.trace is other.trace:
        return one.learning_rate == other.learning_rate
    return (
        one.learning_rate == other.learning_rate
        and one.loss_name == other.loss_name
        and len(one.layers) == len(other.layers)
        and np.array_equal(one.trace.x, other.trace.x)
        and np.array_equal(one.trace.y, other.trace.y)
        and all(
            mine.activation == yours.activation
            and all(
                np.array_equal(getattr(mine, name), getattr(yours, name)) for name in ("W", "b", "W_after", "b_after")
            )
            for mine, yours in zip(one.layers, other.layers, strict=True)
        )
    )


def check_numbers_in_pieces(
    update: TracedUpdate, numbers: OwnNumbers, tolerance: float | None = None
) -> Iterator[NumbersChecked | None]:
    """Compare numbers with an update, and search for the cause between other work.

    Parameters
    ----------
    update : TracedUpdate
    numbers : OwnNumbers
        Arrays of other shapes are left out.
    tolerance : float, optional
        The largest difference that does not count, relative to the largest number of an array.

    Yields
    ------
    NumbersChecked or None
        None after each piece of the search. Where a number is wrong, one result before the search and one after it.
    """
    yield from _Check(update, numbers, tolerance).pieces()


class _Check:
    def __init__(self, update: TracedUpdate, numbers: OwnNumbers, tolerance: float | None) -> None:
        self._update, self._numbers = update, numbers
        fitting = numbers.fitting(update)
        self._whole = {key: array for key, array in fitting.items() if not np.isnan(array).any()}
        self._single = {key for key, array in self._whole.items() if are_single(array)}
        self._tolerance = tolerance
        parts = {key: array for key, array in fitting.items() if key not in self._whole}
        self._wrong = {key: wrong_cells(update, key, array, tolerance) for key, array in parts.items()}
        self._right = {key: right_numbers(update, key) for key in parts}

    def pieces(self) -> Iterator[NumbersChecked | None]:
        if not self._whole:
            yield self._without_search()
            return
        reports: list[Report] = []
        for report in diagnose_in_pieces(self._readings(self._whole), self._tolerance):
            if report is None or reports:
                yield None
            elif not report.ok:
                yield self._with_report(report, is_searching=True)
            reports += [report] if report else []
        report, so_far = reports[-1], None
        if report.wrong and not report.explanations:
            so_far = yield from self._explained_so_far(report.wrong.key)
        yield self._with_report(report, so_far)

    def _explained_so_far(self, last: Key) -> Generator[None, None, Report | None]:
        """Search for what explains the numbers up to the first wrong array, if nothing explains them all."""
        order = keys_in_order(len(self._update.layers))
        until = {key: array for key, array in self._whole.items() if order.index(key) <= order.index(last)}
        found = None
        if len(until) < len(self._whole):
            for report in diagnose_in_pieces(self._readings(until), self._tolerance):
                found = report or found
                yield None
        return found if found and found.explanations else None

    def _readings(self, arrays: Mapping[Key, Array]) -> list[Reading]:
        """Return the numbers as they are, and with dW as the transpose of W where it can be."""
        update, layers = self._update, self._update.layers
        arrays = {key: self._as_engine(key, array) for key, array in arrays.items()}
        raw = RawUpdate(
            update.trace.x,
            update.trace.y,
            [layer.W for layer in layers],
            [layer.b for layer in layers],
            arrays,
            update.learning_rate,
            self._trains_biases,
            layers[0].leak,
        )
        can_turn = [key for key in arrays if key[0] == "dW" and arrays[key].shape[0] == arrays[key].shape[1] > 1]
        names = [layer.activation for layer in layers]
        layouts = _LAYOUTS if can_turn and len(can_turn) == sum(key[0] == "dW" for key in arrays) else _LAYOUTS[:1]
        return [Reading([raw.read(layout, names, update.loss_name)], layout) for layout in layouts]

    def _as_engine(self, key: Key, array: Array) -> Raw:
        """Return an array with the type and axes that the diagnosis expects: one of a bias, none of the loss."""
        raw = array.astype(np.float32) if key in self._single else array
        return raw if key[0] in (*PER_SAMPLE, *MATRICES) else raw[0] if key[0] != "loss" else raw[0, 0]

    # Results

    def _without_search(self) -> NumbersChecked:
        first = self._first(None)
        if first:
            sentence = self._of_incomplete(first)
        elif self._wrong:
            count = sum(int((~np.isnan(self._numbers.arrays[key])).sum()) for key in self._wrong)
            sentence = _("Right so far: {count:,} of the numbers of {name_of}.").format(
                count=count, name_of=", ".join(map(name_of, self._wrong))
            )
        elif not self._update.rule.is_plain and any(key[0].endswith("_after") for key in self._numbers.arrays):
            sentence = _("New weights and biases are compared for plain SGD only, without penalties or clipping.")
        else:
            sentence = _("None of the numbers has the shape of an array of this network.")
        return NumbersChecked(self._update, self._numbers, self._wrong, self._right, first, sentence)

    def _with_report(
        self, report: Report, so_far: Report | None = None, *, is_searching: bool = False
    ) -> NumbersChecked:
        wrong, right = dict(self._wrong), dict(self._right)
        for key in self._whole:
            wrong[key], right[key] = self._marks(report, key)
        found = report.first and ((report.first[0], report.first[1]), _cell(report.first[2]))
        if found:
            wrong[found[0]] = wrong[found[0]].copy()
            wrong[found[0]][found[1]] = True
        first = self._first(found)
        is_incomplete = first is not None and first != found
        explained = so_far or report
        return NumbersChecked(
            self._update,
            self._numbers,
            wrong,
            right,
            first,
            self._of_incomplete(first) if is_incomplete and first else self._sentence(report, so_far, is_searching),
            (*explained.conventions, *self._notes(first)),
            () if is_incomplete else explained.causes,
            tuple(report.invisible) if report.ok and not is_incomplete else (),
            is_searching and not is_incomplete,
        )

    def _notes(self, first: tuple[Key, Cell] | None) -> Iterator[str]:
        if self._single and self._tolerance is None:
            yield _(_SINGLE_NOTE)
        if first and first[0][0] == "b_after" and not self._trains_biases:
            yield _("In this experiment biases are not trained: “b after” is b.")

    @property
    def _trains_biases(self) -> bool:
        return any(not np.array_equal(layer.b, layer.b_after) for layer in self._update.layers)

    def _sentence(self, report: Report, so_far: Report | None, is_searching: bool) -> str:
        if so_far and so_far.wrong:
            last = name_of(so_far.wrong.key)
            return _("{sentence} Some of the numbers after {last} are wrong in another way, too.").format(
                sentence=so_far.sentence, last=last
            )
        if not is_searching:
            return report.sentence
        assert report.wrong is not None
        at = _(" at {index}").format(index=report.wrong.index) if report.wrong.index else ""
        return _("The first wrong number is {name_of}{at}. The cause is being searched for…").format(
            name_of=name_of(report.wrong.key), at=at
        )

    def _of_incomplete(self, first: tuple[Key, Cell]) -> str:
        key, cell = first
        theirs, ours = float(self._numbers.arrays[key][cell]), float(self._right[key][cell])
        place = place_of(key, self._update, *cell)
        return _(
            "The first wrong number is {name}{place}: it is {theirs:.6g} and should be {ours:.6g}. "
            "Give all numbers of {name} to have the cause named."
        ).format(name=name_of(key), place=f", {place}" if place else "", theirs=theirs, ours=ours)

    def _first(self, found: tuple[Key, Cell] | None) -> tuple[Key, Cell] | None:
        """Return the first wrong number of all: of the arrays that are whole, or of one that is given in part."""
        for key in keys_in_order(len(self._update.layers)):
            if found and found[0] == key:
                return found
            if key in self._wrong and self._wrong[key].any():
                row, column = map(int, np.argwhere(self._wrong[key])[0])
                return key, (row, column)
        return None

    def _marks(self, report: Report, key: Key) -> tuple[Mask, Array]:
        """Return which cells of an array are wrong, and the right ones, both as the array was pasted."""
        mask, ours = marks(report, 0, key)
        given = report.comparison.updates[0].numbers[key]
        shape = self._whole[key].shape
        turn = given.is_transposed
        return (mask.T if turn else mask).reshape(shape), (ours.T if turn else ours).reshape(shape)


def _cell(index: tuple[int, ...]) -> Cell:
    """Return row and column of a place in an array of the diagnosis."""
    return (index[0], index[1]) if len(index) == 2 else (0, index[0] if index else 0)
