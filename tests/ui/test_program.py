"""The whole program: window, model, thread and session, as a person uses it."""

from __future__ import annotations

import dataclasses
import random

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.core.training.trainer import Trainer
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.ui.plotting.heat_column import HeatColumn
from bpviz.ui.style.theme import SCALES
from tests.session.helpers import EXPLOSIVE, GROWING, SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.hands import retype
from tests.ui.pilot import Pilot

# An epoch of seconds, on the fastest path too.
LARGE = Experiment(samples=50_000, hidden=(256, 256), activations=("sigmoid",) * 3, epochs=3)
ENDLESS = dataclasses.replace(SMALL, epochs=1_000_000)


def unlimited(pilot: Pilot) -> Pilot:
    pilot.window.tool_bar.speed.setCurrentText("unlimited")
    return pilot


@pytest.fixture
def pilot(open_program: OpenProgram) -> Pilot:
    """A program on the small experiment, ready."""
    made = unlimited(open_program())
    made.until_ready()
    return made


# From the first paint to the last epoch


def test_it_opens_and_stands_ready_with_its_surface(pilot: Pilot) -> None:
    assert pilot.position == Position()
    assert pilot.window.surface.image.image is not None
    assert len(pilot.window.deltas.columns) == 3
    assert pilot.window.actions_["run"].isEnabled()
    assert not pilot.window.notice.isVisible()


def test_the_window_is_there_before_the_work_begins(open_program: OpenProgram) -> None:
    made = open_program()
    assert made.window.isVisible()
    assert made.model.prepared is None
    assert made.model.status.state is State.PREPARING
    made.until_ready()


def test_every_epoch_is_told_once_in_order_and_equals_training_without_a_window(open_program: OpenProgram) -> None:
    experiment = dataclasses.replace(SMALL, epochs=400)
    made = unlimited(open_program(experiment))
    made.until_ready()
    made.run_to_the_end()
    table, training = made.model.epochs, Training(experiment)
    np.testing.assert_array_equal(table.column("epoch"), np.arange(400))
    expected = [training.run_epoch().mse_test for _ in range(400)]
    np.testing.assert_allclose(table.column("mse_test"), expected, rtol=1e-12)
    assert made.window.tool_bar.epoch.text() == "400"
    made.until_drawn()
    assert made.model.frame is not None
    assert made.model.frame.position == Position(400)


def test_the_pace_that_is_shown_is_kept(open_program: OpenProgram) -> None:
    made = open_program(ENDLESS)
    made.until_ready()
    made.do("run")
    made.until(lambda: len(made.model.epochs) >= 12)
    assert 0 < made.model.rate < 45


# Pause and step


def test_a_pause_in_the_middle_of_an_epoch_stays_there(open_program: OpenProgram) -> None:
    made = unlimited(open_program(LARGE))
    made.until_ready()
    made.do("run")
    made.until(lambda: made.position.sample > 0)
    made.do("pause")
    made.until_state(State.PAUSED)
    assert 0 < made.position.sample < 35_000
    made.until_drawn()
    assert made.model.frame is not None
    assert made.model.frame.position == made.position
    stopped = made.position
    made.step()
    assert made.position == dataclasses.replace(stopped, sample=stopped.sample + 1)


def test_a_step_marks_its_sample_and_changes_its_loss(pilot: Pilot) -> None:
    pilot.step()
    step, prepared = pilot.model.current_update, pilot.model.prepared
    assert step is not None
    assert prepared is not None
    assert pilot.model.selection.sample == step.samples[0] == 0
    where = np.unique(np.column_stack(pilot.window.surface.chosen.getData()), axis=0)
    np.testing.assert_array_equal(where, prepared.split.X_train[[0]])
    assert step.losses_after[0] < step.losses_before[0]
    assert pilot.position == Position(0, 1)
    pilot.until_drawn()


def test_a_step_with_a_chosen_sample_does_not_move_the_position(pilot: Pilot) -> None:
    pilot.model.select(sample=9)
    pilot.step("step_chosen")
    assert pilot.model.current_update is not None
    assert pilot.model.current_update.samples.tolist() == [9]
    assert pilot.position == Position()


