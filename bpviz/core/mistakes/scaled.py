"""Mistakes by a factor: a wrong sign, 2 or 1/2, a sum where the mean belongs.

The same factor in everything is no mistake but a convention, which `bpviz.core.checking` takes out first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from bpviz.core.arrays import Array
from bpviz.core.mistakes.mistake import Mistake, Way, everywhere
from bpviz.core.mistakes.program import Program, Setup, WrongRule
from bpviz.language import N_

Factor: TypeAlias = Callable[[Program, int], float]
# What a wrong factor may be in, the most likely first.
_PLACES = (("delta",), ("dW", "db"), ("dW",), ("db",), ("error",), ("W_after", "b_after"), ("W_after",), ("b_after",))
# A sign in everything is a convention, which only the direction of the update can contradict: it comes first.
_PLACES_OF_SIGNS = (_PLACES[5], *_PLACES[:5], *_PLACES[6:])
_PLACES_OF_THE_BATCH = tuple(place for place in _PLACES if "error" not in place and "delta" not in place)


def _times(factor: Factor) -> WrongRule:
    return lambda p, layer, right: factor(p, layer) * right()


def _step_times(factor: Factor, before: Callable[[Program, int], Array]) -> WrongRule:
    """Return the rule that multiplies a step, not the parameters themselves."""

    def rule(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        old = before(p, layer)
        return old + factor(p, layer) * (right() - old)

    return rule


def _ways(factor: Factor, places: Iterable[tuple[str, ...]]) -> tuple[Way, ...]:
    def rule(quantity: str) -> WrongRule:
        steps = {"W_after": Program.W, "b_after": Program.b}
        return _step_times(factor, steps[quantity]) if quantity in steps else _times(factor)

    return tuple(
        Way(
            {quantity: rule(quantity) for quantity in place},
            _applies(place),
            transforms=True,
            needs_rate="after" in place[0],
        )
        for place in places
    )


def _applies(place: tuple[str, ...]) -> Callable[[Setup, int], bool]:
    """Leave out the error of an output that fuses loss and activation: its delta does not come from it."""
    if place != ("error",):
        return everywhere
    return lambda setup, layer: not (layer == setup.n_layers and setup.network.loss.cancels_slope)


SCALED = (
    Mistake(
        "sign_flipped",
        N_("the sign is wrong"),
        N_("With a - y the update is W -= learning_rate * dW; with y - a, as in the article's program, it is +=."),
        _ways(lambda p, layer: -1.0, _PLACES_OF_SIGNS),
    ),
    Mistake(
        "sum_instead_of_mean",
        N_("there is a sum over the batch where the mean belongs"),
        N_("Divide by the number of samples once, and the same in dW and db of every layer."),
        _ways(lambda p, layer: float(p.n_samples), _PLACES_OF_THE_BATCH),
    ),
    Mistake(
        "divided_by_samples_twice",
        N_("there is one division by the number of samples too many"),
        N_("Divide by the number of samples once, and the same in dW and db of every layer."),
        _ways(lambda p, layer: 1.0 / p.n_samples, _PLACES_OF_THE_BATCH),
    ),
    Mistake(
        "factor_of_two",
        N_("there is a factor of 2 or 1/2 that the other layers do not have"),
        N_("The derivative of the loss's square belongs into the error of the output, once."),
        (*_ways(lambda p, layer: 2.0, _PLACES), *_ways(lambda p, layer: 0.5, _PLACES)),
    ),
    Mistake(
        "averaged_over_neurons",
        N_("there is a mean over the layer's neurons that does not belong there"),
        N_("Each neuron has its own delta, dW and db: divide by the number of samples only."),
        _ways(lambda p, layer: 1.0 / p.setup.width(layer), _PLACES[:4]),
    ),
)
