"""How far the session of a view model has come."""

from __future__ import annotations

from bpviz.session.film.film_plan import Reach
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations
from bpviz.ui.view_model.view_model import ViewModel


def reach_of(model: ViewModel) -> Reach:
    """Return how far training has come, and what its updates consist of; nothing without a network."""
    experiment, prepared = model.experiment, model.prepared
    count = len(operations(len(experiment.sizes) - 1, experiment.rule.extra_operations))
    n_samples = len(prepared.split.X_train) if prepared else 1
    batch_size = min(experiment.batch_size, n_samples)
    return Reach(model.status.furthest or model.position or Position(), n_samples, batch_size, count)
