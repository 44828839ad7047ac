"""Numbers and sums written out, so that a pocket calculator can follow them.

Text is plain but for the tags `sub` and `sup`, which any rich text shows. All numbers of one sum are written to the
decimal place that its result needs, so that what is written adds up to what is said to come out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, Indices

DIGITS = 9
#: A long sum is read, not calculated again to the last digit.
FEW_DIGITS = 6
MOST_TERMS = 6
LARGEST = 4
_MOST_DIGITS = 16
_FEWEST_DIGITS = 3
_MINUS = "−"
#: Of 0, below that of any float64.
_NO_EXPONENT = -330

Write = Callable[[float], str]


def write(value: float, digits: int = DIGITS) -> str:
    """Write a number with at most so many significant digits, without zeros that say nothing."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else _MINUS + "∞")
    if value == 0:
        return "0"  # whatever its sign
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    exponent = int(power)
    if -5 <= exponent < DIGITS:
        text = _stripped(f"{value:.{max(digits - 1 - exponent, 0)}f}")
    else:
        text = f"{_stripped(mantissa)}·10<sup>{exponent}</sup>"
    return text.replace("-", _MINUS)


def write_to(place: int) -> Write:
    """Return how numbers are written to a decimal place: -3 is thousandths. Small ones keep some digits beyond it."""
    return lambda value: write(value, _digits_to(place, value))


def place_of(result: float, terms: Iterable[float], digits: int = DIGITS) -> int:
    """Return the decimal place to which a sum is written: where its result has so many significant digits.

    Where terms nearly cancel they are written longer, but never beyond what a float64 holds.
    """
    largest = max(map(_exponent, terms))
    return max(_exponent(result) - digits + 1, largest - _MOST_DIGITS + 2)


def difference(one: float, other: float, digits: int = DIGITS) -> str:
    """Write a difference so that what comes out has so many significant digits."""
    written = write_to(place_of(one - other, (one, other), digits))
    return f"{written(one)} − {bracketed(written(other))}"


def product(*factors: float, digits: int = DIGITS) -> str:
    """Write a product."""
    return " × ".join(bracketed(write(factor, digits)) for factor in factors)


def bracketed(number: str) -> str:
    """Put a negative number or a power of ten in brackets, where something stands before or after it."""
    return f"({number})" if number.startswith(_MINUS) or "·" in number else number


@dataclass(frozen=True)
class Sum:
    """A sum that can be followed.

    Of more than `MOST_TERMS` terms the `LARGEST` in size are written, and the others as one number.

    Attributes
    ----------
    name : str
        What is computed.
    values : ndarray of shape (n_terms,)
    written : callable
        ``written(index, digits)`` -> how a term comes about.
    result : float
        What comes out.
    extra : float, optional
        One more term, written in any case: a bias.
    over : int
        What the sum is divided by.
    source : callable
        ``source(index)`` -> the number of what a term comes from.
    sources : str
        What the terms come from, with {} for the numbers.
    """

    name: str
    values: Array
    written: Callable[[int, int], str]
    result: float
    extra: float | None = None
    over: int = 1
    source: Callable[[int], object] = int
    sources: str = ""

    def lines(self) -> list[str]:
        """Write the terms with their numbers, the terms by their values, the result, and which terms those were."""
        shown, rest = self._split()
        terms = [*self.values[shown].tolist(), *([] if self.extra is None else [self.extra])]
        digits = DIGITS if len(terms) <= _FEWEST_DIGITS else FEW_DIGITS
        place = place_of(self.result * self.over, terms or [0.0], digits)
        to_place = write_to(place)
        longest = max((_digits_to(place, term) for term in terms), default=digits)
        # One digit more than the terms have: a product is a little less sure than its factors.
        longest = max(longest, min(longest + 1, DIGITS))
        first = [self.written(int(index), longest) for index in shown] + list(map(to_place, terms[len(shown) :]))
        second = list(map(to_place, terms))
        if len(rest):
            first.append(f"{len(rest)} smaller terms")
            second.append(f"{to_place(float(self.values[rest].sum()))} ({len(rest)} smaller terms)")
        result = write(self.result, digits) if self.over > 1 else to_place(self.result)
        steps = [self._whole(first), self._whole(second), result]
        return [*without_repeats(self.name, steps), *self._names(shown, rest)]

    def _split(self) -> tuple[Indices, Indices]:
        """Return the terms that are written, in their order or the largest first, and the others."""
        count = len(self.values)
        if count <= MOST_TERMS:
            return np.arange(count), np.arange(0)
        order = np.argsort(-np.nan_to_num(np.abs(self.values), nan=np.inf), kind="stable")
        return order[:LARGEST], order[LARGEST:]

    def _whole(self, terms: Sequence[str]) -> str:
        text = " + ".join(terms).replace(f"+ {_MINUS}", f"{_MINUS} ")
        return text if self.over == 1 else f"({text}) / {self.over}"

    def _names(self, shown: Indices, rest: Indices) -> list[str]:
        if not len(rest):
            return []
        named = ", ".join(str(self.source(int(index))) for index in shown)
        return [f"The {len(shown)} largest of {len(self.values)} terms come from {self.sources.format(named)}."]


def without_repeats(name: str, steps: Sequence[str]) -> list[str]:
    """Return a line for each step of a calculation that says something new."""
    new = [step for before, step in zip(("", *steps), steps, strict=False) if step != before]
    return [f"{name} = {new[0]}", *(f"= {step}" for step in new[1:])]


def _digits_to(place: int, value: float) -> int:
    return min(max(_exponent(value) - place + 1, _FEWEST_DIGITS), _MOST_DIGITS)


def _exponent(value: float) -> int:
    if value == 0:
        return _NO_EXPONENT
    return math.floor(math.log10(abs(value))) if math.isfinite(value) else 0


def _stripped(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
