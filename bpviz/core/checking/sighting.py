"""Reading the numbers of one update of somebody's program while it trains."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpviz.core.checking.calling import roles_of
from bpviz.core.checking.collecting import Collected, array_of, meaning
from bpviz.core.checking.returned import read_backward, read_forward
from bpviz.core.checking.running import is_changed, parameters_after, parameters_of
from bpviz.core.checking.snapshot import Names, snapshot
from bpviz.core.diagnosis.input_error import InputError
from bpviz.core.diagnosis.layouts import Raw, RawUpdate
from bpviz.core.mistakes.program import Key
from bpviz.language import _


def values_of(function: Callable[..., Any], given: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by what they stand for; see `roles_of`."""
    roles = roles_of(function)
    if roles is None:
        return dict(zip(("x", "y", "learning_rate"), given, strict=False))
    bound = inspect.signature(function).bind(*given, **named)
    bound.apply_defaults()
    return {roles[name]: value for name, value in bound.arguments.items() if name in roles}


def holder_of_parameters(network: Any, names: Names, values: Mapping[str, Any]) -> Any:
    """Return what holds the parameters: an argument of a call, by what it stands for, or else the network."""
    numbered = {role: value for role, value in values.items() if role[0] in "Wb" and role[1:].isdigit()}
    for holder in (values.get("network"), numbered):
        if holder is not None and snapshot(holder, names, finite=False).weights:
            return holder
    return network


@dataclass
class Sighting:
    """One update of somebody's program, as far as it was seen.

    Attributes
    ----------
    number : int
        Which of their updates, counted from 0.
    before : Collected
        The parameters before it.
    x, y : ndarray or None
    numbers : dict
        By quantity and layer.
    learning_rate : float or None
    is_alone : bool
        Whether no other backward pass shares its step of the parameters.
    """

    number: int
    before: Collected
    x: Raw | None = None
    y: Raw | None = None
    numbers: dict[Key, Raw] = field(default_factory=dict)
    learning_rate: float | None = None
    is_alone: bool = True

    @property
    def is_closed(self) -> bool:
        """Whether the parameters after it are known."""
        return any(quantity.endswith("_after") for quantity, _ in self.numbers)

    def take_samples(self, x: Any, y: Any) -> None:
        """Take the samples and targets of the update.

        Raises
        ------
        ValueError
            If one is missing.
        """
        if x is None or y is None:
            what = "x" if x is None else "y"
            raise InputError(
                _(
                    "{what} is not among the parameters of the backward pass: call recorder.note(x, y) after each"
                ).format(what=what)
            )
        self.x, self.y = array_of(x, "x", finite=False), array_of(y, "y", finite=False)

    def take_found(self, sources: Iterable[Any], names: Names) -> None:
        """Take the numbers of objects and dicts: the network itself, a cache, gradients."""
        for source in sources:
            found = snapshot(source, names, finite=False)
            self.numbers |= {key: raw for key, raw in found.numbers.items() if key[1] <= len(self.before.weights)}
            if self.learning_rate is None:
                self.learning_rate = found.settings.get("learning_rate")

    def take_named(self, numbers: Mapping[str, Any]) -> None:
        """Take numbers under bpviz's names: lists of one array a layer, or single ones such as dW1.

        Raises
        ------
        ValueError
            If a name has no meaning, or a value is no array.
        """
        # The weights tell how many layers there are.
        given = Collected(dict(self.before.weights), dict(self.before.biases), self.numbers, finite=False)
        for name, value in numbers.items():
            known = meaning(name)
            if known is None:
                raise InputError(
                    _("the name {name!r} has no meaning here; names are z, a, error, slope, delta, dW, db").format(
                        name=name
                    )
                )
            given.add(*known, value)

    def take_returned(self, forward: Any, backward: Any) -> None:
        """Take the numbers that a forward and a backward pass returned; None for nothing."""
        weights, biases = parameters_of(self.before)
        numbers = Collected(
            dict(enumerate(weights, start=1)), dict(enumerate(biases, start=1)), self.numbers, finite=False
        )
        read_forward(forward, numbers, len(weights))
        read_backward(backward, numbers, weights, biases)

    def take_after(self, after: Collected) -> None:
        """Take the parameters after the update, unless they are still the same."""
        if not self.is_closed and is_changed(self.before, after):
            self.numbers |= parameters_after(self.before, after)

    def update(self, names: Names, *, train_biases: bool) -> RawUpdate:
        """Return the update, without the quantities that `names` leaves out.

        Raises
        ------
        ValueError
            If its samples or parameters were not found.
        """
        if self.x is None or self.y is None:
            raise InputError(_("the samples were not found: call recorder.note(x, y) after each backward pass"))
        weights, biases = parameters_of(self.before)
        left_out = {name for name, theirs in names.items() if theirs is None}
        numbers = {key: raw for key, raw in self.numbers.items() if key[0] not in left_out}
        rate = self.learning_rate if self.learning_rate and np.isfinite(self.learning_rate) else None
        return RawUpdate(self.x, self.y, weights, biases, numbers, rate, train_biases)
