"""Own numbers, compared by a session at work."""

from __future__ import annotations

import numpy as np

from bpviz.session.engine.commands import CheckNumbers, InspectSample, Run, Step
from bpviz.session.engine.events import EpochsDone, Failed
from bpviz.session.own_numbers.number_check import NumbersChecked
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.walkthrough.traced_update import TracedUpdate
from tests.session.helpers import SMALL, Driver


def test_they_are_compared_with_the_update_on_screen() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(InspectSample(3))
        update = driver.expect(TracedUpdate)
        delta = update.trace.layers[1].delta
        right = OwnNumbers().with_block(("delta", 2), (1, 3), (0, 0), delta)
        driver.runner.post(CheckNumbers(right))
        found = driver.expect(NumbersChecked)
        assert found.numbers is right
        assert found.first is None
        driver.runner.post(CheckNumbers(right.with_block(("delta", 2), (1, 3), (0, 1), 2 * delta[:, 1:2])))
        assert driver.expect(NumbersChecked).first == (("delta", 2), (0, 1))


def test_the_session_answers_while_it_searches_for_a_cause() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Step("sample", 1))
        driver.expect(TracedUpdate)
        numbers = OwnNumbers().with_block(("dW", 2), (4, 3), (0, 0), np.arange(12.0).reshape(4, 3))
        driver.runner.post(CheckNumbers(numbers))
        assert driver.expect(NumbersChecked).is_searching
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(CheckNumbers(OwnNumbers()))  # ends the search
        driver.runner.post(Step("epoch", -1))
        driver.expect(TracedUpdate)
        assert [each for each in driver.events if isinstance(each, NumbersChecked) and not each.is_searching] == []


def test_without_an_update_nothing_is_said() -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(CheckNumbers(OwnNumbers().with_block(("z", 1), (1, 4), (0, 0), np.ones((1, 4)))))
        driver.runner.post(Step("sample", 1))
        driver.expect(TracedUpdate)
        assert not any(isinstance(each, NumbersChecked | Failed) for each in driver.events)
