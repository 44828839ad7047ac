"""A view model with a small real training behind it, told to it event by event: panels without a thread."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from bpviz.core.surface import Grid
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.diagnostics.gradient_check import GradientsChecked, check_in_pieces
from bpviz.session.engine.events import EpochsDone, Event, NetworkReady, State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown_samples
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.timeline import BranchInfo, Timeline
from bpviz.session.training.epochs import EpochRecord
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind, network_of
from bpviz.session.walkthrough.tracing import trace_update
from bpviz.ui.view_model.view_model import ViewModel

#: What the stage draws where nothing on it asks for a part of the plane.
GRID = Grid(-1.5, 2.5, -1.0, 1.5, 8, 5)


class Recorder:
    """Takes the commands that a view model gives, and does nothing but keep them."""

    def __init__(self) -> None:
        self.given: list[tuple[str, object]] = []

    def of(self, name: str) -> list[object]:
        """Return the arguments of every command of one name, in their order."""
        return [argument for given, argument in self.given if given == name]

    def load(self, experiment: Experiment) -> None:
        self.given.append(("load", experiment))

    def reset(self) -> None:
        self.given.append(("reset", None))

    def run(self) -> None:
        self.given.append(("run", None))

    def pause(self) -> None:
        self.given.append(("pause", None))

    def step(self, level: str, count: int) -> None:
        self.given.append(("step", (level, count)))

    def go(self, index: int) -> None:
        self.given.append(("go", index))

    def travel(self, position: Position) -> None:
        self.given.append(("travel", position))

    def inspect(self, choice: int | SampleChoice) -> None:
        self.given.append(("inspect", choice))

    def apply(self, sample: int) -> None:
        self.given.append(("apply", sample))

    def go_live(self) -> None:
        self.given.append(("go_live", None))

    def set_trains_on(self, on: bool) -> None:
        self.given.append(("set_trains_on", on))

    def undo(self) -> None:
        self.given.append(("undo", None))

    def redo(self) -> None:
        self.given.append(("redo", None))

    def fork(self) -> None:
        self.given.append(("fork", None))

    def show_branch(self, number: int) -> None:
        self.given.append(("show_branch", number))

    def compare(self, number: int | None) -> None:
        self.given.append(("compare", number))

    def rename_branch(self, number: int, name: str) -> None:
        self.given.append(("rename_branch", (number, name)))

    def delete_branch(self, number: int) -> None:
        self.given.append(("delete_branch", number))

    def load_beside(self, experiment: Experiment, name: str) -> None:
        self.given.append(("load_beside", (experiment, name)))

    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None:
        self.given.append(("set_bookmarks", bookmarks))

    def save(self, path: Path) -> None:
        self.given.append(("save", path))

    def open(self, path: Path) -> None:
        self.given.append(("open", path))

    def set_autosave(self, folder: Path | None) -> None:
        self.given.append(("set_autosave", folder))

    def edit(self, edit: Edit) -> None:
        self.given.append(("edit", edit))

    def run_back(self) -> None:
        self.given.append(("run_back", None))

    def check_gradients(self, epsilon: float) -> None:
        self.given.append(("check_gradients", epsilon))

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        self.given.append(("set_breakpoints", breakpoints))

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        self.given.append(("set_watches", watches))

    def change_hyperparameters(self, experiment: Experiment) -> None:
        self.given.append(("retune", experiment))

    def set_pace(self, epochs_per_second: float | None) -> None:
        self.given.append(("set_pace", epochs_per_second))

    def set_frame_options(self, options: FrameOptions) -> None:
        self.given.append(("set_wishes", options))

    def ask_frame(self, grid: Grid) -> None:
        self.given.append(("ask_frame", grid))


class Stage:
    """Tells a model what a session would; every number comes from a real training.

    Attributes
    ----------
    commands : Recorder
    model : ViewModel
    training : Training
        Behind the events; set by `prepare`.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.commands = Recorder()
        self.model = ViewModel(self.commands, experiment)
        self.training: Training
        self._frames: FrameMaker

    def tell(self, event: Event) -> None:
        """Give the model one event."""
        self.model.receive(event)

    def become(self, state: State) -> None:
        """Tell a state, at the training's position."""
        self.tell(Status(state, self.training.position, furthest=self.training.position))

    def prepare(self, experiment: Experiment | None = None) -> NetworkReady:
        """Make a network of an experiment, the model's own if none is given, and stand ready."""
        self.training = Training(experiment or self.model.experiment)
        split = self.training.split
        shown = choose_shown_samples(split)
        self._frames = FrameMaker(self.training, shown)
        prepared = NetworkReady(self.training.experiment, split, shown, len(self.training.network.parameters))
        self.tell(prepared)
        self.become(State.PAUSED)
        return prepared

    def tell_timeline(self, *branches: BranchInfo, active: int = 0, compared: int | None = None) -> Timeline:
        """Tell of these branches, of the training's own alone if none is given, with a checkpoint in every epoch."""
        here = self.training.position
        own = BranchInfo(0, "main", self.training.experiment, None, Position(), (), here, None)
        timeline = Timeline(branches or (own,), active, compared, tuple(range(here.epoch + 1)), "", "")
        self.tell(timeline)
        return timeline

    def train(self, epochs: int = 1) -> tuple[EpochRecord, ...]:
        """Train whole epochs, and tell them in one event."""
        records = tuple(self.training.run_epoch() for _ in range(epochs))
        self.become(State.RUNNING)
        self.tell(EpochsDone(records, 30.0))
        self.become(State.PAUSED)
        return records

    def frame(self, grid: Grid | None = None) -> Frame:
        """Make and tell a frame, of the part of the plane that was asked for last."""
        made = self.make_frame(grid)
        self.tell(made)
        return made

    def make_frame(self, grid: Grid | None = None) -> Frame:
        """Make a frame without telling it."""
        asked = self.commands.of("ask_frame")
        wanted = grid or (asked[-1] if asked else GRID)
        assert isinstance(wanted, Grid)
        wished = self.commands.of("set_wishes")
        if wished and isinstance(wished[-1], FrameOptions):
            self._frames.options = wished[-1]
        self._frames.request(wanted)
        made = None
        while made is None:
            made = self._frames.make_piece()
        return made

    def show_update(self, index: int, sample: int | None = None) -> TracedUpdate:
        """Put the next batch, or a chosen sample, on the table with so many operations done, and tell it."""
        chosen = self.training.trainer.next_batch() if sample is None else np.array([sample])
        kind = UpdateKind.IN_TURN if sample is None else UpdateKind.INSPECTED
        update = trace_update(self.training, chosen, kind, index=index)
        self.tell(update)
        return update

    def step(self, sample: int | None = None) -> TracedUpdate:
        """Make one update, with the next batch or a chosen sample, and tell it with all operations done."""
        trainer = self.training.trainer
        chosen = trainer.next_batch() if sample is None else np.array([sample])
        kind = UpdateKind.IN_TURN if sample is None else UpdateKind.APPLIED
        everything = len(operations(len(self.training.network.layers)))
        looked_at = trace_update(self.training, chosen, kind, index=everything)
        if sample is None:
            trainer.step()
        else:
            trainer.apply(chosen)
        update = dataclasses.replace(looked_at, position=self.training.position)
        self.tell(update)
        self.become(State.PAUSED)
        return update

    def check(self, epsilon: float = 1e-5, *, valley: bool = False) -> GradientsChecked:
        """Check the gradients of the update on the table, or of the next one, and tell it, with the valley if asked."""
        update = self.model.current_update or self.show_update(0)
        trace = update.trace
        pieces = check_in_pieces(network_of(update), trace.x, trace.y, update.samples, update.position, epsilon)
        first, second = (piece for piece in pieces if piece)
        made = second if valley else first
        self.tell(made)
        return made
