"""The debugger in the real window, by its keys, thread and all."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from bpviz.core import backprop
from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition
from bpviz.session.engine.events import State
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import UpdateKind
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.pilot import Pilot

VANISHING = load_preset("vanishing").experiment
MISTAKE = Breakpoint((Condition(Metric("misclassified"), ">", 0),))


@pytest.fixture
def pilot(open_program: OpenProgram) -> Pilot:
    made = open_program()
    made.until_ready()
    return made


def type_keys(pilot: Pilot, *keys: str) -> None:
    for each in keys:
        QTest.keySequence(pilot.window.focusWidget() or pilot.window, QKeySequence(each))


def step(pilot: Pilot, key: str) -> None:
    """Press a key, and wait until what it asks for has come."""
    before = pilot.n_steps
    type_keys(pilot, key)
    pilot.until_stepped(before)
    pilot.until(lambda: pilot.model.status.state is not State.RUNNING)


def first_vanished() -> tuple[int, float]:
    """Return the first sample in whose turn the largest |delta| of layer 1 is under 1e-5, and that delta."""
    training = Training(VANISHING)
    for sample, (x, y) in enumerate(zip(training.split.X_train, training.split.y_train, strict=True)):
        largest = np.abs(backprop.trace(training.network, x, y).layers[0].delta).max()
        if largest < 1e-5:
            return sample, float(largest)
        training.trainer.advance(1)
    raise AssertionError("no delta vanishes in the first epoch")


def test_the_first_vanished_delta_is_found_and_explained_by_keyboard_alone(open_program: OpenProgram) -> None:
    pilot = open_program(VANISHING)
    pilot.until_ready()
    type_keys(pilot, "Ctrl+2", "F9", "Return")
    assert [each.describe() for each in pilot.model.debugger.breakpoints] == ["largest |delta| of layer 1 < 1e-05"]
    type_keys(pilot, "F5")
    pilot.until(lambda: pilot.model.debugger.stopped is not None)
    pilot.until_state(State.PAUSED)
    sample, largest = first_vanished()
    hit = pilot.model.debugger.stopped
    assert hit is not None
    assert hit.sample == sample
    assert hit.values[0] == pytest.approx(largest, rel=1e-9)
    assert pilot.model.current_update is not None
    assert str(pilot.model.current_update.operation) == "Operation(quantity='delta', layer=1)"
    type_keys(pilot, "F4")
    assert "slopes" in pilot.window.explain.verdict.text()
    assert pilot.window.explain.isAncestorOf(pilot.window.focusWidget())


def test_going_on_and_going_back_lead_from_hit_to_hit(pilot: Pilot) -> None:
    pilot.model.debugger.set_breakpoints((MISTAKE,))
    places = []
    for _ in range(3):
        step(pilot, "F5")
        places.append(pilot.position)
    assert places == sorted(set(places))
    for place in places[-2::-1]:
        step(pilot, "Alt+F5")
        assert pilot.position == place
    assert not pilot.model.status.is_live
    step(pilot, "Alt+F5")
    assert "before this place" in pilot.expect_failure().sentence
    assert pilot.position == places[0]


def test_keys_walk_forward_and_back_through_operations(pilot: Pilot) -> None:
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
        step(pilot, key)
        assert pilot.position == position, key


def test_a_key_held_down_stops_when_it_is_let_go(pilot: Pilot) -> None:
    before = pilot.n_steps
    for _ in range(200):
        type_keys(pilot, "F11")
    pilot.until(lambda: pilot.n_steps > before)
    pilot.until_drawn()
    # While one step is on its way, one more waits, however often the key has been repeated.
    pilot.until(lambda: pilot.position.sample == 0 and 0 < pilot.position.operation <= 3)


def test_slow_motion_plays_an_inspected_sample_from_its_beginning_to_its_end(pilot: Pilot) -> None:
    pilot.window.slow_motion.set_pace(1000)
    pilot.model.inspect(11)
    pilot.until(lambda: pilot.model.current_update is not None)
    seen: list[int] = []
    pilot.model.current_update_changed.connect(lambda update: seen.append(update.index))
    pilot.do("slow_motion")
    pilot.until(lambda: not pilot.window.slow_motion.is_playing)
    assert seen == list(range(23))
    assert pilot.position == Position()


def test_slow_motion_stops_when_training_runs(pilot: Pilot) -> None:
    pilot.do("slow_motion")
    assert pilot.window.slow_motion.is_playing
    pilot.run_to_the_end()
    assert not pilot.window.slow_motion.is_playing
    assert not pilot.window.actions_["slow_motion"].isChecked()


def test_an_inspected_sample_leaves_the_network_alone_and_all_panels_show_it(pilot: Pilot) -> None:
    pilot.do("inspect_worst")
    pilot.until(lambda: pilot.model.current_update is not None)
    update = pilot.model.current_update
    assert update is not None
    training = Training(SMALL)
    losses = training.losses(np.arange(28), training.network.parameters)
    assert (update.kind, update.samples.tolist()) == (UpdateKind.INSPECTED, [int(losses.argmax())])
    assert pilot.model.selection.sample == int(losses.argmax())
    assert pilot.position == Position()


def test_a_change_in_the_past_takes_the_place_of_what_came_after(pilot: Pilot) -> None:
    pilot.run_to_the_end()
    assert len(pilot.model.epochs) == SMALL.epochs
    pilot.model.step("epoch", -3)
    pilot.until(lambda: pilot.position == Position(2))
    assert len(pilot.model.epochs) == SMALL.epochs
    pilot.model.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    pilot.until(lambda: len(pilot.model.epochs) == 2)
    pilot.run_to_the_end()
    assert pilot.model.epochs.column("epoch").tolist() == list(range(SMALL.epochs))


def test_going_back_shows_the_options_that_were_in_force(pilot: Pilot) -> None:
    pilot.run_to_the_end()
    pilot.model.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    pilot.model.step("epoch", -2)
    pilot.until(lambda: pilot.model.experiment.learning_rate == SMALL.learning_rate)
    pilot.model.step("epoch", 2)
    pilot.until(lambda: pilot.model.experiment.learning_rate == 0.5)


def test_an_entry_of_the_log_leads_to_its_place(pilot: Pilot) -> None:
    pilot.model.debugger.set_breakpoints((dataclasses.replace(MISTAKE, log_only=True),))
    pilot.run_to_the_end()
    hit = pilot.model.debugger.hits[len(pilot.model.debugger.hits) // 2]
    pilot.model.travel(hit.position)
    pilot.until(lambda: pilot.position == hit.position)
    assert pilot.model.current_update is not None
    assert pilot.model.current_update.samples.tolist() == [hit.sample]


def test_gradients_of_the_sample_on_the_table_are_checked_beside_training(pilot: Pilot) -> None:
    step(pilot, "F10")
    pilot.model.check_gradients(1e-5)
    pilot.do("run")
    pilot.until(lambda: pilot.model.checked is not None and bool(pilot.model.checked.valley))
    assert pilot.model.checked is not None
    assert pilot.model.checked.verdict.layer is None
    assert pilot.model.checked.samples.tolist() == [0]


def test_a_number_for_a_sample_that_is_not_there_is_refused_in_a_sentence(pilot: Pilot) -> None:
    pilot.model.inspect(28)
    assert "from 0 to 27" in pilot.expect_failure().sentence
    step(pilot, "F11")


@pytest.mark.parametrize("key", [Qt.Key.Key_F11, Qt.Key.Key_F10])
def test_steps_wait_for_a_network(open_program: OpenProgram, key: Qt.Key) -> None:
    pilot = open_program()
    QTest.keyClick(pilot.window, key)
    pilot.until_ready()
    assert pilot.n_steps == 0
