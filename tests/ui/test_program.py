"""The whole program: window, model, thread and session."""

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
from tests.ui.program_driver import ProgramDriver
from tests.ui.user_input import retype

# A dataset whose epoch takes seconds, on the fastest path as well.
LARGE = Experiment(samples=50_000, hidden=(256, 256), activations=("sigmoid",) * 3, epochs=3)
ENDLESS = dataclasses.replace(SMALL, epochs=1_000_000)


def unlimited(driver: ProgramDriver) -> ProgramDriver:
    driver.window.tool_bar.speed.setCurrentText("unlimited")
    return driver


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    """A program with the small experiment, ready."""
    made = unlimited(open_program())
    made.wait_until_ready()
    return made


# Start and training


def test_the_program_starts_with_a_surface(driver: ProgramDriver) -> None:
    assert driver.position == Position()
    assert driver.window.docks.surface.panel.image.image is not None
    assert len(driver.window.docks.deltas.panel.columns) == 3
    assert driver.window.actions_["run"].isEnabled()
    assert not driver.window.notice.isVisible()


@pytest.mark.slow
def test_the_window_is_shown_before_the_work_starts(open_program: OpenProgram) -> None:
    made = open_program()
    assert made.window.isVisible()
    assert made.model.prepared is None
    assert made.model.status.state is State.PREPARING
    made.wait_until_ready()


def test_every_epoch_is_sent_once_in_order_and_equals_training_without_a_window(open_program: OpenProgram) -> None:
    experiment = dataclasses.replace(SMALL, epochs=400)
    made = unlimited(open_program(experiment))
    made.wait_until_ready()
    made.run_to_end()
    table, training = made.model.epochs, Training(experiment)
    np.testing.assert_array_equal(table.column("epoch"), np.arange(400))
    expected = [training.run_epoch().mse_test for _ in range(400)]
    np.testing.assert_allclose(table.column("mse_test"), expected, rtol=1e-12)
    assert made.window.tool_bar.epoch.text() == "400"
    made.wait_until_drawn()
    assert made.model.frame is not None
    assert made.model.frame.position == Position(400)


@pytest.mark.slow
def test_the_speed_limit_is_kept(open_program: OpenProgram) -> None:
    made = open_program(ENDLESS)
    made.wait_until_ready()
    made.trigger("run")
    made.wait_until(lambda: len(made.model.epochs) >= 12)
    assert 0 < made.model.rate < 45


# Pause and step


def test_a_pause_inside_an_epoch_keeps_its_position(open_program: OpenProgram) -> None:
    made = unlimited(open_program(LARGE))
    made.wait_until_ready()
    made.trigger("run")
    made.wait_until(lambda: made.position.sample > 0)
    made.trigger("pause")
    made.wait_for_state(State.PAUSED)
    assert 0 < made.position.sample < 35_000
    made.wait_until_drawn()
    assert made.model.frame is not None
    assert made.model.frame.position == made.position
    stopped = made.position
    made.step()
    assert made.position == dataclasses.replace(stopped, sample=stopped.sample + 1)


@pytest.mark.slow
def test_a_step_marks_its_sample_and_changes_its_loss(driver: ProgramDriver) -> None:
    driver.step()
    step, prepared = driver.model.current_update, driver.model.prepared
    assert step is not None
    assert prepared is not None
    assert driver.model.selection.sample == step.samples[0] == 0
    where = np.unique(np.column_stack(driver.window.docks.surface.panel.chosen.getData()), axis=0)
    np.testing.assert_array_equal(where, prepared.split.X_train[[0]])
    assert step.losses_after[0] < step.losses_before[0]
    assert driver.position == Position(0, 1)
    driver.wait_until_drawn()


@pytest.mark.slow
def test_applying_the_selected_sample_does_not_move_the_position(driver: ProgramDriver) -> None:
    driver.model.select(sample=9)
    driver.step("step_chosen")
    assert driver.model.current_update is not None
    assert driver.model.current_update.samples.tolist() == [9]
    assert driver.position == Position()


@pytest.mark.slow
def test_as_many_steps_as_samples_are_an_epoch(driver: ProgramDriver) -> None:
    for _ in range(28):
        driver.step()
    driver.wait_until(lambda: len(driver.model.epochs) == 1)
    assert driver.position == Position(1)
    assert driver.model.epochs.row(0)[1] == pytest.approx(Training(SMALL).run_epoch().mse_train, rel=1e-12)


# Reset and changes


