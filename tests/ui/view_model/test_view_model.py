import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QTimer, SignalInstance
from pytestqt.qtbot import QtBot

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import ChangeHyperparameters, Load, RequestFrame, Step
from bpviz.session.engine.events import EpochsDone, Failed, State, Status
from bpviz.session.training.position import Position
from bpviz.ui.style.theme import DARK
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from tests.session.helpers import SMALL, epoch_record
from tests.ui.stage import GRID, Stage

ELSEWHERE = dataclasses.replace(GRID, left=-3.0)
QUICKER = dataclasses.replace(SMALL, learning_rate=0.5)


def asked(stage: Stage) -> list[object]:
    return stage.commands.of(RequestFrame)


def wait_for_questions(qtbot: QtBot, stage: Stage, count: int) -> None:
    qtbot.waitUntil(lambda: len(asked(stage)) >= count)
    assert len(asked(stage)) == count


# When frames are asked for


def test_the_frame_covers_the_samples_until_a_panel_asks_for_another_part(stage: Stage) -> None:
    X = stage.prepare().split.X_train
    (grid,) = asked(stage)
    assert isinstance(grid, Grid)
    corners = (grid.left, grid.right, grid.bottom, grid.top)
    assert corners == (X[:, 0].min(), X[:, 0].max(), X[:, 1].min(), X[:, 1].max())
    stage.frame(grid)
    stage.model.set_grid(GRID)
    assert asked(stage) == [grid, GRID]


def test_no_frame_is_asked_for_before_there_is_a_network(stage: Stage) -> None:
    stage.model.set_grid(GRID)
    assert asked(stage) == []
    stage.prepare()
    assert asked(stage) == [GRID]


def test_one_frame_is_asked_for_at_a_time_whatever_happens_meanwhile(qtbot: QtBot, stage: Stage) -> None:
    stage.model.set_grid(GRID)
    stage.prepare()
    stage.train()
    stage.step()
    stage.model.set_grid(ELSEWHERE)
    assert asked(stage) == [GRID]
    stage.frame()
    wait_for_questions(qtbot, stage, 2)
    assert asked(stage)[1] == ELSEWHERE.coarser().coarser()


def test_frames_are_coarse_while_step_follows_step_and_fine_when_that_is_over(qtbot: QtBot, stage: Stage) -> None:
    stage.model.set_grid(GRID)
    stage.prepare()
    stage.frame()
    stage.step()
    stage.frame()
    assert asked(stage) == [GRID, GRID.coarser().coarser()]
    assert stage.model.frame_requests.shows_the_present
    assert not stage.model.frame_requests.is_up_to_date
    assert stage.model.frame_requests.is_hasty
    wait_for_questions(qtbot, stage, 3)
    assert asked(stage)[2] == GRID
    stage.frame()
    assert stage.model.frame_requests.is_up_to_date
    assert not stage.model.frame_requests.is_hasty


def test_a_frame_of_the_present_moment_is_the_last_one_asked_for(qtbot: QtBot, stage: Stage) -> None:
    stage.model.set_grid(GRID)
    stage.prepare()
    stage.train()
    stage.frame()
    wait_for_questions(qtbot, stage, 2)
    assert not stage.model.frame_requests.is_up_to_date
    stage.frame()
    assert stage.model.frame_requests.is_up_to_date
    stage.become(State.PAUSED)
    stage.model.set_grid(GRID)
    assert stage.model.frame_requests.is_up_to_date
    assert len(asked(stage)) == 2


@pytest.mark.parametrize("change", ["train", "step"])
def test_what_moves_the_network_calls_for_a_new_frame(qtbot: QtBot, stage: Stage, change: str) -> None:
    stage.model.set_grid(GRID)
    stage.prepare()
    stage.frame()
    getattr(stage, change)()
    wait_for_questions(qtbot, stage, 2)


def test_a_frame_of_another_part_of_the_plane_does_not_count_as_the_one_asked_for(qtbot: QtBot, stage: Stage) -> None:
    stage.model.set_grid(GRID)
    stage.prepare()
    stage.frame()
    wait_for_questions(qtbot, stage, 2)
    stage.frame(Grid(0, 1, 0, 1, 3, 3))
    wait_for_questions(qtbot, stage, 3)
    stage.frame()
    assert stage.model.frame_requests.is_up_to_date


def test_a_new_network_calls_for_a_frame_though_one_of_the_old_never_came(stage: Stage) -> None:
    stage.model.set_grid(GRID)
    stage.prepare()
    stage.prepare()
    assert asked(stage) == [GRID, GRID]


# What is kept


def test_every_epoch_is_kept_once_and_in_order_however_they_come(stage: Stage) -> None:
    stage.prepare()
    records = [*stage.train(1), *stage.train(4), *stage.train(300), *stage.train(2)]
    table = stage.model.epochs
    np.testing.assert_array_equal(table.column("epoch"), np.arange(307))
    np.testing.assert_array_equal(table.column("mse_test"), [record.mse_test for record in records])
    np.testing.assert_array_equal(table.deltas.rows[:, 0], [record.delta_rms for record in records])


