import itertools
from collections.abc import Callable, Iterable

import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core import backprop, gradcheck
from bpviz.core.activations import HIDDEN_ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.gradcheck import (
    EPSILON,
    TOLERANCE,
    LayerCheck,
    check,
    numerical_gradient,
    relative_error,
    sweep_epsilons,
    sweep_epsilons_in_pieces,
)
from bpviz.core.gradcheck_allowance import Allowance, Doubt
from bpviz.core.gradcheck_report import verdict
from tests.combinations import combinations
from tests.core.helpers import LOSS_AND_OUTPUT, samples_for

Lists = tuple[list[Array], list[Array], list[Array]]
Backward = Callable[[NeuralNetwork, list[Array], list[Array], Array], Lists]
BACKWARD: Backward = backprop.backward
BLAMED = 0.1


def network_of(hidden: str, output: str, loss: str) -> NeuralNetwork:
    """Make a network whose inner layers are square, with a seed that keeps every z well away from relu's kink."""
    return NeuralNetwork.build((2, 4, 4, 4, 3), [hidden] * 3 + [output], initializer="uniform", seed=2, loss=loss)


def worst_by_layer(network: NeuralNetwork) -> list[float]:
    return [layer.worst for layer in check(network, *samples_for(network, 5))]


@pytest.mark.parametrize(("hidden", "loss", "output"), combinations(HIDDEN_ACTIVATIONS, LOSS_AND_OUTPUT))
def test_backpropagation_is_right_for_a_batch(loss: str, output: str, hidden: str) -> None:
    network = network_of(hidden, output, loss)
    X, y = samples_for(network, 5)
    # A difference across the kink is no derivative; no parameter's step moves a z as far as this.
    assert min(np.abs(layer.z).min() for layer in backprop.trace(network, X, y).layers) > 10 * EPSILON
    assert max(worst_by_layer(network)) < TOLERANCE


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_backpropagation_is_right_for_a_sample(loss: str, output: str) -> None:
    network = network_of("tanh", output, loss)
    X, y = samples_for(network, 1)
    checks = check(network, X[0], y[0])
    assert [layer.layer for layer in checks] == [1, 2, 3, 4]
    assert max(layer.worst for layer in checks) < TOLERANCE


def one_by_one(network: NeuralNetwork, X: Array, y: Array, epsilon: float) -> Array:
    """Return central differences, computed with a full forward pass for each parameter."""
    probe, gradient = network.copy(), []
    for index, value in enumerate(network.parameters):
        losses = []
        for moved in (value + epsilon, value - epsilon):
            probe.parameters[index] = moved
            losses.append(float(np.mean(probe.losses(X, y))))
        probe.parameters[index] = value
        gradient.append((losses[0] - losses[1]) / (2 * epsilon))
    return np.array(gradient)


@pytest.mark.parametrize("epsilon", [1e-2, 1e-5, 1e-8, 1e-12])
@pytest.mark.parametrize(("rows", "loss", "output"), combinations([None, 1, 5], LOSS_AND_OUTPUT))
def test_many_parameters_at_once_give_the_differences_of_one_after_the_other(
    loss: str, output: str, rows: int | None, epsilon: float
) -> None:
    network = network_of("tanh", output, loss)
    X, y = samples_for(network, rows or 1)
    x, target = (X, y) if rows else (X[0], y[0])
    rounding = 32 * np.finfo(float).eps * max(1.0, backprop.trace(network, x, target).loss) / epsilon
    found = numerical_gradient(network, x, target, epsilon)
    np.testing.assert_allclose(found, one_by_one(network, x, target, epsilon), rtol=0, atol=rounding)


def test_a_layer_wider_than_one_piece_of_work_is_differentiated_whole() -> None:
    network = NeuralNetwork.build((2, 60, 60, 2), ["tanh", "sigmoid", "softmax"], initializer="xavier", seed=1)
    X, y = samples_for(network, 3)
    expected = one_by_one(network, X, y, 1e-4)
    np.testing.assert_allclose(numerical_gradient(network, X, y, 1e-4), expected, rtol=0, atol=1e-10)


def test_check_leaves_the_network_alone() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    before = network.parameters.copy()
    worst_by_layer(network)
    np.testing.assert_array_equal(network.parameters, before)


def test_check_reports_both_gradients_w_before_b() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    X, y = samples_for(network, 5)
    checks, done = check(network, X, y), backprop.trace(network, X, y)
    for layer, grads in zip(checks, done.layers, strict=True):
        np.testing.assert_array_equal(layer.analytic, np.concatenate((grads.dW.ravel(), grads.db)))
    numerical = np.concatenate([layer.numerical for layer in checks])
    np.testing.assert_array_equal(numerical, numerical_gradient(network, X, y))


