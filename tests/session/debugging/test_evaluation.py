"""Evaluation of watches and breakpoints for the current update."""

import dataclasses
import math

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.core.metrics.metric import QUANTITIES, Metric
from bpviz.core.optimisers.rule import LearningRule
from bpviz.session.debugging.breakpoints import READY_MADE, Breakpoint, Condition
from bpviz.session.debugging.evaluation import operation_of, read_update, watch_values
from bpviz.session.debugging.watches import Watch
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation, operations
from tests.session.helpers import EXPLOSIVE, SMALL

N_LAYERS = 3


def values_of(stepper: Stepper, *watches: Watch) -> tuple[float, ...]:
    assert stepper.current_update is not None
    return watch_values(stepper.training, watches, read_update(stepper.current_update))


@pytest.fixture
def stepper() -> Stepper:
    made = Stepper(Training(dataclasses.replace(SMALL, shuffle=True)))
    made.step("sample", 5)
    return made


def test_watches_show_the_update_on_the_table(stepper: Stepper) -> None:
    assert stepper.current_update is not None
    trace, layers = stepper.current_update.trace, stepper.current_update.layers
    watched = {
        Metric("delta", 1, neuron=2): trace.layers[0].delta[0, 2],
        Metric("W", 2, neuron=2, source=1): layers[1].W[1, 2],
        Metric("dW", 3, "smallest"): trace.layers[2].dW.min(),
        Metric("abs_delta", 1, "rms"): np.sqrt(np.mean(trace.layers[0].delta ** 2)),
        Metric("loss"): trace.loss,
        Metric("sample"): stepper.current_update.samples[0],
        Metric("loss_rise"): stepper.current_update.losses_after[0] - stepper.current_update.losses_before[0],
    }
    found = values_of(stepper, *map(Watch, watched))
    np.testing.assert_allclose(found, list(watched.values()), rtol=1e-12)


def test_a_watch_of_a_sample_shows_its_update_with_the_current_parameters(stepper: Stepper) -> None:
    training = stepper.training
    before = training.network.parameters.copy()
    done = backprop.trace(training.network, training.split.X_train[11], training.split.y_train[11])
    found = values_of(stepper, Watch(Metric("loss"), 11), Watch(Metric("error", 2, neuron=1), 11))
    np.testing.assert_allclose(found, [done.loss, done.layers[1].error[1]], rtol=1e-12)
    np.testing.assert_array_equal(training.network.parameters, before)
    assert training.position == Position(0, 5)


def test_a_watch_that_the_network_has_no_place_for_shows_nothing(stepper: Stepper) -> None:
    nowhere = Watch(Metric("a", 4)), Watch(Metric("a", 1, neuron=4)), Watch(Metric("loss"), 28)
    *missing, loss = values_of(stepper, *nowhere, Watch(Metric("loss"), 27))
    assert all(math.isnan(value) for value in missing)
    assert loss > 0


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_number_is_known_after_the_operation_that_computes_it_and_not_before(quantity: str, layer: int) -> None:
    computed_by = {
        **dict.fromkeys(["abs_delta", "delta"], Operation("delta", layer)),
        **dict.fromkeys(["abs_error", "error"], Operation("error", layer)),
        **dict.fromkeys(["slope", "saturated"], Operation("slope", layer)),
        **{name: Operation(name, layer) for name in ("a", "z", "dW", "update")},
        **dict.fromkeys(["loss", "misclassified"], Operation("loss", N_LAYERS)),
        **dict.fromkeys(["loss_rise", "not_finite"], Operation("update", N_LAYERS)),
        **dict.fromkeys(["W", "class", "sample", "epoch"]),
        **dict.fromkeys(["m", "v"], Operation("db", N_LAYERS)),  # plain SGD has none: known with the last gradient
    }
    index = operation_of(Metric(quantity, layer), N_LAYERS)
    wanted = computed_by[quantity]
    assert (operations(N_LAYERS)[index - 1] if index else None) == wanted


def test_what_an_optimiser_remembers_is_known_after_its_moments() -> None:
    extra = LearningRule("adam", l2=0.1).extra_operations
    index = operation_of(Metric("v", 2), N_LAYERS, extra)
    assert operations(N_LAYERS, extra)[index - 1] == Operation("moment", 2)


def test_hits_come_in_the_order_of_operations_with_their_numbers(stepper: Stepper) -> None:
    late, early = Condition(Metric("abs_delta", 1), ">", 0.0), Condition(Metric("loss"), ">", 0.0)
    both, never = Breakpoint((early, late)), Breakpoint((Condition(Metric("epoch"), ">", 9.0), early))
    hits = stepper.hits((both, never, Breakpoint((early,))))
    assert stepper.current_update is not None
    trace, place = stepper.current_update.trace, Position(0, 5)
    assert [hit.position for hit in hits] == [
        dataclasses.replace(place, operation=7),
        dataclasses.replace(place, operation=16),
    ]
    assert hits[1].values == pytest.approx((trace.loss, np.abs(trace.layers[0].delta).max()), rel=1e-12)
    assert {hit.sample for hit in hits} == {int(stepper.current_update.samples[0])}


def test_an_update_that_alone_leaves_the_range_is_stopped_at_before_it_is_made() -> None:
    stepper = Stepper(Training(SMALL))
    stepper.training.trainer.learning_rate = math.inf
    (hit,) = stepper.hits((READY_MADE["first number that is not finite"],))
    assert operations(N_LAYERS)[hit.position.operation - 1].phase == "gradients"
    assert operations(N_LAYERS)[hit.position.operation].phase == "update"


@pytest.mark.parametrize(("learning_rate", "rises"), [(0.1, False), (-0.1, True)])
def test_the_breakpoint_of_a_loss_that_rose_holds_for_a_rise_alone(learning_rate: float, rises: bool) -> None:
    stepper = Stepper(Training(SMALL))
    stepper.training.trainer.learning_rate = learning_rate  # against its gradient a loss rises for certain
    assert bool(stepper.hits((READY_MADE["loss that rose after the update"],))) is rises


def test_a_hit_in_a_batch_tells_the_largest_value() -> None:
    stepper = Stepper(Training(dataclasses.replace(SMALL, batch_size=5)))
    (hit,) = stepper.hits((Breakpoint((Condition(Metric("loss"), ">", 0.0),)),))
    assert stepper.current_update is not None
    assert hit.values == (stepper.current_update.losses_before.max(),)


@pytest.mark.parametrize(
    ("layer", "value", "expected"), [(3, 1e300, Operation("loss", 3)), (1, np.nan, Operation("z", 1))]
)
def test_the_first_number_that_is_not_finite_has_its_operation(layer: int, value: float, expected: Operation) -> None:
    stepper = Stepper(Training(EXPLOSIVE))
    stepper.training.network.layers[layer - 1].bias[:] = value
    (hit,) = stepper.hits((Breakpoint((Condition(Metric("not_finite"), ">", 0.0),)),))
    assert operations(N_LAYERS)[hit.position.operation - 1] == expected
