"""The numbers of f(z) and f'(z) of one neuron, written so that a pocket calculator gives them; not those of softmax."""

from __future__ import annotations

import math
from collections.abc import Callable

from bpviz.language import _
from bpviz.session.walkthrough.arithmetic import (
    bracketed,
    difference,
    place_of,
    product,
    without_repeats,
    write,
    write_to,
)
from bpviz.session.walkthrough.traced_update import LayerChange

# The exponential function of a larger number overflows.
_LARGEST_POWER = 700.0
#: ``named(symbol)`` -> the symbol with the number of the neuron as its index.
Named = Callable[[str], str]


def activated(change: LayerChange, named: Named, z: float, a: float) -> list[str]:
    """Return the lines of a = f(z)."""
    if change.activation == "gelu":
        return [*_share_below(z), f"{named('a')} = {product(z, _normal(z))}", f"= {write(a)}"]
    written = {
        "none": write(z),
        "relu": f"max(0, {write(z)})",
        "leaky_relu": f"max({write(z)}, {product(change.leak, z)})",
        "elu": write(z) if z > 0 else f"e<sup>{write(z)}</sup> − 1",
        "silu": f"{bracketed(write(z))} / (1 + e<sup>{write(-z)}</sup>)",
        "softplus": f"ln(1 + e<sup>{write(z)}</sup>)",
        "sin": f"sin({write(z)})",
        "tanh": f"tanh({write(z)})",
        "sigmoid": f"1 / (1 + e<sup>{write(-z)}</sup>)",
    }[change.activation]
    return without_repeats(named("a"), [written, write(a)])


def slope_of(activation: str, named: Named, z: float, a: float, slope: float) -> list[str]:
    """Return the lines of f'(z)."""
    name, result = named("slope"), write(slope)
    if activation == "none":
        return [f"{name} = {result}"]
    if activation in ("relu", "leaky_relu") or (activation == "elu" and z > 0):
        why = _("since {z}, {number}, is above 0.") if z > 0 else _("since {z}, {number}, is not above 0.")
        return [f"{name} = {result}", why.format(z=named("z"), number=write(z))]
    if activation in ("gelu", "silu"):
        return [*(_slope_of_gelu(name, z) if activation == "gelu" else _slope_of_silu(name, z, a)), f"= {result}"]
    return [f"{name} = {_short_slope(activation, z, a)}", f"= {result}"]


def _short_slope(activation: str, z: float, a: float) -> str:
    if activation == "tanh":
        # 1 minus a square has as many correct digits as 1 minus the number itself.
        number = bracketed(write_to(place_of(1 - abs(a), (1.0, a)))(a))
        return f"1 − {number}<sup>2</sup>"
    if activation == "elu":
        return f"{write_to(place_of(1 + a, (1.0, a)))(a)} + 1"
    if activation == "softplus":
        return f"1 − e<sup>{write(-a)}</sup>"
    if activation == "sin":
        return f"cos({write(z)})"
    return f"{bracketed(write(a))} × ({difference(1.0, a)})"


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def _share_below(z: float) -> list[str]:
    """Return the lines of Φ(z), which gelu multiplies z by."""
    return [f"Φ = ½ × (1 + erf({write(z)} / √2))", f"= {write(_normal(z))}"]


def _slope_of_gelu(name: str, z: float) -> list[str]:
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    lines = [f"φ = e<sup>{write(-0.5 * z * z)}</sup> / √(2π)", f"= {write(density)}"]
    return [*_share_below(z), *lines, f"{name} = {write(_normal(z))} + {product(z, density)}"]


def _slope_of_silu(name: str, z: float, a: float) -> list[str]:
    share = 1.0 / (1.0 + math.exp(-z)) if z > -_LARGEST_POWER else 0.0
    lines = [f"σ = 1 / (1 + e<sup>{write(-z)}</sup>)", f"= {write(share)}"]
    return [*lines, f"{name} = {write(share)} + {bracketed(write(a))} × ({difference(1.0, share)})"]
