"""What is told of a stepper: the update on its table, watches, hits, and what no longer holds."""

from __future__ import annotations

import time

from bpviz.session.debugging.breakpoint_monitor import BreakpointMonitor
from bpviz.session.debugging.breakpoints import Hit
from bpviz.session.debugging.evaluation import read_update, watch_values
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.events import ExperimentChanged, State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.branches import Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.time_travel.timeline import Timeline

_STATUS_SECONDS, _TIMELINE_SECONDS = 0.1, 1.0


class StatusReporter:
    """Tells a state and a place, and whatever goes with them.

    Parameters
    ----------
    event_sender : EventSender

    Attributes
    ----------
    experiment : Experiment or None
        The one that the listeners know to be in force.
    """

    def __init__(self, event_sender: EventSender) -> None:
        self._event_sender = event_sender
        self.experiment: Experiment | None = None
        self._sent = self._timeline_sent = 0.0
        self._timeline: Timeline | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the place has not been told for a while."""
        return time.perf_counter() - self._sent > _STATUS_SECONDS

    def tell_status(
        self,
        state: State,
        branches: Branches | None,
        past_stepper: Stepper | None,
        breakpoint_monitor: BreakpointMonitor,
    ) -> None:
        """Tell state and place, after the hits on the way there and the training options in force there.

        Parameters
        ----------
        state : State
            What is done on screen.
        branches : Branches or None
        past_stepper : Stepper or None
            What is on screen in place of the active branch's own stepper, which trains on.
        breakpoint_monitor : BreakpointMonitor
        """
        self._sent = time.perf_counter()
        self.tell_hits(breakpoint_monitor)
        if branches is None:
            self._event_sender.send(Status(state, None))
            return
        live = branches.active.stepper
        shown = past_stepper or live
        if shown.training.experiment != self.experiment:
            self.experiment = shown.training.experiment
            self._event_sender.send(ExperimentChanged(self.experiment))
        is_live = past_stepper is None and live.is_live
        self._tell_timeline(branches, at_once=state is not State.RUNNING)
        furthest = max(live.history.furthest, live.position) if is_live else live.history.furthest
        self._event_sender.send(Status(state, shown.position, is_live, furthest, past_stepper is not None))

    def _tell_timeline(self, branches: Branches, *, at_once: bool) -> None:
        """Tell all branches if they have changed, while training runs only now and then."""
        now = time.perf_counter()
        if at_once or now - self._timeline_sent > _TIMELINE_SECONDS:
            self._timeline_sent = now
            timeline = branches.timeline()
            if timeline != self._timeline:
                self._timeline = timeline
                self._event_sender.send(timeline)

    def forget(self) -> None:
        """Tell everything anew: what is on screen is another network."""
        self.experiment = self._timeline = None

    def tell_hits(self, breakpoint_monitor: BreakpointMonitor, stopped: Hit | None = None) -> None:
        """Tell where breakpoints held, if they did."""
        if stopped or breakpoint_monitor.has_news:
            self._event_sender.send(breakpoint_monitor.event(stopped))

    def send_current_update(self, stepper: Stepper, watches: tuple[Watch, ...]) -> None:
        """Tell the update on the table."""
        assert stepper.current_update is not None
        self._event_sender.send(stepper.current_update)
        self.tell_watched(stepper, watches)

    def tell_watched(self, stepper: Stepper, watches: tuple[Watch, ...]) -> None:
        """Tell what the watches show of the update on the table, if there are any."""
        if watches and stepper.current_update:
            values = watch_values(stepper.training, watches, read_update(stepper.current_update))
            self._event_sender.send(Watched(stepper.current_update.position, values))
