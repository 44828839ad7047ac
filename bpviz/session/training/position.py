"""A moment of training, and how it is written."""

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


def position_text(position: Position) -> str:
    """Write a position: "epoch 40", or "epoch 40, sample 12, operation 3" inside an epoch."""
    parts = (f"epoch {position.epoch:,}", f"sample {position.sample:,}", f"operation {position.operation}")
    n_parts = 3 if position.operation else 2 if position.sample else 1
    return ", ".join(parts[:n_parts])
