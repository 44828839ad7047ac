import dataclasses
import itertools

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.backprop import trace
from bpviz.core.gradcheck import check, sweep_epsilons
from bpviz.core.network import Network
from bpviz.session.diagnostics.gradient_check import EPSILONS, GradientsChecked, TooLargeToCheckError, check_in_pieces
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind, network_of
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL

EPSILON = 1e-5


@pytest.fixture
def training() -> Training:
    return Training(SMALL)


def looked_at(training: Training, *samples: int, index: int = 0) -> TracedUpdate:
    return trace_update(training, np.array(samples), UpdateKind.IN_TURN, index=index)


def outcomes(update: TracedUpdate, epsilon: float = EPSILON) -> list[GradientsChecked]:
    pieces = check_in_pieces(network_of(update), update.trace, update.samples, update.position, epsilon)
    return [piece for piece in pieces if piece]


def test_the_result_comes_first_without_the_sweep_and_then_with_it(training: Training) -> None:
    update = looked_at(training, 3)
    first, second = outcomes(update)
    assert first.valley == ()
    assert [epsilon for epsilon, _ in second.valley] == list(EPSILONS)
    assert dataclasses.replace(second, valley=()) == first
    assert (first.position, first.epsilon, first.samples.tolist()) == (update.position, EPSILON, [3])
    assert first.verdict.sentence.startswith("Backpropagation and central differences agree in all 3 layers")


@pytest.mark.parametrize("samples", [(3,), (3, 1, 7)])
def test_the_result_in_pieces_equals_that_of_check(training: Training, samples: tuple[int, ...]) -> None:
    chosen = list(samples)
    X, y = training.split.X_train[chosen], training.split.y_train[chosen]
    *_, done = outcomes(looked_at(training, *samples), 1e-4)
    for found, expected in zip(done.checks, check(training.network, X, y, 1e-4), strict=True):
        np.testing.assert_array_equal(found.errors, expected.errors)
        assert found.worst == expected.worst
    for (_, errors), (_, expected_errors) in zip(
        done.valley, sweep_epsilons(training.network, X, y, EPSILONS), strict=True
    ):
        np.testing.assert_array_equal(errors, expected_errors)


def test_everything_that_travels_is_read_only(training: Training) -> None:
    *_, done = outcomes(looked_at(training, 3))
    arrays = [done.samples, *(errors for _, errors in done.valley)]
    arrays += [array for found in done.checks for array in (found.analytic, found.numerical, found.errors)]
    assert not any(array.flags.writeable for array in arrays)


def test_the_gradients_of_a_planted_mistake_are_found_wrong() -> None:
    training = Training(dataclasses.replace(SMALL, mistakes=("slope_left_out@2",)))
    *_, done = outcomes(looked_at(training, 3))
    assert done.is_of(looked_at(training, 3))
    assert [found.is_wrong for found in done.checks] == [True, True, False]
    *_, sound = outcomes(looked_at(Training(SMALL), 3))
    assert not any(found.is_wrong for found in sound.checks)


def test_the_pieces_are_short() -> None:
    training = Training(dataclasses.replace(SMALL, hidden=(60, 60)))
    update = looked_at(training, 0)
    pieces = check_in_pieces(network_of(update), update.trace, update.samples, update.position, EPSILON)
    assert sum(1 for _ in itertools.takewhile(lambda piece: piece is None, pieces)) > 4


def test_network_of_returns_the_parameters_before_the_update(training: Training) -> None:
    before = training.network.parameters.copy()
    update = looked_at(training, 3, index=len(operations(3)))
    training.trainer.apply(np.array([3]))
    network = network_of(update)
    np.testing.assert_array_equal(network.parameters, before)
    trace = backprop.trace(network, update.trace.x, update.trace.y)
    np.testing.assert_array_equal(trace.layers[0].dW, update.trace.layers[0].dW)
    assert network.loss == training.network.loss


def test_a_check_holds_for_every_operation_of_its_update(training: Training) -> None:
    first, *_ = outcomes(looked_at(training, 3))
    assert first.is_of(looked_at(training, 3, index=5))
    after = looked_at(training, 3, index=len(operations(3)))
    training.trainer.apply(np.array([3]))
    assert first.is_of(dataclasses.replace(after, position=training.position))


def test_a_check_does_not_hold_for_another_sample_or_after_a_step(training: Training) -> None:
    first, *_ = outcomes(looked_at(training, 3))
    assert not first.is_of(None)
    assert not first.is_of(looked_at(training, 4))
    training.trainer.apply(np.array([3]))
    assert not first.is_of(looked_at(training, 3))


@pytest.mark.parametrize(
    ("sizes", "samples", "sentence"),
    [
        ((2, 1024, 1024, 2), 1, r"Moving each of 1,054,722 parameters .* itself would take minutes: check a smaller"),
        (
            (2, 25, 50, 25, 2),
            1000,
            r"with a batch of 1,000 samples would take minutes: .* network, or a smaller batch\.",
        ),
    ],
)
def test_a_check_that_would_take_minutes_is_refused(sizes: tuple[int, ...], samples: int, sentence: str) -> None:
    network = Network.build(sizes, ["sigmoid"] * (len(sizes) - 1))
    x, y = np.zeros((samples, 2)), np.zeros((samples, 2))
    with pytest.raises(TooLargeToCheckError, match=sentence):
        next(check_in_pieces(network, trace(network, x, y), np.arange(samples), Training(SMALL).position, EPSILON))
