"""Strokes: samples that the user draws on the surface, or erases from it, during training.

A stroke is made at a position, like every change by the user, but an epoch is trained on the same samples from its
first update to its last: a stroke within an epoch holds from the next epoch on, and one made before the first update of
an epoch holds at once. Training never is without samples: while all training samples are erased, it goes on with those
before.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices, frozen
from bpviz.core.data.split import Split, frozen_labels, one_hot
from bpviz.language import _, ngettext
from bpviz.session.training.position import Position

#: Points that can be drawn on one branch, those that are erased again included, and strokes that can be made.
MOST_DRAWN, MOST_STROKES = 20_000, 2_000
#: Inputs and targets of drawn points lie between this and its negative, in the units of the network.
MOST_COORDINATE = 1e6
_MOST_KEPT = 8


@dataclass(frozen=True)
class SampleCounts:
    """How many samples there are, and of what kind; `n_classes` is 0 for a regression."""

    n_inputs: int
    n_classes: int
    n_train: int
    n_test: int

    @staticmethod
    def of(split: Split) -> SampleCounts:
        """Return those of a split."""
        n_classes = split.n_classes if split.is_classification else 0
        return SampleCounts(split.n_inputs, n_classes, len(split.X_train), len(split.X_test))

    def after(self, stroke: Stroke) -> SampleCounts:
        """Return those after a stroke."""
        n_test = self.n_test - _count(stroke.erased_test) + (len(stroke.points) if stroke.is_test else 0)
        return dataclasses.replace(self, n_train=self.n_train + stroke.n_more, n_test=n_test)


Point = tuple[float, ...]
#: Where samples are erased: first, behind the last, first, behind the last, ..., ascending.
Ranges = tuple[int, ...]


@dataclass(frozen=True)
class Stroke:
    """Samples that are erased, and samples that are added behind the rest.

    Attributes
    ----------
    points : tuple of tuple of float
        The inputs of each added sample as the network sees them, and its class number or, for a regression, its target.
    is_test : bool
        Whether they are test samples.
    erased, erased_test : tuple of int
        The ranges of training and of test samples, numbered as before the stroke, that are erased.
    """

    points: tuple[Point, ...] = ()
    is_test: bool = False
    erased: Ranges = ()
    erased_test: Ranges = ()

    @cached_property
    def n_erased(self) -> int:
        """Number of erased training samples."""
        return _count(self.erased)

    @cached_property
    def n_more(self) -> int:
        """Number of training samples after it less the number before it."""
        return (0 if self.is_test else len(self.points)) - self.n_erased

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.points or self.erased or self.erased_test)

    def describe(self) -> str:
        """Return what it does, e.g. "12 points drawn"."""
        erased = self.n_erased + _count(self.erased_test)
        drawn = len(self.points)
        parts = [
            ngettext("{count:,} point drawn", "{count:,} points drawn", drawn).format(count=drawn) if drawn else "",
            ngettext("{count:,} point erased", "{count:,} points erased", erased).format(count=erased)
            if erased
            else "",
        ]
        return ", ".join(filter(None, parts)) or _("no points drawn")

    def problem(self, there: SampleCounts) -> str | None:
        """Return why it cannot be made where there are these samples, as a sentence without its full stop, or None."""
        if any(len(point) != there.n_inputs + 1 for point in self.points):
            return _("These points cannot be drawn: they are of another number of inputs")
        if any(not abs(number) <= MOST_COORDINATE for point in self.points for number in point):
            return _(
                "Points can be drawn between −{most_coordinate:,.0f} and {most_coordinate:,.0f} only: zoom in first"
            ).format(most_coordinate=MOST_COORDINATE)
        if there.n_classes and not all(point[-1] in range(there.n_classes) for point in self.points):
            return _("A drawn point must be of a class from 0 to {n_classes}").format(n_classes=there.n_classes - 1)
        for ranges, n_samples in ((self.erased, there.n_train), (self.erased_test, there.n_test)):
            if not _are_ranges(ranges, n_samples):
                return _("These points cannot be erased: they do not exist")
        return None


def _count(ranges: Ranges) -> int:
    return sum(ranges[1::2]) - sum(ranges[::2])


def _are_ranges(ranges: Ranges, n_samples: int) -> bool:
    is_ascending = all(here < after for here, after in pairwise(ranges))
    return len(ranges) % 2 == 0 and is_ascending and (not ranges or (ranges[0] >= 0 and ranges[-1] <= n_samples))


def ranges_of(chosen: npt.NDArray[np.bool_]) -> Ranges:
    """Return the ranges in which a mask is True."""
    edges = np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8))
    return tuple(np.flatnonzero(edges).tolist())


def split_after(split: Split, stroke: Stroke) -> Split:
    """Return the samples after a stroke that has no problem."""
    added = np.array(stroke.points).reshape(-1, split.n_inputs + 1)
    train, test = (added[:0], added) if stroke.is_test else (added, added[:0])
    arrays: dict[str, npt.NDArray[np.float64] | npt.NDArray[np.intp]] = {}
    for part, more, ranges in (("train", train, stroke.erased), ("test", test, stroke.erased_test)):
        kept = _kept(len(getattr(split, f"X_{part}")), ranges)
        labels, targets = _labels_and_targets(split, more[:, -1])
        for name, rows in (("X", more[:, :-1]), ("y", targets)):
            arrays[f"{name}_{part}"] = frozen(np.concatenate((getattr(split, f"{name}_{part}")[kept], rows)))
        before = getattr(split, f"labels_{part}")[kept]
        arrays[f"labels_{part}"] = frozen_labels(np.concatenate((before, labels)))
    changed: Split = dataclasses.replace(split, **arrays)  # type: ignore[arg-type]
    return changed


def _kept(n_samples: int, ranges: Ranges) -> Indices:
    keeps = np.ones(n_samples, dtype=np.bool_)
    for start, stop in zip(ranges[::2], ranges[1::2], strict=True):
        keeps[start:stop] = False
    return np.flatnonzero(keeps)


def _labels_and_targets(split: Split, last: Array) -> tuple[Indices, Array]:
    if split.is_classification:
        labels = last.astype(np.intp)
        return labels, one_hot(labels, split.n_classes)
    return np.zeros(len(last), dtype=np.intp), last[:, None]


def amount_problem(strokes: Sequence[Stroke]) -> str | None:
    """Return why one branch cannot have so many strokes, as a sentence without its full stop, or None."""
    if sum(len(each.points) for each in strokes) > MOST_DRAWN:
        return _(
            "At most {most_drawn:,} points can be drawn: undo some, or reset to start from those that are left"
        ).format(most_drawn=MOST_DRAWN)
    if len(strokes) > MOST_STROKES:
        return _(
            "At most {most_strokes:,} strokes can be made: undo some, or reset to start from what they have made"
        ).format(most_strokes=MOST_STROKES)
    return None


class DrawnSamples:
    """The samples of an experiment after any strokes; the latest ones are kept, since many positions share them.

    Parameters
    ----------
    first : Split
        The samples before all strokes.
    """

    def __init__(self, first: Split) -> None:
        self.first = first
        # The strokes are kept with what they make: the keys are valid only as long as the strokes exist.
        self._made: dict[tuple[int, ...], tuple[tuple[Stroke, ...], Split]] = {}

    def after(self, strokes: Sequence[Stroke]) -> Split:
        """Return the samples after some strokes."""
        if not strokes:
            return self.first
        key = tuple(map(id, strokes))
        if key not in self._made:
            self._made[key] = tuple(strokes), self._make(key, strokes)
            if len(self._made) > _MOST_KEPT:
                del self._made[next(iter(self._made))]
        return self._made[key][1]

    def _make(self, key: tuple[int, ...], strokes: Sequence[Stroke]) -> Split:
        known = next((n for n in range(len(key), 0, -1) if key[:n] in self._made), 0)
        split = self._made[key[:known]][1] if known else self.first
        for stroke in strokes[known:]:
            split = split_after(split, stroke)
        return split


def holding(strokes: Sequence[tuple[Position, Stroke]], epoch: int, n_first: int) -> tuple[int, int]:
    """Return how many of some strokes hold in an epoch, and how many training samples there are then.

    Parameters
    ----------
    strokes : sequence of (Position, Stroke)
        In the order of their positions; those made later than the epoch have no effect.
    epoch : int
    n_first : int
        Number of training samples before all strokes.
    """
    held, n_held, drawn, before = 0, n_first, n_first, 0
    made = [(at, stroke) for at, stroke in strokes if at.epoch <= epoch]
    for number, (at, stroke) in enumerate(made):
        if at.epoch > before and drawn:
            held, n_held = number, drawn
        before, drawn = at.epoch, drawn + stroke.n_more
        if at.sample == 0 and drawn:
            held, n_held = number + 1, drawn
    return (len(made), drawn) if epoch > before and drawn else (held, n_held)


def net_strokes(first: Split, last: Split, strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Return strokes, of which there are few, with the same effect as many.

    Parameters
    ----------
    first, last : Split
        The samples before and after all of them.
    strokes : sequence of Stroke
    """
    left, left_test = np.arange(len(first.X_train)), np.arange(len(first.X_test))
    for stroke in strokes:
        left = _left(left, stroke.erased, 0 if stroke.is_test else len(stroke.points))
        left_test = _left(left_test, stroke.erased_test, len(stroke.points) if stroke.is_test else 0)
    gone, gone_test = (_gone(kept, n) for kept, n in ((left, len(first.X_train)), (left_test, len(first.X_test))))
    train = _points(last, last.X_train, last.labels_train, last.y_train, left < 0)
    test = _points(last, last.X_test, last.labels_test, last.y_test, left_test < 0)
    both = Stroke(train, erased=gone, erased_test=gone_test), Stroke(test, is_test=True)
    return tuple(each for each in both if not each.is_empty)


