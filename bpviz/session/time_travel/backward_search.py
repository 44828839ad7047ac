"""Looks back through training for where a breakpoint held last."""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.session.debugging.breakpoints import Breakpoint, Hit
from bpviz.session.debugging.evaluation import scan_of
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position

# Some milliseconds of work between two looks at the commands.
_SLICE_MULTIPLICATIONS = 2_000_000


class BackwardSearch:
    """Searches from checkpoint to checkpoint, the latest first.

    Parameters
    ----------
    stepper : Stepper
        It may stand anywhere while the search goes on.
    breakpoints : tuple of Breakpoint
        Which to look for.

    Attributes
    ----------
    origin : Position
        Where the search began.
    found : Hit or None
    destination : Position
        Where to go in the end: to what was found, or back to where the search began.
    """

    def __init__(self, stepper: Stepper, breakpoints: tuple[Breakpoint, ...]) -> None:
        self._stepper, self._breakpoints = stepper, breakpoints
        self._scan = scan_of(breakpoints, stop=False)
        self.origin = self.destination = stepper.place
        self._slice = max(1, _SLICE_MULTIPLICATIONS // len(stepper.training.network.parameters))
        self.found: Hit | None = None
        self._pieces = self._search()

    def work(self) -> bool:
        """Search for some milliseconds; returns whether there is more to search."""
        return next(self._pieces, self) is not self

    def _search(self) -> Iterator[None]:
        end = self._stepper.training.position
        if self._stepper.is_open:
            self._look_at_the_table()
        while self.found is None and end > Position():
            self._stepper.rewind_before(end)
            begin = self._stepper.training.position
            candidates: list[Position] = []
            while self._stepper.training.position < end:
                # The last may hold only behind where the search began; the one before it holds before.
                candidates = (candidates + self._held_in_slice(end))[-2:]
                yield
            end = begin
            for update in reversed(candidates):
                if self.found is None:
                    yield from self._look_at(update)

    def _held_in_slice(self, end: Position) -> list[Position]:
        """Train a slice towards `end`; returns the updates in it for which a breakpoint held."""
        before = self._stepper.training.position
        self._stepper.advance(self._slice, until=end, scan=self._scan)
        places = dict.fromkeys(found.offset for found in self._scan.drain())
        return [Position(before.epoch, before.sample + place) for place in places]

    def _look_at(self, update: Position) -> Iterator[None]:
        self._stepper.seek(update)
        while self._stepper.training.position < update:
            self._stepper.advance(self._slice, until=update)
            yield
        self._look_at_the_table()

    def _look_at_the_table(self) -> None:
        """Take the last hit of the update on the table, if there is one before where the search began."""
        hits = [hit for hit in self._stepper.hits(self._breakpoints) if hit.position < self.origin]
        if hits:
            self.found, self.destination = hits[-1], hits[-1].position


def run_back_to(stepper: Stepper, breakpoints: tuple[Breakpoint, ...]) -> Hit | None:
    """Go back to where a breakpoint held last; returns that, or None and stays where it is if none did."""
    search = BackwardSearch(stepper, breakpoints)
    while search.work():
        pass
    stepper.go_to(search.destination)
    return search.found