def test_a_reset_reproduces_the_first_epochs_exactly(driver: ProgramDriver) -> None:
    runs = []
    for _ in range(2):
        driver.run_to_end()
        runs.append((driver.model.epochs.column("mse_train").tobytes(), driver.model.epochs.deltas.rows.tobytes()))
        driver.reset()
        assert len(driver.model.epochs) == 0
    assert runs[0] == runs[1]


def test_a_new_learning_rate_does_not_reset_training(open_program: OpenProgram) -> None:
    made = unlimited(open_program(ENDLESS))
    made.wait_until_ready()
    made.trigger("run")
    made.wait_until(lambda: len(made.model.epochs) > 20)
    field = made.window.docks.experiment.panel.fields["learning_rate"]
    retype(field.editor, "0.9")  # type: ignore[arg-type]
    before = len(made.model.epochs)
    made.wait_until(lambda: len(made.model.epochs) > before + 20)
    assert made.n_prepared == 1
    made.reset()
    assert made.model.experiment.learning_rate == 0.9


@pytest.mark.slow
def test_a_new_network_is_created_on_request(driver: ProgramDriver) -> None:
    driver.run_to_end()
    driver.window.docks.experiment.panel.layers.add.click()
    driver.window.docks.experiment.panel.apply.click()
    driver.wait_until(lambda: driver.n_prepared == 2)
    driver.wait_until_ready()
    assert driver.model.experiment.hidden == (4, 3, 8)
    assert len(driver.window.docks.deltas.panel.columns) == 4
    driver.run_to_end()


@pytest.mark.slow
def test_training_can_continue_after_its_last_epoch(driver: ProgramDriver) -> None:
    driver.run_to_end()
    driver.trigger("run")
    assert "Epoch 5 is reached" in driver.wait_for_failure().sentence
    driver.window.tool_bar.stop_after.setValue(8)
    driver.wait_for_state(State.PAUSED)
    driver.run_to_end()
    assert driver.position == Position(8)


@pytest.mark.slow
def test_data_of_one_class_show_an_error_and_keep_the_experiment(open_program: OpenProgram) -> None:
    made = unlimited(open_program(ENDLESS))
    made.wait_until_ready()
    made.trigger("run")
    made.wait_until(lambda: made.model.is_running)  # while nothing is trained, data would be taken at once
    panel = made.window.docks.experiment.panel
    panel.fields["dataset"].show_value("blobs")
    retype(panel.fields["classes"].editor, "6")  # type: ignore[arg-type]
    retype(panel.fields["samples"].editor, "10")  # type: ignore[arg-type]
    retype(panel.fields["test_share"].editor, "0.9")  # type: ignore[arg-type]
    panel.apply.click()
    failure = made.wait_for_failure()
    assert "hold only 1 of 6 classes" in failure.sentence
    made.wait_until(lambda: made.model.is_running)
    before = len(made.model.epochs)
    made.wait_until(lambda: len(made.model.epochs) > before)
    assert made.window.notice.isVisible()
    assert made.n_prepared == 1


# Errors


@pytest.mark.slow
@pytest.mark.parametrize("experiment", [EXPLOSIVE, GROWING], ids=["at once", "after some epochs"])
def test_numbers_that_overflow_stop_training_with_an_error_and_reset_works(
    open_program: OpenProgram, experiment: Experiment
) -> None:
    made = unlimited(open_program(experiment))
    made.wait_until_ready()
    made.trigger("run")
    sentence = made.wait_for_failure().sentence
    for word in ("epoch", "sample", "layer", "learning rate", "reset"):
        assert word in sentence
    made.wait_for_state(State.STOPPED)
    assert made.window.notice.sentence.text() == sentence
    made.wait_until_drawn()
    retype(made.window.docks.experiment.panel.fields["learning_rate"].editor, "0.001")  # type: ignore[arg-type]
    made.reset()
    made.run_to_end()
    assert not made.window.notice.isVisible()
    assert np.isfinite(made.model.epochs.column("mse_train")).all()


def test_an_exception_in_the_worker_is_shown_and_reset_works(
    driver: ProgramDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the power failed")

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "advance", fail)
        driver.trigger("run")
        failure = driver.wait_for_failure()
    assert "the power failed" in failure.sentence
    assert "RuntimeError" in failure.details
    driver.wait_for_state(State.STOPPED)
    assert driver.window.notice.isVisible()
    driver.reset()
    assert not driver.window.notice.isVisible()
    driver.run_to_end()