def _left(numbers: Indices, ranges: Ranges, n_added: int) -> Indices:
    """Follow the first samples by their numbers; added ones are -1."""
    return np.concatenate((numbers[_kept(len(numbers), ranges)], np.full(n_added, -1)))


def _gone(kept: Indices, n_samples: int) -> Ranges:
    gone = np.ones(n_samples, dtype=np.bool_)
    gone[kept[kept >= 0]] = False
    return ranges_of(gone)


def _points(split: Split, X: Array, labels: Indices, y: Array, chosen: npt.NDArray[np.bool_]) -> tuple[Point, ...]:
    last = labels if split.is_classification else y[:, 0]
    return tuple(map(tuple, np.column_stack((X[chosen], last[chosen])).tolist()))


@dataclass(frozen=True)
class Sketch:
    """What the user does with one drag or click on the surface, before it is known which samples it meets.

    Attributes
    ----------
    points, is_test
        See `Stroke`.
    path : tuple of (float, float)
        Where the middle of the eraser has been: the two inputs, or the only input and the target.
    radii : (float, float)
        Of the eraser, across and up.
    erases_all : bool
        Whether all samples are erased.
    """

    points: tuple[Point, ...] = ()
    is_test: bool = False
    path: tuple[tuple[float, float], ...] = ()
    radii: tuple[float, float] = (1.0, 1.0)
    erases_all: bool = False

    def stroke_on(self, split: Split) -> Stroke:
        """Return its stroke on some samples."""
        parts = (split.X_train, split.y_train), (split.X_test, split.y_test)
        erased, erased_test = (ranges_of(self.meets(places(X, y))) for X, y in parts)
        return Stroke(self.points, self.is_test, erased, erased_test)

    def meets(self, at: Array) -> npt.NDArray[np.bool_]:
        """Return which of some places, shape (n, 2), the eraser meets."""
        met = np.full(len(at), self.erases_all)
        if not self.path or not all(math.isfinite(radius) and radius > 0 for radius in self.radii):
            return met
        path, radii = np.array(self.path), np.array(self.radii)
        # Most samples are nowhere near the path: the rest are compared with each place on it.
        near = np.flatnonzero(((at >= path.min(axis=0) - radii) & (at <= path.max(axis=0) + radii)).all(axis=1))
        for middle in path:
            met[near] |= np.square((at[near] - middle) / radii).sum(axis=1) <= 1
        return met


def places(X: Array, y: Array) -> Array:
    """Return where samples lie on the surface: their two inputs, or their only input and their first target."""
    return X if X.shape[1] > 1 else np.column_stack((X[:, 0], y[:, 0]))


def drawing_problem(split: Split) -> str:
    """Return why no points can be drawn on the surface of these samples; "" if they can."""
    if split.n_inputs > 2:
        return _("Points can be drawn for one or two inputs, and this network has {n_inputs}").format(
            n_inputs=split.n_inputs
        )
    if split.is_classification:
        return "" if split.n_inputs == 2 else _("Classes can be drawn for two inputs, and this network has one")
    return (
        ""
        if split.n_outputs == 1
        else _("Points can be drawn for one target, and this network has {n_outputs}").format(n_outputs=split.n_outputs)
    )
