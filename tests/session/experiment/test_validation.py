import math

import pytest

from bpviz.session.experiment.validation import Boolean, Integer, ListOf, OneOf, Real, Rule, shown

WHOLE, REAL, ABOVE = Integer(1, 1000), Real(0.0, 1.0), Real(0.0, 1.0, above=True)
NOT_NUMBERS: list[object] = ["text", "", "5", None, True, [1], {}, math.nan, math.inf, -math.inf, 10**400]


@pytest.mark.parametrize("value", [1, 5, 1000])
def test_a_whole_number_in_range_keeps_the_rule(value: int) -> None:
    assert WHOLE.problem(value) is None


@pytest.mark.parametrize("value", [0, -1, 1001, 1.0, *NOT_NUMBERS])
def test_anything_else_is_no_whole_number_in_range(value: object) -> None:
    assert str(WHOLE.problem(value)).startswith("must be a whole number from 1 to 1,000, not ")


@pytest.mark.parametrize("value", [0, 0.0, 0.5, 1, 1.0])
def test_a_number_in_range_keeps_the_rule(value: float) -> None:
    assert REAL.problem(value) is None


@pytest.mark.parametrize("value", [-0.1, 1.1, -1, 2, *NOT_NUMBERS])
def test_other_values_are_not_numbers_in_range(value: object) -> None:
    assert str(REAL.problem(value)).startswith("must be a number from 0 to 1, not ")


def test_a_number_above_a_bound_excludes_the_bound() -> None:
    assert ABOVE.problem(1e-300) is None
    assert ABOVE.problem(0.0) == "must be a number greater than 0 up to 1, not 0.0"


@pytest.mark.parametrize("value", ["three", "", "ONE", 1, None, True, ["one"], math.nan])
def test_only_the_words_themselves_are_one_of_them(value: object) -> None:
    rule = OneOf(("one", "two"))
    assert rule.problem("two") is None
    assert str(rule.problem(value)).startswith("must be one of one, two, not ")


@pytest.mark.parametrize("value", [0, 1, "true", "", None, [True]])
def test_only_true_and_false_are_switches(value: object) -> None:
    assert Boolean().problem(True) is None
    assert Boolean().problem(False) is None
    assert str(Boolean().problem(value)).startswith("must be true or false, not ")


@pytest.mark.parametrize("value", ["1,2", 5, None, {"1": 2}])
def test_only_lists_are_several(value: object) -> None:
    assert str(ListOf(WHOLE, 2).problem(value)).startswith("must be a list, not ")


def test_of_several_the_first_wrong_entry_is_named() -> None:
    rule = ListOf(WHOLE, 3)
    assert rule.problem(()) is None
    assert rule.problem([1, 2, 3]) is None
    assert rule.problem((1, 0, -1)) == "entry 2: must be a whole number from 1 to 1,000, not 0"
    assert rule.problem((1, 2, 3, 4)) == "may have at most 3 entries, not 4"


@pytest.mark.parametrize(("value", "text"), [("", "nothing"), ("abc", "abc"), (None, "None"), (1.5, "1.5")])
def test_a_rejected_value_is_shown_as_it_was_given(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize("rule", [WHOLE, REAL, OneOf(("one",)), Boolean(), ListOf(WHOLE, 2)])
def test_a_rejected_value_cannot_flood_the_sentence(rule: Rule) -> None:
    problem = rule.problem("x" * 100_000)
    assert problem is not None
    assert problem.endswith("xxx...")
    assert len(problem) < 120
