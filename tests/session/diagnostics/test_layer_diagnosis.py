"""Diagnoses of layers, compared with plain numpy, and the format of numbers in sentences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpviz.core.arrays import rms
from bpviz.session.diagnostics.delta_flow import ratio
from bpviz.session.diagnostics.layer_diagnosis import diagnose_layers, diagnose_layers_in_words
from bpviz.session.diagnostics.number_words import changed, compared, factor, number, per_cent
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.traced_update import TracedUpdate
from tests.session.handmade import KINDS, NAN, ONE, faulty, made, trained


def check_against_numpy(update: TracedUpdate, row: int) -> None:
    stories = {story.layer: story for story in diagnose_layers(update, row)}
    for layer, numbers in enumerate(update.trace.layers, start=1):
        delta, story = numbers.delta[row], stories[layer]
        assert story.rms == pytest.approx(np.sqrt(np.mean(delta**2)), rel=1e-12)
        assert story.largest == np.abs(delta).max()
        if layer == len(update.layers):
            assert story.by_weights is None
            continue
        above = update.trace.layers[layer].delta[row]
        error = update.layers[layer].W @ above  # what backpropagation calls delta_next @ W_next.T
        assert story.by_weights == pytest.approx(np.sqrt(np.mean(error**2)) / np.sqrt(np.mean(above**2)), rel=1e-9)
        whole = np.sqrt(np.mean(delta**2)) / np.sqrt(np.mean(above**2))
        assert story.by_weights is not None
        assert story.by_weights * story.by_slopes == pytest.approx(whole, rel=1e-12)


@KINDS
def test_weights_and_slopes_together_are_the_whole_change(experiment: Experiment) -> None:
    update = trained(experiment)
    for row in range(len(update.samples)):
        check_against_numpy(update, row)


def chain(weight: float, bias: float, activation: str = "sigmoid") -> TracedUpdate:
    weights = [np.full((2, 2), weight)] * 5
    return made(weights, [activation] * 4 + ["none"], [0.1, 0.1], [5.0, 5.0], bias=bias)


def test_deltas_that_vanish_through_slopes_are_described_so() -> None:
    update = chain(0.5, 6.0)  # two weights of 0.5: an error is as large as the delta above
    check_against_numpy(update, 0)
    first = diagnose_layers(update, 0)[-1]
    assert first.by_weights == pytest.approx(1.0)
    assert first.by_slopes < 0.01
    assert first.sentence.endswith("times smaller, mostly by slopes; 2 of 2 saturated")
    text = diagnose_layers_in_words(update, 0)
    assert "smaller, the weights leave it as it is." in text
    assert text.endswith("Since no slope of sigmoid is above 0.25, 256 times are lost at the least.")


def test_deltas_that_vanish_through_weights_are_described_so() -> None:
    update = chain(0.005, 0.0, "none")
    check_against_numpy(update, 0)
    first = diagnose_layers(update, 0)[-1]
    assert first.by_weights == pytest.approx(0.01)
    assert first.by_slopes == 1.0
    assert first.sentence == "100 times smaller, mostly by weights"
    text = diagnose_layers_in_words(update, 0)
    assert text.endswith("the slopes on the way leave it as it is, the weights make it 1e8 times smaller.")


def test_deltas_that_explode_are_described_so() -> None:
    update = chain(5.0, 0.0, "none")
    check_against_numpy(update, 0)
    assert diagnose_layers(update, 0)[-1].sentence == "10 times larger, mostly by weights"
    text = diagnose_layers_in_words(update, 0)
    assert "is 10,000 times larger than that of layer 5" in text
    assert text.endswith("the slopes on the way leave it as it is, the weights make it 10,000 times larger.")


def test_the_part_is_named_that_pulls_the_way_it_went() -> None:
    # Weights make it 10 times larger, the slope 0.25 four times smaller: in all 2.5 times larger, by weights.
    update = made([np.zeros((1, 1)), np.array([[10.0]])], ["sigmoid", "none"], [1.0], [0.0])
    first = diagnose_layers(update, 0)[-1]
    assert first.sentence == "2.5 times larger, mostly by weights"


def test_a_layer_that_passes_deltas_on_unchanged_is_described_so() -> None:
    update = made([ONE, ONE], ["none", "none"], [1.0], [0.0])
    assert diagnose_layers(update, 0)[-1].sentence == "about as large"
    assert "is about as large as that of layer 2" in diagnose_layers_in_words(update, 0)


def test_an_output_without_activation_leaves_the_error() -> None:
    update = made([ONE], ["none"], [1.0], [0.0])
    assert diagnose_layers(update, 0)[0].sentence == "the output: as large as its error"
    assert diagnose_layers_in_words(update, 0) == "There is one layer only: its RMS delta is 1."


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (
            made([ONE, ONE, ONE], ["none", "relu", "none"], [-1.0], [1.0]),
            "They begin to be in layer 2: relu is off in every neuron.",
        ),
        (made([ONE, ONE], ["none", "none"], [1.0], [1.0]), "They begin to be in layer 2: the output is the target."),
        (
            made([np.zeros((1, 1)), np.zeros((1, 1))], ["none", "none"], [1.0], [1.0]),
            "They begin to be in layer 1: no error comes from layer 2.",
        ),
        (made([100 * ONE, ONE], ["tanh", "none"], [1.0], [5.0]), "layer 1: tanh is saturated in every neuron."),
        (
            made([np.array([[1.0, -1.0]]), np.array([[0.0], [1.0]])], ["relu", "none"], [1.0], [1.0]),
            "layer 1: where the error is not 0, the slope is.",
        ),
    ],
)
def test_deltas_that_are_all_zero_are_traced_to_the_first_such_layer(update: TracedUpdate, expected: str) -> None:
    text = diagnose_layers_in_words(update, 0)
    assert text.startswith("All deltas of layer 1 are exactly 0. ")
    assert text.endswith(expected)


def test_non_finite_deltas_are_traced_to_their_origin() -> None:
    update = made([ONE, ONE, ONE], ["none"] * 3, [1.0], [0.0])
    update = faulty(faulty(update, 2, delta=NAN), 1, error=NAN, delta=NAN)
    assert diagnose_layers_in_words(update, 0) == (
        "Deltas stop being finite numbers in layer 2, on their way from the output."
    )
    assert diagnose_layers(update, 0)[-1].sentence == "not all of its deltas are finite numbers"


# Numbers


def test_the_root_mean_square_does_not_overflow_with_the_squares() -> None:
    assert rms(np.array([3e-200, 4e-200])) == pytest.approx(math.sqrt(12.5) * 1e-200)
    assert rms(np.array([3e200, -4e200])) == pytest.approx(math.sqrt(12.5) * 1e200)
    assert rms(np.zeros(3)) == 0.0
    assert math.isnan(rms(np.array([1.0, np.nan])))
    assert rms(np.array([1.0, -np.inf])) == math.inf
    assert math.isnan(rms(np.zeros(0)))
    assert rms(np.array([3e30, 4e30], dtype=np.float32)) == pytest.approx(math.sqrt(12.5) * 1e30)


def test_a_ratio_of_zeros_is_nan_without_a_warning() -> None:
    assert math.isnan(ratio(0.0, 0.0))
    assert ratio(1.0, 0.0) == math.inf


def test_numbers_in_sentences_are_short_and_plain() -> None:
    values = (0.123456, -3.14159e-6, math.nan, -math.inf, 0.0)
    assert [number(value) for value in values] == ["0.12", "−3.1e−6", "not a number", "−∞", "0"]
    assert [factor(value) for value in (1.44, 123.4, 61_800.0, 3.2e8)] == [
        "1.4",
        "120",
        "62,000",
        "3.2e8",
    ]
    assert [factor(value) for value in (8.0, 9.99, 1 / 12, 0.0, math.nan)] == ["8.0", "10", "12", "∞", "not a number"]
    assert (compared(1.03, "it"), compared(0.1, "it")) == ("about as large as it", "10 times smaller than it")
    assert (changed(0.5), changed(3.0), changed(0.0)) == ("2.0 times smaller", "3.0 times larger", "∞ times smaller")
    assert (per_cent(0.616), per_cent(0.01), per_cent(0.00437)) == ("62 %", "1 %", "0.4 %")
