"""What a mistake is: a name, a sentence, a remedy, and the ways in which programs make it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bpviz.core.mistakes.program import BACKWARD, FORWARD, GRADIENTS, Hooks, Key, Setup, WrongRule
from bpviz.language import _

Applies: TypeAlias = Callable[[Setup, int], bool]


def everywhere(setup: Setup, layer: int) -> bool:
    """Return True: a mistake that can be made in any layer."""
    return True


@dataclass(frozen=True)
class Way:
    """One way to make a mistake: the wrong rules of one layer.

    Attributes
    ----------
    rules : dict
        The wrong rule for each quantity that has one.
    applies : callable
        ``applies(setup, layer)``: whether the mistake can be made in a layer. One that needs two arrays of one shape
        can be made only where they have it.
    once : bool
        Whether it belongs to no layer, such as a mistake in the targets.
    transforms : bool
        Whether it changes the value that the other rules give, instead of computing another. It is then applied after
        those of a second mistake at the same place.
    needs_before : bool
        Whether it shows only if there is an update before this one.
    needs_rate : bool
        Whether it needs the learning rate.
    """

    rules: dict[str, WrongRule]
    applies: Applies = everywhere
    once: bool = False
    transforms: bool = False
    needs_before: bool = False
    needs_rate: bool = False

    def layers(self, setup: Setup) -> tuple[int, ...]:
        """Return the layers in which the mistake can be made; (0,) if it belongs to none."""
        if self.needs_rate and setup.learning_rate is None:
            return ()
        numbers = (0,) if self.once else range(1, setup.n_layers + 1)
        return tuple(number for number in numbers if self.applies(setup, number))


@dataclass(frozen=True)
class Mistake:
    """A common mistake in a backpropagation program.

    Attributes
    ----------
    name : str
        Its name in `bpviz.MISTAKES`, in reports and in files.
    clause : str
        What the program does wrong, to be read after "In layer 2 ".
    remedy : str
        What to do, as a sentence.
    ways : tuple of Way
        The ways in which programs make it, the most likely first.
    """

    name: str
    clause: str
    remedy: str
    ways: tuple[Way, ...] = field(repr=False)

    @property
    def sentence(self) -> str:
        """What the program does wrong, as a sentence."""
        clause = _(self.clause)
        return _("{clause}.").format(clause=clause[0].upper() + clause[1:])


@dataclass(frozen=True)
class Planted:
    """A mistake, made in one way in certain layers.

    Attributes
    ----------
    mistake : Mistake
    way : Way
    layers : tuple of int
        Layers counted from 1; (0,) for a mistake that belongs to no layer.
    """

    mistake: Mistake
    way: Way
    layers: tuple[int, ...]

    def where(self, n_layers: int) -> str:
        """Return e.g. "In layer 2"; nothing for a mistake that belongs to no layer."""
        if self.layers == (0,):
            return ""
        if len(self.layers) == 1:
            return _("In layer {layer}").format(layer=self.layers[0]) if n_layers > 1 else _("In the only layer")
        if self.layers == tuple(range(1, n_layers + 1)):
            return _("In every layer")
        *most, last = map(str, self.layers)
        return _("In layers {most} and {last}").format(most=", ".join(most), last=last)

    def sentence(self, n_layers: int) -> str:
        """Return what is wrong and where, e.g. "In layer 2 the slope is left out of delta."."""
        where = self.where(n_layers)
        return (
            _("{where} {clause}.").format(where=where, clause=_(self.mistake.clause))
            if where
            else self.mistake.sentence
        )

    @property
    def keys(self) -> tuple[Key, ...]:
        """The quantities and layers whose rules are wrong."""
        return tuple((quantity, layer) for layer in self.layers for quantity in self.way.rules)

    @property
    def first_effect(self) -> str:
        """The part of an update in which the mistake begins: "forward", "backward", "gradients" or "update"."""
        quantities = self.way.rules.keys()
        parts = {"forward": FORWARD, "backward": BACKWARD, "gradients": GRADIENTS}
        return next((part for part, names in parts.items() if quantities & set(names)), "update")


def hooks_of(planted: Iterable[Planted]) -> Hooks:
    """Return the wrong rules of some mistakes made together, by quantity and layer."""
    hooks: dict[Key, tuple[WrongRule, ...]] = {}
    for each in sorted(planted, key=lambda one: one.way.transforms):
        for quantity, layer in each.keys:
            hooks[quantity, layer] = (*hooks.get((quantity, layer), ()), each.way.rules[quantity])
    return hooks


def sites(mistake: Mistake, setup: Setup, *, has_before: bool = False) -> list[Planted]:
    """Return a mistake in every way and at every place where it can be made in a network.

    A line of code serves one layer, or, inside a loop, all hidden layers or all layers: these are the places.
    """
    return [
        Planted(mistake, way, layers)
        for way in mistake.ways
        if has_before or not way.needs_before
        for layers in _groups(way.layers(setup), setup.n_layers)
    ]


def _groups(layers: Sequence[int], n_layers: int) -> list[tuple[int, ...]]:
    single = [(number,) for number in layers]
    hidden = tuple(number for number in layers if number != n_layers)
    more = {tuple(layers), hidden}
    return single + sorted((group for group in more if len(group) > 1), key=len, reverse=True)
