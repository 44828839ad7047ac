import dataclasses
import json
import math
from typing import Any

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.core.metrics.scan import COMPARISONS
from bpviz.session.debugging.breakpoints import (
    MOST_BREAKPOINTS,
    MOST_CONDITIONS,
    READY_MADE,
    Breakpoint,
    Condition,
    Hit,
    armed,
    from_values,
    to_values,
)
from bpviz.session.training.position import Position

VANISHING = Condition(Metric("abs_delta", 1), "<", 1e-5)
LATE = Condition(Metric("epoch"), "≥", 10)
MISTAKE = Condition(Metric("misclassified"), ">", 0)
ROSE = Condition(Metric("loss_rise"), ">", 0)
GOOD = to_values((Breakpoint((VANISHING,)),))[0]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (VANISHING, "largest |delta| of layer 1 < 1e-05"),
        (LATE, "epoch ≥ 10"),
        (Condition(Metric("loss"), ">", 0.123456789), "loss > 0.123456789"),
        (MISTAKE, "the sample is misclassified"),
        (Condition(Metric("misclassified"), "=", 0), "misclassified = 0"),
        (ROSE, "the loss rose after the update"),
        (Condition(Metric("loss_rise"), ">", 0.5), "rise of the loss > 0.5"),
    ],
)
def test_a_condition_is_described_by_its_parts(condition: Condition, words: str) -> None:
    assert condition.describe() == words


def test_conditions_are_joined_by_and() -> None:
    assert Breakpoint((VANISHING, LATE)).describe() == "largest |delta| of layer 1 < 1e-05 and epoch ≥ 10"


@pytest.mark.parametrize(
    ("conditions", "values", "found"),
    [
        ((VANISHING,), (9.87e-6,), "largest |delta| of layer 1 < 1e-05: 9.87e-06"),
        ((VANISHING, LATE), (0.0, 12.0), "largest |delta| of layer 1 < 1e-05: 0 and epoch ≥ 10: 12"),
        ((MISTAKE,), (1.0,), "the sample is misclassified"),
        ((ROSE,), (0.25,), "the loss rose after the update: 0.25"),
        ((Condition(Metric("z", 1), "≠", 0),), (math.nan,), "largest z of layer 1 ≠ 0: nan"),
    ],
)
def test_a_hit_says_which_condition_held_with_which_value_and_where(
    conditions: tuple[Condition, ...], values: tuple[float, ...], found: str
) -> None:
    hit = Hit(Position(7, 411, 9), 1412, Breakpoint(conditions), values)
    assert hit.describe() == f"{found}, at sample 1,412 of epoch 7"


@pytest.mark.parametrize("name", READY_MADE)
def test_ready_made_breakpoints_fit_the_smallest_network(name: str) -> None:
    assert READY_MADE[name].problem((2, 2)) is None


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_every_comparison_can_be_used(comparison: str) -> None:
    assert dataclasses.replace(VANISHING, comparison=comparison).problem((2, 2)) is None


@pytest.mark.parametrize("value", [math.nan, math.inf, "", "ten", None, True, 10**400])
def test_a_value_that_is_no_finite_number_is_refused(value: Any) -> None:
    problem = dataclasses.replace(VANISHING, value=value).problem()
    assert problem is not None
    assert problem.startswith("the value of a condition must be a finite number, not ")
    assert len(problem) < 100


def test_a_breakpoint_has_one_condition_at_least_and_not_too_many() -> None:
    assert Breakpoint(()).problem() == "a breakpoint needs at least one condition"
    assert Breakpoint((LATE,) * MOST_CONDITIONS).problem() is None
    assert "at most" in str(Breakpoint((LATE,) * (MOST_CONDITIONS + 1)).problem())


def test_only_enabled_breakpoints_that_fit_the_network_are_armed() -> None:
    deep = Breakpoint((Condition(Metric("delta", 3), "<", 0.1),))
    off = Breakpoint((LATE,), enabled=False)
    given = (deep, Breakpoint((VANISHING,)), off)
    assert armed(given, (2, 4, 2)) == (given[1],)
    assert armed(given, (2, 4, 4, 2)) == given[:2]


def test_breakpoints_come_back_from_json_as_they_were() -> None:
    given = (*READY_MADE.values(), Breakpoint((VANISHING, LATE), enabled=False, log_only=True))
    assert from_values(json.loads(json.dumps(to_values(given)))) == given