def test_check_keeps_the_relative_error_of_every_parameter_biases_last() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    for found, layer in zip(check(network, *samples_for(network, 5)), network.layers, strict=True):
        assert found.errors.shape == layer.matrix.shape
        np.testing.assert_array_equal(found.errors.ravel(), relative_error(found.analytic, found.numerical))
        assert found.largest == found.errors.max()
        assert [array.flags.writeable for array in (found.errors, found.analytic, found.numerical)] == [False] * 3


def test_relative_error_has_a_floor_below_which_components_are_not_compared_on_their_own_scale() -> None:
    found = relative_error(np.array([1.0, 1e-9, 2.0]), np.array([1.0, 0.0, 1.0]))
    np.testing.assert_allclose(found, [0.0, 1e-9 / 2e-3, 0.5])
    assert not relative_error(np.zeros(2), np.zeros(2)).any()


def deep() -> NeuralNetwork:
    """Make a network in which gradients vanish: a thousandfold from the last layer to the first."""
    return NeuralNetwork.build((2, *[10] * 6, 2), ["sigmoid"] * 7, seed=0)


def test_vanishing_gradients_are_not_taken_for_wrong_ones() -> None:
    assert max(worst_by_layer(deep())) < TOLERANCE


def test_a_fault_in_vanishing_gradients_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_layer_halved(network: NeuralNetwork, zs: list[Array], activations: list[Array], y: Array) -> Lists:
        errors, slopes, deltas = BACKWARD(network, zs, activations, y)
        return errors, slopes, [deltas[0] / 2, *deltas[1:]]

    monkeypatch.setattr(backprop, "backward", first_layer_halved)
    first, *others = worst_by_layer(deep())
    assert first > BLAMED
    assert max(others) < TOLERANCE


def without_slopes(network: NeuralNetwork, zs: list[Array], activations: list[Array], y: Array) -> Lists:
    """Omit the slope in every delta, except at an output whose loss cancels it."""
    loss, a = network.loss, activations[-1]
    deltas = [a - y if loss.cancels_slope else loss.error(a, y)]
    for layer in reversed(network.layers[1:]):
        deltas.insert(0, deltas[0] @ layer.weights.T)
    return deltas, [np.ones_like(delta) for delta in deltas], deltas


def test_a_slope_left_out_is_found_in_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backprop, "backward", without_slopes)
    assert min(worst_by_layer(network_of("tanh", "sigmoid", "mse"))) > BLAMED


def test_a_slope_left_out_inside_is_not_blamed_on_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backprop, "backward", without_slopes)
    *inside, output = worst_by_layer(network_of("tanh", "softmax", "cross_entropy"))
    assert min(inside) > BLAMED
    assert output < TOLERANCE


def test_a_flipped_sign_is_found_in_every_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    def flipped(network: NeuralNetwork, zs: list[Array], activations: list[Array], y: Array) -> Lists:
        errors, slopes, deltas = BACKWARD(network, zs, activations, y)
        return errors, slopes, [-delta for delta in deltas]

    monkeypatch.setattr(backprop, "backward", flipped)
    np.testing.assert_allclose(worst_by_layer(network_of("tanh", "sigmoid", "mse")), 2.0, rtol=1e-5)


@pytest.mark.parametrize("layer", [2, 3])
def test_a_square_w_left_untransposed_is_found_before_it(layer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def untransposed(network: NeuralNetwork, zs: list[Array], activations: list[Array], y: Array) -> Lists:
        wrong = network.copy()
        wrong.layers[layer - 1].weights = wrong.layers[layer - 1].weights.T
        return BACKWARD(wrong, zs, activations, y)

    monkeypatch.setattr(backprop, "backward", untransposed)
    worst = worst_by_layer(network_of("tanh", "sigmoid", "mse"))
    assert min(worst[: layer - 1]) > BLAMED
    assert max(worst[layer - 1 :]) < TOLERANCE


def test_a_sum_in_place_of_the_mean_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backprop, "gradients", lambda a_prev, delta: (a_prev.T @ delta, delta.sum(axis=0)))
    assert min(worst_by_layer(network_of("tanh", "sigmoid", "mse"))) > BLAMED


@pytest.mark.parametrize("z", [30.0, 38.56, -38.56, 400.0])
def test_a_saturated_output_with_cross_entropy_is_not_accused(z: float) -> None:
    network = NeuralNetwork.build((1, 1), ["sigmoid"], loss="cross_entropy")
    network.parameters[:] = z, 0.0
    for y in ([0.0], [1.0]):
        assert backprop.trace(network, [1.0], y).loss == pytest.approx(max(z, 0.0) - y[0] * z, rel=1e-9, abs=1e-12)
        assert verdict(check(network, [1.0], y)).layer is None


# Epsilon


