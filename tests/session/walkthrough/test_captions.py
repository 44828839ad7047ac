"""The sentence of each operation."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import UpdateKind
from tests.combinations import combinations
from tests.session.walkthrough.updates import ALL, HIDDEN, OUTPUTS, SMALL, at, traced_update


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize(("hidden", "output", "loss"), combinations(HIDDEN, OUTPUTS, every=3))
def test_every_operation_has_one_plain_sentence(hidden: str, output: str, loss: str, samples: int) -> None:
    update = traced_update(dataclasses.replace(SMALL, activations=(hidden, output), loss=loss), samples)
    sentences = [caption(at(update, operation), 0) for operation in ALL]
    for sentence in sentences:
        assert re.fullmatch(r"[A-Z][^.=∂Σ@_{}]*\.", sentence), sentence
        assert len(sentence) < 125, sentence


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Operation("z", 1), "adds up the inputs"),
        (Operation("z", 2), "Layer 2 adds up what layer 1 sends, each through its weight, plus its bias."),
        (Operation("a", 2), "these are the network's answers"),
        (Operation("error", 1), "collects the deltas of layer 2"),
    ],
)
def test_the_sentence_names_the_layers(operation: Operation, words: str) -> None:
    assert words in caption(at(traced_update(SMALL), operation), 0)


def test_before_the_first_operation_the_sample_stands_at_the_input() -> None:
    update = traced_update(SMALL)
    label = int(np.argmax(update.trace.y[0]))
    assert caption(update, 0) == f"Sample 7 (class {label}) is at the input."
    assert "sample 9 (class" in caption(traced_update(SMALL, 4), 2)


def test_the_caption_of_an_inspected_sample_says_that_nothing_is_trained() -> None:
    update = traced_update(SMALL, kind=UpdateKind.INSPECTED)
    assert "trains nothing" in caption(at(update, Operation("update", 1)), 0)


def test_a_batch_is_said_to_be_averaged() -> None:
    for operation, words in ((Operation("dW", 1), "averaged over the batch"), (Operation("loss", 2), "the mean over")):
        assert words in caption(at(traced_update(SMALL, 2), operation), 0)
        assert words not in caption(at(traced_update(SMALL), operation), 0)


@pytest.mark.parametrize(
    ("operation", "loss"), [(Operation("error", 2), "cross_entropy"), (Operation("delta", 2), "mse")]
)
def test_error_and_delta_are_of_the_loss_of_a_sample(operation: Operation, loss: str) -> None:
    experiment = dataclasses.replace(SMALL, loss=loss)
    assert "how fast the loss would change" in caption(at(traced_update(experiment), operation), 0)
    assert "how fast the sample's loss would change" in caption(at(traced_update(experiment, 2), operation), 0)


def test_a_huge_error_is_said_to_be_cancelled_by_the_slope() -> None:
    update = traced_update(dataclasses.replace(SMALL, loss="cross_entropy"))
    assert "a tiny slope cancels a huge one" in caption(at(update, Operation("error", 2)), 0)
    update = traced_update(dataclasses.replace(SMALL, activations=("tanh", "softmax"), loss="mse"))
    assert "its whole Jacobian, not times a slope" in caption(at(update, Operation("delta", 2)), 0)