def test_an_exception_in_the_window_is_shown_and_the_program_continues(
    driver: ProgramDriver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no colours left")

    with monkeypatch.context() as patch:
        patch.setattr(HeatColumn, "draw", fail)
        driver.step()
        failure = driver.wait_for_failure()
    assert "An internal error occurred (no colours left)" in failure.sentence
    assert "RuntimeError: no colours left" in capsys.readouterr().err
    driver.failures.clear()  # each frame until now has failed
    driver.run_to_end()


# Closing


@pytest.mark.parametrize(
    "when",
    [
        "training",
        *(
            pytest.param(when, marks=pytest.mark.slow)
            for when in ("at once", "ready", "in the middle of an epoch", "stepping")
        ),
    ],
)
def test_it_can_be_closed_at_any_time(open_program: OpenProgram, when: str) -> None:
    made = unlimited(open_program(LARGE if when == "in the middle of an epoch" else ENDLESS))
    if when != "at once":
        made.wait_until_ready()
    if when in ("training", "in the middle of an epoch"):
        made.trigger("run")
        made.wait_until(lambda: made.position > Position())
    if when == "stepping":
        made.trigger("step")
    worker, collector = made.program.worker, made.program._collector
    made.close()
    assert worker.end()
    assert not collector.timer.isActive()


def test_it_can_be_closed_before_the_work_starts(qtbot: QtBot, open_program: OpenProgram) -> None:
    made = open_program()
    made.window.close()
    with qtbot.waitSignal(made.window.destroyed):
        made.close()
    assert not made.program.worker._thread.isRunning()


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [25, pytest.param(100, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", [0, 1])
def test_random_actions_end_without_a_hang_a_warning_or_a_leak(
    open_program: OpenProgram, seed: int, rounds: int
) -> None:
    made = unlimited(open_program(ENDLESS))
    made.wait_until_ready()
    draw = random.Random(seed)
    for _ in range(rounds):
        command = draw.choice(["run", "pause", "step", "step_chosen", "reset"])
        if made.window.actions_[command].isEnabled() and made.window.actions_[command].isVisible():
            made.trigger(command)
        if draw.random() < 0.3:
            QApplication.processEvents()
        if draw.random() < 0.1:
            made.wait_until(lambda: made.model.is_running or made.model.frame_requests.is_up_to_date)
        epochs = made.model.epochs.column("epoch")
        np.testing.assert_array_equal(epochs, np.arange(len(epochs)))
    made.reset()


# Theme and workspaces


@pytest.mark.slow
def test_theme_and_text_size_change_in_the_open_window(driver: ProgramDriver) -> None:
    driver.step()
    for _ in range(2):
        driver.trigger("theme")
        driver.wait_until_drawn()
        driver.window.grab()
    for command in ("larger", "smaller"):
        for _ in SCALES:
            driver.trigger(command)
            driver.window.grab()
    driver.trigger("theme_system")


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["train", "step", "lecture", "compare"])
def test_all_panels_work_in_all_workspaces(driver: ProgramDriver, layout: str) -> None:
    driver.trigger(f"{layout}_layout")
    driver.step()
    driver.run_to_end()
    driver.wait_until_drawn()
    driver.window.grab()


@pytest.mark.slow
def test_deltas_are_drawn_when_the_surface_is_hidden_at_the_start(open_program: OpenProgram) -> None:
    first = open_program()
    first.wait_until_ready()
    first.window.docks.surface.toggleViewAction().trigger()
    first.close()
    second = open_program()
    assert not second.window.docks.surface.isVisible()
    second.wait_until_ready()
    assert len(second.window.docks.deltas.panel.columns[0].values) == 28


_SOON = ("moons",)
_LATER = [pytest.param(name, marks=pytest.mark.slow) for name in preset_names() if name not in _SOON]


@pytest.mark.parametrize("name", [*_SOON, *_LATER])
def test_every_preset_opens_trains_and_draws(open_program: OpenProgram, name: str) -> None:
    experiment = load_preset(name).experiment
    made = unlimited(open_program(dataclasses.replace(experiment, epochs=2)))
    made.wait_until_ready()
    made.step()
    made.run_to_end()
    made.wait_until_drawn()
    assert len(made.model.epochs) == 2
    made.window.grab()


@pytest.mark.slow
def test_presets_can_follow_each_other_in_one_window(driver: ProgramDriver) -> None:
    box = driver.window.tool_bar.preset
    for index in map(box.findData, preset_names()):
        box.setCurrentIndex(index)
        box.activated.emit(index)
        wanted = load_preset(box.currentData()).experiment
        driver.wait_until(lambda wanted=wanted: driver.model.experiment == wanted)  # type: ignore[misc]
        driver.wait_until_drawn()
        driver.step()
