"""A moment of training."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """How far training has come.

    Attributes
    ----------
    epoch : int
        Complete passes over the training set.
    sample : int
        Samples of the next pass already trained on.
    operation : int
        Operations of the next sample already looked at, see `bpviz.session.time_travel.stepper`.
    """

    epoch: int = 0
    sample: int = 0
    operation: int = 0