def test_members_that_have_a_default_may_be_left_out() -> None:
    short = {"conditions": [{"subject": {"quantity": "loss"}, "comparison": ">", "value": 1}]}
    assert from_values([short]) == (Breakpoint((Condition(Metric("loss"), ">", 1.0),)),)


def spoiled(*path: Any, value: Any) -> Any:
    """Return a good breakpoint with another value at a place."""
    made = json.loads(json.dumps(GOOD))
    inside = made
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    return [made]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (None, "breakpoints must be a list"),
        ({}, "breakpoints must be a list"),
        ([GOOD] * (MOST_BREAKPOINTS + 1), "there are 101 breakpoints; at most 100 are allowed"),
        ([7], "breakpoint 1: it must be a JSON object"),
        ([GOOD, {}], "breakpoint 2: its member conditions is missing"),
        (spoiled("colour", value=1), "breakpoint 1: it has no member called colour"),
        (spoiled("enabled", value="no"), "breakpoint 1: enabled must be true or false, not no"),
        (spoiled("log_only", value=1), "breakpoint 1: log_only must be true or false, not 1"),
        (spoiled("conditions", value=7), "conditions of breakpoint 1 must be a list"),
        (spoiled("conditions", value=[]), "breakpoint 1: a breakpoint needs at least one condition"),
        (spoiled("conditions", value=[7] * 5), "there are 5 conditions of breakpoint 1; at most 4 are allowed"),
        (spoiled("conditions", 0, "comparison", value="=="), "breakpoint 1, condition 1: comparison must be one of"),
        (spoiled("conditions", 0, "comparison", value=["<"]), "breakpoint 1, condition 1: comparison must be one of"),
        (spoiled("conditions", 0, "value", value="1"), "breakpoint 1, condition 1: the value of a condition must be"),
        (spoiled("conditions", 0, "value", value=10**400), "breakpoint 1, condition 1: the value of a condition"),
        (spoiled("conditions", 0, "subject", value="loss"), "breakpoint 1, condition 1: it must be a JSON object"),
        (spoiled("conditions", 0, "subject", "quantity", value=["a"]), "breakpoint 1, condition 1: quantity must be"),
        (spoiled("conditions", 0, "subject", "layer", value=1.5), "breakpoint 1, condition 1: layer must be a whole"),
        (
            spoiled("conditions", 0, "subject", "layer", value=0),
            "breakpoint 1, condition 1: |delta| needs the",
        ),
        (spoiled("conditions", 0, "subject", "neuron", value=-1), "breakpoint 1, condition 1: neuron must be a whole"),
        (
            spoiled("conditions", 0, "subject", "source", value=1),
            "breakpoint 1, condition 1: a source is for",
        ),
    ],
)
def test_invalid_json_values_are_refused_with_a_message(values: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as fault:  # noqa: PT011  # the sentence is compared below
        from_values(values)
    assert str(fault.value).startswith(sentence)


@pytest.mark.parametrize(
    ("metric", "comparison", "value", "limit"),
    [
        (Metric("abs_delta", 1), "<", -1, "largest |delta| of layer 1 is never below 0"),
        (Metric("abs_delta", 1), "<", 0, "largest |delta| of layer 1 is never below 0"),
        (Metric("loss"), "≤", -0.5, "loss is never below 0"),
        (Metric("epoch"), "=", -3, "epoch is never below 0"),
        (Metric("delta", 1, "rms"), "<", -1, "RMS delta of layer 1 is never below 0"),
        (Metric("saturated", 1), ">", 1, "saturated share of layer 1 is never above 1"),
        (Metric("saturated", 1), "≥", 1.5, "saturated share of layer 1 is never above 1"),
    ],
)
def test_a_condition_that_can_never_hold_says_so(metric: Metric, comparison: str, value: float, limit: str) -> None:
    assert Condition(metric, comparison, value).never_holds() == f"this can never hold: {limit}"
    assert Condition(metric, comparison, value).problem() is None  # files that have it still open


@pytest.mark.parametrize(
    "condition",
    [
        Condition(Metric("abs_delta", 1), "<", 1e-5),
        Condition(Metric("abs_delta", 1), "≤", 0),
        Condition(Metric("abs_delta", 1), ">", -1),
        Condition(Metric("delta", 1), "<", -1),
        Condition(Metric("delta", 1, "rms", 2), "<", -1),
        Condition(Metric("saturated", 1), "≥", 1),
        Condition(Metric("loss"), "≠", -1),
    ],
)
def test_other_conditions_may_hold(condition: Condition) -> None:
    assert condition.never_holds() is None
