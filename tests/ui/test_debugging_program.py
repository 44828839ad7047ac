"""The debugger in the real program, by keyboard."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from bpviz.core import backprop
from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition
from bpviz.session.engine.commands import CheckGradients, InspectSample
from bpviz.session.engine.events import State
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import UpdateKind
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver

VANISHING = load_preset("vanishing").experiment
MISTAKE = Breakpoint((Condition(Metric("misclassified"), ">", 0),))


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    made = open_program()
    made.wait_until_ready()
    return made


def type_keys(driver: ProgramDriver, *keys: str) -> None:
    for each in keys:
        QTest.keySequence(driver.window.focusWidget() or driver.window, QKeySequence(each))


def step(driver: ProgramDriver, key: str) -> None:
    """Press a key, and wait until its effect is shown."""
    before = driver.n_steps
    type_keys(driver, key)
    driver.wait_until_stepped(before)
    driver.wait_until(lambda: driver.model.status.state is not State.RUNNING)


def first_vanished() -> tuple[int, float]:
    """Return the first sample at whose update the largest |delta| of layer 1 is below 1e-5, and that delta."""
    training = Training(VANISHING)
    for sample, (x, y) in enumerate(zip(training.split.X_train, training.split.y_train, strict=True)):
        largest = np.abs(backprop.trace(training.network, x, y).layers[0].delta).max()
        if largest < 1e-5:
            return sample, float(largest)
        training.trainer.advance(1)
    raise AssertionError("no delta vanishes in the first epoch")


def test_the_first_vanished_delta_is_found_and_explained_by_keyboard(open_program: OpenProgram) -> None:
    driver = open_program(VANISHING)
    driver.wait_until_ready()
    type_keys(driver, "Ctrl+2", "F9", "Return")
    assert [each.describe() for each in driver.model.debugger.breakpoints] == ["largest |delta| of layer 1 < 1e-05"]
    type_keys(driver, "F5")
    driver.wait_until(lambda: driver.model.debugger.stopped is not None)
    driver.wait_for_state(State.PAUSED)
    sample, largest = first_vanished()
    hit = driver.model.debugger.stopped
    assert hit is not None
    assert hit.sample == sample
    assert hit.values[0] == pytest.approx(largest, rel=1e-9)
    assert driver.model.current_update is not None
    assert str(driver.model.current_update.operation) == "Operation(quantity='delta', layer=1)"
    type_keys(driver, "F4")
    assert hit.neuron is not None  # selected by the stop
    assert driver.window.docks.explain.panel.verdict.text().startswith(f"Neuron {hit.neuron[1]} of layer 1: delta is ")
    assert driver.window.docks.explain.panel.isAncestorOf(driver.window.focusWidget())


@pytest.mark.slow
def test_continuing_forward_and_back_goes_from_hit_to_hit(driver: ProgramDriver) -> None:
    driver.model.debugger.set_breakpoints((MISTAKE,))
    places = []
    for _ in range(3):
        step(driver, "F5")
        places.append(driver.position)
    assert places == sorted(set(places))
    for place in places[-2::-1]:
        step(driver, "Alt+F5")
        assert driver.position == place
    assert not driver.model.status.is_live
    step(driver, "Alt+F5")
    assert "before this position" in driver.wait_for_failure().sentence
    assert driver.position == places[0]


def test_keys_step_forward_and_back_through_operations(driver: ProgramDriver) -> None:
    for key, position in (
        ("F11", Position(0, 0, 1)),
        ("F11", Position(0, 0, 2)),
        ("Alt+F11", Position(0, 0, 1)),
        ("Shift+F11", Position(0, 1)),
        ("F10", Position(0, 2)),
        ("Alt+F11", Position(0, 1, 24)),
        ("Alt+Shift+F11", Position(0, 1)),
        ("Alt+F10", Position()),
    ):
        step(driver, key)
        assert driver.position == position, key


@pytest.mark.slow
def test_releasing_a_held_key_stops_the_stepping(driver: ProgramDriver) -> None:
    before = driver.n_steps
    for _ in range(200):
        type_keys(driver, "F11")
    driver.wait_until(lambda: driver.n_steps > before)
    driver.wait_until_drawn()
    # While a step is pending, at most one more is queued, however often the key repeats.
    driver.wait_until(lambda: driver.position.sample == 0 and 0 < driver.position.operation <= 3)


@pytest.mark.slow
def test_slow_motion_plays_an_inspected_sample_from_start_to_end(driver: ProgramDriver) -> None:
    driver.window.slow_motion.set_speed(1000)
    driver.model.post(InspectSample(11))
    driver.wait_until(lambda: driver.model.current_update is not None)
    seen: list[int] = []
    driver.model.current_update_changed.connect(lambda update: seen.append(update.index))
    driver.trigger("slow_motion")
    driver.wait_until(lambda: not driver.window.slow_motion.is_playing)
    assert seen == list(range(23))
    assert driver.position == Position()


def test_slow_motion_stops_when_training_runs(driver: ProgramDriver) -> None:
    driver.trigger("slow_motion")
    assert driver.window.slow_motion.is_playing
    driver.run_to_end()
    assert not driver.window.slow_motion.is_playing
    assert not driver.window.actions_["slow_motion"].isChecked()


@pytest.mark.slow
def test_all_panels_show_an_inspected_sample_and_the_network_is_unchanged(driver: ProgramDriver) -> None:
    driver.trigger("inspect_worst")
    driver.wait_until(lambda: driver.model.current_update is not None)
    update = driver.model.current_update
    assert update is not None
    training = Training(SMALL)
    losses = training.losses(np.arange(28), training.network.parameters)
    assert (update.kind, update.samples.tolist()) == (UpdateKind.INSPECTED, [int(losses.argmax())])
    assert driver.model.selection.sample == int(losses.argmax())
    assert driver.position == Position()


def test_a_change_in_the_past_replaces_what_came_after(driver: ProgramDriver) -> None:
    driver.run_to_end()
    assert len(driver.model.epochs) == SMALL.epochs
    driver.model.step("epoch", -3)
    driver.wait_until(lambda: driver.position == Position(2))
    assert len(driver.model.epochs) == SMALL.epochs
    driver.model.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    driver.wait_until(lambda: len(driver.model.epochs) == 2)
    driver.run_to_end()
    assert driver.model.epochs.column("epoch").tolist() == list(range(SMALL.epochs))


@pytest.mark.slow
def test_seeking_back_shows_the_hyperparameters_of_that_position(driver: ProgramDriver) -> None:
    driver.run_to_end()
    driver.model.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    driver.model.step("epoch", -2)
    driver.wait_until(lambda: driver.model.experiment.learning_rate == SMALL.learning_rate)
    driver.model.step("epoch", 2)
    driver.wait_until(lambda: driver.model.experiment.learning_rate == 0.5)


@pytest.mark.slow
def test_a_row_of_the_log_seeks_to_its_position(driver: ProgramDriver) -> None:
    driver.model.debugger.set_breakpoints((dataclasses.replace(MISTAKE, log_only=True),))
    driver.run_to_end()
    hit = driver.model.debugger.hits[len(driver.model.debugger.hits) // 2]
    driver.model.go_to(hit.position)
    driver.wait_until(lambda: driver.position == hit.position)
    assert driver.model.current_update is not None
    assert driver.model.current_update.samples.tolist() == [hit.sample]


def test_gradients_of_the_current_update_can_be_checked(driver: ProgramDriver) -> None:
    step(driver, "F10")
    driver.model.post(CheckGradients(1e-5))
    driver.trigger("run")
    driver.wait_until(lambda: driver.model.checked is not None and bool(driver.model.checked.valley))
    assert driver.model.checked is not None
    assert driver.model.checked.verdict.layer is None
    assert driver.model.checked.samples.tolist() == [0]


def test_a_breakpoint_for_a_missing_neuron_shows_an_error(driver: ProgramDriver) -> None:
    driver.model.post(InspectSample(28))
    assert "from 0 to 27" in driver.wait_for_failure().sentence
    step(driver, "F11")


@pytest.mark.slow
@pytest.mark.parametrize("key", [Qt.Key.Key_F11, Qt.Key.Key_F10])
def test_stepping_is_disabled_without_a_network(open_program: OpenProgram, key: Qt.Key) -> None:
    driver = open_program()
    QTest.keyClick(driver.window, key)
    driver.wait_until_ready()
    assert driver.n_steps == 0
