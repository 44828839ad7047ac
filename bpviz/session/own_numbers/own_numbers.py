"""The numbers that somebody has pasted or typed, by operand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from bpviz.core.arrays import Array, frozen
from bpviz.core.mistakes.program import Key
from bpviz.session.own_numbers.operand_keys import right_numbers
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class OwnNumbers:
    """Arrays of two axes, by quantity and layer. Read-only; each change makes another object.

    Attributes
    ----------
    arrays : mapping
        NaN stands for a number that is not given; an array has at least one that is.
    """

    arrays: Mapping[Key, Array] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def __bool__(self) -> bool:
        """Return whether a number is given."""
        return bool(self.arrays)

    def with_block(self, key: Key, shape: tuple[int, int], at: tuple[int, int], block: Array) -> OwnNumbers:
        """Return these numbers with a block of other ones in an array of some shape."""
        old = self.arrays.get(key)
        values = np.full(shape, np.nan) if old is None or old.shape != shape else old.copy()
        rows, columns = block.shape
        values[at[0] : at[0] + rows, at[1] : at[1] + columns] = block
        others = {each: array for each, array in self.arrays.items() if each != key}
        if not np.isnan(values).all():
            others[key] = frozen(values)
        return replace(self, arrays=MappingProxyType(others))

    def without(self, key: Key) -> OwnNumbers:
        """Return these numbers without those of an operand."""
        return OwnNumbers(MappingProxyType({each: array for each, array in self.arrays.items() if each != key}))

    def fitting(self, update: TracedUpdate) -> dict[Key, Array]:
        """Return the arrays that have the shapes of an update; new parameters only if the update is plain SGD."""
        n_layers = len(update.layers)
        return {
            key: array
            for key, array in self.arrays.items()
            if key[1] <= n_layers
            and (update.rule.is_plain or not key[0].endswith("_after"))
            and array.shape == right_numbers(update, key).shape
        }
