"""Trying the mistakes: which of them, alone or two together, reproduce somebody's numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import TypeAlias

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.diagnosis.agreement import Agreement, Comparison
from bpviz.core.diagnosis.factors import UPDATE, group_of
from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.core.mistakes.mistake import Planted, hooks_of, sites
from bpviz.core.mistakes.program import BACKWARD, UPDATED, CircularError, Key, Program

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
        for explanation in _Pairs(self._comparison, self._truth, self._tried).found():
            if explanation:
                found.append(explanation)
            yield None
        yield _ranked(found)


def _ranked(found: list[Explanation]) -> list[Explanation]:
    """Return one explanation for each name, without those that need a convention which others do not need.

    One mistake made in two places is more likely than two mistakes.
    """
    least = min((each.unusual for each in found), default=0)
    usual = [each for each in found if each.unusual == least]
    names = sorted(dict.fromkeys(each.names for each in usual), key=lambda names: len(set(names)))
    usual.sort(key=lambda each: each.negative)
    return [next(each for each in usual if each.names == name) for name in names]


class _Pairs:
    """The search for two mistakes that reproduce all numbers together.

    Either one of them explains the first wrong array alone, and the other begins later; or both change that array.
    """

    def __init__(self, comparison: Comparison, truth: Agreement, tried: Sequence[tuple[Planted, Agreement]]) -> None:
        self._comparison, self._truth, self._tried = comparison, truth, tried
        self._changing: dict[tuple[int, Key], dict[bytes, list[Planted]]] = {}

    def found(self) -> Iterator[Explanation | None]:
        """Yield what reproduces all numbers, and None after each pair that does not."""
        one_begins = False
        for explanation in self._where_one_begins():
            one_begins = one_begins or explanation is not None
            yield explanation
        if not one_begins:
            yield from self._where_both_begin()

    def _where_one_begins(self) -> Iterator[Explanation | None]:
        begin = [(one, agreement) for one, agreement in self._tried if agreement.matched > self._truth.matched]
        for one, agreement in begin[:_MOST_FIRST]:
            for number, key in self._suspects(agreement):
                for others in self._groups(number, key).values():
                    yield from self._explained((one, other) for other in others)

    def _suspects(self, agreement: Agreement) -> list[tuple[int, Key]]:
        """Return the arrays that may be wrong where an agreement ends.

        They are the first that does not agree, and the first of those that share its factor: if that one is wrong by
        a factor, it was taken for a convention, and the others look wrong.
        """
        if agreement.key is None:
            return []
        n_layers = self._comparison.truths[0].setup.n_layers
        group = group_of(agreement.key, n_layers)
        same = [(number, key) for number, key in self._comparison.given() if group and group_of(key, n_layers) == group]
        return list(dict.fromkeys([(agreement.update, agreement.key), *same[:1]]))

    def _where_both_begin(self) -> Iterator[Explanation | None]:
        for number, key in self._suspects(self._truth):
            yield from self._where_both_change(number, key)

    def _where_both_change(self, number: int, key: Key) -> Iterator[Explanation | None]:
        groups = self._groups(number, key)
        for some, others in combinations_with_replacement(groups.values(), 2):
            pair = some[0], others[-1]
            if can_be_together(*pair) and not self._gives(pair, number, key):
                yield None
                continue
            yield from self._explained((one, other) for one in some for other in others)

    def _explained(self, pairs: Iterable[tuple[Planted, Planted]]) -> Iterator[Explanation | None]:
        return (self._explanation(pair) for pair in pairs)

    def _explanation(self, pair: tuple[Planted, Planted]) -> Explanation | None:
        if not can_be_together(*pair):
            return None
        with suppress(CircularError), np.errstate(all="ignore"):
            agreement = agreement_with(self._comparison, pair)
            return Explanation(pair, agreement) if agreement.is_whole else None
        return None

    def _groups(self, number: int, key: Key) -> dict[bytes, list[Planted]]:
        """Return the mistakes that change an array, in groups that change it to the same numbers."""
        if (number, key) not in self._changing:
            groups: dict[bytes, list[Planted]] = {}
            truth = self._comparison.truths[number].value(*key)
            for planted, _ in self._tried:
                values = self._values((planted,), number, key)
                if not np.allclose(values, truth, rtol=1e-9, atol=1e-300):
                    groups.setdefault(_digits(values), []).append(planted)
            self._changing[number, key] = groups
        return self._changing[number, key]

    def _values(self, planted: Together, number: int, key: Key) -> Array:
        with np.errstate(all="ignore"):
            return self._program(planted, number).value(*key)

    def _program(self, planted: Together, number: int) -> Program:
        program = None
        for each in range(number + 1):
            program = program_with(self._comparison, planted, each, program)
        assert program is not None
        return program

    def _gives(self, pair: Together, number: int, key: Key) -> bool:
        """Return whether two mistakes give an array, up to a factor."""
        with suppress(CircularError), np.errstate(all="ignore"):
            return self._comparison.agrees(number, key, self._program(pair, number))
        return False


def can_be_together(one: Planted, other: Planted) -> bool:
    """Return whether two mistakes are two, and not one mistake in two ways at one place."""
    return one.mistake is not other.mistake or (one.way is other.way and not set(one.layers) & set(other.layers))


def _digits(values: Array) -> bytes:
    """Return a key that is the same for arrays with the same leading digits."""
    return np.char.mod("%.9e", values).tobytes()


def invisible(comparison: Comparison) -> dict[str, tuple[int, ...]]:
    """Return the mistakes that would change none of the numbers given, wherever they can be made, with their layers.

    Mistakes in the update are left out where nothing of the update is given.
    """
    changing, layers = set(), dict[str, set[int]]()
    has_update = any(key[0] in UPDATED for _, key in comparison.given())
    for planted in all_sites(comparison):
        name = planted.mistake.name
        if name in changing or (planted.first_effect == "update" and not has_update):
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
