"""Strokes in a session file: written and read bit for bit, and refused where they cannot have been made."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bpviz.session.experiment.given_parameters import to_text
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_validation import check
from bpviz.session.files.snapshot import snapshot
from bpviz.session.files.stroke_json import read_stroke, stroke_values
from bpviz.session.time_travel.branches import Branches
from bpviz.session.training.interventions import Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import Sketch, Stroke
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

STROKE = Stroke(((0.1 + 0.2, -1e-300, 1.0), (1 / 3, 5e5, 0.0)), True, (0, 2, 5, 28), (3, 4))


@pytest.mark.parametrize("stroke", [STROKE, Stroke(), Stroke(((1.0, 2.0, 0.0),))])
def test_a_stroke_is_read_as_it_was_written(stroke: Stroke) -> None:
    assert read_stroke(stroke_values(stroke), 2, "it") == stroke


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"points": to_text((1.0, 2.0))}, "each of its points must have 3 numbers"),
        ({"points": "no base64"}, "base64"),
        ({"points": [1.0, 2.0, 3.0]}, "points must be a text"),
        ({"erased": to_text((0.5, 1.0))}, "whole numbers"),
        ({"erased": to_text((float("inf"), 1.0))}, "whole numbers"),
        ({"is_test": 1}, "is_test must be true or false"),
        ({"class": 1}, "no member called class"),
    ],
)
def test_damaged_members_are_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_stroke(stroke_values(STROKE) | change, 2, "it")


def saved_with(*strokes: Stroke, at: Position | None = None) -> SavedSession:
    """Return a session whose file says that these strokes were made after 3 samples of epoch 1."""
    branches = Branches.begin(Training(SMALL))
    branches.active.stepper.go_to(Position(2))
    session = snapshot(branches, branches.active.stepper)
    made = tuple(Intervention(at or Position(1, 3), stroke=stroke) for stroke in strokes)
    first = session.branches[0].checkpoints[:1]
    branch = dataclasses.replace(session.branches[0], interventions=made, checkpoints=first)
    return dataclasses.replace(session, branches=(branch,))


def test_strokes_that_can_have_been_made_are_accepted() -> None:
    check(saved_with(STROKE, Stroke(erased=(0, 1), erased_test=(0, 13))))


@pytest.mark.parametrize(
    ("stroke", "says"),
    [
        (Stroke(((0.0, float("nan"), 1.0),)), "intervention 1 is no stroke"),
        (Stroke(((0.0, 0.0, 7.0),)), "a class from 0 to 1"),
        (Stroke(erased=(0, 29)), "they do not exist"),
        (Stroke(((0.0, 0.0, 1.0),) * 20_001), "20,000 points"),
    ],
)
def test_strokes_that_cannot_have_been_made_are_refused(stroke: Stroke, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check(saved_with(stroke))


def test_positions_are_checked_against_the_samples_of_their_epoch() -> None:
    few = Sketch(path=((0.0, 0.0),), erases_all=True).stroke_on(Training(SMALL).split)
    few = dataclasses.replace(few, points=((0.0, 0.0, 1.0),))
    session = saved_with(few, at=Position(1))
    place = Position(1, 1)
    branch = dataclasses.replace(session.branches[0], place=place)
    with pytest.raises(ValueError, match="place is at a sample or an operation that does not exist"):
        check(dataclasses.replace(session, branches=(branch,)))
