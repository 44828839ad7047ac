"""Causes, verdicts and the story of the layers, against numbers made by hand and plain numpy."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.backprop import trace
from bpviz.core.network import Layer, NeuralNetwork
from bpviz.session.explain import STEEPEST, explain, rms
from bpviz.session.looking import look
from bpviz.session.moment import LayerChange, Moment, Role
from bpviz.session.plain import changed, number, per_cent, times
from bpviz.session.position import Position
from bpviz.session.story import layer_story, ratio, story_verdict
from bpviz.session.training import Training
from bpviz.session.verdict import verdict
from tests.session.helpers import SMALL

DEEP = dataclasses.replace(SMALL, hidden=(5, 4, 6), activations=("sigmoid", "relu", "tanh", "sigmoid"), batch_size=3)
KINDS = pytest.mark.parametrize(
    "experiment",
    [DEEP, dataclasses.replace(SMALL, activations=("leaky_relu", "none", "softmax"), loss="cross_entropy")],
    ids=["squared error", "cross-entropy"],
)


def made(
    weights: list[Array],
    activations: list[str],
    x: list[float],
    y: list[float],
    *,
    bias: float = 0.0,
    loss: str = "mse",
) -> Moment:
    """Put a hand-made network's update on the table; what it would change is of no interest here."""
    network = NeuralNetwork(loss=loss)
    for W, activation in zip(weights, activations, strict=True):
        network.add_layer(Layer(len(W), W.shape[1], activation, W, np.full(W.shape[1], bias)))
    with np.errstate(all="ignore"):
        done = trace(network, [x], [y])
    nothing = np.zeros(1)
    changes = tuple(LayerChange(each.activation, *2 * (each.weights, each.bias)) for each in network.layers)
    start = Position(0, 0, 0)
    return Moment(start, 0, Role.IN_TURN, np.array([0]), done, changes, 0.1, loss, nothing, nothing, None, None)


def faulty(moment: Moment, layer: int, **values: Array) -> Moment:
    """Put other values into one layer of a trace."""
    layers = list(moment.trace.layers)
    layers[layer - 1] = dataclasses.replace(layers[layer - 1], **values)
    return dataclasses.replace(moment, trace=dataclasses.replace(moment.trace, layers=tuple(layers)))


def trained(experiment: object) -> Moment:
    training = Training(experiment)  # type: ignore[arg-type]
    training.run_epoch()
    return look(training, training.trainer.next_batch(), Role.IN_TURN)


# Causes


@KINDS
def test_the_terms_of_every_neuron_add_up_to_its_error(experiment: object) -> None:
    moment = trained(experiment)
    for row in range(len(moment.samples)):
        for layer, numbers in enumerate(moment.trace.layers[:-1], start=1):
            for neuron, error in enumerate(numbers.error[row]):
                cause = explain(moment, row, layer, neuron)
                assert math.fsum(term.product for term in cause.terms) == pytest.approx(error, rel=1e-9, abs=1e-15)
                assert cause.error == error
                assert cause.delta == pytest.approx(cause.error * cause.slope, rel=1e-12)
                assert sum(term.share for term in cause.terms) == pytest.approx(1.0)


def test_terms_come_with_their_weight_and_delta_the_largest_first() -> None:
    moment = trained(DEEP)
    cause = explain(moment, 2, 1, 3)
    assert sorted(term.neuron for term in cause.terms) == list(range(4))
    for term in cause.terms:
        assert term.weight == moment.layers[1].W[3, term.neuron]
        assert term.delta == moment.trace.layers[1].delta[2, term.neuron]
        assert term.product == term.weight * term.delta
    sizes = [abs(term.product) for term in cause.terms]
    assert sizes == sorted(sizes, reverse=True)


def test_shares_are_of_sizes_so_that_opposite_terms_do_not_hide_each_other() -> None:
    moment = made([np.eye(1), np.array([[3.0, -1.0]])], ["none", "none"], [1.0], [2.0, -2.0])  # deltas 1 and 1
    assert [(term.neuron, term.product, term.share) for term in explain(moment, 0, 1, 0).terms] == [
        (0, 3.0, 0.75),
        (1, -1.0, 0.25),
    ]


