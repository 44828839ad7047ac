"""Trying the mistakes: which of them, alone or two together, reproduce somebody's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np

from bpviz.core.diagnosis.agreement import Agreement, Comparison
from bpviz.core.diagnosis.factors import UPDATE
from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.core.mistakes.mistake import Planted, hooks_of, sites
from bpviz.core.mistakes.program import BACKWARD, Key, Program

Together: TypeAlias = tuple[Planted, ...]
# How many mistakes that explain the first wrong array are tried together with every other.
_MOST_FIRST = 40


@dataclass(frozen=True)
class Explanation:
    """Mistakes that, made together, reproduce all numbers given."""

    planted: Together
    agreement: Agreement

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the mistakes."""
        return tuple(each.mistake.name for each in self.planted)

    @property
    def unusual(self) -> int:
        """The number of groups of quantities that are larger or smaller than bpviz's."""
        return sum(1 for name, factors in self.agreement.factors.items() if abs(factors[0]) != 1.0 and name != UPDATE)

    @property
    def negative(self) -> int:
        """The number of groups of quantities that have the opposite sign, where that does not explain the update."""
        if all(each.first_effect == "update" for each in self.planted):
            return 0
        return sum(1 for factors in self.agreement.factors.values() if factors[0] < 0.0)


def all_sites(comparison: Comparison) -> list[Planted]:
    """Return every mistake in every way and place where it can be made here, the most likely first."""
    setup, has_before = comparison.updates[0].setup, len(comparison.updates) > 1
    return [planted for mistake in MISTAKES.values() for planted in sites(mistake, setup, has_before=has_before)]


def program_with(comparison: Comparison, planted: Together, number: int, before: Program | None) -> Program:
    """Return the program of an update with some mistakes; what they cannot change is taken from the truth."""
    truth = comparison.truths[number]
    return Program(truth.setup, hooks_of(planted), before, _unchanged(truth, planted))


def _unchanged(truth: Program, planted: Together) -> dict[Key, np.ndarray]:
    parts = {each.first_effect for each in planted}
    if "forward" in parts:
        return {}
    n_layers = truth.setup.n_layers
    known = {("x", 0): truth.value("x", 0), ("y", 0): truth.value("y", 0), ("loss", 0): truth.value("loss", 0)}
    for layer in range(1, n_layers + 1):
        known["z", layer], known["a", layer] = truth.z(layer), truth.a(layer)
    top = max((max(each.layers) for each in planted if each.first_effect == "backward"), default=0)
    for layer in range(top + 1, n_layers + 1):
        known |= {(quantity, layer): truth.value(quantity, layer) for quantity in BACKWARD}
    return known


def agreement_with(comparison: Comparison, planted: Together) -> Agreement:
    """Compare the numbers with those of a program that makes some mistakes."""
    return comparison.compare(lambda number, before: program_with(comparison, planted, number, before))


class Search:
    """The search for mistakes that reproduce all numbers.

    Parameters
    ----------
    comparison : Comparison
    truth : Agreement
        With the right program: what agrees with it need not be explained.
    """

    def __init__(self, comparison: Comparison, truth: Agreement) -> None:
        self._comparison, self._truth = comparison, truth
        self._tried = [(planted, agreement_with(comparison, (planted,))) for planted in all_sites(comparison)]

    def single(self) -> list[Explanation]:
        """Return the mistakes that explain the numbers alone, the most likely first."""
        return _ranked([Explanation((planted,), found) for planted, found in self._tried if found.is_whole])

    def pairs(self) -> Iterator[list[Explanation] | None]:
        """Try pair after pair: yield None after each, and last those that explain the numbers, the most likely first.

        All pairs together take seconds where none explains the numbers.
        """
        found = []
        for explanation in _pairs(self._comparison, self._truth, self._tried):
            if explanation:
                found.append(explanation)
            yield None
        yield _ranked(found)


def _ranked(found: list[Explanation]) -> list[Explanation]:
    """Return one explanation for each name, without those that need a convention which others do not need."""
    least = min((each.unusual for each in found), default=0)
    names = list(dict.fromkeys(each.names for each in found if each.unusual == least))
    usual = sorted((each for each in found if each.unusual == least), key=lambda each: each.negative)
    return [next(each for each in usual if each.names == name) for name in names]


def _pairs(
    comparison: Comparison, truth: Agreement, tried: list[tuple[Planted, Agreement]]
) -> Iterator[Explanation | None]:
    """Try two mistakes together; yield what each pair explains.

    Either one of them explains the first wrong array alone, and the other begins later; or both change that array.
    """
    first = [planted for planted, agreement in tried if agreement.matched > truth.matched]
    found = False
    for one in first[:_MOST_FIRST]:
        for other, _ in tried:
            if other.mistake is not one.mistake:
                explanation = _explanation(comparison, (one, other))
                found = found or explanation is not None
                yield explanation
    if not found:
        changing = [planted for planted, agreement in tried if _changes(comparison, planted, truth)]
        for pair in combinations(changing, 2):
            if pair[0].mistake is not pair[1].mistake:
                yield _explanation(comparison, pair)


def _explanation(comparison: Comparison, planted: Together) -> Explanation | None:
    agreement = agreement_with(comparison, planted)
    return Explanation(planted, agreement) if agreement.is_whole else None


def _changes(comparison: Comparison, planted: Planted, truth: Agreement) -> bool:
    """Return whether a mistake changes the first array that is wrong."""
    if truth.key is None:
        return False
    program = None
    with np.errstate(all="ignore"):
        for number in range(truth.update + 1):
            program = program_with(comparison, (planted,), number, program)
        assert program is not None
        ours = comparison.truths[truth.update].value(*truth.key)
        return not np.allclose(program.value(*truth.key), ours, rtol=1e-9, atol=1e-300)


def invisible(comparison: Comparison) -> dict[str, tuple[int, ...]]:
    """Return the mistakes that would change none of the numbers given, wherever they can be made, with their layers."""
    changing, layers = set(), dict[str, set[int]]()
    for planted in all_sites(comparison):
        name = planted.mistake.name
        if name in changing:
            continue
        layers.setdefault(name, set()).update(planted.layers)
        if not agreement_is_whole_with_truth(comparison, planted):
            changing.add(name)
    return {name: tuple(sorted(found)) for name, found in layers.items() if name not in changing}


def agreement_is_whole_with_truth(comparison: Comparison, planted: Planted) -> bool:
    """Return whether a mistake leaves all the quantities that are given as they are."""
    programs: list[Program] = []
    with np.errstate(all="ignore"):
        for number in range(len(comparison.updates)):
            programs.append(program_with(comparison, (planted,), number, programs[-1] if programs else None))
        return all(
            np.allclose(programs[number].value(*key), comparison.truths[number].value(*key), rtol=1e-9, atol=1e-300)
            for number, key in comparison.given()
        )
