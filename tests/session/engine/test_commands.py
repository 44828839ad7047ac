"""Commands as data: each is frozen and handled, and a recorded list of them can be replayed."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from pathlib import Path
from typing import get_args

import pytest

from bpviz.session.engine import commands, runner
from bpviz.session.engine.commands import (
    ApplySample,
    ChangeHyperparameters,
    Command,
    EditParameter,
    Fork,
    GoTo,
    InspectOwn,
    InspectSample,
    Load,
    Pause,
    Redo,
    ShowBranch,
    Step,
    Undo,
)
from bpviz.session.engine.events import State, Status
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from tests.session.helpers import SMALL, Driver

RECORDED: list[Command] = [
    Load(SMALL),
    Step("epoch", 2),
    ChangeHyperparameters(dataclasses.replace(SMALL, learning_rate=0.5)),
    Step("sample", 5),
    EditParameter(Edit(1, None, 2, -0.25)),
    ApplySample(7),
    InspectSample(3),
    InspectOwn((0.3, -1.2), (0.0, 1.0)),
    Step("epoch", 1),
    Undo(),
    Redo(),
    GoTo(Position(1, 4, 9)),
    Fork(),
    Step("layer", 30),
    ShowBranch(0),
    Step("operation", 3),
]


def result_of(recorded: list[Command]) -> tuple[list[str], bytes]:
    """Return how branches stand after a list of commands, and the parameters on screen."""
    with Driver() as driver:
        for command in recorded:
            driver.runner.post(command)
            driver.expect(Status, lambda status: status.state in (State.PAUSED, State.FINISHED))
        view = driver.runner._engine.view
        branches = [repr(branch.info()) for branch in view.branches.all]
        return branches, view.stepper.training.network.parameters.tobytes()


def test_recorded_commands_replay_to_the_same_branches_and_bits() -> None:
    assert result_of(RECORDED) == result_of(list(RECORDED))


def test_every_dataclass_of_the_module_belongs_to_the_union() -> None:
    there = {each for each in vars(commands).values() if getattr(each, "__module__", "") == commands.__name__}
    assert {each for each in there if dataclasses.is_dataclass(each)} == set(get_args(Command))


@pytest.mark.parametrize("command", RECORDED, ids=lambda command: type(command).__name__)
def test_a_command_is_frozen_and_can_be_compared(command: Command) -> None:
    assert dataclasses.replace(command) == command
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(command, "level", "epoch")  # noqa: B010 - mypy would refuse a plain assignment


@pytest.mark.parametrize("kind", get_args(Command), ids=lambda kind: kind.__name__)
def test_every_command_has_a_case_in_the_runner(kind: type) -> None:
    assert f"case commands.{kind.__name__}(" in inspect.getsource(runner)


def test_a_command_before_there_is_a_network_leaves_the_loop_running() -> None:
    with Driver() as driver:
        driver.runner.post(Pause())
        driver.runner.post(Load(SMALL))
        driver.expect_state(State.PAUSED)


def test_only_the_engine_changes_its_own_attributes() -> None:
    sources = sorted(Path(inspect.getfile(commands)).parent.glob("*.py"))
    trees = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in sources}
    nodes = [(name, node) for name, tree in trees.items() for node in ast.walk(tree)]
    attributes = [(name, node) for name, node in nodes if isinstance(node, ast.Attribute)]
    stored = [(name, ast.unparse(node)) for name, node in attributes if isinstance(node.ctx, ast.Store)]
    assert ("engine.py", "self.state") in stored
    assert [each for each in stored if "engine." in each[1] or "view." in each[1]] == []
