import re

import pytest
from pytestqt.qtbot import QtBot

from bpviz.session.engine.events import EpochsDone, State, Status
from bpviz.session.training.position import Position
from bpviz.ui.style import formats
from bpviz.ui.window.status_line import StatusLine
from tests.ui.stage import Stage


@pytest.fixture
def line(qtbot: QtBot, stage: Stage) -> StatusLine:
    made = StatusLine(stage.model)
    qtbot.addWidget(made)
    return made


def test_it_shows_that_samples_are_being_prepared(line: StatusLine) -> None:
    assert line.state.text() == "Preparing the samples…"
    assert line.scores.text() == line.speed.text() == line.where.text() == ""


def test_it_is_ready_before_the_first_update_and_paused_after_it(line: StatusLine, stage: Stage) -> None:
    stage.prepare()
    assert line.state.text() == "Ready"
    stage.step()
    assert line.state.text() == "Paused"


@pytest.mark.parametrize(
    ("state", "words"), [(State.RUNNING, "Training"), (State.FINISHED, "Finished"), (State.STOPPED, "Stopped")]
)
def test_it_shows_the_state_of_the_session(line: StatusLine, stage: Stage, state: State, words: str) -> None:
    stage.prepare()
    stage.become(state)
    assert line.state.text() == words


def test_it_shows_the_position(line: StatusLine, stage: Stage) -> None:
    stage.prepare()
    stage.train(2)
    assert line.where.text() == "epoch 2"
    stage.step()
    assert line.where.text() == "epoch 2, sample 1"


def test_it_shows_the_latest_epoch_while_training_runs(line: StatusLine, stage: Stage) -> None:
    stage.prepare()
    stage.become(State.RUNNING)
    stage.tell(EpochsDone(tuple(stage.training.run_epoch() for _ in range(3)), 30.0))
    stage.model.epochs_added.emit()
    assert line.where.text() == "epoch 3"


def test_it_shows_the_scores_of_the_latest_epoch(line: StatusLine, stage: Stage) -> None:
    stage.prepare()
    last = stage.train(3)[-1]
    shown = [float(text) for text in re.findall(r"[\d.]+", line.scores.text())]
    assert shown == pytest.approx(
        [last.mse_train, last.mse_test, 100 * last.accuracy_train, 100 * last.accuracy_test, last.mistakes], abs=0.005
    )
    stage.prepare()
    assert line.scores.text() == ""


def test_it_shows_the_speed_only_during_training(line: StatusLine, stage: Stage) -> None:
    stage.prepare()
    stage.become(State.RUNNING)
    stage.tell(EpochsDone((stage.training.run_epoch(),), 29.96))
    assert line.speed.text() == "30.0 epochs/s"
    stage.become(State.PAUSED)
    assert line.speed.text() == ""


def test_it_shows_the_network_and_its_size(line: StatusLine, stage: Stage) -> None:
    prepared = stage.prepare()
    assert line.network.text() == f"2-4-3-2, {prepared.n_parameters} parameters"


def test_without_a_network_it_shows_no_position(line: StatusLine, stage: Stage) -> None:
    stage.tell(Status(State.STOPPED, None))
    assert (line.state.text(), line.where.text()) == ("Stopped", "")


def test_it_shows_the_scores_of_the_current_epoch(line: StatusLine, stage: Stage) -> None:
    stage.prepare()
    records = stage.train(5)
    stage.tell(Status(State.PAUSED, Position(2), is_live=False, furthest=Position(5)))
    assert line.where.text() == "epoch 2, in the past"
    assert formats.mse(records[1].mse_train) in line.scores.text()
    assert line.scores.text().endswith(f"{records[1].mistakes} errors in training")
    stage.tell(Status(State.PAUSED, Position(), is_live=False, furthest=Position(5)))
    assert line.scores.text() == ""
