"""Drawn and erased samples in `session.json`: their numbers are texts, since there may be tens of thousands."""

from __future__ import annotations

from typing import Any

from bpviz.language import _
from bpviz.session.experiment.given_parameters import from_text, to_text
from bpviz.session.experiment.json_fields import read_members
from bpviz.session.experiment.validation import Boolean, Rule, Text
from bpviz.session.training.strokes import Stroke

_MOST_CHARACTERS = 4_000_000
_STROKE: dict[str, Rule] = {
    "points": Text(_MOST_CHARACTERS),
    "is_test": Boolean(),
    "erased": Text(_MOST_CHARACTERS),
    "erased_test": Text(_MOST_CHARACTERS),
}


def stroke_values(stroke: Stroke) -> dict[str, Any]:
    """Return the JSON members of a stroke."""
    return {
        "points": to_text(tuple(number for point in stroke.points for number in point)),
        "is_test": stroke.is_test,
        "erased": to_text(stroke.erased),
        "erased_test": to_text(stroke.erased_test),
    }


def read_stroke(values: Any, n_inputs: int, what: str) -> Stroke:
    """Return the stroke of JSON members as `stroke_values` returns them.

    Raises
    ------
    ValueError
        If a member is missing or invalid. Whether the samples exist is not known here.
    """
    given = read_members(values, what, _STROKE, tuple(_STROKE))
    numbers, width = _numbers(given["points"], what), n_inputs + 1
    if len(numbers) % width:
        raise ValueError(_("{what}: each of its points must have {width} numbers").format(what=what, width=width))
    points = tuple(numbers[start : start + width] for start in range(0, len(numbers), width))
    return Stroke(points, given["is_test"], _whole(given["erased"], what), _whole(given["erased_test"], what))


def _numbers(text: str, what: str) -> tuple[float, ...]:
    try:
        return from_text(text)
    except ValueError as fault:
        raise ValueError(_("{what}: its numbers {fault}").format(what=what, fault=fault)) from fault


def _whole(text: str, what: str) -> tuple[int, ...]:
    numbers = _numbers(text, what)
    if not all(number.is_integer() for number in numbers):
        raise ValueError(_("{what}: the samples that it erases must have whole numbers").format(what=what))
    return tuple(map(int, numbers))
