"""What the updates of an epoch depend on: results of a replay are kept as long as it is the same."""

from __future__ import annotations

from bpviz.session.training.position import Position
from bpviz.ui.view_model.view_model import ViewModel


def run_until(model: ViewModel, epoch: int) -> object:
    """Return a key of the active branch with the changes that the user made on it up to the end of an epoch.

    Parameters
    ----------
    model : ViewModel
    epoch : int
        The number of epochs that were complete before it.
    """
    timeline = model.time.timeline
    branch = timeline.branch(timeline.active) if timeline else None
    if branch is None:
        return None
    return branch.number, tuple(change for change in branch.interventions if change[0] < Position(epoch + 1))
