"""Which position is on screen, and how far training has come."""

from __future__ import annotations

from bpviz.session.engine.events import State
from bpviz.session.frames.frame import Frame
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.view_model.view_model import ViewModel


def epoch_on_screen(model: ViewModel) -> int:
    """Return how many epochs were complete at the moment on screen."""
    position = model.position
    done = position.epoch if position else 0
    # While training runs, records come more often than positions.
    return max(len(model.epochs), done) if model.status.is_live else done


def live_epoch(model: ViewModel) -> int:
    """Return how many epochs are complete at the live end."""
    furthest = model.status.furthest
    return max(epoch_on_screen(model), len(model.epochs), furthest.epoch if furthest else 0)


def row_on_screen(model: ViewModel) -> int:
    """Return the row of the record that holds the last epoch completed at the moment on screen, -1 for none."""
    return min(epoch_on_screen(model), len(model.epochs)) - 1


def position_on_screen(model: ViewModel) -> Position | None:
    """Return the moment on screen; while training runs, the end of the latest epoch."""
    return Position(epoch_on_screen(model)) if model.is_running else model.position


def update_on_screen(model: ViewModel) -> TracedUpdate | None:
    """Return the current update, or None if training has continued since."""
    update, place = model.current_update, model.position
    if update is None or place is None or model.is_running:
        return None
    here = update.position
    return update if (here.epoch, here.sample) == (place.epoch, place.sample) else None


def shown_update(model: ViewModel) -> TracedUpdate | None:
    """Return the update on screen in the conventions that were chosen."""
    return model.conventions.update(update_on_screen(model))


def shown_frame(model: ViewModel) -> Frame | None:
    """Return the latest frame in the conventions that were chosen."""
    return model.conventions.frame(model.frame, model.experiment)


def is_past(model: ViewModel) -> bool:
    """Whether the moment on screen is one of the past."""
    return model.position is not None and not model.status.is_live


def can_play(model: ViewModel) -> bool:
    """Whether there is a past to play, and nothing else on screen moves."""
    return model.status.state not in (State.RUNNING, State.PREPARING) and live_epoch(model) > 0
