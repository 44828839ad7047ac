"""Targets of steps, compared with single steps from boundary to boundary."""

import random
from itertools import pairwise

import numpy as np
import pytest

from bpviz.core.arrays import Indices
from bpviz.session.time_travel.step_targets import StepTargets
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import LEVELS

N_LAYERS, N_OPERATIONS, EPOCHS = 3, 25, 6
#: After how many operations of an update with three layers a step of a level ends.
ENDS = {
    "operation": list(range(1, 26)),
    "layer": [2, 4, 6, 7, 10, 13, 16, 18, 20, 22, 23, 24, 25],
    "phase": [6, 7, 16, 22, 25],
    "sample": [25],
}


def starts(epoch: int) -> Indices:
    """Epochs differ: batches of 1, of 5 with a smaller last one, and another size from the middle on."""
    return [np.arange(7), np.arange(0, 23, 5), np.array([0, 4, 8, 9, 10])][epoch % 3]


def boundaries(level: str) -> list[Position]:
    """Return every place at which a step of a level may end, in the order of time."""
    if level == "epoch":
        return [Position(epoch) for epoch in range(EPOCHS)]
    inside = [0, *ENDS[level][:-1]]
    return [
        Position(epoch, int(start), index) for epoch in range(EPOCHS) for start in starts(epoch) for index in inside
    ]


def walk(position: Position, level: str, count: int) -> Position | None:
    """Return the position after `count` single steps; None beyond the epochs of the test."""
    places = boundaries(level)
    for _ in range(abs(count)):
        ahead = [place for place in places if place > position]
        behind = [place for place in places if place < position]
        if count > 0 and not ahead:
            return None
        position = ahead[0] if count > 0 else behind[-1] if behind else Position()
    return position


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_many_steps_at_once_end_where_single_steps_end(level: str) -> None:
    step_targets, draw, checked = StepTargets(N_LAYERS, starts), random.Random(8), 0
    everywhere = boundaries("operation")
    for _ in range(300):
        position, count = draw.choice(everywhere), draw.choice([*range(-40, 0), *range(1, 41)])
        expected = walk(position, level, count)
        if expected is not None:
            assert step_targets.shift(position, level, count) == expected, (position, count)
            checked += 1
    assert checked > 100


@pytest.mark.parametrize("level", LEVELS)
def test_a_step_back_from_a_boundary_undoes_the_step_forward(level: str) -> None:
    step_targets = StepTargets(N_LAYERS, starts)
    for before, after in pairwise(boundaries(level)):
        assert step_targets.shift(before, level, 1) == after
        assert step_targets.shift(after, level, -1) == before


def test_ten_thousand_operations_are_counted_over_epochs() -> None:
    step_targets = StepTargets(N_LAYERS, lambda epoch: np.arange(28))
    there = step_targets.shift(Position(3, 5, 11), "operation", 10_000)
    assert there == Position(3 + (5 + 400) // 28, (5 + 400) % 28, 11)
    assert step_targets.shift(there, "operation", -10_000) == Position(3, 5, 11)


def test_a_level_that_is_unknown_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="no level is called 'week'; choose one of operation, layer"):
        StepTargets(N_LAYERS, starts).shift(Position(), "week", 1)
