import json
from typing import Any

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.watches import MOST_WATCHES, Watch, from_values, to_values

WATCHES = (Watch(Metric("W", 2, neuron=7, source=3)), Watch(Metric("loss"), 12), Watch(Metric("delta", 1, "rms")))


def test_a_watch_reads_as_people_write_it() -> None:
    assert [watch.describe() for watch in WATCHES] == ["W[2][3, 7]", "loss of sample 12", "RMS delta of layer 1"]


def test_watches_come_back_from_json_as_they_were() -> None:
    assert from_values(json.loads(json.dumps(to_values(WATCHES)))) == WATCHES


def test_a_sample_may_be_left_out() -> None:
    assert from_values([{"subject": {"quantity": "loss"}}]) == (Watch(Metric("loss")),)


def test_a_neuron_or_sample_that_does_not_exist_is_refused() -> None:
    assert WATCHES[1].problem((2, 3, 2), 13) is None
    assert WATCHES[1].problem((2, 3, 2), 12) == "there is no training sample 12: choose one from 0 to 11"
    assert WATCHES[0].problem((2, 3, 2), 12) == "there is no neuron 7 in layer 2: choose one from 0 to 1"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("loss", "watches must be a list"),
        (to_values(WATCHES[:1]) * (MOST_WATCHES + 1), "there are 101 watches; at most 100 are allowed"),
        ([None], "watch 1: it must be a JSON object"),
        ([{"sample": 1}], "watch 1: its member subject is missing"),
        ([{"subject": {"quantity": "loss"}, "sample": 1.5}], "watch 1: sample must be a whole number"),
        ([{"subject": {"quantity": "loss"}, "sample": True}], "watch 1: sample must be a whole number"),
        ([{"subject": {"quantity": "luck"}}], "watch 1: quantity must be one of"),
        ([{"subject": {"quantity": "loss"}, "name": ""}], "watch 1: it has no member called name"),
    ],
)
def test_invalid_json_values_are_refused_with_a_message(values: Any, sentence: str) -> None:
    with pytest.raises(ValueError) as fault:  # noqa: PT011  # the sentence is compared below
        from_values(values)
    assert str(fault.value).startswith(sentence)
