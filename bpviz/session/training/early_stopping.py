"""Early stopping: training ends when the test loss has not fallen for some epochs."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.language import _, ngettext
from bpviz.session.experiment.experiment import Experiment


class EarlyStopping:
    """Decides after each epoch whether training ends: Goodfellow, Bengio and Courville (2016), algorithm 7.1."""

    def __init__(self) -> None:
        self._begun = 0

    def begin(self, epoch: int) -> None:
        """Wait from this epoch on, for training that goes on after it was ended."""
        self._begun = epoch

    def is_due(self, losses: Array, patience: int) -> bool:
        """Return whether training ends.

        Parameters
        ----------
        losses : ndarray of shape (n_epochs,)
            The test loss after each complete epoch.
        patience : int
            Epochs without a new smallest loss after which training ends; 0 for never.
        """
        return patience > 0 and len(losses) - max(best_epoch(losses), self._begun) >= patience


def best_epoch(losses: Array) -> int:
    """Return after how many epochs the loss was smallest; 0 if there is none."""
    return int(np.argmin(np.nan_to_num(losses, nan=np.inf))) + 1 if len(losses) else 0


def early_stop_text(losses: Array, patience: int) -> str:
    """Return the sentence about a training that ended early."""
    best = best_epoch(losses)
    text = ngettext(
        "Stopped early: the test loss has not fallen for {patience:,} epoch; it was smallest after epoch {best:,}",
        "Stopped early: the test loss has not fallen for {patience:,} epochs; it was smallest after epoch {best:,}",
        patience,
    )
    return text.format(patience=patience, best=best)


def end_text(experiment: Experiment, *, is_early: bool) -> str:
    """Return the sentence about a training that ended while another position was on screen."""
    if is_early:
        return _("The live end stops early: the test loss does not fall.")
    return _("The live end has reached epoch {epochs:,}, where training stops.").format(epochs=experiment.epochs)
