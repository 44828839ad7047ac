"""Measures: the numbers that questions are about, read off the session."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.metrics.metric import Metric
from bpviz.language import N_, _, without_gaps
from bpviz.session.debugging.evaluation import read_update
from bpviz.session.lessons.situation import Situation

#: The columns of the epoch records that can be asked about, with their names on screen.
COLUMN_TITLES = {
    "mse_train": N_("training MSE"),
    "mse_test": N_("test MSE"),
    "accuracy_train": N_("training accuracy"),
    "accuracy_test": N_("test accuracy"),
}
COLUMNS = tuple(COLUMN_TITLES)


@dataclass(frozen=True)
class UpdateMeasure:
    """A metric of the current update, or its ratio to another one.

    Attributes
    ----------
    metric : Metric
    over : Metric or None
        Divides the metric.
    """

    metric: Metric
    over: Metric | None = None


@dataclass(frozen=True)
class EpochMeasure:
    """What the record of an epoch says, or its difference from that of an earlier one.

    Attributes
    ----------
    column : str
        One of `COLUMNS`.
    epoch : int
        The number of complete epochs, at least 1.
    since : int or None
        The epoch whose number is subtracted.
    """

    column: str
    epoch: int
    since: int | None = None


Measure = UpdateMeasure | EpochMeasure


def describe_measure(measure: Measure) -> str:
    """Return the name of a measure on screen."""
    if isinstance(measure, EpochMeasure):
        text = _("{column} at epoch {epoch}")
        if measure.since is not None:
            text = _("{column} at epoch {epoch} minus that at epoch {since}")
        return text.format(column=_(COLUMN_TITLES[measure.column]), epoch=measure.epoch, since=measure.since)
    if measure.over is None:
        return measure.metric.describe()
    text = _("{metric} divided by {other}").format(metric=measure.metric.describe(), other=measure.over.describe())
    return without_gaps(text)


def measure_value(measure: Measure, situation: Situation) -> float | None:
    """Return the value of a measure; None while the session does not have it."""
    if isinstance(measure, EpochMeasure):
        return _of_epochs(measure, situation)
    if situation.update is None:
        return None
    reading, sizes = read_update(situation.update), [len(each.b) for each in situation.update.layers]
    widths = (situation.update.trace.x.shape[-1], *sizes)
    metrics = [metric for metric in (measure.metric, measure.over) if metric is not None]
    if any(metric.problem(widths) for metric in metrics):
        return None
    values = [reading.value(metric) for metric in metrics]
    with np.errstate(all="ignore"):
        value = float(np.divide(values[0], values[1])) if len(values) == 2 else values[0]
    return value if np.isfinite(value) else None


def _of_epochs(measure: EpochMeasure, situation: Situation) -> float | None:
    if len(situation.epochs) < measure.epoch:
        return None
    # The record of row 0 is made when the first epoch is complete.
    column = situation.epochs.column(measure.column)
    value = float(column[measure.epoch - 1])
    return value if measure.since is None else value - float(column[measure.since - 1])
