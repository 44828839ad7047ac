"""What is told of a stepper: the update on its table, watches, hits, and what no longer holds."""

from __future__ import annotations

import time

from bpviz.session.debugging.breakpoint_monitor import Tripwire
from bpviz.session.debugging.breakpoints import Hit
from bpviz.session.debugging.evaluation import read_moment, watch_values
from bpviz.session.debugging.watches import Watch, Watched
from bpviz.session.engine.event_sender import Outbox
from bpviz.session.engine.events import Retuned, State, Status
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.branches import Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.time_travel.timeline import Timeline

_STATUS_SECONDS, _TIMELINE_SECONDS = 0.1, 1.0


class Bulletin:
    """Tells a state and a place, and whatever goes with them.

    Parameters
    ----------
    outbox : Outbox

    Attributes
    ----------
    experiment : Experiment or None
        The one that the listeners know to be in force.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.experiment: Experiment | None = None
        self._sent = self._timeline_sent = 0.0
        self._timeline: Timeline | None = None

    @property
    def is_stale(self) -> bool:
        """Whether the place has not been told for a while."""
        return time.perf_counter() - self._sent > _STATUS_SECONDS

    def tell_status(self, state: State, branches: Branches | None, visitor: Stepper | None, tripwire: Tripwire) -> None:
        """Tell state and place, after the hits on the way there and the training options in force there.

        Parameters
        ----------
        state : State
            What is done on screen.
        branches : Branches or None
        visitor : Stepper or None
            What is on screen in place of the active branch's own stepper, which trains on.
        tripwire : Tripwire
        """
        self._sent = time.perf_counter()
        self.tell_hits(tripwire)
        if branches is None:
            self._outbox.send(Status(state, None))
            return
        live = branches.active.stepper
        shown = visitor or live
        if shown.training.experiment != self.experiment:
            self.experiment = shown.training.experiment
            self._outbox.send(Retuned(self.experiment))
        is_live = visitor is None and live.is_live
        self._tell_timeline(branches, at_once=state is not State.RUNNING)
        furthest = max(live.history.furthest, live.position) if is_live else live.history.furthest
        self._outbox.send(Status(state, shown.position, is_live, furthest, visitor is not None))

    def _tell_timeline(self, branches: Branches, *, at_once: bool) -> None:
        """Tell all branches if they have changed, while training runs only now and then."""
        now = time.perf_counter()
        if at_once or now - self._timeline_sent > _TIMELINE_SECONDS:
            self._timeline_sent = now
            timeline = branches.timeline()
            if timeline != self._timeline:
                self._timeline = timeline
                self._outbox.send(timeline)

    def forget(self) -> None:
        """Tell everything anew: what is on screen is another network."""
        self.experiment = self._timeline = None

    def tell_hits(self, tripwire: Tripwire, stopped: Hit | None = None) -> None:
        """Tell where breakpoints held, if they did."""
        if stopped or tripwire.has_news:
            self._outbox.send(tripwire.event(stopped))

    def tell_table(self, stepper: Stepper, watches: tuple[Watch, ...]) -> None:
        """Tell the update on the table."""
        assert stepper.moment is not None
        self._outbox.send(stepper.moment)
        self.tell_watched(stepper, watches)

    def tell_watched(self, stepper: Stepper, watches: tuple[Watch, ...]) -> None:
        """Tell what the watches show of the update on the table, if there are any."""
        if watches and stepper.moment:
            values = watch_values(stepper.training, watches, read_moment(stepper.moment))
            self._outbox.send(Watched(stepper.moment.position, values))
