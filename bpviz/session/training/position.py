"""Position: a place in the course of training."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """A place in the course of training: epoch, sample, operation. Positions are ordered.

    Attributes
    ----------
    epoch : int
        Number of complete passes over the training set.
    sample : int
        Number of samples of the epoch already trained on.
    operation : int
        Number of operations of the next update already done, see `bpviz.session.walkthrough.operations`.
    """

    epoch: int = 0
    sample: int = 0
    operation: int = 0