def test_the_error_has_a_minimum_over_epsilon() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    epsilons = [10.0**-power for power in range(1, 13)]
    points = list(sweep_epsilons(network, *samples_for(network, 1), epsilons))
    assert [epsilon for epsilon, _ in points] == epsilons
    errors = np.array([worst for _, worst in points])
    assert errors.shape == (12, 4)
    # On the right the error falls with epsilon squared,
    np.testing.assert_allclose(errors[0] / errors[1], 100, rtol=0.1)
    np.testing.assert_allclose(errors[1] / errors[2], 100, rtol=0.1)
    # on the left it rises by the same factor as epsilon falls, give or take the chance of rounding.
    assert (errors[-1] > 1e3 * errors[6]).all()
    assert ((errors.argmin(axis=0) >= 3) & (errors.argmin(axis=0) <= 6)).all()


def test_the_sweep_over_epsilon_gives_the_same_result_in_pieces() -> None:
    network = NeuralNetwork.build((2, 60, 60, 2), ["tanh"] * 3, seed=1)
    X, y = samples_for(network, 1)
    pieces = list(sweep_epsilons_in_pieces(network, X, y, [1e-3, 1e-6]))
    assert pieces.count(None) > 4
    whole = list(sweep_epsilons(network, X, y, [1e-3, 1e-6]))
    for piece, (epsilon, errors) in zip([piece for piece in pieces if piece], whole, strict=True):
        assert piece[0] == epsilon
        np.testing.assert_array_equal(piece[1], errors)


@pytest.mark.parametrize("epsilon", [10.0**-power for power in range(2, 10)])
@pytest.mark.parametrize("hidden", ["tanh", "relu", "sigmoid"])
def test_no_epsilon_makes_right_gradients_look_wrong(hidden: str, epsilon: float) -> None:
    network = network_of(hidden, "sigmoid", "mse")
    found = verdict(check(network, *samples_for(network, 5), epsilon))
    assert found.layer is None
    start = (
        "Layers 3 and 4 agree; cannot tell"
        if found.cannot_tell
        else "Backpropagation and central differences agree in "
    )
    assert found.sentence.startswith(start)
    assert found.cannot_tell == (hidden == "sigmoid" and epsilon < 5e-9)


@pytest.mark.parametrize("epsilon", [10.0**-power for power in range(2, 10)])
def test_no_epsilon_hides_a_wrong_gradient(monkeypatch: pytest.MonkeyPatch, epsilon: float) -> None:
    monkeypatch.setattr(backprop, "backward", without_slopes)
    network = network_of("tanh", "sigmoid", "mse")
    assert verdict(check(network, *samples_for(network, 5), epsilon)).layer == 4


def test_the_report_says_that_the_difference_is_inaccurate_for_a_large_epsilon() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    checks = check(network, *samples_for(network, 1), 1e-9)
    largest = max(found.largest for found in checks)
    assert largest > TOLERANCE
    sentence = verdict(checks).sentence
    assert sentence.endswith("come from the difference. Try another epsilon.")
    assert "agree in all 4 layers within the accuracy of this epsilon: relative errors up to " in sentence


def test_a_kink_beside_a_net_input_is_not_taken_for_a_fault() -> None:
    network = NeuralNetwork.build((2, 3, 2), ["relu", "sigmoid"], initializer="uniform", seed=2)
    X, y = samples_for(network, 1)
    network.layers[0].bias[0] -= backprop.trace(network, X[0], y[0]).layers[0].z[0] - 1e-7
    assert verdict(check(network, X[0], y[0], 1e-5)).layer is None


# Where a difference cannot tell


def test_at_a_kink_the_check_cannot_tell() -> None:
    network = NeuralNetwork.build((2, 3, 2), ["relu", "sigmoid"], initializer="uniform", seed=2)
    X, y = samples_for(network, 1)
    bias = network.layers[0].bias
    bias -= backprop.trace(network, X[0], y[0]).layers[0].z  # every z of layer 1 is 0 but for rounding
    first, second = checks = check(network, X[0], y[0])
    assert (first.cannot_tell, first.agrees, first.is_wrong, second.agrees) == (True, False, False, True)
    assert (first.doubts == Doubt.KINK).all()
    found = verdict(checks)
    assert (found.layer, found.cannot_tell) == (None, True)
    assert found.sentence == (
        "Layer 2 agrees; cannot tell in layer 1: 9 of 9 differences have no correct digit, since relu or mae has a "
        "kink within the step, and no derivative there. Try a smaller epsilon or another sample."
    )


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
@pytest.mark.parametrize("seed", range(1, 9))
def test_a_step_much_larger_than_all_parameters_is_not_taken_for_a_fault(activation: str, seed: int) -> None:
    """Many kinks lie within the step; a difference 16 times as fine still has some of them."""
    network = NeuralNetwork.build((2, 6, 5, 2), [activation, activation, "sigmoid"], seed=seed)
    network.parameters[:] *= 1e-3
    found = verdict(check(network, *samples_for(network, 4), 1e-2))
    assert (found.layer, found.cannot_tell) == (None, True)


