"""The handlers of commands that go to positions, undo, fork and compare; and changes, which may start a branch."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.language import _
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import State
from bpviz.session.experiment.difference import differing_sample_fields
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.branches import BranchError, Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.time_travel.timeline import MAX_NAME_LENGTH
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training


class BranchCommands:
    """Handles what `commands.BranchCommand` asks for.

    Parameters
    ----------
    engine : Engine
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._trains_on = False

    # Positions

    def set_train_on(self, on: bool) -> None:
        """Choose whether the live end continues to train while the past is on screen."""
        self._trains_on = on

    def go_to(self, position: Position) -> None:
        """Go to a position, at most to the furthest that training has reached."""
        engine, view = self._engine, self._engine.view
        live = view.live
        if live.history.furthest < Position(position.epoch, position.sample):
            position = live.history.furthest
        is_training = engine.state is State.RUNNING and not (engine.seek or engine.search)
        if self._trains_on and is_training and not view.past_stepper:
            engine.enter_past()
        if view.past_stepper:
            view.past_stepper.history.copy_state_from(live.history)
        engine.halt()
        engine.go_to(position)

    def go_live(self) -> None:
        """Go to the live end; it continues to train if it did so while the past was on screen."""
        engine = self._engine
        if not engine.view.past_stepper:
            self.go_to(engine.view.live.history.furthest)
            return
        engine.halt()
        engine.view.return_to_live()
        engine.become(State.RUNNING)

    # Changes

    def change(self, make: Callable[[Stepper], None]) -> None:
        """Make a change at the position on screen; in the past, on a new branch."""
        engine, branches = self._engine, self._engine.view.branches
        engine.settle()
        before = branches.active
        branches.change(engine.view.stepper, make)
        if branches.active is not before:
            engine.view.return_to_live()
            engine.send_tables()

    def undo(self) -> None:
        """Take back the latest change of the active branch."""
        self._undo_or_redo(Branches.undo)

    def redo(self) -> None:
        """Make again the change that was taken back last."""
        self._undo_or_redo(Branches.redo)

    def _undo_or_redo(self, change: Callable[[Branches], Position]) -> None:
        engine = self._engine
        engine.settle()
        engine.halt()
        engine.keep_past()
        engine.show_active_branch(change(engine.view.branches))

    # Branches

    def fork(self) -> None:
        """Start a branch at the position on screen, and compare it with the one that it came from."""
        engine, branches = self._engine, self._engine.view.branches
        engine.settle()
        origin = branches.active
        branches.check_room()
        copied = engine.view.stepper.copy()
        engine.keep_past()
        branches.fork(
            copied, _("fork at epoch {epoch:,}").format(epoch=copied.training.position.epoch), by_change=False
        )
        branches.compare(origin.number)
        self._show_comparison()

    def show(self, number: int) -> None:
        """Make a branch the active one, at the position on screen if it has reached that."""
        engine = self._engine
        engine.settle()
        engine.halt()
        engine.keep_past()
        here = engine.view.stepper.place
        engine.view.branches.show(number)
        self._show_active_branch_near(here)

    def compare(self, number: int | None) -> None:
        """Compare a branch with the active one; None ends the comparison."""
        self._engine.settle()
        self._engine.view.branches.compare(number)
        self._show_comparison()

    def rename(self, number: int, name: str) -> None:
        """Give a branch another name."""
        name = " ".join(name.split())
        if not name or not name.isprintable() or len(name) > MAX_NAME_LENGTH:
            raise BranchError(
                _("The name of a branch has 1 to {max_name_length} characters: type another name.").format(
                    max_name_length=MAX_NAME_LENGTH
                )
            )
        self._engine.view.branches.rename(number, name)
        self._engine.become(self._engine.state)

    def delete(self, number: int) -> None:
        """Delete a branch."""
        engine, branches = self._engine, self._engine.view.branches
        engine.settle()
        here, before = engine.view.stepper.place, branches.active
        branches.delete(number)
        if branches.active is before:
            self._show_comparison()
            return
        engine.halt()
        engine.view.return_to_live()
        self._show_active_branch_near(here)

    def load_beside(self, experiment: Experiment, name: str) -> None:
        """Start a branch with another experiment on the same samples, and compare it with the active one."""
        branches, training = self._engine.view.branches, self._engine.view.live.training
        if unlike := differing_sample_fields(training.experiment, experiment):
            field = unlike[0].replace("_", " ")
            raise BranchError(
                _("Only experiments on the same samples can be compared: {field} must be the same.").format(field=field)
            )
        branches.check_room()
        made = branches.add(Training(experiment, training.samples.first), name)
        made.begin_with(self._engine.view.live.history.net_strokes())
        branches.compare(made.number)
        self._show_comparison()

    def _show_comparison(self) -> None:
        """Show that another branch, or none, is compared with the one on screen."""
        self._engine.view.refresh()
        self._engine.send_tables()
        self._engine.after_change()

    def _show_active_branch_near(self, position: Position) -> None:
        furthest = self._engine.view.live.history.furthest
        self._engine.show_active_branch(min(position, furthest))
