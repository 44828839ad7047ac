"""Mistakes in the samples and in the forward pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpviz.core.activations import ACTIVATIONS, Activation
from bpviz.core.arrays import Array
from bpviz.core.mistakes.mistake import Mistake, Way
from bpviz.core.mistakes.program import Program, Setup, WrongRule
from bpviz.language import N_

# By how much inputs are commonly too large or too small: pixels, percent, a decimal point.
_SCALES = (255.0, 1 / 255.0, 100.0, 0.01, 10.0, 0.1)
_NO_SPREAD = 1e-300


def _rescaled(scale: Callable[[Array], Array]) -> Way:
    def rule(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return scale(right())

    return Way({"x": rule}, once=True, transforms=True)


def _standardised(x: Array) -> Array:
    spread = x.std(axis=0)
    return np.asarray((x - x.mean(axis=0)) / np.where(spread > _NO_SPREAD, spread, 1.0))


def _between_0_and_1(x: Array) -> Array:
    lowest, spread = x.min(axis=0), np.ptp(x, axis=0)
    return np.asarray((x - lowest) / np.where(spread > _NO_SPREAD, spread, 1.0))


def _times(factor: float) -> Callable[[Array], Array]:
    return lambda x: factor * x


def _shifted(by: int) -> Way:
    def rule(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return np.roll(right(), by, axis=1)

    return Way({"y": rule}, lambda setup, layer: setup.width(setup.n_layers) > 1, once=True, transforms=True)


def _shifted_out(by: int) -> Way:
    """Return the way to shift by which the class at the end is lost."""

    def rule(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        shifted = np.roll(right(), by, axis=1)
        shifted[:, 0 if by > 0 else -1] = 0.0
        return shifted

    return Way({"y": rule}, lambda setup, layer: setup.width(setup.n_layers) > 1, once=True, transforms=True)


def _without_bias(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.a(layer - 1) @ p.W(layer)


def _bias_twice(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return right() + p.b(layer)


def _transposed(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.a(layer - 1) @ p.W(layer).T + p.b(layer)


def _is_square(setup: Setup, layer: int) -> bool:
    return setup.width(layer) == setup.width(layer - 1)


def _has_activation(setup: Setup, layer: int) -> bool:
    return setup.layer(layer).activation != "none"


def _z(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.z(layer)


def _activated_twice(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.activation(layer).f(np.array(right()), None)


def _other_activation(other: Activation) -> Way:
    def a(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return other.f(np.array(p.z(layer)), None)

    def slope(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return other.slope(p.z(layer), p.a(layer), None)

    def delta(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        is_fused = p.setup.network.loss.cancels_slope and layer == p.setup.n_layers
        if is_fused or not (other.output_only or p.activation(layer).output_only):
            return right()
        return other.delta(p.error(layer), p.slope(layer), p.a(layer))

    def applies(setup: Setup, layer: int) -> bool:
        is_output = layer == setup.n_layers
        return setup.layer(layer).activation != other.name and (is_output or not other.output_only)

    rules: dict[str, WrongRule] = {"a": a, "slope": slope, "delta": delta}
    return Way(rules, applies)


IN_FORWARD = (
    Mistake(
        "bias_left_out",
        N_("the bias is left out of z"),
        N_("Compute z = a_prev @ W + b."),
        (Way({"z": _without_bias}),),
    ),
    Mistake(
        "bias_added_twice",
        N_("the bias is added to z twice"),
        N_("Add b once: z = a_prev @ W + b."),
        (Way({"z": _bias_twice}, transforms=True),),
    ),
    Mistake(
        "weights_transposed_forward",
        N_("z is computed with W transposed, which only a square W allows"),
        N_("With W of shape (n_in, n_out) compute z = a_prev @ W + b."),
        (Way({"z": _transposed}, _is_square),),
    ),
    Mistake(
        "activation_left_out",
        N_("the activation function is left out: a is z"),
        N_("Compute a = f(z)."),
        (Way({"a": _z}, _has_activation),),
    ),
    Mistake(
        "activation_applied_twice",
        N_("the activation function is applied twice: a is f(f(z))"),
        N_("Apply f once: a = f(z)."),
        (Way({"a": _activated_twice}, _has_activation, transforms=True),),
    ),
    Mistake(
        "wrong_activation",
        N_("another activation function is used than the one that was named"),
        N_("Use the same activation function in the program and in the check."),
        tuple(_other_activation(other) for other in ACTIVATIONS.values()),
    ),
    Mistake(
        "inputs_not_scaled",
        N_("the inputs are scaled in another way than those of the check"),
        N_("Scale the inputs once, and give the scaled ones to the program and to the check."),
        tuple(map(_rescaled, (*map(_times, _SCALES), _standardised, _between_0_and_1))),
    ),
    Mistake(
        "targets_shifted",
        N_("the one-hot targets are shifted by one class"),
        N_("Count classes from 0: class 0 is the first column of the targets."),
        (*map(_shifted, (1, -1)), *map(_shifted_out, (1, -1))),
    ),
)
