import pytest
from PySide6.QtWidgets import QToolBar

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition, Hit, Hits
from bpviz.session.engine.commands import ChangeHyperparameters, Run
from bpviz.session.engine.events import Cause, Failed, State, Status
from bpviz.session.training.position import Position
from bpviz.ui.notices.stop_bar import StopBar
from bpviz.ui.window.main_window import MainWindow
from bpviz.ui.window.status_line import StatusLine
from tests.session.helpers import SMALL
from tests.ui.stage import Stage
from tests.ui.user_input import click

VANISHING = Breakpoint((Condition(Metric("abs_delta", 1), "<", 1e-5),))
HERE = Position(263, 4, 16)
SENTENCE = "largest |delta| of layer 1 < 1e-05: 9e-06, at sample 12 of epoch 263, after delta of layer 1"


@pytest.fixture
def bar(bare_window: MainWindow, stage: Stage) -> StopBar:
    stage.prepare()
    return bare_window.notices.stop


def stop(stage: Stage, cause: Cause, state: State = State.PAUSED, position: Position = HERE) -> None:
    stage.tell(Status(State.RUNNING, Position(2), furthest=HERE))
    stage.tell(Status(state, position, furthest=HERE, cause=cause))


def hit_breakpoint(stage: Stage) -> None:
    stage.tell(Status(State.RUNNING, Position(2), furthest=HERE))
    stage.tell(Hits((1,), (), Hit(HERE, 12, VANISHING, (9e-6,), (1, 3))))
    stage.tell(Status(State.PAUSED, HERE, furthest=HERE, cause=Cause.BREAKPOINT))


def test_before_anything_has_stopped_there_is_no_line(bar: StopBar) -> None:
    assert not bar.isVisible()


@pytest.mark.parametrize(
    "arrangement",
    [
        "train_layout",
        *(pytest.param(f"{name}_layout", marks=pytest.mark.slow) for name in ("step", "lecture", "compare")),
    ],
)
def test_a_breakpoint_says_condition_value_and_place_in_every_arrangement(
    bar: StopBar, bare_window: MainWindow, stage: Stage, arrangement: str
) -> None:
    bare_window.actions_[arrangement].trigger()
    hit_breakpoint(stage)
    assert bar.isVisible()
    assert bar.sentence.text() == f"Stopped at a breakpoint: {SENTENCE}"


def test_the_neuron_that_caused_the_stop_is_chosen(bar: StopBar, stage: Stage) -> None:
    stage.model.select(sample=3, layer=2, neuron=1)
    hit_breakpoint(stage)
    selection = stage.model.selection
    assert (selection.sample, selection.layer, selection.neuron) == (12, 1, 3)


def test_the_last_epoch_is_said_and_can_be_passed(bar: StopBar, stage: Stage) -> None:
    stop(stage, Cause.LIMIT, State.FINISHED, Position(SMALL.epochs))
    assert bar.sentence.text() == "Finished: epoch 5 is where “stop after” ends training"
    click(bar.go_on)
    assert stage.commands.of(ChangeHyperparameters)[-1].epochs == 2 * SMALL.epochs
    assert stage.commands.given[-1] == Run()


def test_a_step_that_took_a_while_is_said(bar: StopBar, stage: Stage) -> None:
    stop(stage, Cause.STEP)
    assert bar.sentence.text() == "The step is done: epoch 263, sample 4, after delta of layer 1"


def test_a_step_that_is_done_at_once_opens_no_line(bar: StopBar, stage: Stage) -> None:
    stage.tell(Status(State.PAUSED, Position(0, 1), furthest=HERE, cause=Cause.STEP))
    assert not bar.isVisible()


def test_a_step_after_a_stop_ends_the_line(bar: StopBar, stage: Stage) -> None:
    hit_breakpoint(stage)
    assert bar.isVisible()
    stage.tell(Status(State.PAUSED, Position(263, 4, 17), furthest=HERE, cause=Cause.STEP))
    assert not bar.isVisible()


