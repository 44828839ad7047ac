"""Causes and diagnoses of deltas, for networks with known numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bpviz.core.activations import ACTIVATIONS
from bpviz.session.diagnostics.causes import explain
from bpviz.session.diagnostics.delta_diagnosis import diagnose_delta
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.traced_update import TracedUpdate
from tests.session.handmade import DEEP, INFINITE, KINDS, MANY, NAN, ONE, faulty, made, trained

# Causes


@KINDS
def test_the_terms_of_every_neuron_add_up_to_its_error(experiment: Experiment) -> None:
    update = trained(experiment)
    for row in range(len(update.samples)):
        for layer, numbers in enumerate(update.trace.layers[:-1], start=1):
            for neuron, error in enumerate(numbers.error[row]):
                cause = explain(update, row, layer, neuron)
                assert math.fsum(term.product for term in cause.terms) == pytest.approx(error, rel=1e-9, abs=1e-15)
                assert cause.error == error
                assert cause.delta == pytest.approx(cause.error * cause.slope, rel=1e-12)
                assert sum(term.share for term in cause.terms) == pytest.approx(1.0)


def test_terms_come_with_their_weight_and_delta_the_largest_first() -> None:
    update = trained(DEEP)
    cause = explain(update, 2, 1, 3)
    assert sorted(term.neuron for term in cause.terms) == list(range(4))
    for term in cause.terms:
        assert term.weight == update.layers[1].W[3, term.neuron]
        assert term.delta == update.trace.layers[1].delta[2, term.neuron]
        assert term.product == term.weight * term.delta
    sizes = [abs(term.product) for term in cause.terms]
    assert sizes == sorted(sizes, reverse=True)


def test_shares_are_of_sizes_so_that_opposite_terms_do_not_hide_each_other() -> None:
    update = made([np.eye(1), np.array([[3.0, -1.0]])], ["none", "none"], [1.0], [2.0, -2.0])  # deltas 1 and 1
    assert [(term.neuron, term.product, term.share) for term in explain(update, 0, 1, 0).terms] == [
        (0, 3.0, 0.75),
        (1, -1.0, 0.25),
    ]


def test_at_the_output_the_loss_gives_the_error() -> None:
    cause = explain(trained(DEEP), 1, 4, 0)
    assert cause.y is not None
    assert cause.terms == ()
    assert cause.error == pytest.approx(cause.a - cause.y)
    assert not cause.is_difference


def test_the_cause_says_that_error_and_slope_cancel() -> None:
    update = made([np.eye(2)], ["softmax"], [0.3, 0.1], [0.0, 1.0], loss="cross_entropy")
    cause = explain(update, 0, 1, 1)
    assert cause.is_difference
    assert cause.delta == cause.a - 1.0


def test_a_nan_term_comes_first() -> None:
    update = made([np.eye(1), np.ones((1, 3))], ["none", "none"], [1.0], [0.0, 0.0, 0.0])
    update = faulty(update, 2, delta=np.array([[5.0, np.nan, np.inf]]))
    assert explain(update, 0, 1, 0).terms[0].neuron == 1


def test_terms_that_are_all_0_have_no_share() -> None:
    update = made([np.eye(1), np.zeros((1, 2))], ["none", "none"], [1.0], [1.0, 1.0])
    assert all(math.isnan(term.share) for term in explain(update, 0, 1, 0).terms)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_no_slope_is_steeper_than_the_steepest(activation: str) -> None:
    outputs = made([np.eye(2)], [activation], [0.0, 0.0], [0.0, 0.0], bias=0.0).trace.layers[0]
    slopes = [*outputs.slope[0]]
    for z in (*np.linspace(-3, 3, 41), np.sqrt(2.0), 30.0):
        slopes += [*made([np.eye(2)], [activation], [z, 0.0], [0.0, 0.0]).trace.layers[0].slope[0]]
    assert max(slopes) == pytest.approx(ACTIVATIONS[activation].max_slope, rel=1e-5)


# Verdicts


def test_for_a_saturated_neuron_the_factor_of_its_slope_is_named() -> None:
    # a = sigmoid(6) = 0.9975274, slope 0.0024665: 0.25 / 0.0024665 = 101.4
    W = np.array([[6.0, 0.0]])
    update = made([W, np.array([[1.0], [1.0]])], ["sigmoid", "none"], [1.0], [0.0])
    text = diagnose_delta(update, 0, 1, 0)
    assert "72 times smaller than its layer's RMS" in text
    assert "mostly because of its slope" in text
    assert (
        "Its slope 0.0025 (a = 0.998, saturated) takes it down 100 times more than the steepest slope, 0.25, would"
        in text
    )
    assert "the error 1.5 comes from the one neuron of layer 2" in text


def test_an_output_next_to_1_is_not_rounded_to_1() -> None:
    update = made([np.array([[16.0]])], ["sigmoid"], [1.0], [0.0])
    assert "(a = 1 − 1.1e−7, saturated)" in diagnose_delta(update, 0, 1, 0)


def test_an_error_that_one_neuron_gives_names_it_with_its_share() -> None:
    update = made([np.eye(1), np.array([[3.0, -1.0]])], ["none", "none"], [1.0], [2.0, -2.0])
    text = diagnose_delta(update, 0, 1, 0)
    assert text == (
        "delta is 2. With no activation its slope is 1 and delta is the error itself; "
        "the error 2 comes mostly (75 %) from neuron 0 of layer 2."
    )


def test_an_error_of_many_neurons_says_of_how_many() -> None:
    update = made([np.eye(1), np.ones((1, 4))], ["none", "none"], [1.0], [0.0] * 4)
    assert "the error 4 comes from 4 neurons of layer 2, most (25 %) from neuron 0" in diagnose_delta(update, 0, 1, 0)


def test_terms_that_cancel_are_named_as_the_reason() -> None:
    update = made([np.eye(1), np.array([[1.0, -1.0]])], ["none", "none"], [1.0], [0.0, -1.98])
    assert "its terms nearly cancel, all but 1 % of their sizes" in diagnose_delta(update, 0, 1, 0)


def test_small_deltas_in_the_next_layer_are_named_as_the_reason() -> None:
    update = made([np.eye(1), np.eye(1), np.array([[0.001]])], ["none"] * 3, [1.0], [1.0])
    assert "the deltas of layer 2 are small already (RMS 0.001, 1,000 times smaller than" in diagnose_delta(
        update, 0, 1, 0
    )


def test_small_weights_are_named_as_the_reason() -> None:
    W = np.array([[0.01, 0.01], [1.0, 1.0]])
    update = made([np.array([[1.0, 1.0]]), W], ["none", "none"], [1.0], [0.0, 0.0])
    text = diagnose_delta(update, 0, 1, 0)
    assert "71 times smaller than its layer's RMS" in text
    assert "mostly because of its error" in text
    assert "through weights 71 times smaller than the layer's RMS, 0.71" in text


def test_the_output_tells_its_error_as_a_difference() -> None:
    update = made([np.array([[1.0]])], ["none"], [0.75], [1.0])
    assert "the error −0.25 is a − y = 0.75 − 1" in diagnose_delta(update, 0, 1, 0)


def test_the_diagnosis_says_that_error_and_slope_cancel() -> None:
    update = made([np.eye(2)], ["softmax"], [0.0, 0.0], [0.0, 1.0], loss="cross_entropy")
    assert diagnose_delta(update, 0, 1, 0) == (
        "delta is 0.5, about as large as its layer's RMS, 0.5. It is a − y = 0.5 − 0: error and slope cancel here."
    )


@pytest.mark.parametrize(
    ("activation", "x", "expected"),
    [
        ("relu", 2.0, "With relu on (z = 2) its slope is 1 and delta is the error itself"),
        ("leaky_relu", -2.0, "With leaky_relu off (z = −2) its slope 0.01 takes it down 100 times"),
        ("sigmoid", 0.0, "Its slope 0.25 (a = 0.5) is nearly the steepest, 0.25"),
        ("tanh", 1.0, "Its slope 0.42 (a = 0.762) is 2.4 times below the steepest, 1"),
        ("softmax", 1.0, "For softmax it is a × (error − the sum of error × a)"),
    ],
)
def test_each_activation_tells_its_slope(activation: str, x: float, expected: str) -> None:
    assert expected in diagnose_delta(made([np.array([[1.0, 0.5]])], [activation], [x], [5.0, 3.0]), 0, 1, 0)


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (made([ONE, ONE], ["relu", "none"], [-0.5], [1.0]), "relu is off (z = −0.5), its slope is 0"),
        (made([ONE, ONE], ["tanh", "none"], [50.0], [0.0]), "tanh is saturated (a = 1) so far that its slope is 0"),
        (made([ONE], ["none"], [1.0], [1.0]), "its error is 0, since the output 1 is its target"),
        (made([ONE, MANY], ["none"] * 2, [1.0], [1.0, 1.0]), "since all deltas of layer 2 are 0"),
        (made([ONE, 0 * MANY], ["none"] * 2, [1.0], [1.0, 1.0]), "since all its weights into layer 2 are 0"),
        (
            made([ONE, np.array([[1.0, 0.0]])], ["none"] * 2, [1.0], [1.0, 1.0]),
            "each of its terms has a weight or a delta of layer 2 that is 0",
        ),
        (
            made([ONE, np.array([[1.0, -1.0]])], ["none"] * 2, [1.0], [0.0, -2.0]),
            "its terms from layer 2 cancel exactly",
        ),
        (
            made([np.eye(2)], ["softmax"], [900.0, 0.0], [1.0, 0.0], loss="cross_entropy"),
            "the output 1 is its target, and delta is a − y",
        ),
        (made([np.eye(2)], ["softmax"], [900.0, 0.0], [0.0, 0.0]), "a × (error − the sum of error × a) is"),
        (
            faulty(made([ONE], ["sigmoid"], [1.0], [0.0]), 1, delta=np.zeros((1, 1)), error=np.full((1, 1), 1e-323)),
            "error 9.9e−324 × slope 0.2 is smaller than any number the computer holds",
        ),
    ],
)
def test_an_exact_zero_is_explained(update: TracedUpdate, expected: str) -> None:
    text = diagnose_delta(update, 0, 1, 0)
    assert text.startswith("delta is exactly 0: ")
    assert expected in text


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (
            faulty(made([ONE], ["none"], [1.0], [0.0]), 1, z=INFINITE, a=INFINITE, delta=INFINITE),
            "delta is ∞, because its output a is ∞ (z = ∞).",
        ),
        (faulty(made([ONE], ["none"], [1.0], [0.0]), 1, slope=NAN, delta=NAN), "because its slope is not a number."),
        (
            faulty(made([ONE], ["none"], [1.0], [0.0]), 1, delta=-INFINITE),
            "delta is −∞, because error 1 × slope 1 is too large for the computer.",
        ),
        (
            faulty(faulty(made([ONE, ONE], ["none"] * 2, [1.0], [0.0]), 2, delta=NAN), 1, error=NAN, delta=NAN),
            "its error is not a number: the delta of neuron 0 of layer 2 is not a number.",
        ),
        (
            faulty(made([ONE, ONE], ["none"] * 2, [1.0], [0.0]), 1, error=INFINITE, delta=INFINITE),
            "its error is ∞: its terms from layer 2 are too large for the computer.",
        ),
        (
            faulty(made([ONE, np.full((1, 1), np.inf)], ["none"] * 2, [1.0], [0.0]), 1, error=NAN, delta=NAN),
            "the delta of neuron 0 of layer 2 is ∞.",
        ),
        (
            faulty(
                faulty(made([ONE, np.full((1, 1), np.inf)], ["none"] * 2, [1.0], [0.0]), 2, delta=np.ones((1, 1))),
                1,
                error=INFINITE,
                delta=INFINITE,
            ),
            "the weight to neuron 0 of layer 2 is ∞.",
        ),
        (faulty(made([ONE], ["none"], [1.0], [0.0]), 1, error=NAN, delta=NAN), "because its error is not a number."),
    ],
)
def test_a_non_finite_delta_is_traced_to_its_origin(update: TracedUpdate, expected: str) -> None:
    assert expected in diagnose_delta(update, 0, 1, 0)


@KINDS
def test_every_delta_has_a_verdict_of_at_most_two_sentences(experiment: Experiment) -> None:
    update = trained(experiment)
    for layer, numbers in enumerate(update.trace.layers, start=1):
        for neuron in range(numbers.delta.shape[1]):
            text = diagnose_delta(update, 0, layer, neuron)
            assert text.startswith("delta is ")
            assert text.count(". ") <= 1
            assert text.endswith(".")