def test_at_the_output_the_loss_gives_the_error() -> None:
    cause = explain(trained(DEEP), 1, 4, 0)
    assert cause.y is not None
    assert cause.terms == ()
    assert cause.error == pytest.approx(cause.a - cause.y)
    assert not cause.is_difference


def test_where_error_and_slope_cancel_the_cause_says_so() -> None:
    moment = made([np.eye(2)], ["softmax"], [0.3, 0.1], [0.0, 1.0], loss="cross_entropy")
    cause = explain(moment, 0, 1, 1)
    assert cause.is_difference
    assert cause.delta == cause.a - 1.0


def test_a_term_that_is_no_number_comes_first() -> None:
    moment = made([np.eye(1), np.ones((1, 3))], ["none", "none"], [1.0], [0.0, 0.0, 0.0])
    moment = faulty(moment, 2, delta=np.array([[5.0, np.nan, np.inf]]))
    assert explain(moment, 0, 1, 0).terms[0].neuron == 1


def test_terms_that_are_all_0_have_no_share() -> None:
    moment = made([np.eye(1), np.zeros((1, 2))], ["none", "none"], [1.0], [1.0, 1.0])
    assert all(math.isnan(term.share) for term in explain(moment, 0, 1, 0).terms)


@pytest.mark.parametrize("activation", STEEPEST)
def test_no_slope_is_steeper_than_the_steepest(activation: str) -> None:
    outputs = made([np.eye(2)], [activation], [0.0, 0.0], [0.0, 0.0], bias=0.0).trace.layers[0]
    slopes = [*outputs.slope[0]]
    for z in np.linspace(-3, 3, 41):
        slopes += [*made([np.eye(2)], [activation], [z, 0.0], [0.0, 0.0]).trace.layers[0].slope[0]]
    assert max(slopes) == pytest.approx(STEEPEST[activation])


# Verdicts


def test_a_saturated_neuron_is_told_by_how_much_its_slope_shrinks_delta() -> None:
    # a = sigmoid(6) = 0.9975274, slope 0.0024665: 0.25 / 0.0024665 = 101.4
    W = np.array([[6.0, 0.0]])
    moment = made([W, np.array([[1.0], [1.0]])], ["sigmoid", "none"], [1.0], [0.0])
    text = verdict(moment, 0, 1, 0)
    assert "72 times smaller than its layer's RMS" in text
    assert "mostly because of its slope" in text
    assert (
        "Its slope 0.0025 (a = 0.998, saturated) takes it down 100 times more than the steepest slope, 0.25, would"
        in text
    )
    assert "the error 1.5 comes from the one neuron of layer 2" in text


def test_an_output_next_to_1_is_not_rounded_to_1() -> None:
    moment = made([np.array([[16.0]])], ["sigmoid"], [1.0], [0.0])
    assert "(a = 1 − 1.1e−7, saturated)" in verdict(moment, 0, 1, 0)


def test_an_error_that_one_neuron_gives_names_it_with_its_share() -> None:
    moment = made([np.eye(1), np.array([[3.0, -1.0]])], ["none", "none"], [1.0], [2.0, -2.0])
    text = verdict(moment, 0, 1, 0)
    assert text == (
        "delta is 2. With no activation its slope is 1 and delta is the error itself; "
        "the error 2 comes mostly (75 %) from neuron 0 of layer 2."
    )


def test_an_error_of_many_neurons_says_of_how_many() -> None:
    moment = made([np.eye(1), np.ones((1, 4))], ["none", "none"], [1.0], [0.0] * 4)
    assert "the error 4 comes from 4 neurons of layer 2, most (25 %) from neuron 0" in verdict(moment, 0, 1, 0)


def test_terms_that_cancel_are_told() -> None:
    moment = made([np.eye(1), np.array([[1.0, -1.0]])], ["none", "none"], [1.0], [0.0, -1.98])
    assert "its terms nearly cancel, all but 1 % of their sizes" in verdict(moment, 0, 1, 0)


def test_deltas_that_are_small_already_above_are_told() -> None:
    moment = made([np.eye(1), np.eye(1), np.array([[0.001]])], ["none"] * 3, [1.0], [1.0])
    assert "the deltas of layer 2 are small already (RMS 0.001, 1,000 times smaller than" in verdict(moment, 0, 1, 0)


