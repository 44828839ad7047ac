"""Observing somebody's program while it trains: what every update started from, and what it computed.

Nothing in it is called, changed or kept: arrays are copied before and after the calls that it makes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from bpviz.core.checking.collecting import Collected, meaning
from bpviz.core.checking.patching import Patches
from bpviz.core.checking.running import Theirs, is_changed
from bpviz.core.checking.sighting import Sighting, holder_of_parameters, values_of
from bpviz.core.checking.snapshot import Names, snapshot
from bpviz.core.diagnosis.input_error import InputError

_NO_CALL: tuple[dict[str, Any], Any] = ({}, None)


class Observer:
    """Sees the updates of a program, by the calls of its methods or by being told of each.

    Parameters
    ----------
    theirs : Theirs
        Its network, and the names of its attributes and methods.
    is_wanted : callable
        Returns whether the update of a number is to be read.
    take : callable
        Gets each `Sighting` when it is complete.

    Attributes
    ----------
    count : int
        How many updates there were so far, read or not.
    faults : list of str
        Why an update could not be read, a sentence each.
    has_method : bool
        Whether the calls of a backward pass are observed.
    """

    def __init__(self, theirs: Theirs, is_wanted: Callable[[int], bool], take: Callable[[Sighting], None]) -> None:
        self._theirs, self._is_wanted, self._take = theirs, is_wanted, take
        self._patches = Patches(theirs.network)
        self.count, self.faults, self.has_method = 0, list[str](), False
        self._open: Sighting | None = None
        self._depth = 0
        # What the latest forward pass got and gave, the learning rate of the latest update, and how many backward
        # passes there were since.
        self._forward, self._rate, self._since_update = _NO_CALL, None, 0
        # The number and the parameters of the backward pass before this one, and whether a step of theirs is seen in
        # their calls: then it need not be looked for between these.
        self._before: tuple[int, Collected] | None = None
        self._is_step_seen = False
        # What the parameters were last read from: the network, or an argument of a function.
        self._holder: Any = theirs.network

    def attach(self) -> None:
        """Begin to observe calls.

        Raises
        ------
        ValueError
            If that is not possible.
        """
        arounds = {"forward": self._around_forward, "backward": self._around_backward, "update": self._around_update}
        try:
            for role, around in arounds.items():
                if self._theirs.network is not None and (found := self._theirs.function(role)):
                    self._watch(*found, around)
                    self.has_method |= role == "backward"
        except InputError:
            self.detach()
            raise

    def _watch(self, name: str, function: Callable[..., Any], around: Callable[..., Any]) -> None:
        self._patches.watch(name, lambda call, given, named: around(function, call, given, named))

    def detach(self) -> None:
        """Leave their program as it was, and take what was seen last."""
        self._patches.remove()
        with self._guarded():
            self._close(snapshot(self._holder, self._theirs.names, finite=False))

    # Calls of their methods

    def _around_forward(
        self, function: Callable[..., Any], call: Callable[[], Any], given: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        returned = call()
        with self._guarded():
            self._forward = values_of(function, given, named), returned
        return returned

    def _around_update(
        self, function: Callable[..., Any], call: Callable[[], Any], given: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        returned = call()
        with self._guarded():
            values = values_of(function, given, named)
            self._rate = values.get("learning_rate", self._rate)
            if not self._depth:  # else the backward pass that called it sees it all
                self._see_update(values, returned)
        return returned

    def _see_update(self, values: dict[str, Any], returned: Any) -> None:
        seen, is_of_one, self._since_update = self._open, self._since_update == 1, 0
        if seen is not None and is_of_one:
            new = {**values, "network": returned} if isinstance(returned, Mapping) else values
            seen.learning_rate = _number(self._rate) or seen.learning_rate
            seen.take_after(self._parameters(new))

    def _around_backward(
        self, function: Callable[..., Any], call: Callable[[], Any], given: tuple[Any, ...], named: Mapping[str, Any]
    ) -> Any:
        if self._depth:
            return call()
        self._depth, self._rate = 1, None
        try:
            values: dict[str, Any] = {}
            with self._guarded():
                values = values_of(function, given, named)
                self._begin(values)
            returned = call()
            with self._guarded():
                self._see_backward(values, returned)
        finally:
            self._depth = 0
        return returned

    def _see_backward(self, values: dict[str, Any], returned: Any) -> None:
        seen, self._open = self._open, None
        if seen is None:
            return
        got, gave = self._forward
        x = values.get("x", got.get("x"))
        is_same = x is not None and "x" in got and (got["x"] is x or np.array_equal(got["x"], x))
        seen.take_samples(x, values.get("y"))
        seen.learning_rate = _number(values.get("learning_rate")) or _number(self._rate)
        seen.take_found((self._theirs.network, values.get("cache"), values.get("gradients")), self._theirs.names)
        seen.take_returned(gave if is_same else None, returned)
        seen.take_after(self._parameters(values))
        self._open = seen

    # Being told

    def note(self, x: Any, y: Any, found: tuple[Any, ...], learning_rate: Any, numbers: Mapping[str, Any]) -> None:
        """See an update whose numbers somebody hands over, after the backward pass and before the step.

        Raises
        ------
        ValueError
            If something is missing, or has no meaning.
        """
        if not self.has_method:
            self._begin({"network": _with_weights(found, numbers, self._theirs.names)})
        seen = self._open
        if seen is None:
            return
        if seen.x is None or x is not None or y is not None:
            seen.take_samples(x, y)
        seen.learning_rate = _number(learning_rate) or seen.learning_rate
        seen.take_found((self._theirs.network, *found) if not self.has_method else found, self._theirs.names)
        seen.take_named(numbers)

    # One update after another

    def _begin(self, values: Mapping[str, Any]) -> None:
        """Begin an update, which ends the one before."""
        number, self.count, self._since_update = self.count, self.count + 1, self._since_update + 1
        is_wanted = self._is_wanted(number)
        before, self._before = self._before, None
        self._is_step_seen |= self._open is not None and self._open.is_closed
        is_needed = not self._is_step_seen and (self._open is not None or self._is_wanted(number + 1))
        if not (is_wanted or is_needed):
            self._close(None)
            return
        now = self._parameters(values)
        self._before = number, now
        self._close(now)
        if is_wanted:
            follows = before is not None and before[0] == number - 1
            is_alone = number == 0 or (follows and before is not None and is_changed(before[1], now))
            self._open = Sighting(number, now, is_alone=is_alone)

    def _close(self, now: Collected | None) -> None:
        """Hand over the update that was seen last; the parameters may have changed since."""
        seen, self._open = self._open, None
        if seen is not None and seen.x is not None:
            if seen.is_alone and now is not None:
                seen.take_after(now)
            self._take(seen)

    def _parameters(self, values: Mapping[str, Any]) -> Collected:
        self._holder = holder_of_parameters(self._theirs.network, self._theirs.names, values)
        return snapshot(self._holder, self._theirs.names, finite=False)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Note a fault in place of raising it into their program."""
        try:
            with np.errstate(all="ignore"):
                yield
        except Exception as fault:  # theirs may raise anything when an attribute is read
            told = str(fault) if isinstance(fault, InputError) else f"{type(fault).__name__}: {fault}"
            self.faults.append(told)


def _number(value: Any) -> float | None:
    """Return a learning rate; None for anything else."""
    is_number = isinstance(value, int | float | np.floating | np.integer) and not isinstance(value, bool)
    return float(value) if is_number and np.isfinite(value) and value > 0 else None


def _with_weights(found: tuple[Any, ...], numbers: Mapping[str, Any], names: Names) -> Any:
    """Return what holds the parameters among what somebody hands over; None if nothing does."""
    named: Any = {name: value for name, value in numbers.items() if (meaning(name) or ("",))[0] in ("W", "b")}
    return named or next((each for each in found if snapshot(each, names, finite=False).weights), None)
