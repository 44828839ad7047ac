"""Formatting of numbers and sums, so that a reader can check them with a pocket calculator.

The text is rich text with the tags `sub` and `sup`. All terms of a sum are rounded to the decimal place that the result
needs, so that the rounded terms add up to the rounded result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.language import _

DIGITS = 9
#: Digits of a sum with many terms, which few readers check to the last digit.
FEW_DIGITS = 6
MOST_TERMS = 6
LARGEST = 4
_MAX_DIGITS = 16
_FEWEST_DIGITS = 3
_MINUS = "−"
#: Exponent used for 0, below that of any float64.
_NO_EXPONENT = -330

Write = Callable[[float], str]


def write(value: float, digits: int = DIGITS) -> str:
    """Return a number with at most `digits` significant digits, without trailing zeros."""
    if not math.isfinite(value):
        return _("not a number") if math.isnan(value) else ("∞" if value > 0 else _MINUS + "∞")
    if value == 0:
        return "0"  # also for -0.0
    mantissa, __, power = f"{value:.{digits - 1}e}".partition("e")
    exponent = int(power)
    if -5 <= exponent < DIGITS:
        text = _stripped(f"{value:.{max(digits - 1 - exponent, 0)}f}")
    else:
        text = f"{_stripped(mantissa)}·10<sup>{exponent}</sup>"
    return text.replace("-", _MINUS)


def write_to(place: int) -> Write:
    """Return a function that formats to a decimal place, e.g. -3 for thousandths; small numbers get more digits."""
    return lambda value: write(value, _digits_to(place, value))


def place_of(result: float, terms: Iterable[float], digits: int = DIGITS) -> int:
    """Return the decimal place to which to format the terms of a sum, so that its result has `digits` digits.

    Terms that nearly cancel get more digits, but not more than a float64 has.
    """
    largest = max(map(_exponent, terms))
    return max(_exponent(result) - digits + 1, largest - _MAX_DIGITS + 2)


def difference(one: float, other: float, digits: int = DIGITS) -> str:
    """Return a difference as text, with enough digits for its result to have `digits` significant ones."""
    written = write_to(place_of(one - other, (one, other), digits))
    return f"{written(one)} − {bracketed(written(other))}"


def product(*factors: float, digits: int = DIGITS) -> str:
    """Return a product as text."""
    return " × ".join(bracketed(write(factor, digits)) for factor in factors)


def bracketed(number: str) -> str:
    """Return a number in brackets if it is negative or has a power of ten, for use within a term."""
    return f"({number})" if number.startswith(_MINUS) or "·" in number else number


@dataclass(frozen=True)
class Sum:
    """A sum to be written out term by term.

    If there are more than `MOST_TERMS` terms, the `LARGEST` largest are written out, and the others as one number.

    Attributes
    ----------
    name : str
        The name of the result.
    values : ndarray of shape (n_terms,)
    written : callable
        ``written(index, digits)`` -> the calculation of a term, as text.
    result : float
        The value of the sum.
    extra : float, optional
        One more term, always written out: a bias.
    over : int
        The divisor of the sum.
    source : callable
        ``source(index)`` -> the number of the neuron, input or sample that a term comes from.
    sources : str
        A phrase for the terms' sources, with {numbers} for their numbers.
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
        """Return the lines of the sum: terms as calculations, terms as values, the result, and the sources of terms."""
        shown, rest = self._split()
        terms = [*self.values[shown].tolist(), *([] if self.extra is None else [self.extra])]
        digits = DIGITS if len(terms) <= _FEWEST_DIGITS else FEW_DIGITS
        place = place_of(self.result * self.over, terms or [0.0], digits)
        to_place = write_to(place)
        longest = max((_digits_to(place, term) for term in terms), default=digits)
        # Factors get one digit more than the terms: a product of rounded factors is less accurate than they are.
        longest = max(longest, min(longest + 1, DIGITS))
        first = [self.written(int(index), longest) for index in shown] + list(map(to_place, terms[len(shown) :]))
        second = list(map(to_place, terms))
        if len(rest):
            others = _("{count} smaller terms").format(count=len(rest))
            first.append(others)
            total = to_place(float(self.values[rest].sum()))
            second.append(_("{total} ({smaller_terms})").format(total=total, smaller_terms=others))
        result = write(self.result, digits) if self.over > 1 else to_place(self.result)
        steps = [self._whole(first), self._whole(second), result]
        return [*without_repeats(self.name, steps), *self._names(shown, rest)]

    def _split(self) -> tuple[Indices, Indices]:
        """Return the indices of the terms that are written out, and of the others."""
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
        named = _(", ").join(str(self.source(int(index))) for index in shown)
        text = _("The {count} largest of {all_terms} terms come from {sources}.")
        return [text.format(count=len(shown), all_terms=len(self.values), sources=self.sources.format(numbers=named))]


def without_repeats(name: str, steps: Sequence[str]) -> list[str]:
    """Return a line for each step of a calculation that differs from the step before."""
    new = [step for before, step in zip(("", *steps), steps, strict=False) if step != before]
    return [f"{name} = {new[0]}", *(f"= {step}" for step in new[1:])]


def _digits_to(place: int, value: float) -> int:
    return min(max(_exponent(value) - place + 1, _FEWEST_DIGITS), _MAX_DIGITS)


def _exponent(value: float) -> int:
    if value == 0:
        return _NO_EXPONENT
    return math.floor(math.log10(abs(value))) if math.isfinite(value) else 0


def _stripped(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
