"""The gradient check where weights are penalised, and for every combination that the program allows."""

import dataclasses
import itertools

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core import backprop, gradcheck
from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.gradcheck import EPSILON, TOLERANCE, check, sweep_epsilons
from bpviz.core.gradcheck_allowance import Doubt
from bpviz.core.gradcheck_report import no_gradients, penalty_text, verdict
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.core.optimisers.steps import penalised, penalty
from tests.combinations import combinations
from tests.core.gradcheck import test_gradcheck
from tests.core.gradcheck.test_gradcheck import CASES
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for


def network_of(hidden: str, output: str, loss: str) -> NeuralNetwork:
    """Make a network with no z at a kink of relu, and no weight at that of l1."""
    network = test_gradcheck.network_of(hidden, output, loss)
    W = network.layers[2].weights
    W[np.abs(W) < 10 * EPSILON] = 0.02
    return network


#: Factors of all parameters, and steps; one as large as all weights would cross many kinks of relu.
FACTORS_AND_STEPS = (1e-3, 1e-5), (1e-3, 1e-7), (1, 1e-2), (1, 1e-5), (1, 1e-7), (10, 1e-5)
L1, L2, BOTH = LearningRule(l1=0.02), LearningRule(l2=0.3), LearningRule(l1=0.02, l2=0.3)


@pytest.mark.parametrize(("hidden", "loss", "output"), combinations(HIDDEN_ACTIVATIONS, LOSS_AND_OUTPUT))
def test_every_combination_is_right_with_and_without_a_penalty_for_a_sample_and_a_batch(
    hidden: str, loss: str, output: str
) -> None:
    network = network_of(hidden, output, loss)
    X, y = samples_for(network, 5)
    assert min(np.abs(layer.weights).min() for layer in network.layers) > 10 * EPSILON
    assert min(np.abs(layer.z).min() for layer in backprop.trace(network, X, y).layers) > 10 * EPSILON
    for rule, (x, targets) in itertools.product((PLAIN_SGD, L1, L2), ((X, y), (X[0], y[0]))):
        checks = check(network, x, targets, rule=rule)
        assert max(found.worst for found in checks) < TOLERANCE
        assert not any(found.doubts.any() for found in checks)


@pytest.mark.parametrize("rule", [L1, L2, BOTH])
def test_the_difference_is_that_of_the_whole_penalised_loss(rule: LearningRule) -> None:
    network = network_of("tanh", "sigmoid", "mse")
    X, y = samples_for(network, 5)
    probe, expected = network.copy(), []
    for index, value in enumerate(network.parameters):
        losses = []
        for moved in (value + 1e-4, value - 1e-4):
            probe.parameters[index] = moved
            losses.append(np.mean(probe.losses(X, y)) + penalty((layer.weights for layer in probe.layers), rule))
        probe.parameters[index] = value
        expected.append((losses[0] - losses[1]) / 2e-4)
    found = np.concatenate([layer.numerical for layer in check(network, X, y, 1e-4, rule)])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("rule", [L1, L2])
def test_a_penalty_left_out_is_found_and_named(rule: LearningRule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradcheck, "penalised", lambda W, dW, rule: dW)
    network = network_of("tanh", "sigmoid", "mse")
    found = verdict(check(network, *samples_for(network, 5), rule=rule))
    assert found.layer == 4
    assert found.sentence.startswith("The gradients of all 4 layers are wrong")
    assert found.sentence.endswith(
        "Without the penalty they are right: look at how the penalty of layer 4 is computed."
    )


def test_a_penalty_of_twice_its_size_is_found_in_its_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled_in_layer_1(W: Array, dW: Array, rule: LearningRule) -> Array:
        return penalised(W, dW, dataclasses.replace(rule, l2=2 * rule.l2) if len(W) == 2 else rule)

    monkeypatch.setattr(gradcheck, "penalised", doubled_in_layer_1)
    network = network_of("tanh", "sigmoid", "mse")
    checks = check(network, *samples_for(network, 5), rule=BOTH)
    assert [found.is_wrong for found in checks] == [True, False, False, False]
    assert "Without the penalty they are right" in verdict(checks).sentence


