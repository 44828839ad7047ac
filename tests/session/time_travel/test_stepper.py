import dataclasses
import random

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.backward_search import run_back_to
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import LEVELS, Operation
from bpviz.session.walkthrough.traced_update import UpdateKind
from tests.session.helpers import EXPLOSIVE, SMALL

BATCHES = dataclasses.replace(SMALL, batch_size=5, shuffle=True)
EXPERIMENTS = [SMALL, dataclasses.replace(SMALL, shuffle=True), BATCHES]
N_TRAIN = 28
N_OPERATIONS = 25


@pytest.fixture
def stepper() -> Stepper:
    return Stepper(Training(SMALL))


def run(experiment: Experiment, epochs: int, samples: int = 0) -> Training:
    """Return a training that has been run, not stepped, so far."""
    training = Training(experiment)
    for _ in range(epochs):
        training.run_epoch()
    if samples:
        training.trainer.advance(samples)
    return training


def parameters(stepper: Stepper) -> Array:
    return stepper.training.network.parameters.copy()


# Forward


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_an_epoch_walked_by_operations_equals_the_kernel_bit_for_bit(kernel_path: str, experiment: Experiment) -> None:
    stepper = Stepper(Training(experiment))
    records = []
    while stepper.training.position < Position(1):
        records += stepper.step("operation")
    expected = run(experiment, 1)
    np.testing.assert_array_equal(parameters(stepper), expected.network.parameters)
    assert [record.epoch for record in records] == [0]


@pytest.mark.parametrize(("level", "count"), [("sample", 28 * 3), ("epoch", 3), ("operation", 28 * 3 * N_OPERATIONS)])
def test_steps_give_exactly_the_result_of_a_run(kernel_path: str, level: str, count: int) -> None:
    stepper = Stepper(Training(SMALL))
    records = stepper.step(level, count)
    np.testing.assert_array_equal(parameters(stepper), run(SMALL, 3).network.parameters)
    assert [record.epoch for record in records] == [0, 1, 2]


def test_operations_come_in_the_order_of_the_algorithm(stepper: Stepper) -> None:
    seen = []
    for _ in range(N_OPERATIONS):
        stepper.step("operation")
        assert stepper.current_update is not None
        seen.append(stepper.current_update.operation)
    assert stepper.current_update is not None
    assert tuple(seen) == stepper.current_update.operations
    assert stepper.position == Position(0, 1)


@pytest.mark.parametrize(
    ("level", "ends"),
    [
        ("layer", [2, 4, 6, 7, 10, 13, 16, 18, 20, 22, 23, 24, 25]),
        ("phase", [6, 7, 16, 22, 25]),
        ("sample", [25]),
    ],
)
def test_a_step_of_a_level_ends_at_its_boundary(stepper: Stepper, level: str, ends: list[int]) -> None:
    reached = []
    while stepper.training.position == Position():
        stepper.step(level)
        assert stepper.current_update is not None
        reached.append(stepper.current_update.index)
    assert reached == ends


def test_after_a_whole_sample_the_table_shows_it_with_everything_done(stepper: Stepper) -> None:
    stepper.step("sample", 3)
    assert stepper.current_update is not None
    assert (stepper.current_update.samples.tolist(), stepper.current_update.index) == ([2], N_OPERATIONS)
    assert stepper.position == Position(0, 3)


def test_an_update_changes_the_network_layer_by_layer(stepper: Stepper) -> None:
    before = parameters(stepper)
    stepper.step("operation", N_OPERATIONS - 2)
    assert stepper.current_update is not None
    assert stepper.current_update.operation == Operation("update", 1)
    layers = stepper.training.network.layers
    np.testing.assert_array_equal(layers[0].weights, stepper.current_update.layers[0].W_after)
    np.testing.assert_array_equal(layers[1].weights, stepper.current_update.layers[1].W)
    stepper.step("operation", -1)
    np.testing.assert_array_equal(parameters(stepper), before)


# Back


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_level_steps_back_to_the_same_bits(kernel_path: str, experiment: Experiment, level: str) -> None:
    stepper = Stepper(Training(experiment))
    trail = []
    for _ in range(12):
        trail.append((stepper.position, parameters(stepper)))
        stepper.step(level, 2)
    for position, bits in reversed(trail):
        stepper.step(level, -2)
        assert stepper.position == position
        np.testing.assert_array_equal(parameters(stepper), bits)


@pytest.mark.slow
def test_a_random_walk_of_2000_steps_ends_at_identical_bits(kernel_path: str) -> None:
    experiment, draw = dataclasses.replace(SMALL, shuffle=True), random.Random(4)
    stepper = Stepper(Training(experiment))
    seen: dict[Position, bytes] = {}
    for _ in range(2000):
        level = draw.choices(LEVELS, (8, 4, 4, 3, 1))[0]
        stepper.step(level, draw.choice((-3, -2, -1, 1, 2, 3)))
        bits = parameters(stepper).tobytes()
        assert seen.setdefault(stepper.position, bits) == bits
    stepper.go_to(Position())
    np.testing.assert_array_equal(parameters(stepper), Training(experiment).network.parameters)