def test_as_many_steps_as_there_are_samples_are_an_epoch(pilot: Pilot) -> None:
    for _ in range(28):
        pilot.step()
    pilot.until(lambda: len(pilot.model.epochs) == 1)
    assert pilot.position == Position(1)
    assert pilot.model.epochs.row(0)[1] == pytest.approx(Training(SMALL).run_epoch().mse_train, rel=1e-12)


# Reset and change


def test_a_reset_gives_the_same_first_epochs_bit_for_bit(pilot: Pilot) -> None:
    runs = []
    for _ in range(2):
        pilot.run_to_the_end()
        runs.append((pilot.model.epochs.column("mse_train").tobytes(), pilot.model.epochs.delta_rms.tobytes()))
        pilot.reset()
        assert len(pilot.model.epochs) == 0
    assert runs[0] == runs[1]


def test_another_learning_rate_does_not_reset(open_program: OpenProgram) -> None:
    made = unlimited(open_program(ENDLESS))
    made.until_ready()
    made.do("run")
    made.until(lambda: len(made.model.epochs) > 20)
    field = made.window.experiment.fields["learning_rate"]
    retype(field.editor, "0.9")  # type: ignore[arg-type]
    before = len(made.model.epochs)
    made.until(lambda: len(made.model.epochs) > before + 20)
    assert made.n_prepared == 1
    made.reset()
    assert made.model.experiment.learning_rate == 0.9


def test_a_new_network_is_made_when_it_is_asked_for(pilot: Pilot) -> None:
    pilot.run_to_the_end()
    pilot.window.experiment.layers.add.click()
    pilot.window.experiment.apply.click()
    pilot.until(lambda: pilot.n_prepared == 2)
    pilot.until_ready()
    assert pilot.model.experiment.hidden == (4, 3, 8)
    assert len(pilot.window.deltas.columns) == 4
    pilot.run_to_the_end()


def test_training_can_go_on_beyond_where_it_stopped(pilot: Pilot) -> None:
    pilot.run_to_the_end()
    pilot.do("run")
    assert "Epoch 5 is reached" in pilot.expect_failure().sentence
    pilot.window.tool_bar.stop_after.setValue(8)
    pilot.until_state(State.PAUSED)
    pilot.run_to_the_end()
    assert pilot.position == Position(8)


def test_data_of_one_class_are_refused_in_a_sentence_and_the_experiment_goes_on(open_program: OpenProgram) -> None:
    made = unlimited(open_program(ENDLESS))
    made.until_ready()
    made.do("run")
    panel = made.window.experiment
    panel.fields["dataset"].show_value("blobs")
    retype(panel.fields["classes"].editor, "6")  # type: ignore[arg-type]
    retype(panel.fields["samples"].editor, "10")  # type: ignore[arg-type]
    retype(panel.fields["test_share"].editor, "0.9")  # type: ignore[arg-type]
    panel.apply.click()
    failure = made.expect_failure()
    assert "hold only 1 of 6 classes" in failure.sentence
    made.until(lambda: made.model.is_running)
    before = len(made.model.epochs)
    made.until(lambda: len(made.model.epochs) > before)
    assert made.window.notice.isVisible()
    assert made.n_prepared == 1


# What goes wrong


@pytest.mark.parametrize("experiment", [EXPLOSIVE, GROWING], ids=["at once", "after some epochs"])
def test_numbers_without_end_stop_training_with_a_sentence_and_reset_works(
    open_program: OpenProgram, experiment: Experiment
) -> None:
    made = unlimited(open_program(experiment))
    made.until_ready()
    made.do("run")
    sentence = made.expect_failure().sentence
    for word in ("epoch", "sample", "layer", "learning rate", "reset"):
        assert word in sentence
    made.until_state(State.STOPPED)
    assert made.window.notice.sentence.text() == sentence
    made.until_drawn()
    retype(made.window.experiment.fields["learning_rate"].editor, "0.001")  # type: ignore[arg-type]
    made.reset()
    made.run_to_the_end()
    assert not made.window.notice.isVisible()
    assert np.isfinite(made.model.epochs.column("mse_train")).all()


def test_a_fault_in_the_worker_is_shown_and_reset_works(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("somebody pulled the plug")

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "advance", fail)
        pilot.do("run")
        failure = pilot.expect_failure()
    assert "somebody pulled the plug" in failure.sentence
    assert "RuntimeError" in failure.details
    pilot.until_state(State.STOPPED)
    assert pilot.window.notice.isVisible()
    pilot.reset()
    assert not pilot.window.notice.isVisible()
    pilot.run_to_the_end()


