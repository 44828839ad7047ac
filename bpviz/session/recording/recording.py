"""What was recorded of somebody's training: their numbers of each update that was kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpviz.core.diagnosis.layouts import RawUpdate
from bpviz.language import _, ngettext

# What an array takes besides its numbers: that of a small network is mostly this.
_BYTES_OF_AN_ARRAY = 128


@dataclass(frozen=True)
class RecordedUpdate:
    """One update of somebody's program.

    Attributes
    ----------
    number : int
        Which of their updates, counted from 1.
    raw : RawUpdate
        Its arrays as their program stores them.
    """

    number: int
    raw: RawUpdate = field(repr=False)

    @property
    def n_bytes(self) -> int:
        """The memory that its arrays take."""
        raw = self.raw
        arrays = (raw.x, raw.y, *raw.weights, *raw.biases, *raw.numbers.values())
        return sum(array.nbytes + _BYTES_OF_AN_ARRAY for array in arrays)


@dataclass(frozen=True)
class Recording:
    """The updates of somebody's training that were kept.

    Attributes
    ----------
    updates : tuple of RecordedUpdate
        At least one, in their order.
    total : int
        How many updates there were.
    stride : int
        Every `stride`-th was kept.
    activations : tuple of str or None
        None if they are to be inferred.
    loss : str or None
        None if it is to be inferred.
    tolerance : float or None
        The largest relative difference that does not count; None if it follows from the arithmetic.
    unread : int
        How many updates could not be read.
    fault : str
        Why the first of these could not be.
    ended_by : str
        The name of the exception that ended their training, or "".
    """

    updates: tuple[RecordedUpdate, ...] = field(repr=False)
    total: int
    stride: int = 1
    activations: tuple[str, ...] | None = None
    loss: str | None = None
    tolerance: float | None = None
    unread: int = 0
    fault: str = ""
    ended_by: str = ""

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of inputs, and of neurons in each layer."""
        raw = self.updates[0].raw
        return (raw.weights[0].size // max(raw.biases[0].size, 1), *(bias.size for bias in raw.biases))

    def sentences(self) -> tuple[str, ...]:
        """Return what a reader of it has to know: how much was kept, what is missing, and why."""
        return tuple(filter(None, (self._kept(), self._unread(), self._ended())))

    def _kept(self) -> str:
        count, kept = _updates(self.total), len(self.updates)
        if self.stride > 1:
            return _("{updates}, of which every {ordinal} was kept to stay within the size: {kept:,}.").format(
                updates=count, ordinal=_ordinal(self.stride), kept=kept
            )
        return (
            _("{updates}, all of them recorded.").format(updates=count)
            if kept == self.total
            else _("{updates}, of which {kept:,} were recorded.").format(updates=count, kept=kept)
        )

    def _unread(self) -> str:
        return (
            _("{updates} could not be read: {fault}.").format(
                updates=_updates(self.unread), fault=self.fault.rstrip(".")
            )
            if self.unread
            else ""
        )

    def _ended(self) -> str:
        return _("The training ended with {ended_by}.").format(ended_by=self.ended_by) if self.ended_by else ""


def _updates(count: int) -> str:
    return ngettext("{count:,} update", "{count:,} updates", count).format(count=count)


def _ordinal(number: int) -> str:
    """Return "2nd", "4th", ...: the numbers are powers of two."""
    is_second = number % 10 == 2 and number % 100 != 12
    return (_("{number:,}nd") if is_second else _("{number:,}th")).format(number=number)
