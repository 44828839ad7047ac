"""Sends what listeners must know about a session: state, timeline, tables, current update, watches and hits."""

from __future__ import annotations

import dataclasses
import time

from bpviz.core.data.split import Split
from bpviz.session.debugging.breakpoint_monitor import BreakpointMonitor
from bpviz.session.debugging.breakpoints import Hit
from bpviz.session.debugging.evaluation import read_update, watch_values
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.events import (
    Cause,
    EpochTablesReplaced,
    ExperimentChanged,
    NetworkReady,
    PointsDrawn,
    State,
    Status,
)
from bpviz.session.engine.session_view import SessionView
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.branches import Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.time_travel.timeline import Timeline

_STATUS_SECONDS, _TIMELINE_SECONDS = 0.1, 1.0


class StatusReporter:
    """Remembers what listeners already know, and sends what has changed.

    Parameters
    ----------
    event_sender : EventSender

    Attributes
    ----------
    session_undo, session_redo : str
        What undo and redo do where the branches have no change for them: open the session that was replaced.
    """

    def __init__(self, event_sender: EventSender) -> None:
        self._event_sender = event_sender
        self._network: Experiment | None = None  # the experiment of the network that was sent last
        self._experiment: Experiment | None = None  # the hyperparameters that listeners know to be in force
        self._samples: tuple[Split, Split] | None = None  # those that hold, and those with all that was drawn
        self._timeline: Timeline | None = None
        self._sent = self._timeline_sent = 0.0
        self.session_undo = self.session_redo = ""

    # The network

    def is_other_network(self, experiment: Experiment) -> bool:
        """Whether an experiment needs another network than the one sent last."""
        return self._network is None or self._network.needs_new_network(experiment)

    def send_network(self, view: SessionView, *, goes_on: bool = False, is_redrawn: bool = False) -> None:
        """Send the network on screen; see `NetworkReady`."""
        training = view.stepper.training
        self._samples = training.split, training.split
        self._network = self._experiment = training.experiment
        self._timeline = None
        n_parameters = len(training.network.parameters)
        samples = training.split, view.shown_samples
        self._event_sender.send(NetworkReady(training.experiment, *samples, n_parameters, goes_on, is_redrawn))
        if training.split is not training.samples.first and not is_redrawn:
            self._event_sender.send(PointsDrawn(training.split, None))

    def send_samples(self, view: SessionView) -> bool:
        """Send the samples that hold and those that were drawn, where others are known; return whether others hold."""
        training, before = view.stepper.training, self._samples
        if before is None or (training.split is before[0] and training.drawn is before[1]):
            return False
        if is_other := training.split is not before[0]:
            self.send_network(view, is_redrawn=True)
        self._samples = training.split, training.drawn
        holds_from = training.position.epoch + 1 if training.drawn is not training.split else None
        self._event_sender.send(PointsDrawn(training.drawn, holds_from))
        return is_other

    def send_tables(self, branches: Branches) -> None:
        """Send the epoch records of the branches on screen, in place of those sent before."""
        compared = branches.compared
        tables = branches.active.epochs.copy(), compared.epochs.copy() if compared else None
        self._event_sender.send(EpochTablesReplaced(*tables))

    # The state

    @property
    def is_stale(self) -> bool:
        """Whether the position has not been sent for a while."""
        return time.perf_counter() - self._sent > _STATUS_SECONDS

    def know_experiment(self, experiment: Experiment) -> None:
        """Take note that the listeners know an experiment, since they asked for it."""
        self._experiment = experiment

    def repeat_experiment(self) -> None:
        """Send the experiment in force with the next status, whatever the listeners know."""
        self._experiment = None

    def send_status(self, state: State, cause: Cause, view: SessionView, monitor: BreakpointMonitor) -> None:
        """Send state, cause and position, after the hits on the way there and the hyperparameters in force there."""
        self._sent = time.perf_counter()
        self.send_hits(monitor)
        if view.is_empty:
            self._event_sender.send(Status(state, None, cause=cause))
            return
        live, shown = view.live, view.stepper
        if shown.training.experiment != self._experiment:
            self._experiment = shown.training.experiment
            self._event_sender.send(ExperimentChanged(self._experiment))
        is_live = view.past_stepper is None and live.is_live
        self._send_timeline(view.branches, at_once=state is not State.RUNNING)
        furthest = max(live.history.furthest, live.position) if is_live else live.history.furthest
        trains_on = view.past_stepper is not None
        self._event_sender.send(Status(state, shown.position, is_live, furthest, trains_on, cause))

    def _send_timeline(self, branches: Branches, *, at_once: bool) -> None:
        """Send all branches if they have changed; while training runs only now and then, since it is large."""
        now = time.perf_counter()
        if at_once or now - self._timeline_sent > _TIMELINE_SECONDS:
            self._timeline_sent = now
            timeline = branches.timeline()
            undo, redo = timeline.undo or self.session_undo, timeline.redo or self.session_redo
            timeline = dataclasses.replace(timeline, undo=undo, redo=redo)
            if timeline != self._timeline:
                self._timeline = timeline
                self._event_sender.send(timeline)

    # The current update

    def send_hits(self, monitor: BreakpointMonitor, stopped: Hit | None = None) -> None:
        """Send the hits since the last event, and the one at which training stops."""
        if stopped or monitor.has_news:
            self._event_sender.send(monitor.event(stopped))

    def send_current_update(self, stepper: Stepper, watches: tuple[Watch, ...]) -> None:
        """Send the current update of a stepper and the watches there."""
        assert stepper.current_update is not None
        self._event_sender.send(stepper.current_update)
        self.send_watched(stepper, watches)

    def send_watched(self, stepper: Stepper, watches: tuple[Watch, ...]) -> None:
        """Send the values of the watches at the current update, if there are any."""
        if watches and stepper.current_update:
            values = watch_values(stepper.training, watches, read_update(stepper.current_update))
            self._event_sender.send(Watched(stepper.current_update.position, values))