def test_a_fault_in_the_window_is_shown_and_it_goes_on(
    pilot: Pilot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no colours left")

    with monkeypatch.context() as patch:
        patch.setattr(HeatColumn, "draw", fail)
        pilot.step()
        failure = pilot.expect_failure()
    assert "The window met a fault of its own (no colours left)" in failure.sentence
    assert "RuntimeError: no colours left" in capsys.readouterr().err
    pilot.failures.clear()  # each frame until here has met it
    pilot.run_to_the_end()


# Closing


@pytest.mark.parametrize("when", ["at once", "ready", "training", "in the middle of an epoch", "stepping"])
def test_it_can_be_closed_at_any_moment(open_program: OpenProgram, when: str) -> None:
    made = unlimited(open_program(LARGE if when == "in the middle of an epoch" else ENDLESS))
    if when != "at once":
        made.until_ready()
    if when in ("training", "in the middle of an epoch"):
        made.do("run")
        made.until(lambda: made.position > Position())
    if when == "stepping":
        made.do("step")
    worker, collector = made.program.worker, made.program._collector
    made.leave()
    assert worker.end()
    assert not collector.timer.isActive()


def test_it_can_be_closed_before_the_work_has_begun(qtbot: QtBot, open_program: OpenProgram) -> None:
    made = open_program()
    made.window.close()
    with qtbot.waitSignal(made.window.destroyed):
        made.leave()
    assert not made.program.worker._thread.isRunning()


@pytest.mark.parametrize("rounds", [25, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", [0, 1])
def test_commands_in_any_order_end_without_a_hang_a_warning_or_a_leak(
    open_program: OpenProgram, seed: int, rounds: int
) -> None:
    made = unlimited(open_program(ENDLESS))
    made.until_ready()
    draw = random.Random(seed)
    for _ in range(rounds):
        command = draw.choice(["run", "pause", "step", "step_chosen", "reset"])
        if made.window.actions_[command].isEnabled() and made.window.actions_[command].isVisible():
            made.do(command)
        if draw.random() < 0.3:
            QApplication.processEvents()
        if draw.random() < 0.1:
            made.until(lambda: made.model.is_running or made.model.frame_requests.is_up_to_date)
        epochs = made.model.epochs.column("epoch")
        np.testing.assert_array_equal(epochs, np.arange(len(epochs)))
    made.reset()


# Looks


def test_themes_and_sizes_of_text_change_in_the_open_window(pilot: Pilot) -> None:
    pilot.step()
    for _ in range(2):
        pilot.do("theme")
        pilot.until_drawn()
        pilot.window.grab()
    for command in ("larger", "smaller"):
        for _ in SCALES:
            pilot.do(command)
            pilot.window.grab()
    pilot.do("theme_system")


@pytest.mark.parametrize("layout", ["train", "step", "lecture", "compare"])
def test_all_panels_work_in_all_layouts(pilot: Pilot, layout: str) -> None:
    pilot.do(f"{layout}_layout")
    pilot.step()
    pilot.run_to_the_end()
    pilot.until_drawn()
    pilot.window.grab()


def test_a_start_with_the_surface_hidden_still_draws_the_deltas(open_program: OpenProgram) -> None:
    first = open_program()
    first.until_ready()
    first.window.surface.toggleViewAction().trigger()
    first.leave()
    second = open_program()
    assert not second.window.surface.isVisible()
    second.until_ready()
    assert len(second.window.deltas.columns[0].values) == 28


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_opens_trains_and_draws(open_program: OpenProgram, name: str) -> None:
    experiment = load_preset(name).experiment
    made = unlimited(open_program(dataclasses.replace(experiment, epochs=2)))
    made.until_ready()
    made.step()
    made.run_to_the_end()
    made.until_drawn()
    assert len(made.model.epochs) == 2
    made.window.grab()


def test_presets_follow_each_other_in_one_window(pilot: Pilot) -> None:
    box = pilot.window.tool_bar.preset
    for index in range(box.count()):
        box.setCurrentIndex(index)
        box.activated.emit(index)
        wanted = load_preset(box.currentData()).experiment
        pilot.until(lambda wanted=wanted: pilot.model.experiment == wanted)  # type: ignore[misc]
        pilot.until_drawn()
        pilot.step()
