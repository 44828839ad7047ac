"""The report of a check: right or wrong, the first wrong number, its causes, and the conventions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

import numpy as np

from bpviz.core.diagnosis.agreement import Comparison, Mask
from bpviz.core.diagnosis.distinguishing import advice
from bpviz.core.diagnosis.layouts import words
from bpviz.core.diagnosis.numbers import Given
from bpviz.core.diagnosis.search import Explanation, invisible
from bpviz.core.mistakes.program import Key
from bpviz.language import _

_SINGLE = float(np.finfo(np.float32).eps)


@dataclass(frozen=True)
class WrongCell:
    """The first number that is wrong.

    Attributes
    ----------
    update : int
        Which update, counted from 0.
    key : (str, int)
        Quantity and layer.
    index : tuple of int
        In their array, as they store it.
    theirs, ours : float
        Their number, and what it should be with their conventions.
    tolerance : float
        The largest difference that would not count.
    """

    update: int
    key: Key
    index: tuple[int, ...]
    theirs: float
    ours: float
    tolerance: float


@dataclass(frozen=True)
class Report:
    """What `bpviz.check` found.

    Attributes
    ----------
    comparison : Comparison
        The numbers, and ours.
    wrong : WrongCell or None
        The first wrong number.
    explanations : tuple of Explanation
        The mistakes that reproduce all numbers, the most likely first: each alone, or two together.
    conventions : tuple of str
        What differs from bpviz and is no mistake, one sentence each.
    """

    comparison: Comparison = field(repr=False)
    wrong: WrongCell | None
    explanations: tuple[Explanation, ...]
    conventions: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether all numbers are right, up to conventions."""
        return self.wrong is None

    @property
    def first(self) -> tuple[str, int, tuple[int, ...]] | None:
        """Quantity, layer (from 1) and place of the first wrong number, such as ("dW", 2, (3, 7)); None if right.

        The place is that in their own array. The loss belongs to layer 0.
        """
        return None if self.wrong is None else (*self.wrong.key, self.wrong.index)

    @property
    def sample(self) -> int | None:
        """Which of the updates that a program was run for has the first wrong number, counted from 0."""
        return None if self.wrong is None else self.wrong.update

    @property
    def causes(self) -> tuple[str, ...]:
        """Names out of `bpviz.MISTAKES`, the most likely first; empty if none reproduces the numbers.

        If no single mistake does, the first two are made together.
        """
        return tuple(dict.fromkeys(name for each in self.explanations for name in each.names))

    @cached_property
    def invisible(self) -> dict[str, tuple[int, ...]]:
        """The mistakes that would change none of these numbers, with the layers in which they can be made."""
        return invisible(self.comparison)

    @property
    def tolerance(self) -> float:
        """The difference that does not count, relative to the largest number of an array: the median of all arrays."""
        shares = []
        for number, key in self.comparison.given():
            largest = float(np.max(np.abs(self.comparison.truths[number].value(*key)), initial=0.0))
            if largest > 0.0:
                shares.append(float(np.max(self.comparison.allowed(number, key))) / largest)
        return float(np.median(shares)) if shares else 0.0

    def cells(self, quantity: str, layer: int, update: int = 0) -> Mask:
        """Return which of their numbers are wrong, in the shape of their array."""
        key, truth = (quantity, layer), self.comparison.truths[update]
        given, factors = self._given(update, key), self._factors(update, key)
        mask, _ = self.comparison.cells(update, key, truth, factors)
        return (mask.T if given.is_transposed else mask).reshape(given.shape)

    def _factors(self, update: int, key: Key) -> tuple[float, ...]:
        found = self.explanations[0].agreement.factors if self.explanations else {}
        return self.comparison.candidates(update, key, found)

    def _given(self, update: int, key: Key) -> Given:
        return self.comparison.updates[update].numbers[key]

    def raise_if_wrong(self) -> None:
        """Raise an AssertionError with the sentence of the report, if a number is wrong."""
        if not self.ok:
            raise AssertionError(self.sentence)

    def open(self, *, wait: bool = True) -> None:
        """Open the window at the first wrong number, with its quantity and layer chosen.

        Parameters
        ----------
        wait : bool
            Whether to wait until the window is closed, so that a script does not end before it has opened. False
            returns at once, and leaves a small file in the system's folder for temporary ones.

        Raises
        ------
        OSError
            If the numbers cannot be handed to the window.
        """
        import bpviz  # its lazy name: what opens windows is not known here

        bpviz.open_report(self, wait=wait)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        wrong = self.wrong
        first = wrong and {
            "quantity": wrong.key[0],
            "layer": wrong.key[1],
            "index": list(wrong.index),
            "yours": wrong.theirs,
            "right": wrong.ours,
        }
        return {
            "ok": self.ok,
            "first": first,
            "causes": list(self.causes),
            "sentence": self.sentence,
            "conventions": list(self.conventions),
            "invisible": list(self.invisible) if self.ok else [],
            "tolerance": self.tolerance,
        }

    # In words

    @property
    def sentence(self) -> str:
        """The result: what is wrong first and why, or that all is right."""
        if self.wrong is None:
            count = sum(given.values.size for update in self.comparison.updates for given in update.numbers.values())
            return _("Right: all {count:,} numbers are those of backpropagation ({precision}).").format(
                count=count, precision=self._precision()
            )
        which = (
            _(" of update {update}").format(update=self.wrong.update + 1) if len(self.comparison.updates) > 1 else ""
        )
        return self.told_of(which)

    def told_of(self, which: str) -> str:
        """Return what is wrong first and why; `which` tells the update, e.g. " of update 3"."""
        assert self.wrong is not None
        where = _("{where}: it is {theirs:.6g} and should be {ours:.6g} (tolerance {tolerance:.1e}).").format(
            where=self.where(which), theirs=self.wrong.theirs, ours=self.wrong.ours, tolerance=self.wrong.tolerance
        )
        return " ".join(filter(None, (where, *self._why())))

    def where(self, which: str) -> str:
        """Return where the first wrong number is, as the beginning of a sentence."""
        assert self.wrong is not None
        place = _(" at {index}").format(index=self.wrong.index) if self.wrong.index else ""
        text = _("The first wrong number is {name}{place}{which}")
        return text.format(name=words(self.wrong.key), place=place, which=which)

    def _precision(self) -> str:
        kind = "float32" if self.comparison.resolution >= _SINGLE else "float64"
        source = kind if self.comparison.tolerance is None else _("as given")
        return _("tolerance {tolerance:.1e} of the largest, {source}").format(tolerance=self.tolerance, source=source)

    def _why(self) -> list[str]:
        if not self.explanations:
            return [_("No known mistake, nor two together, gives these numbers: look at how it is computed.")]
        n_layers = self.comparison.updates[0].setup.n_layers
        sentences = []
        for number, each in enumerate(self.explanations):
            told = _(" And: ").join(planted.sentence(n_layers) for planted in each.planted)
            beginning = "" if number == 0 else _("The same numbers come out if: ")
            remedies = dict.fromkeys(_(planted.mistake.remedy) for planted in each.planted) if number == 0 else ()
            sentences.append(" ".join((f"{beginning}{told}", *remedies)))
        return [*sentences, advice(self.comparison, self.explanations)]

    def _unseen(self) -> str:
        if not self.ok or not self.invisible:
            return ""
        names = ", ".join(self.invisible)
        one = len(self.comparison.updates[0].setup.x) == 1
        hint = _(" With one sample, sum and mean are the same: give two or more.") if one else ""
        return _("Invisible with these numbers: {names}.{hint}").format(names=names, hint=hint)

    def __str__(self) -> str:
        """Return the result, the conventions, and what would not show, in plain words."""
        return "\n".join(filter(None, (self.sentence, *self.conventions, self._unseen())))

    def _repr_html_(self) -> str:
        rows = [
            f"<tr><td>{escape(words(key))}</td><td>{mark}</td></tr>"
            for key, mark in ((key, self._mark(number, key)) for number, key in self.comparison.given())
        ]
        notes = "".join(f"<p>{escape(line)}</p>" for line in str(self).splitlines())
        heads = f"<tr><th>{_('quantity')}</th><th>{_('wrong numbers')}</th></tr>"
        return f"{notes}<table>{heads}{''.join(rows)}</table>"

    def _mark(self, number: int, key: Key) -> str:
        mask = self.cells(*key, update=number)
        count = int(mask.sum())
        is_first = self.wrong is not None and (self.wrong.update, self.wrong.key) == (number, key)
        text = _("{count} of {size}").format(count=count, size=mask.size) if count else _("none")
        if not is_first or self.wrong is None:
            return text
        first = _("{text}, the first at {place}").format(text=text, place=escape(str(self.wrong.index)))
        return f"<b>{first}</b>"