def test_a_step_back_stops_at_the_start_of_training(stepper: Stepper) -> None:
    stepper.step("sample", 2)
    stepper.step("epoch", -10000)
    assert stepper.position == Position()
    assert stepper.current_update is not None
    assert (stepper.current_update.index, stepper.current_update.samples.tolist()) == (0, [0])


def test_a_replayed_epoch_is_not_recorded_again(stepper: Stepper) -> None:
    assert len(stepper.step("epoch", 2)) == 2
    stepper.step("sample", -40)
    assert stepper.step("epoch", 3)[0].epoch == 2


def test_a_little_memory_is_enough_to_reach_everything_again() -> None:
    stepper = Stepper(Training(SMALL), budget=1000)
    stepper.step("epoch", 120)
    for place in (Position(119, 27, 3), Position(60, 5), Position(3), Position(61, 27, 24)):
        stepper.go_to(place)
        assert stepper.position == place
        if not place.operation:
            np.testing.assert_array_equal(parameters(stepper), run(SMALL, place.epoch, place.sample).network.parameters)


# By hand


def test_inspecting_a_sample_trains_nothing_and_stepping_stays_in_it(stepper: Stepper) -> None:
    stepper.step("sample", 2)
    before = parameters(stepper)
    stepper.inspect(11)
    assert stepper.current_update is not None
    assert (stepper.current_update.kind, stepper.current_update.samples.tolist()) == (UpdateKind.INSPECTED, [11])
    everything = stepper.current_update.index
    stepper.step("operation", -2)
    assert stepper.current_update.index == everything - 2
    stepper.step("phase", 5)
    assert stepper.current_update.index == everything
    np.testing.assert_array_equal(parameters(stepper), before)
    assert stepper.position == Position(0, 2)
    stepper.step("sample")
    assert stepper.position == Position(0, 3)


def test_an_applied_sample_is_repeated_in_a_replay(stepper: Stepper) -> None:
    stepper.step("sample", 5)
    plain = parameters(stepper)
    stepper.apply(11)
    applied = parameters(stepper)
    assert not np.array_equal(plain, applied)
    assert stepper.current_update is not None
    np.testing.assert_array_equal(stepper.current_update.layers[0].W_after, stepper.training.network.layers[0].weights)
    stepper.step("sample", 7)
    later = parameters(stepper)
    stepper.go_to(Position(0, 5))
    np.testing.assert_array_equal(parameters(stepper), applied)
    stepper.step("epoch", -1)
    stepper.step("sample", 12)
    np.testing.assert_array_equal(parameters(stepper), later)


def test_changed_hyperparameters_hold_from_their_position_on(stepper: Stepper) -> None:
    stepper.step("sample", 40)
    stepper.history.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5, batch_size=3))
    stepper.step("sample", 9)
    later, position = parameters(stepper), stepper.position
    stepper.go_to(Position(0, 7))
    assert (stepper.training.trainer.learning_rate, stepper.training.trainer.batch_size) == (0.1, 1)
    np.testing.assert_array_equal(parameters(stepper), run(SMALL, 0, 7).network.parameters)
    stepper.go_to(position)
    assert stepper.training.trainer.learning_rate == 0.5
    np.testing.assert_array_equal(parameters(stepper), later)
    stepper.step("sample", -9)
    assert stepper.position == Position(1, 12)


def test_a_change_in_the_past_takes_back_the_epochs_after_it(stepper: Stepper) -> None:
    stepper.step("epoch", 4)
    stepper.go_to(Position(2, 3))
    stepper.history.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    assert stepper.training.n_scored == 2
    assert [record.epoch for record in stepper.step("epoch", 2)] == [2, 3]


def test_a_copy_within_an_update_stands_at_the_same_operation(stepper: Stepper) -> None:
    stepper.go_to(Position(1, 4, 24))
    other = stepper.copy()
    assert other.position == stepper.position == Position(1, 4, 24)
    np.testing.assert_array_equal(parameters(other), parameters(stepper))
    other.step("sample")
    assert stepper.position == Position(1, 4, 24)


# Breakpoints


def stop_at(quantity: str, comparison: str, value: float, **place: int) -> tuple[Breakpoint, ...]:
    return (Breakpoint((Condition(Metric(quantity, **place), comparison, value),)),)  # type: ignore[arg-type]


def test_a_run_stops_at_the_very_operation_where_a_breakpoint_holds(kernel_path: str) -> None:
    stepper = Stepper(Training(SMALL))
    hit = stepper.run_to(stop_at("sample", "=", 12), epochs=5)
    assert hit is not None
    assert (hit.position, stepper.position) == (Position(0, 12), Position(0, 12))
    hit = stepper.run_to(stop_at("loss", ">", 0.0), epochs=5)
    assert hit is not None
    assert hit.position == stepper.position == Position(0, 12, 7)
    assert stepper.current_update is not None
    assert hit.values == (stepper.current_update.trace.loss,)


