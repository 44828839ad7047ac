"""What is told of a stepper: the update on its table, watches, hits, and what no longer holds."""

from __future__ import annotations

import time

from bpviz.session.breakpoints import Hit
from bpviz.session.experiment import Experiment
from bpviz.session.outbox import Outbox
from bpviz.session.records import Retuned, State, Status
from bpviz.session.stepper import Stepper
from bpviz.session.tripwire import Tripwire
from bpviz.session.watches import Watch, Watched
from bpviz.session.watching import read_moment, watch_values

_STATUS_SECONDS = 0.1


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
        self._sent = 0.0

    @property
    def is_stale(self) -> bool:
        """Whether the place has not been told for a while."""
        return time.perf_counter() - self._sent > _STATUS_SECONDS

    def tell_status(self, state: State, stepper: Stepper | None, tripwire: Tripwire) -> None:
        """Tell state and place, after the hits on the way there and the training options in force there."""
        self._sent = time.perf_counter()
        self.tell_hits(tripwire)
        if stepper and stepper.training.experiment != self.experiment:
            self.experiment = stepper.training.experiment
            self._outbox.send(Retuned(self.experiment))
        is_live = stepper is None or stepper.is_live
        self._outbox.send(Status(state, stepper.position if stepper else None, is_live))

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
