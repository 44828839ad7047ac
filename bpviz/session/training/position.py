"""Position: a place in the course of training, and its text."""

from dataclasses import dataclass

from bpviz.language import _


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


def position_text(position: Position) -> str:
    """Format a position, as in "epoch 40" or "epoch 40, sample 12, operation 3"."""
    texts = (
        _("epoch {epoch:,}"),
        _("epoch {epoch:,}, sample {sample:,}"),
        _("epoch {epoch:,}, sample {sample:,}, operation {operation}"),
    )
    text = texts[2 if position.operation else 1 if position.sample else 0]
    return text.format(epoch=position.epoch, sample=position.sample, operation=position.operation)