def test_a_run_to_breakpoints_keeps_the_record_of_every_epoch(kernel_path: str) -> None:
    stepper, table = Stepper(Training(SMALL)), EpochTable()
    while stepper.run_to(stop_at("sample", "=", 12), 3, table):
        pass
    expected = run(SMALL, 3)
    assert table.column("epoch").tolist() == [0, 1, 2]
    again = Training(SMALL)
    assert table.column("mse_train").tolist() == [again.run_epoch().mse_train for _ in range(3)]
    np.testing.assert_array_equal(parameters(stepper), expected.network.parameters)


def test_a_run_stops_once_where_a_breakpoint_holds_before_the_first_operation(kernel_path: str) -> None:
    stepper, found = Stepper(Training(SMALL)), []
    while hit := stepper.run_to(stop_at("sample", "=", 12), epochs=3):
        found.append(hit.position)
    assert found == [Position(0, 12), Position(1, 12), Position(2, 12)]


def test_a_run_continues_after_the_hit_at_which_it_stopped(kernel_path: str) -> None:
    stepper, found = Stepper(Training(SMALL)), []
    while hit := stepper.run_to(stop_at("misclassified", ">", 0), epochs=2):
        found.append((hit.position.epoch, hit.position.sample))
    expected = []
    training = Training(SMALL)
    for epoch in range(2):
        for sample in range(N_TRAIN):
            right = training.network.predict(training.split.X_train[[sample]])[0] == training.split.labels_train[sample]
            if not right:
                expected.append((epoch, sample))
            training.trainer.advance(1)
        training.trainer.finish_epoch()
    assert found == expected
    np.testing.assert_array_equal(parameters(stepper), run(SMALL, 2).network.parameters)


def test_a_run_from_within_an_update_does_not_stop_at_what_is_behind(stepper: Stepper) -> None:
    stepper.go_to(Position(0, 12, 3))
    hit = stepper.run_to(stop_at("sample", "=", 12), epochs=5)
    assert hit is not None
    assert hit.position == Position(1, 12)


def test_a_run_that_stops_at_the_end_of_an_epoch_keeps_its_record(stepper: Stepper) -> None:
    table = EpochTable()
    for _ in range(N_TRAIN):
        assert not len(table)
        stepper.run_to(stop_at("loss_rise", "<", 1e9), 3, table)
    assert stepper.position == Position(1)
    assert table.column("epoch").tolist() == [0]


def test_a_run_from_within_the_last_update_of_an_epoch_keeps_its_record(stepper: Stepper) -> None:
    table = EpochTable()
    stepper.go_to(Position(0, N_TRAIN - 1, 3))
    assert stepper.run_to(stop_at("epoch", ">", 100), 2, table) is None
    assert table.column("epoch").tolist() == [0, 1]


def test_going_back_finds_the_same_hits_in_reverse(kernel_path: str) -> None:
    stepper, breakpoints = Stepper(Training(SMALL)), stop_at("abs_delta", ">", 0.12, layer=3)
    forward, back = [], []
    while hit := stepper.run_to(breakpoints, epochs=3):
        forward.append(hit)
    while hit := run_back_to(stepper, breakpoints):
        assert stepper.position == hit.position
        back.append(hit)
    assert len(forward) > 3
    assert back == forward[::-1]


def test_going_back_stops_at_each_hit_within_an_update_the_latest_first(stepper: Stepper) -> None:
    breakpoints = stop_at("abs_delta", ">", 0.0, layer=1) + stop_at("loss", ">", 0.0)
    stepper.step("sample", 2)
    stepper.step("operation", 20)
    places = [hit.position for _ in range(4) if (hit := run_back_to(stepper, breakpoints))]
    assert places == [Position(0, 2, 16), Position(0, 2, 7), Position(0, 1, 16), Position(0, 1, 7)]


def test_a_backward_search_without_a_hit_does_not_move(stepper: Stepper) -> None:
    stepper.step("epoch", 2)
    stepper.step("operation", 3)
    place, bits = stepper.position, parameters(stepper)
    assert run_back_to(stepper, stop_at("epoch", ">", 100)) is None
    assert stepper.position == place
    np.testing.assert_array_equal(parameters(stepper), bits)


def test_the_first_number_that_is_not_finite_is_stopped_at_before_it_does_harm(kernel_path: str) -> None:
    stepper = Stepper(Training(EXPLOSIVE))
    hit = stepper.run_to(stop_at("not_finite", ">", 0), epochs=50)
    assert hit is not None
    assert np.isfinite(stepper.training.network.parameters).all()
    assert stepper.current_update is not None
    assert stepper.current_update.operation is not None
    value = stepper.current_update.value(stepper.current_update.operation)
    assert stepper.current_update.operation.phase == "gradients" or not np.isfinite(value).all()
