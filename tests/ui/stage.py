"""A view model with a small real training behind it, told to it event by event: panels without a thread."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from bpviz.core.surface import Grid
from bpviz.session.diagnostics.gradient_check import GradientsChecked, check_in_pieces
from bpviz.session.engine.commands import Command, RequestFrame, SetFrameOptions
from bpviz.session.engine.events import EpochsDone, Event, NetworkReady, State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown_samples
from bpviz.session.time_travel.timeline import BranchInfo, Timeline
from bpviz.session.training.epochs import EpochRecord
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind, network_of
from bpviz.session.walkthrough.tracing import trace_update
from bpviz.ui.view_model.view_model import ViewModel

#: What the stage draws where nothing on it asks for a part of the plane.
GRID = Grid(-1.5, 2.5, -1.0, 1.5, 8, 5)


class Recorder:
    """Takes the commands that a view model gives, and only keeps them."""

    def __init__(self) -> None:
        self.given: list[Command] = []

    def post(self, command: Command) -> None:
        self.given.append(command)

    def of(self, kind: type[Command]) -> list[Any]:
        """Return the fields of every command of one kind: None, one value, or a tuple of several."""
        fields = [tuple(vars(each).values()) for each in self.given if isinstance(each, kind)]
        return [values if len(values) > 1 else values[0] if values else None for values in fields]


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
        self.model = ViewModel(self.commands.post, experiment)
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
        asked = self.commands.of(RequestFrame)
        wanted = grid or (asked[-1] if asked else GRID)
        assert isinstance(wanted, Grid)
        wished = self.commands.of(SetFrameOptions)
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
        network, trace = network_of(update), update.trace
        pieces = check_in_pieces(network, trace, update.samples, update.position, epsilon, update.rule)
        first, second = (piece for piece in pieces if piece)
        made = second if valley else first
        self.tell(made)
        return made
