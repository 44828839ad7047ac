"""Mistakes in the slope, and in delta of the output."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS, Activation
from bpviz.core.arrays import Array
from bpviz.core.mistakes.mistake import Applies, Mistake, Way
from bpviz.core.mistakes.program import Program, Setup
from bpviz.language import N_

Slope: TypeAlias = Callable[[Program, int], Array]
# Activations whose slope at a is always 1 where a is that of another, as if the slope were left out.
_ALWAYS_ONE = {
    "sigmoid": ("relu", "leaky_relu", "elu"),
    "softplus": ("relu", "leaky_relu", "elu"),
    "relu": ("elu",),
}
_OTHERS = tuple(ACTIVATIONS[name] for name in HIDDEN_ACTIVATIONS if name != "none")  # that is slope_left_out


def _uses_slope(setup: Setup, layer: int) -> bool:
    """Return whether delta of a layer is error times slope, and the slope not always 1."""
    is_fused = layer == setup.n_layers and setup.network.loss.cancels_slope
    return setup.layer(layer).activation != "none" and not is_fused


def _slope_ways(wrong: Slope, applies: Applies = _uses_slope) -> tuple[Way, Way]:
    """Return the two ways to take a wrong slope: stored as the slope, or used in delta alone."""

    def slope(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return wrong(p, layer)

    def delta(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return p.activation(layer).delta(p.error(layer), wrong(p, layer), p.a(layer))

    def both(setup: Setup, layer: int) -> bool:
        return applies(setup, layer) and _uses_slope(setup, layer)

    return Way({"slope": slope}, both), Way({"delta": delta}, both)


def _of_z(p: Program, layer: int) -> Array:
    return p.activation(layer).slope(p.z(layer), p.z(layer), None)


def _is_of_a(setup: Setup, layer: int) -> bool:
    """Return whether the slope is written in terms of a."""
    return not setup.layer(layer).rule.needs_z


def _of_a(p: Program, layer: int) -> Array:
    rule = p.activation(layer)
    return rule.slope(p.a(layer), rule.f(np.array(p.a(layer)), None), None)


def _of_layer(offset: int) -> tuple[Way, ...]:
    def own_formula(p: Program, layer: int) -> Array:
        rule, a = p.activation(layer), p.a(layer + offset)
        return rule.slope(p.z(layer + offset) if rule.needs_z else a, a, None)

    def that_of(p: Program, layer: int) -> Array:
        return p.slope(layer + offset)

    def is_as_wide(setup: Setup, layer: int) -> bool:
        first = 0 if _is_of_a(setup, layer) else 1  # the inputs are a of layer 0, which has no z
        return first <= layer + offset <= setup.n_layers and setup.width(layer + offset) == setup.width(layer)

    def is_a_layer(setup: Setup, layer: int) -> bool:
        return layer + offset > 0 and is_as_wide(setup, layer)

    return (*_slope_ways(own_formula, is_as_wide), _slope_ways(that_of, is_a_layer)[1])


def _of_activation(other: Activation) -> tuple[Way, ...]:
    def from_a(p: Program, layer: int) -> Array:
        return other.slope(p.a(layer), p.a(layer), None)

    def from_z(p: Program, layer: int) -> Array:
        return other.slope(p.z(layer), other.f(np.array(p.z(layer)), None), None)

    def is_another(setup: Setup, layer: int) -> bool:
        name = setup.layer(layer).activation
        return name != other.name and other.name not in _ALWAYS_ONE.get(name, ())

    ways = _slope_ways(from_z, is_another)
    return ways if other.needs_z else (*_slope_ways(from_a, is_another), *ways)


def _has_kink(setup: Setup, layer: int) -> bool:
    return setup.layer(layer).rule.has_kink


def _at_zero(value: float) -> tuple[Way, Way]:
    def slope(p: Program, layer: int) -> Array:
        right = p.activation(layer).slope(p.z(layer), p.a(layer), None)
        return np.where(p.z(layer) == 0.0, value, right)

    return _slope_ways(slope, _has_kink)


def _is_output(setup: Setup, layer: int) -> bool:
    return layer == setup.n_layers


def _is_softmax(setup: Setup, layer: int) -> bool:
    return setup.layer(layer).rule.output_only


def _has_mse_and_slope(setup: Setup, layer: int) -> bool:
    return _is_output(setup, layer) and setup.network.loss_name == "mse" and _uses_slope(setup, layer)


def _is_not_of_squares(setup: Setup, layer: int) -> bool:
    return _is_output(setup, layer) and setup.network.loss_name in ("huber", "mae")


def _has_cross_entropy(setup: Setup, layer: int) -> bool:
    return _is_output(setup, layer) and setup.network.loss.cancels_slope


def _difference(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.a(layer) - p.value("y", 0)


def _difference_times_slope(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return (p.a(layer) - p.value("y", 0)) * p.slope(layer)


def _difference_through_jacobian(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.activation(layer).delta(p.a(layer) - p.value("y", 0), p.slope(layer), p.a(layer))


def _error_times_slope(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.error(layer) * p.slope(layer)


IN_SLOPE = (
    Mistake(
        "slope_left_out",
        N_("the slope f'(z) is left out: delta is the error"),
        N_("Compute delta = error * slope."),
        (Way({"delta": lambda p, layer, right: p.error(layer)}, _uses_slope),),
    ),
    Mistake(
        "slope_applied_twice",
        N_("the slope is applied twice"),
        N_("Multiply by the slope once: delta = error * slope."),
        (Way({"delta": lambda p, layer, right: right() * p.slope(layer)}, _uses_slope, transforms=True),),
    ),
    Mistake(
        "slope_of_z",
        N_("a slope that is written in terms of a is given z"),
        N_("Give a, not z, to a formula such as a * (1 - a) or 1 - a**2."),
        _slope_ways(_of_z, _is_of_a),
    ),
    Mistake(
        "slope_of_a",
        N_("the slope is taken at a, not at z: the activation is applied twice"),
        N_("Take f' at z; or, from a, use a * (1 - a) for sigmoid and 1 - a**2 for tanh, without applying f again."),
        _slope_ways(_of_a),
    ),
    Mistake(
        "slope_of_wrong_layer",
        N_("the slope of another layer is used"),
        N_("Take the slope at the layer's own z: delta[l] = error[l] * slope[l]."),
        (*_of_layer(-1), *_of_layer(1)),
    ),
    Mistake(
        "slope_of_wrong_activation",
        N_("the slope is that of another activation function"),
        N_("Use the derivative of the activation function that the forward pass uses."),
        tuple(way for other in _OTHERS for way in _of_activation(other)),
    ),
    Mistake(
        "relu_slope_at_zero",
        N_("the slope at z = 0 exactly is not that of z < 0"),
        N_("Use a > 0, not a >= 0: relu has no derivative at 0, and bpviz, like PyTorch, takes that of z < 0."),
        (*_at_zero(1.0), *_at_zero(0.5)),
    ),
    Mistake(
        "mse_delta_with_cross_entropy",
        N_("delta of the output is that of the squared error, though the loss is cross-entropy"),
        N_("For cross-entropy behind sigmoid or softmax delta of the output is a - y: no slope belongs there."),
        (
            Way({"delta": _difference_times_slope}, _has_cross_entropy),
            Way({"delta": _difference_through_jacobian}, lambda s, n: _has_cross_entropy(s, n) and _is_softmax(s, n)),
        ),
    ),
    Mistake(
        "cross_entropy_delta_with_mse",
        N_("delta of the output is that of cross-entropy, a - y, though the loss is the squared error"),
        N_("For the squared error delta of the output is (a - y) * slope."),
        (Way({"delta": _difference}, _has_mse_and_slope),),
    ),
    Mistake(
        "mse_error_with_another_loss",
        N_("the error of the output is that of the squared error, a - y, though the loss is another"),
        N_("For mae the error is the sign of a - y; for huber it is a - y, but at most 1 and at least -1."),
        (Way({"error": _difference}, _is_not_of_squares),),
    ),
    Mistake(
        "softmax_as_elementwise",
        N_("the softmax of the output is treated as if each a depended on its own z only"),
        N_("Each output of a softmax depends on every z: delta = a * (error - sum(error * a))."),
        (Way({"delta": _error_times_slope}, _is_softmax),),
    ),
)
