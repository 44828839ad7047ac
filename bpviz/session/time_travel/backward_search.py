"""Backward search: find the latest earlier position at which a breakpoint holds."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.evaluation import scan_of
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position

# The search works in slices of some milliseconds, so that commands are handled in between.
_SLICE_MULTIPLICATIONS = 2_000_000


class BackwardSearch:
    """Searches backwards by replaying from checkpoint to checkpoint, the latest first.

    Parameters
    ----------
    stepper : Stepper
        It is moved by the search.
    breakpoints : tuple of Breakpoint
        The breakpoints to search for.

    Attributes
    ----------
    origin : Position
        The position at which the search started.
    found : Hit or None
    destination : Position
        The position to seek afterwards: that of the hit, or `origin`.
    """

    def __init__(self, stepper: Stepper, breakpoints: tuple[Breakpoint, ...]) -> None:
        self._stepper, self._breakpoints = stepper, breakpoints
        self._scan = scan_of(breakpoints, stop=False)
        self.origin = self.destination = stepper.place
        self._slice = max(1, _SLICE_MULTIPLICATIONS // len(stepper.training.network.parameters))
        self.found: Hit | None = None
        self._pieces = self._search()

    def work(self) -> bool:
        """Search for some milliseconds; return whether the search is unfinished."""
        return next(self._pieces, self) is not self

    def _search(self) -> Iterator[None]:
        end = self._stepper.training.position
        if self._stepper.is_open:
            self._take_last_hit()
        while self.found is None and end > Position():
            self._stepper.rewind_before(end)
            begin = self._stepper.training.position
            candidates: list[Position] = []
            while self._stepper.training.position < end:
                # Keep two: the last update may be that of the origin, and hold only at an operation after it.
                candidates = (candidates + self._held_in_slice(end))[-2:]
                yield
            end = begin
            for update in reversed(candidates):
                if self.found is None:
                    yield from self._check_update(update)

    def _held_in_slice(self, end: Position) -> list[Position]:
        """Train a slice towards `end`; return the updates in it for which a breakpoint held."""
        before = self._stepper.training.position
        self._stepper.advance(self._slice, until=end, scan=self._scan)
        places = dict.fromkeys(found.offset for found in self._scan.drain())
        return [Position(before.epoch, before.sample + place) for place in places]

    def _check_update(self, update: Position) -> Iterator[None]:
        self._stepper.seek(update)
        while self._stepper.training.position < update:
            self._stepper.advance(self._slice, until=update)
            yield
        self._take_last_hit()

    def _take_last_hit(self) -> None:
        """Take the last hit in the current update that is before the origin, if there is one."""
        hits = [hit for hit in self._stepper.hits(self._breakpoints) if hit.position < self.origin]
        if hits:
            self.found, self.destination = hits[-1], hits[-1].position


def run_back_to(stepper: Stepper, breakpoints: tuple[Breakpoint, ...]) -> Hit | None:
    """Seek the latest earlier position at which a breakpoint holds; return the hit, or None and do not move."""
    search = BackwardSearch(stepper, breakpoints)
    while search.work():
        pass
    stepper.go_to(search.destination)
    return search.found