def test_a_new_network_drops_record_frame_step_and_choice_of_the_old(stage: Stage) -> None:
    stage.prepare()
    stage.train(3)
    stage.frame()
    stage.step()
    stage.model.select(layer=1, neuron=2)
    stage.prepare()
    model = stage.model
    assert (len(model.epochs), model.frame, model.current_update, model.selection) == (0, None, None, Selection())
    assert model.rate == 0


def test_the_present_network_stays_until_the_new_one_is_ready(stage: Stage) -> None:
    first = stage.prepare()
    stage.train(2)
    stage.model.load(QUICKER)
    stage.tell(Status(State.PREPARING, Position(2)))
    assert stage.model.prepared is first
    assert len(stage.model.epochs) == 2
    assert stage.commands.of(Load) == [QUICKER]


def test_whoever_hears_of_a_new_network_finds_the_model_already_on_it(stage: Stage) -> None:
    found: list[tuple[object, int]] = []
    stage.prepare()
    stage.train()
    stage.model.experiment_prepared.connect(
        lambda prepared: found.append((stage.model.prepared is prepared, len(stage.model.epochs)))
    )
    stage.prepare()
    assert found == [(True, 0)]


def test_a_failure_is_handed_on_as_it_is(stage: Stage) -> None:
    heard: list[Failed] = []
    stage.model.failed.connect(heard.append)
    stage.tell(Failed("The sky fell.", "on Tuesday"))
    assert heard == [Failed("The sky fell.", "on Tuesday")]


def test_the_rate_is_that_of_the_latest_epochs(stage: Stage) -> None:
    stage.prepare()
    stage.tell(EpochsDone((stage.training.run_epoch(),), 12.5))
    assert stage.model.rate == 12.5


# What is chosen


@pytest.fixture
def choices(stage: Stage) -> list[Selection]:
    heard: list[Selection] = []
    stage.prepare()
    stage.model.selection_changed.connect(heard.append)
    return heard


def test_a_sample_and_a_neuron_are_chosen_independently(stage: Stage, choices: list[Selection]) -> None:
    stage.model.select(sample=5)
    stage.model.select(layer=2, neuron=0)
    stage.model.select(sample=0)
    assert choices == [Selection(5), Selection(5, 2, 0), Selection(0, 2, 0)]


@pytest.mark.parametrize("half", [{"layer": 1}, {"neuron": 1}, {}])
def test_half_a_neuron_is_no_choice(stage: Stage, choices: list[Selection], half: dict[str, int]) -> None:
    stage.model.select(**half)
    assert choices == []


@pytest.mark.parametrize(
    "stale",
    [{"sample": 28}, {"sample": -1}, {"layer": 4, "neuron": 0}, {"layer": 0, "neuron": 0}, {"layer": 1, "neuron": 4}],
)
def test_what_the_network_does_not_have_is_no_choice(
    stage: Stage, choices: list[Selection], stale: dict[str, int]
) -> None:
    stage.model.select(**stale)
    assert choices == []


def test_choosing_the_same_again_tells_nobody(stage: Stage, choices: list[Selection]) -> None:
    stage.model.select(sample=5)
    stage.model.select(sample=5)
    assert choices == [Selection(5)]


def test_all_choices_can_be_taken_back(stage: Stage, choices: list[Selection]) -> None:
    stage.model.select(sample=5, layer=1, neuron=1)
    stage.model.select_nothing()
    assert choices[-1] == Selection()


def test_a_step_chooses_its_sample_and_leaves_the_neuron(stage: Stage, choices: list[Selection]) -> None:
    stage.model.select(layer=1, neuron=1)
    stage.step(17)
    assert choices[-1] == Selection(17, 1, 1)


def test_an_update_that_holds_the_chosen_sample_leaves_it_chosen(stage: Stage) -> None:
    stage.prepare(dataclasses.replace(SMALL, batch_size=4))
    stage.model.select(sample=2)
    stage.step()
    assert (stage.model.selection.sample, stage.model.row) == (2, 2)
    stage.model.select(sample=20)
    assert stage.model.row == 0


# Stepping


@pytest.fixture
def steps(stage: Stage) -> list[object]:
    """What was asked for after three presses of a key that came while the first step was on its way."""
    stage.prepare()
    for level, count in (("sample", 1), ("operation", 1), ("layer", -2)):
        stage.model.step(level, count)
    return stage.commands.of(Step)


def test_a_step_is_asked_for_at_once(stage: Stage) -> None:
    stage.prepare()
    stage.model.step("sample")
    assert stage.commands.of(Step) == [("sample", 1)]


def test_while_a_step_is_on_its_way_no_other_is_asked_for(steps: list[object]) -> None:
    assert steps == [("sample", 1)]


