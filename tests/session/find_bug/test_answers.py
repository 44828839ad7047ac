import dataclasses

import numpy as np
import pytest

from bpviz.session.find_bug.answers import Verdict, judge, solution
from bpviz.session.find_bug.levels import EXPERIMENT, LEVELS, plantable_texts
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update

TEXTS = [text for name in LEVELS[5].candidates for text in plantable_texts(EXPERIMENT, name)]


def update_with(*mistakes: str) -> TracedUpdate:
    training = Training(dataclasses.replace(EXPERIMENT, mistakes=mistakes))
    training.trainer.advance(5)
    return trace_update(training, np.array([3]), UpdateKind.IN_TURN)


def verdicts(update: TracedUpdate, *mistakes: str) -> dict[str, Verdict]:
    return {
        f"{operation.quantity} {operation.layer}": judge(update, mistakes, operation).verdict
        for operation in update.operations
    }


@pytest.mark.parametrize("text", TEXTS)
def test_a_mistake_is_at_one_place_and_all_before_it_is_right(text: str) -> None:
    found = list(verdicts(update_with(text), text).values())
    first = found.index(Verdict.WRONG)
    assert set(found[:first]) == {Verdict.RIGHT}
    assert Verdict.WRONG not in found[first + 3 :]


def test_what_follows_from_a_mistake_is_told_from_the_mistake() -> None:
    update = update_with("slope_left_out@2")
    found = verdicts(update, "slope_left_out@2")
    assert found["delta 2"] is Verdict.WRONG
    for name in ("dW 2", "db 2", "error 1", "delta 1", "dW 1", "update 1", "update 2"):
        assert found[name] is Verdict.WRONG_BEFORE
    for name in ("z 1", "a 3", "loss 3", "delta 3", "dW 3", "slope 1", "slope 2", "update 3"):
        assert found[name] is Verdict.RIGHT


def test_the_answer_says_what_is_wrong_and_what_would_be_right() -> None:
    update = update_with("slope_left_out@2")
    answer = judge(update, ("slope_left_out@2",), Operation("delta", 2))
    assert answer.text == "slope_left_out@2"
    assert (
        answer.sentence == "In layer 2 the slope f'(z) is left out: delta is the error. Compute delta = error * slope."
    )


def test_of_two_mistakes_each_is_found_at_its_own_place() -> None:
    both = "slope_left_out@2", "sign_flipped@1"
    update = update_with(*both)
    assert judge(update, both, Operation("delta", 2)).text == both[0]
    assert judge(update, both, Operation("update", 1)).text == both[1]
    told = solution(dataclasses.replace(EXPERIMENT, mistakes=both))
    assert "slope" in told
    assert "sign" in told
