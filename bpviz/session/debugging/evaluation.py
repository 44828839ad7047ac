"""Evaluate watches and breakpoints for an update."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.core.metrics.metric import QUANTITIES, Metric
from bpviz.core.metrics.reading import Reading
from bpviz.core.metrics.scan import Scan, holds
from bpviz.core.optimisers.learning import HEAD
from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.watches import Watch
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, network_of


def read_update(update: TracedUpdate) -> Reading:
    """Return the reading of a traced update."""
    return Reading.of_trace(
        network_of(update),
        update.trace,
        network_of(update, after=True),
        learning_rate=update.learning_rate,
        samples=update.samples,
        epoch=update.position.epoch,
        rule=update.rule,
        slots=update.learning.slots if update.learning else None,
    )


def read_samples(training: Training, chosen: Indices) -> Reading:
    """Return the reading of an update with some training samples and the current parameters. Nothing is trained."""
    trace, outcome = training.trainer.outcome(chosen)
    after = training.network.copy()
    after.parameters[:] = outcome.parameters
    learning = training.trainer.learning
    return Reading.of_trace(
        training.network.copy(),
        trace,
        after,
        learning_rate=training.trainer.rate,
        samples=chosen,
        epoch=training.position.epoch,
        rule=learning.rule,
        slots=outcome.learning[HEAD:].reshape(learning.slots.shape),
    )


def watch_values(training: Training, watches: tuple[Watch, ...], current: Reading) -> tuple[float, ...]:
    """Return the value of each watch, NaN if its metric or sample does not exist.

    Parameters
    ----------
    training : Training
    watches : tuple of Watch
    current : Reading
        The reading of the current update, for watches without a sample.
    """
    readings: dict[int | None, Reading] = {None: current}
    for sample in {watch.sample for watch in watches}:
        if sample is not None and sample < len(training.split.X_train):
            readings[sample] = read_samples(training, np.array([sample]))
    sizes = training.experiment.sizes
    return tuple(
        readings[watch.sample].value(watch.metric)
        if watch.sample in readings and watch.metric.problem(sizes) is None
        else np.nan
        for watch in watches
    )


def scan_of(breakpoints: tuple[Breakpoint, ...], *, stop: bool = True) -> Scan:
    """Return the scan for some breakpoints; with `stop`, it stops at those that do not only log."""
    return Scan([each.conditions for each in breakpoints], [stop and not each.log_only for each in breakpoints])


def hits_in(update: TracedUpdate, at: Position, breakpoints: tuple[Breakpoint, ...]) -> list[Hit]:
    """Return the hits of breakpoints in a traced update, in the order of the operations that decide on them.

    Parameters
    ----------
    update : TracedUpdate
    at : Position
        The position of the update's start.
    breakpoints : tuple of Breakpoint
    """
    reading, found = read_update(update), []
    for each in breakpoints:
        values = [reading.values(condition.metric) for condition in each.conditions]
        if all(holds(v, c.comparison, c.value) for v, c in zip(values, each.conditions, strict=True)):
            index = max(known_after(condition.metric, update, reading) for condition in each.conditions)
            shown = tuple(float(v.max()) for v in values)
            causes = (reading.neuron_of(condition.metric) for condition in each.conditions)
            neuron = next((cause for cause in causes if cause), None)
            found.append(Hit(Position(at.epoch, at.sample, index), int(update.samples[0]), each, shown, neuron))
    return sorted(found, key=lambda hit: hit.position)


def known_after(metric: Metric, update: TracedUpdate, reading: Reading) -> int:
    """Return the number of operations of an update after which a metric is known."""
    if metric.quantity == "not_finite":
        return _first_not_finite(update)
    return operation_of(metric, len(update.layers), update.rule.extra_operations)


def operation_of(metric: Metric, n_layers: int, extra: tuple[str, ...] = ()) -> int:
    """Return the number of operations of any update of `n_layers` layers after which a metric is known."""
    quantity, every = QUANTITIES[metric.quantity], operations(n_layers, extra)
    if not quantity.operation:
        return 0
    layer = metric.layer if quantity.kind != "sample" else n_layers
    operation = Operation(quantity.operation, layer)
    # Without an optimiser that remembers something, all of an update but the change of the parameters is known.
    return every.index(operation) + 1 if operation in every else len(every) - n_layers


def _first_not_finite(update: TracedUpdate) -> int:
    """Return the number of operations up to the first non-finite one; at most those before the parameters change."""
    for index, operation in enumerate(update.operations, start=1):
        if operation.phase == "update":
            return index - 1
        if not np.isfinite(update.value(operation)).all():
            return index
    raise AssertionError("every update ends with an update")
