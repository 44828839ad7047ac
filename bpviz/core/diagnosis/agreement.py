"""Comparing somebody's numbers with those of a program, quantity by quantity in the order of computing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.factors import UPDATE, allowed, group_of
from bpviz.core.diagnosis.numbers import CheckedUpdate, Given
from bpviz.core.diagnosis.tolerance import Rounding, bounds, rounding_of
from bpviz.core.mistakes.program import UPDATED, Key, Program, keys_in_order

Mask: TypeAlias = npt.NDArray[np.bool_]
#: The factors that each group of quantities may have, after what was compared so far.
Factors: TypeAlias = Mapping[str, tuple[float, ...]]
#: Makes the program of an update, given its number and the program of the update before it.
Programs: TypeAlias = Callable[[int, Program | None], Program]
# A mistake's numbers may be larger than the right ones, and round more; but not by more than a twentieth.
_SLACK, _UNITS, _MOST = 4.0, 32.0, 0.05
_TINY = 1e-200
_NEAR, _NEAR_ROUNDED = 0.02, 0.1
_FLOAT64 = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Agreement:
    """How far somebody's numbers agree with a program's.

    Attributes
    ----------
    matched : int
        The number of arrays that agree before the first that does not.
    update, key : int, (str, int)
        The update, the quantity and the layer of that first; key is None if all agree.
    factors : mapping
        The factor of each group that was compared.
    """

    matched: int
    update: int
    key: Key | None
    factors: Factors

    @property
    def is_whole(self) -> bool:
        """Whether all agree."""
        return self.key is None


class Comparison:
    """Somebody's numbers of some updates, ready to be compared with those of programs.

    Parameters
    ----------
    updates : sequence of CheckedUpdate
    tolerance : float, optional
        The largest difference, relative to the largest number of an array. By default it follows from the arithmetic.
    rounded : bool
        Whether to take numbers of few digits for rounded ones.
    """

    def __init__(
        self, updates: Sequence[CheckedUpdate], tolerance: float | None = None, *, rounded: bool = False
    ) -> None:
        self.updates, self.tolerance = tuple(updates), tolerance
        self.resolution = max(given.resolution for update in updates for given in update.numbers.values())
        is_single = self.resolution > _FLOAT64
        self._smallest = float(np.finfo(np.float32 if is_single else np.float64).tiny) * _UNITS  # below, numbers vanish
        self._sizes: dict[tuple[int, Key], float] = {}
        self._kept: dict[tuple[int, Key, tuple[float, ...]], tuple[float, ...]] = {}
        self.truths: list[Program] = []
        for update in self.updates:
            self.truths.append(update.truth(self.truths[-1] if self.truths else None))
        with np.errstate(all="ignore"):
            self._bounds = [bounds(truth, self.resolution) for truth in self.truths]
            self.roundings = self._roundings() if rounded else {}
        n_layers = self.updates[0].setup.n_layers
        self._keys = [[key for key in keys_in_order(n_layers) if key in update.numbers] for update in self.updates]
        with np.errstate(all="ignore"):
            self._states = self._states_of_truth()

    def _roundings(self) -> dict[tuple[int, Key], Rounding]:
        """Return how each array is rounded; one of too few numbers to tell is rounded like all of its quantity."""
        found = {}
        for quantity in {key[0] for update in self.updates for key in update.numbers}:
            arrays = [
                given.values for update in self.updates for key, given in update.numbers.items() if key[0] == quantity
            ]
            of_all = rounding_of(arrays, self.resolution)
            for number, update in enumerate(self.updates):
                for key in (key for key in update.numbers if key[0] == quantity):
                    if rounding := rounding_of([update.numbers[key].values], self.resolution) or of_all:
                        found[number, key] = rounding
        return found

    def given(self) -> Iterable[tuple[int, Key]]:
        """Yield the number of the update, quantity and layer of every array given, in the order of comparing."""
        return ((number, key) for number, keys in enumerate(self._keys) for key in keys)

    def true_program(self, number: int, before: Program | None) -> Program:
        """Return the right program of an update."""
        return self.truths[number]

    def compare(self, programs: Programs, fixed: Factors | None = None) -> Agreement:
        """Compare with a program until the first array that differs."""
        factors: dict[str, tuple[float, ...]] = {}
        matched, program = 0, None
        with np.errstate(all="ignore"):
            for number, keys in enumerate(self._keys):
                program = programs(number, program)
                if number == 0 and not fixed:
                    matched = self._same_as_truth(program)
                    factors |= self._states[matched]
                for key in keys if number else keys[matched:]:
                    left = self._left(number, key, program, self.candidates(number, key, factors, fixed))
                    if not left:
                        return Agreement(matched, number, key, factors)
                    if group := group_of(key, program.setup.n_layers):
                        factors[group] = left
                    matched += 1
        return Agreement(matched, len(self.updates), None, factors)

    def _states_of_truth(self) -> list[Factors]:
        """Return the factors after each array of the first update that agrees with the truth."""
        states: list[Factors] = [{}]
        for key in self._keys[0]:
            left = self._left(0, key, self.truths[0], self.candidates(0, key, states[-1]))
            if not left:
                break
            group = group_of(key, self.truths[0].setup.n_layers)
            states.append({**states[-1], group: left} if group else states[-1])
        return states

    def _same_as_truth(self, program: Program) -> int:
        """Return how many arrays of a program are the truth's own, which need no comparing again."""
        keys = self._keys[0][: len(self._states) - 1]
        own = (number for number, key in enumerate(keys) if program.value(*key) is not self.truths[0].value(*key))
        return next(own, len(keys))

    def candidates(self, number: int, key: Key, factors: Factors, fixed: Factors | None = None) -> tuple[float, ...]:
        """Return the factors that an array may have, after those found so far."""
        setup = self.updates[number].setup
        group = group_of(key, setup.n_layers)
        if group is not None:
            if fixed and group in fixed:
                return fixed[group][:1]
            if group in factors:
                return factors[group]
        return allowed(group, setup, factors)

    def agrees(self, number: int, key: Key, program: Program) -> bool:
        """Return whether one array agrees, with any factor that may be a convention."""
        return bool(self._left(number, key, program, self.candidates(number, key, {})))

    def _left(self, number: int, key: Key, program: Program, factors: tuple[float, ...]) -> tuple[float, ...]:
        """Return those of the factors with which an array agrees.

        Most arrays of a program with a mistake are those of the truth itself: what was found for these is kept.
        """
        if program.value(*key) is not self.truths[number].value(*key):
            return self._agreeing(number, key, program, factors)
        if (number, key, factors) not in self._kept:
            self._kept[number, key, factors] = self._agreeing(number, key, program, factors)
        return self._kept[number, key, factors]

    def _agreeing(self, number: int, key: Key, program: Program, factors: tuple[float, ...]) -> tuple[float, ...]:
        given = self.updates[number].numbers[key]
        for ours in _forms(program, key):
            theirs, ours = _compared(program, key, given, ours)
            left = tuple(
                factor
                for factor in self._near(number, key, theirs, ours, factors)
                if not self.differs(number, key, theirs, ours, factor, given.values).any()
            )
            if left:
                return left
        return ()

    def _near(self, number: int, key: Key, theirs: Array, ours: Array, factors: tuple[float, ...]) -> tuple[float, ...]:
        """Return the factors that are near the one that fits best, to spare comparing with all of them."""
        square = float(np.vdot(ours, ours))
        if len(factors) == 1 or not square > 0.0 or not np.isfinite(square):
            return factors
        best = float(np.vdot(theirs, ours)) / square
        slack = _NEAR_ROUNDED if self.roundings else _NEAR
        near = tuple(factor for factor in factors if abs(factor - best) <= slack * abs(factor))
        # Numbers as small as the tolerance agree with any factor.
        is_noise = not near and float(np.max(self.allowance(number, key, ours, 1.0, theirs))) > _NEAR * np.sqrt(square)
        return factors if is_noise else near

    def differs(self, number: int, key: Key, theirs: Array, ours: Array, factor: float, printed: Array) -> Mask:
        """Return which cells differ by more than the tolerance."""
        return np.asarray(
            ~(np.abs(theirs - factor * ours) <= self.allowance(number, key, ours, factor, printed)), dtype=np.bool_
        )

    def allowance(self, number: int, key: Key, ours: Array, factor: float, printed: Array) -> Array:
        """Return the largest difference of each cell that is no mistake."""
        rounding = self.roundings.get((number, key))
        printed_error = rounding.of(printed) if rounding else np.zeros(printed.shape)
        largest = float(np.max(np.abs(ours), initial=0.0))
        if self.tolerance is not None:
            return np.asarray(np.maximum(self.tolerance * abs(factor) * largest, printed_error))
        bound, growth = self._bounds[number][key], min(largest / self._true_size(number, key), 1.0 / _TINY)
        if growth > 1.0 + _NEAR:
            grown = np.minimum(_SLACK * growth * bound, _MOST * largest)
            bound = np.maximum(bound, grown) + _UNITS * self.resolution * largest
        return np.asarray(abs(factor) * bound + printed_error + self._smallest)

    def allowed(self, number: int, key: Key, factor: float = 1.0) -> Array:
        """Return how far each of somebody's right numbers may be from ours, times a factor."""
        given = self.updates[number].numbers[key]
        _, ours = _compared(self.truths[number], key, given, self.truths[number].value(*key))
        return self.allowance(number, key, ours, factor, given.values)

    def _true_size(self, number: int, key: Key) -> float:
        """Return the largest number of an array of the truth; of new parameters, the largest step."""
        if (number, key) not in self._sizes:
            truth = self.truths[number]
            value = truth.value(*key)
            if key[0] in UPDATED:
                value = value - (truth.W(key[1]) if key[0] == "W_after" else truth.b(key[1]))
            self._sizes[number, key] = max(float(np.max(np.abs(value), initial=0.0)), _TINY)
        return self._sizes[number, key]

    def cells(self, number: int, key: Key, program: Program, factors: tuple[float, ...]) -> tuple[Mask, float]:
        """Return which cells of an array differ, and the factor with which the fewest do."""
        given = self.updates[number].numbers[key]
        found: list[tuple[int, int, Mask, float]] = []
        with np.errstate(all="ignore"):
            for ours in _forms(program, key):
                theirs, ours = _compared(program, key, given, ours)
                for factor in factors:
                    mask = self.differs(number, key, theirs, ours, factor, given.values)
                    found.append((int(mask.sum()), len(found), mask, factor))
        _, _, mask, factor = min(found, key=lambda one: one[:2])
        return mask, factor

    def relative_difference(self, number: int, key: Key, factors: tuple[float, ...]) -> float:
        """Return the largest difference of an array from ours over our largest number, with the best of some factors.

        Of new parameters it is the difference of the steps; infinity if a number is not finite.
        """
        given, truth, found = self.updates[number].numbers[key], self.truths[number], list[float]()
        with np.errstate(all="ignore"):
            for ours in _forms(truth, key):
                theirs, ours = _compared(truth, key, given, ours)
                largest = float(np.max(np.abs(ours), initial=0.0))
                for factor in factors:
                    difference = float(np.max(np.abs(theirs - factor * ours), initial=0.0))
                    share = difference / (abs(factor) * largest) if largest > 0.0 else difference and np.inf
                    found.append(share if np.isfinite(share) else np.inf)
        return min(found)


def _forms(program: Program, key: Key) -> list[Array]:
    """Return the array of a program, and those that programs store in its place.

    Where loss and activation of the output are one formula, programs store a - y as the error, and 1 as the slope.
    """
    quantity, layer = key
    ours = program.value(quantity, layer)
    if layer == program.setup.n_layers and program.setup.network.loss.cancels_slope:
        if quantity == "error":
            return [ours, program.delta(layer)]
        if quantity == "slope":
            return [ours, np.ones_like(ours)]
    return [ours]


def _compared(program: Program, key: Key, given: Given, ours: Array) -> tuple[Array, Array]:
    """Return both arrays; of new parameters the steps, since a factor belongs to these."""
    quantity, layer = key
    if group_of(key, program.setup.n_layers) != UPDATE:
        return given.values, ours
    before = program.W(layer) if quantity == "W_after" else program.b(layer)
    return before - given.values, before - ours