def test_the_neuron_of_a_number_that_is_not_finite_is_chosen(bar: StopBar, stage: Stage) -> None:
    stage.tell(Failed("Training stopped: a number is not finite.", neuron=(5, 2, 1)))
    stop(stage, Cause.FAULT, State.STOPPED)
    selection = stage.model.selection
    assert (selection.sample, selection.layer, selection.neuron) == (5, 2, 1)


def test_a_fault_is_said_once(bar: StopBar, bare_window: MainWindow, stage: Stage) -> None:
    stage.tell(Failed("Training stopped: a number is not finite."))
    stop(stage, Cause.FAULT, State.STOPPED)
    assert bar.sentence.text() == "Training stopped: a number is not finite."
    assert not bare_window.notice.isVisible()
    assert not bar.go_on.isEnabled()


def test_a_fault_of_the_program_keeps_its_message_with_the_details(
    bar: StopBar, bare_window: MainWindow, stage: Stage
) -> None:
    stage.tell(Failed("bpviz met a fault of its own.", "Traceback"))
    stop(stage, Cause.FAULT, State.STOPPED)
    assert bar.isVisible()
    assert bare_window.notice.isVisible()


def test_go_on_runs_and_explain_opens_the_explanation(bar: StopBar, bare_window: MainWindow, stage: Stage) -> None:
    stage.show_update(5)
    hit_breakpoint(stage)
    bare_window.docks.explain.hide()
    click(bar.explain)
    assert bare_window.docks.explain.isVisible()
    click(bar.go_on)
    assert stage.commands.given[-1] == Run()


def test_the_line_keeps_its_place_while_training_goes_on_to_another_hit(bar: StopBar, stage: Stage) -> None:
    stage.model.debugger.set_breakpoints((VANISHING,))
    hit_breakpoint(stage)
    stage.tell(Status(State.RUNNING, Position(264), furthest=HERE))
    assert bar.isVisible()
    assert not bar.go_on.isEnabled()
    assert bar.sentence.text() == "Training to the next hit of a breakpoint…"
    stage.model.debugger.set_breakpoints(())
    stage.tell(Status(State.RUNNING, Position(265), furthest=HERE))
    assert not bar.isVisible()


@pytest.mark.parametrize("cause", [Cause.PAUSE, Cause.NONE])
def test_what_the_user_did_needs_no_line(bar: StopBar, stage: Stage, cause: Cause) -> None:
    hit_breakpoint(stage)
    stop(stage, cause, position=Position(3))
    assert not bar.isVisible()


def test_a_line_that_was_closed_stays_closed_until_the_next_stop(bar: StopBar, stage: Stage) -> None:
    hit_breakpoint(stage)
    click(bar.close_line)
    stage.tell(Status(State.PAUSED, HERE, furthest=HERE, cause=Cause.BREAKPOINT))
    assert not bar.isVisible()
    hit_breakpoint(stage)
    assert bar.isVisible()


@pytest.mark.parametrize(
    ("cause", "state", "words"),
    [
        (Cause.BREAKPOINT, State.PAUSED, "Stopped at a breakpoint"),
        (Cause.LIMIT, State.FINISHED, "Finished: last epoch"),
        (Cause.STEP, State.PAUSED, "Step done"),
        (Cause.FAULT, State.STOPPED, "Stopped by a fault"),
        (Cause.PAUSE, State.PAUSED, "Paused"),
    ],
)
def test_the_status_line_says_every_cause(
    bar: StopBar, bare_window: MainWindow, stage: Stage, cause: Cause, state: State, words: str
) -> None:
    stop(stage, cause, state)
    line = bare_window.statusBar()
    assert isinstance(line, StatusLine)
    assert line.state.text() == words


def test_no_line_can_be_hidden_by_a_saved_layout(bar: StopBar, bare_window: MainWindow) -> None:
    names = [each.objectName() for each in bare_window.findChildren(QToolBar)]
    assert len(names) == len(set(names))
    assert all(names)