def test_a_fault_of_backpropagation_is_not_blamed_on_the_penalty(monkeypatch: pytest.MonkeyPatch) -> None:
    gradients = backprop.gradients
    monkeypatch.setattr(backprop, "gradients", lambda a, delta: tuple(1.01 * each for each in gradients(a, delta)))
    network = network_of("tanh", "sigmoid", "mse")
    checks = check(network, *samples_for(network, 5), rule=BOTH)
    assert verdict(checks).layer == 4
    assert not any(found.is_penalty_wrong for found in checks)


@pytest.mark.parametrize("share", [0.0, 0.3, 2 / 3, 0.99, -0.5])
def test_at_the_kink_of_l1_the_check_cannot_tell(share: float) -> None:
    network = network_of("tanh", "sigmoid", "mse")
    network.layers[1].weights[2, 1] = share * EPSILON
    checks = check(network, *samples_for(network, 5), rule=L1)
    assert [found.cannot_tell for found in checks] == [False, True, False, False]
    assert np.argwhere(checks[1].doubts == Doubt.L1).tolist() == [[2, 1]]
    found = verdict(checks)
    assert (found.layer, found.cannot_tell) == (None, True)
    assert found.sentence == (
        "Layers 1, 3 and 4 agree; cannot tell in layer 2: 1 of 20 differences have no correct digit, since a weight "
        "is within the step of 0, where the penalty of L1 has a kink and no derivative. Try a smaller epsilon."
    )


def test_just_beyond_the_step_and_without_l1_there_is_no_kink() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    network.layers[1].weights[2, 1] = 1.01 * EPSILON
    assert all(found.agrees for found in check(network, *samples_for(network, 5), rule=L1))
    network.layers[1].weights[2, 1] = 0.0
    assert all(found.agrees for found in check(network, *samples_for(network, 5), rule=L2))


def test_the_sweep_over_epsilon_has_the_penalty_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of("tanh", "sigmoid", "mse")
    X, y = samples_for(network, 5)
    ((_, errors),) = sweep_epsilons(network, X, y, [1e-5], BOTH)
    assert errors.max() < TOLERANCE
    monkeypatch.setattr(gradcheck, "penalised", lambda W, dW, rule: dW)
    ((_, errors),) = sweep_epsilons(network, X, y, [1e-5], BOTH)
    assert errors.min() > 0.1


@pytest.mark.parametrize("every", [pytest.param(97, id="some"), pytest.param(17, id="many", marks=pytest.mark.slow)])
def test_right_gradients_of_random_networks_with_penalties_are_not_accused(every: int) -> None:
    accused = []
    for number, (hidden, (loss, output), sizes) in CASES[::every]:
        activations = [hidden] * (len(sizes) - 2) + [output]
        for (factor, epsilon), rule in itertools.product(FACTORS_AND_STEPS, (L1, L2, BOTH)):
            network = NeuralNetwork.build(sizes, activations, initializer="uniform", seed=number, loss=loss)
            network.parameters[:] *= factor
            found = verdict(check(network, *samples_for(network, (1, 5)[number % 2], number), epsilon, rule))
            accused += [f"{activations} {loss} {sizes} {factor} {rule}: {found.sentence}"] if found.layer else []
    assert accused == []


def test_the_loss_that_is_checked_is_written_out() -> None:
    assert [penalty_text(rule) for rule in (PLAIN_SGD, L1, L2, BOTH)] == [
        "",
        "L + 0.02 ∑|W|",
        "L + 0.3/2 ∑W²",
        "L + 0.02 ∑|W| + 0.3/2 ∑W²",
    ]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (BOTH, ""),
        (LearningRule(clip_norm=1.0), "Clipping is not checked: it is no gradient."),
        (LearningRule(weight_decay=0.1), "Weight decay is not checked: it is no gradient."),
        (LearningRule("momentum"), "The velocity of Momentum is not checked: it is no gradient."),
        (LearningRule("rmsprop"), "The moments of RMSprop are not checked: they are no gradients."),
        (
            LearningRule("adamw", weight_decay=0.1, clip_norm=1.0),
            "Clipping, weight decay and the moments of AdamW are not checked: they are no gradients.",
        ),
    ],
)
def test_what_is_no_gradient_is_said_in_a_sentence(rule: LearningRule, sentence: str) -> None:
    assert no_gradients(rule) == sentence