def test_when_it_has_come_the_latest_of_the_others_is_asked_for_and_only_that(
    stage: Stage, steps: list[object]
) -> None:
    stage.show_update(1)
    assert stage.commands.of(Step) == [*steps, ("layer", -2)]
    stage.show_update(2)
    stage.model.step("phase")
    assert stage.commands.of(Step) == [*steps, ("layer", -2), ("phase", 1)]


def test_a_key_held_down_has_at_most_one_step_waiting(stage: Stage) -> None:
    stage.prepare()
    for index in range(1, 11):
        for _ in range(5):
            stage.model.step("operation")
        assert len(stage.commands.of(Step)) == index
        stage.show_update(index)
    stage.show_update(11)
    stage.model.step("operation")
    assert len(stage.commands.of(Step)) == 12


def test_panels_have_heard_of_a_step_before_the_next_is_asked_for(stage: Stage, steps: list[object]) -> None:
    asked_by_then: list[int] = []
    stage.model.current_update_changed.connect(lambda _: asked_by_then.append(len(stage.commands.of(Step))))
    stage.show_update(1)
    assert asked_by_then == [1]


def test_a_step_that_failed_does_not_hold_up_the_next(stage: Stage, steps: list[object]) -> None:
    stage.tell(Failed("The sky fell.", "on Tuesday"))
    assert stage.commands.of(Step) == [*steps, ("layer", -2)]


def test_a_step_that_put_nothing_on_the_table_does_not_hold_up_the_next(stage: Stage, steps: list[object]) -> None:
    stage.become(State.RUNNING)
    assert stage.commands.of(Step) == steps
    stage.become(State.PAUSED)
    assert stage.commands.of(Step) == [*steps, ("layer", -2)]


def test_steps_of_an_old_network_are_not_asked_of_a_new_one(stage: Stage, steps: list[object]) -> None:
    stage.prepare()
    stage.show_update(1)
    assert stage.commands.of(Step) == steps


# What is asked of the session


def test_another_learning_rate_is_known_at_once_and_needs_no_new_network(stage: Stage) -> None:
    heard: list[object] = []
    stage.prepare()
    stage.model.experiment_changed.connect(heard.append)
    stage.model.change_hyperparameters(QUICKER)
    assert stage.model.experiment is QUICKER
    assert heard == [QUICKER]
    assert stage.commands.of(ChangeHyperparameters) == [QUICKER]
    assert stage.commands.of(Load) == []


def test_stopping_later_changes_nothing_else(stage: Stage) -> None:
    stage.prepare()
    stage.model.stop_after(77)
    assert stage.commands.of(ChangeHyperparameters) == [dataclasses.replace(SMALL, epochs=77)]


@pytest.mark.parametrize("command", ["load", "reset"])
def test_a_value_changed_while_a_network_is_being_made_holds_for_that_network(stage: Stage, command: str) -> None:
    stage.prepare()
    stage.model.load(SMALL) if command == "load" else stage.model.reset()
    stage.model.change_hyperparameters(QUICKER)
    stage.prepare(SMALL)  # the session will come to the change only now
    assert stage.model.experiment == QUICKER


@pytest.mark.parametrize("command", ["load", "reset"])
def test_a_value_changed_before_a_network_was_asked_for_does_not_hold_for_it(stage: Stage, command: str) -> None:
    stage.prepare()
    stage.model.change_hyperparameters(QUICKER)
    stage.model.load(SMALL) if command == "load" else stage.model.reset()
    stage.prepare(SMALL)
    assert stage.model.experiment == SMALL


def heard_in(qtbot: QtBot, heard: SignalInstance, milliseconds: int) -> bool:
    """Say whether a signal comes before a timer that is started now: where a machine is slow, both come late."""
    timer, order = QTimer(singleShot=True, interval=milliseconds), list[str]()
    heard.connect(lambda: order.append("signal"))
    timer.timeout.connect(lambda: order.append("timer"))
    timer.start()
    qtbot.waitUntil(lambda: len(order) == 2)
    return order[0] == "signal"


@pytest.mark.parametrize(("pace", "soon"), [(30.0, True), (None, False)], ids=["limited", "unlimited"])
def test_panels_hear_of_epochs_less_often_while_training_has_no_limit(
    qtbot: QtBot, stage: Stage, pace: float | None, soon: bool
) -> None:
    stage.model.set_speed(pace)
    stage.prepare()
    stage.become(State.RUNNING)
    stage.tell(EpochsDone((epoch_record(0),), 30.0))
    stage.tell(EpochsDone((epoch_record(1),), 30.0))
    assert heard_in(qtbot, stage.model.epochs_added, 60) is soon


def test_the_theme_is_told_to_all(stage: Stage) -> None:
    heard: list[object] = []
    stage.model.theme_changed.connect(heard.append)
    stage.model.set_theme(DARK)
    assert heard == [DARK]
    assert stage.model.theme is DARK


def test_a_model_without_a_session_stands_before_its_first_network(stage: Stage) -> None:
    model: ViewModel = stage.model
    assert (model.position, model.is_running, model.frame_requests.is_up_to_date) == (None, False, False)
