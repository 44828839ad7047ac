"""Search for a training sample: the worst, a random or a misclassified one."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.language import _
from bpviz.session.training.training import Training


class SampleChoice(StrEnum):
    """Criteria by which a training sample can be chosen."""

    WORST = "worst"
    RANDOM = "random"
    MISCLASSIFIED = "misclassified"


class NoSuchSampleError(ValueError):
    """No training sample meets the criterion."""


def find_sample(training: Training, choice: int | SampleChoice, after: int | None, rng: np.random.Generator) -> int:
    """Return the number of a training sample chosen with the current parameters.

    Parameters
    ----------
    training : Training
    choice : int or SampleChoice
        A number is only checked. The worst sample has the largest loss. The next misclassified sample is searched
        for in the order of the epoch in progress, cyclically.
    after : int or None
        The sample after which to search for a misclassified one; None for the current position.
    rng : numpy.random.Generator
        Random number generator for random samples.

    Raises
    ------
    NoSuchSampleError
        If there is no such sample, or it is sought among the samples of a regression, which has no classes.
    """
    samples = len(training.split.X_train)
    if not isinstance(choice, SampleChoice):
        if not 0 <= choice < samples:
            raise NoSuchSampleError(
                _("There is no training sample {choice:,}: choose one from 0 to {samples:,}.").format(
                    choice=choice, samples=samples - 1
                )
            )
        return choice
    if choice is SampleChoice.RANDOM:
        return int(rng.integers(samples))
    if choice is SampleChoice.WORST:
        losses = training.losses(np.arange(samples), training.network.parameters)
        return int(np.argmax(np.nan_to_num(losses, nan=np.inf)))
    return _next_misclassified(training, after)


def _next_misclassified(training: Training, after: int | None) -> int:
    if not training.split.is_classification:
        raise NoSuchSampleError(_("A regression has no classes: choose the worst sample instead."))
    order = training.trainer.order
    place = training.trainer.sample if after is None else int(np.flatnonzero(order == after)[0]) + 1
    ahead: Indices = np.roll(order, -place)
    with np.errstate(all="ignore"):
        wrong = training.network.predict(training.split.X_train[ahead]) != training.split.labels_train[ahead]
    if not wrong.any():
        raise NoSuchSampleError(_("No training sample is misclassified: choose another sample."))
    return int(ahead[np.argmax(wrong)])