def test_small_weights_are_told() -> None:
    W = np.array([[0.01, 0.01], [1.0, 1.0]])
    moment = made([np.array([[1.0, 1.0]]), W], ["none", "none"], [1.0], [0.0, 0.0])
    text = verdict(moment, 0, 1, 0)
    assert "71 times smaller than its layer's RMS" in text
    assert "mostly because of its error" in text
    assert "through weights 71 times smaller than the layer's RMS, 0.71" in text


def test_the_output_tells_its_error_as_a_difference() -> None:
    moment = made([np.array([[1.0]])], ["none"], [0.75], [1.0])
    assert "the error −0.25 is a − y = 0.75 − 1" in verdict(moment, 0, 1, 0)


def test_where_error_and_slope_cancel_the_verdict_says_so() -> None:
    moment = made([np.eye(2)], ["softmax"], [0.0, 0.0], [0.0, 1.0], loss="cross_entropy")
    assert verdict(moment, 0, 1, 0) == (
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
    assert expected in verdict(made([np.array([[1.0, 0.5]])], [activation], [x], [5.0, 3.0]), 0, 1, 0)


ONE, MANY = np.eye(1), np.ones((1, 2))


@pytest.mark.parametrize(
    ("moment", "expected"),
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
def test_an_exact_zero_is_told_plainly(moment: Moment, expected: str) -> None:
    text = verdict(moment, 0, 1, 0)
    assert text.startswith("delta is exactly 0: ")
    assert expected in text


NAN, INFINITE = np.full((1, 1), np.nan), np.full((1, 1), np.inf)


@pytest.mark.parametrize(
    ("moment", "expected"),
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
def test_what_is_no_number_is_traced_to_where_it_began(moment: Moment, expected: str) -> None:
    assert expected in verdict(moment, 0, 1, 0)


@KINDS
def test_every_delta_has_a_verdict_of_at_most_two_sentences(experiment: object) -> None:
    moment = trained(experiment)
    for layer, numbers in enumerate(moment.trace.layers, start=1):
        for neuron in range(numbers.delta.shape[1]):
            text = verdict(moment, 0, layer, neuron)
            assert text.startswith("delta is ")
            assert text.count(". ") <= 1
            assert text.endswith(".")


# The story of the layers


def check_against_numpy(moment: Moment, row: int) -> None:
    stories = {story.layer: story for story in layer_story(moment, row)}
    for layer, numbers in enumerate(moment.trace.layers, start=1):
        delta, story = numbers.delta[row], stories[layer]
        assert story.rms == pytest.approx(np.sqrt(np.mean(delta**2)), rel=1e-12)
        assert story.largest == np.abs(delta).max()
        if layer == len(moment.layers):
            assert story.by_weights is None
            continue
        above = moment.trace.layers[layer].delta[row]
        error = moment.layers[layer].W @ above  # what backpropagation calls delta_next @ W_next.T
        assert story.by_weights == pytest.approx(np.sqrt(np.mean(error**2)) / np.sqrt(np.mean(above**2)), rel=1e-9)
        whole = np.sqrt(np.mean(delta**2)) / np.sqrt(np.mean(above**2))
        assert story.by_weights is not None
        assert story.by_weights * story.by_slopes == pytest.approx(whole, rel=1e-12)


@KINDS
def test_weights_and_slopes_together_are_the_whole_change(experiment: object) -> None:
    moment = trained(experiment)
    for row in range(len(moment.samples)):
        check_against_numpy(moment, row)


def chain(weight: float, bias: float, activation: str = "sigmoid") -> Moment:
    weights = [np.full((2, 2), weight)] * 5
    return made(weights, [activation] * 4 + ["none"], [0.1, 0.1], [5.0, 5.0], bias=bias)


def test_deltas_that_vanish_by_slopes_are_told_so() -> None:
    moment = chain(0.5, 6.0)  # two weights of 0.5: an error is as large as the delta above
    check_against_numpy(moment, 0)
    first = layer_story(moment, 0)[-1]
    assert first.by_weights == pytest.approx(1.0)
    assert first.by_slopes < 0.01
    assert first.sentence.endswith("times smaller, mostly by slopes; 2 of 2 saturated")
    assert story_verdict(moment, 0).endswith(
        "smaller, the weights leave it as it is. Since no slope of sigmoid is above 0.25, 256 times are lost at the least."
    )


def test_deltas_that_vanish_by_weights_are_told_so() -> None:
    moment = chain(0.005, 0.0, "none")
    check_against_numpy(moment, 0)
    first = layer_story(moment, 0)[-1]
    assert first.by_weights == pytest.approx(0.01)
    assert first.by_slopes == 1.0
    assert first.sentence == "100 times smaller, mostly by weights"
    text = story_verdict(moment, 0)
    assert text.endswith("the slopes on the way leave it as it is, the weights make it 1e8 times smaller.")


def test_deltas_that_explode_are_told_so() -> None:
    moment = chain(5.0, 0.0, "none")
    check_against_numpy(moment, 0)
    assert layer_story(moment, 0)[-1].sentence == "10 times larger, mostly by weights"
    text = story_verdict(moment, 0)
    assert "is 10,000 times larger than that of layer 5" in text
    assert text.endswith("the slopes on the way leave it as it is, the weights make it 10,000 times larger.")


def test_the_part_is_named_that_pulls_the_way_it_went() -> None:
    # Weights make it 10 times larger, the slope 0.25 four times smaller: in all 2.5 times larger, by weights.
    moment = made([np.zeros((1, 1)), np.array([[10.0]])], ["sigmoid", "none"], [1.0], [0.0])
    first = layer_story(moment, 0)[-1]
    assert first.sentence == "2.5 times larger, mostly by weights"


def test_a_layer_that_passes_deltas_on_says_so() -> None:
    moment = made([ONE, ONE], ["none", "none"], [1.0], [0.0])
    assert layer_story(moment, 0)[-1].sentence == "about as large"
    assert "is about as large as that of layer 2" in story_verdict(moment, 0)


def test_an_output_without_activation_leaves_the_error() -> None:
    moment = made([ONE], ["none"], [1.0], [0.0])
    assert layer_story(moment, 0)[0].sentence == "the output: as large as its error"
    assert story_verdict(moment, 0) == "There is one layer only: its RMS delta is 1."


@pytest.mark.parametrize(
    ("moment", "expected"),
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
def test_deltas_that_are_all_zero_are_traced_to_where_it_began(moment: Moment, expected: str) -> None:
    text = story_verdict(moment, 0)
    assert text.startswith("All deltas of layer 1 are exactly 0. ")
    assert text.endswith(expected)


def test_deltas_that_are_no_numbers_are_traced_to_where_they_began() -> None:
    moment = made([ONE, ONE, ONE], ["none"] * 3, [1.0], [0.0])
    moment = faulty(faulty(moment, 2, delta=NAN), 1, error=NAN, delta=NAN)
    assert story_verdict(moment, 0) == ("Deltas stop being finite numbers in layer 2, on their way from the output.")
    assert layer_story(moment, 0)[-1].sentence == "not all of its deltas are finite numbers"


# Numbers


def test_the_root_mean_square_holds_where_squares_do_not() -> None:
    assert rms(np.array([3e-200, 4e-200])) == pytest.approx(math.sqrt(12.5) * 1e-200)
    assert rms(np.array([3e200, -4e200])) == pytest.approx(math.sqrt(12.5) * 1e200)
    assert rms(np.zeros(3)) == 0.0
    assert math.isnan(rms(np.array([1.0, np.nan])))
    assert rms(np.array([1.0, -np.inf])) == math.inf


def test_a_ratio_of_zeros_is_no_number_and_warns_nobody() -> None:
    assert math.isnan(ratio(0.0, 0.0))
    assert ratio(1.0, 0.0) == math.inf


def test_numbers_in_sentences_are_short_and_plain() -> None:
    values = (0.123456, -3.14159e-6, math.nan, -math.inf, 0.0)
    assert [number(value) for value in values] == ["0.12", "−3.1e−6", "not a number", "−∞", "0"]
    assert [times(value) for value in (1.44, 123.4, 61_800.0, 3.2e8)] == [
        "1.4 times",
        "120 times",
        "62,000 times",
        "3.2e8 times",
    ]
    assert (changed(0.5), changed(3.0), changed(0.0)) == ("2.0 times smaller", "3.0 times larger", "∞ times smaller")
    assert (per_cent(0.616), per_cent(0.004)) == ("62 %", "0.4 %")
