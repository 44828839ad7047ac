"""Finding a training sample that is worth a look."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from bpviz.core.arrays import Indices
from bpviz.session.training.training import Training


class Choice(StrEnum):
    """Samples that can be asked for without knowing their number."""

    WORST = "worst"
    RANDOM = "random"
    MISCLASSIFIED = "misclassified"


class NoSuchSampleError(ValueError):
    """There is no training sample like the one that was asked for."""


def find_sample(training: Training, choice: int | Choice, after: int | None, rng: np.random.Generator) -> int:
    """Return the number of a training sample, as the network stands.

    Parameters
    ----------
    training : Training
    choice : int or Choice
        A number is only checked. The worst has the largest loss; the next misclassified one comes, in the order of the
        epoch in progress, after the sample `after`, or after the present place where that is None, round and round.
    after : int or None
    rng : numpy.random.Generator
        Where random samples are drawn from.

    Raises
    ------
    NoSuchSampleError
        If there is none.
    """
    samples = len(training.split.X_train)
    if not isinstance(choice, Choice):
        if not 0 <= choice < samples:
            raise NoSuchSampleError(f"There is no training sample {choice:,}: they go from 0 to {samples - 1:,}.")
        return choice
    if choice is Choice.RANDOM:
        return int(rng.integers(samples))
    if choice is Choice.WORST:
        losses = training.losses(np.arange(samples), training.network.parameters)
        return int(np.argmax(np.nan_to_num(losses, nan=np.inf)))
    return _next_misclassified(training, after)


def _next_misclassified(training: Training, after: int | None) -> int:
    order = training.trainer.order
    place = training.trainer.sample if after is None else int(np.flatnonzero(order == after)[0]) + 1
    ahead: Indices = np.roll(order, -place)
    with np.errstate(all="ignore"):
        wrong = training.network.predict(training.split.X_train[ahead]) != training.split.labels_train[ahead]
    if not wrong.any():
        raise NoSuchSampleError("Every training sample is classified rightly.")
    return int(ahead[np.argmax(wrong)])