def test_where_the_difference_drowns_in_rounding_the_check_cannot_tell() -> None:
    checks = check(deep(), *samples_for(deep(), 1), 1e-9)
    assert checks[0].main_doubt is Doubt.ROUNDING
    assert verdict(checks).sentence.endswith("since they drown in the rounding of the loss. Try a larger epsilon.")
    assert not checks[-1].doubts.any()


def test_where_the_loss_bends_within_the_step_the_check_cannot_tell() -> None:
    network = network_of("tanh", "sigmoid", "mse")
    network.parameters[:] *= 30
    checks = check(network, *samples_for(network, 1), 1e-1)
    assert Doubt.STEP in {found.main_doubt for found in checks}
    assert not any(Doubt.KINK in found.doubts for found in checks)
    assert "the loss bends too much within the step. Try a smaller epsilon." in verdict(checks).sentence


@pytest.mark.parametrize("factor", [1.0, 1e-3])
def test_doubts_are_only_where_the_gradients_do_not_agree(factor: float) -> None:
    network = network_of("tanh", "sigmoid", "mse")
    network.parameters[:] *= factor
    for found in check(network, *samples_for(network, 5), 1e-6):
        assert (found.errors[found.doubts > 0] > TOLERANCE).all()
        assert not found.doubts.flags.writeable


def test_the_allowance_shrinks_with_the_square_of_epsilon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wider difference must be of 2 epsilon: the bend of the loss by itself shrinks with epsilon only."""
    gradients = backprop.gradients
    monkeypatch.setattr(backprop, "gradients", lambda a, delta: tuple(1.0005 * each for each in gradients(a, delta)))
    found = verdict(
        check(network_of("tanh", "sigmoid", "mse"), *samples_for(network_of("tanh", "sigmoid", "mse"), 5), 1e-3)
    )
    assert found.layer == 4


def test_a_fault_of_one_per_cent_is_found_with_a_step_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The allowance is taken from a finer difference then, and must not be much larger than the error of the step."""
    gradients = backprop.gradients
    monkeypatch.setattr(backprop, "gradients", lambda a, delta: tuple(1.01 * each for each in gradients(a, delta)))
    network = network_of("tanh", "sigmoid", "mse")
    network.parameters[:] *= 3
    assert verdict(check(network, *samples_for(network, 5), 0.1)).layer == 4


@pytest.mark.parametrize("epsilon", [1e-3, 1e-6])
def test_rounding_is_allowed_for_in_proportion_to_one_over_epsilon(
    monkeypatch: pytest.MonkeyPatch, epsilon: float
) -> None:
    allowed, compare = [], gradcheck._compare

    def noting(
        gradients: list[Array], numerical: Array, allowance: Allowance, *, has_kinks: bool = False
    ) -> list[LayerCheck]:
        allowed.append(allowance.rounding)
        return compare(gradients, numerical, allowance, has_kinks=has_kinks)

    monkeypatch.setattr(gradcheck, "_compare", noting)
    check(deep(), *samples_for(deep(), 1), epsilon)
    assert allowed == [np.finfo(float).eps / epsilon]  # the loss is below 1


# No false alarm

SIZES = ((1, 1), (2, 3, 2), (2, 4, 2), (2, 8, 3), (2, 5, 5, 2), (3, 6, 6, 3), (2, 4, 4, 4, 2), (2, 10, 10, 10, 10, 2))
CASES = list(enumerate(itertools.product(HIDDEN_ACTIVATIONS, LOSS_AND_OUTPUT, SIZES)))


def accused(cases: Iterable[tuple[int, tuple[str, tuple[str, str], tuple[int, ...]]]]) -> list[str]:
    """Return the sentences about right gradients that are called wrong, in networks with small to huge parameters."""
    sentences = []
    for number, (hidden, (loss, output), sizes) in cases:
        activations = [hidden] * (len(sizes) - 2) + [output]
        for factor in (1, 3, 10, 30):
            network = NeuralNetwork.build(sizes, activations, initializer="uniform", seed=number, loss=loss)
            network.parameters[:] *= factor
            found = verdict(check(network, *samples_for(network, (1, 5)[number % 2], seed=number)))
            sentences += [f"{activations} {loss} {sizes} {factor}: {found.sentence}"] if found.layer else []
    return sentences


@pytest.mark.slow
def test_right_gradients_of_eighty_random_networks_are_not_accused() -> None:
    assert accused(CASES[::17]) == []


@pytest.mark.slow
def test_right_gradients_of_random_networks_are_not_accused() -> None:
    cases = CASES[::3]
    assert 4 * len(cases) > 1280
    assert accused(cases) == []
