"""Schedules: by which factor the learning rate of an epoch is multiplied."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bpviz.language import N_

#: Name -> what it does, in one sentence.
SCHEDULES = {
    "constant": N_("The learning rate stays as it is."),
    "step": N_("It is multiplied by the factor each time that many epochs are complete."),
    "exponential": N_("It is multiplied by the factor after every epoch."),
    "cosine": N_("It falls along half a cosine, to 0 after that many epochs."),
    "plateau": N_("It is multiplied by the factor when the training loss has not fallen for that many epochs."),
}
# The loss has fallen if it is below the best so far by this share, as in torch.optim.lr_scheduler.ReduceLROnPlateau.
_THRESHOLD = 1e-4


@dataclass(frozen=True)
class Schedule:
    """How the learning rate changes from epoch to epoch.

    Attributes
    ----------
    name : str
        A key of `SCHEDULES`.
    epochs : int
        Of "step", between two falls; of "cosine", until the rate is 0; of "plateau", waited without improvement.
    factor : float
        Between 0 and 1; of "step", "exponential" and "plateau".
    warm_up : int
        Number of epochs, from the first, in which the rate rises in equal steps to its value; 0 for none.
    """

    name: str = "constant"
    epochs: int = 100
    factor: float = 0.5
    warm_up: int = 0

    def factor_of(self, epoch: int, plateau_factor: float) -> float:
        """Return by what the learning rate is multiplied in an epoch, counted from 0.

        Parameters
        ----------
        epoch : int
        plateau_factor : float
            See `Plateau.factor`.
        """
        rising = min((epoch + 1) / self.warm_up, 1.0) if self.warm_up else 1.0
        if self.name == "step":
            return rising * float(self.factor ** (epoch // self.epochs))
        if self.name == "exponential":
            return rising * float(self.factor**epoch)
        if self.name == "cosine":
            return rising * 0.5 * (1.0 + math.cos(math.pi * min(epoch / self.epochs, 1.0)))
        return rising * (plateau_factor if self.name == "plateau" else 1.0)


CONSTANT = Schedule()


@dataclass(frozen=True)
class Plateau:
    """What the schedule "plateau" remembers.

    Attributes
    ----------
    factor : float
        The product of all falls so far.
    best : float
        The smallest training loss so far.
    waited : int
        Epochs since then, or since the last fall.
    """

    factor: float = 1.0
    best: float = math.inf
    waited: int = 0

    def after(self, loss: float, schedule: Schedule) -> Plateau:
        """Return what is remembered after an epoch that ended with a training loss."""
        if loss < self.best * (1.0 - _THRESHOLD):
            return Plateau(self.factor, loss, 0)
        if self.waited < schedule.epochs:
            return Plateau(self.factor, self.best, self.waited + 1)
        return Plateau(self.factor * schedule.factor, self.best, 0)
