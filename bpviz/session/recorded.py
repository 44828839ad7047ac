"""A training on one line of time, as a file keeps it."""

from __future__ import annotations

from datetime import UTC, datetime

from bpviz import __version__
from bpviz.core.kernel import path_name
from bpviz.session.epoch_table import EpochTable
from bpviz.session.experiment import Experiment
from bpviz.session.history import History
from bpviz.session.position import Position
from bpviz.session.saved import SavedBranch, SavedSession

#: What the line is called that no other was forked from.
MAIN = "main"


def recorded(history: History, first: Experiment, epochs: EpochTable) -> SavedSession:
    """Return a session of one branch.

    Parameters
    ----------
    history : History
    first : Experiment
        As training began.
    epochs : EpochTable
        Of every epoch that is done.
    """
    branch = SavedBranch(
        number=0,
        name=MAIN,
        parent=None,
        forked_at=Position(),
        by_change=False,
        first=first,
        interventions=tuple(history.interventions),
        # Where a number is not finite, training stands closer to it than it had come before.
        furthest=max(history.furthest, history.here),
        place=history.here,
        numpy_epochs=history.training.trainer.numpy_epochs,
        epochs=epochs,
        stations=history.stations,
    )
    return SavedSession((branch,), 0, None, (), (), (), path_name(), now(), __version__)


def now() -> str:
    """Return the time as a file keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
