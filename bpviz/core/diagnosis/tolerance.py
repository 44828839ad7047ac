"""How far somebody's right numbers may be from ours: rounding in their arithmetic, and rounding when they were printed.

The bounds follow the computation. A sum of n products rounds by about sqrt(n) units of the last place of the sum of
their absolute values; an error in an input passes through weights and slopes like any other change. Where z is so near
a kink of relu that rounding decides its side, the slope is uncertain, and so is all that follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.mistakes.program import Key, Program
from bpviz.language import _

# Activations that programs compute as a difference or sum with 1: a small result has lost digits.
_CANCELLING = ("elu", "gelu", "silu", "softplus", "sin")
# Programs guard the logarithm of cross-entropy by adding or clipping about so much.
_LOG_GUARD = 1e-7
_MOST_DIGITS, _FEWEST_DIGITS = 10, 2
# Rounding to so many units of a type's resolution is rounding of the type, not of a print.
_UNITS = 50.0


def bounds(truth: Program, resolution: float) -> dict[Key, Array]:
    """Return the bound of the rounding of every quantity, computed with numbers of some relative resolution."""
    found = _forward_bounds(truth, resolution)
    for layer in range(truth.setup.n_layers, 0, -1):
        _backward_bounds(truth, resolution, layer, found)
        _gradient_bounds(truth, resolution, layer, found)
    return found


def _growth(terms: int, resolution: float) -> float:
    return float(np.sqrt(terms) + 3.0) * resolution


def _forward_bounds(p: Program, eps: float) -> dict[Key, Array]:
    found: dict[Key, Array] = {("a", 0): eps * np.abs(p.a(0))}
    for layer in range(1, p.setup.n_layers + 1):
        W, size = np.abs(p.W(layer)), np.abs(p.a(layer - 1)) @ np.abs(p.W(layer)) + np.abs(p.b(layer))
        dz = found["a", layer - 1] @ W + _growth(len(W) + 1, eps) * size
        found["z", layer], a, slope = dz, np.abs(p.a(layer)), np.abs(p.slope(layer))
        rule = p.activation(layer)
        if rule.output_only:
            da = a * (dz + np.sum(a * dz, axis=1, keepdims=True))
        elif rule.has_kink:
            da = dz
        else:
            da = np.minimum(rule.max_slope, slope + dz) * dz
        found["a", layer] = da + 4.0 * eps * (1.0 + np.abs(p.z(layer)) if rule.name in _CANCELLING else a)
        found["slope", layer] = _slope_bound(p, eps, layer, found)
    last = p.setup.n_layers
    distance = np.abs(p.a(last) - p.value("y", 0))
    if p.setup.network.loss.has_kink:
        distance = np.ones_like(distance)  # L_s grows as a, not as its square
    change = np.sum(distance * (found["z", last] if p.setup.network.loss.cancels_slope else found["a", last]), axis=1)
    guard = _LOG_GUARD if p.setup.network.loss.cancels_slope else 0.0
    size = 1.0 + np.abs(p.value("loss", 0))
    found["loss", 0] = 2.0 * change.mean() + (guard + 8.0 * _growth(distance.size, eps)) * size
    return found


def _slope_bound(p: Program, eps: float, layer: int, found: dict[Key, Array]) -> Array:
    rule, da, dz = p.activation(layer), found["a", layer], found["z", layer]
    if rule.name == "none":
        return np.zeros_like(da)
    if rule.has_kink:
        return np.where(np.abs(p.z(layer)) < dz, 1.0, 4.0 * eps)
    if rule.name in _CANCELLING:
        return dz + 4.0 * eps * (1.0 + np.abs(p.z(layer)))  # no second derivative of theirs is above 1
    return 2.0 * da + 4.0 * eps * np.maximum(np.abs(p.a(layer)), np.abs(p.slope(layer)))


def _backward_bounds(p: Program, eps: float, layer: int, found: dict[Key, Array]) -> None:
    error, slope, a, da = np.abs(p.error(layer)), np.abs(p.slope(layer)), np.abs(p.a(layer)), found["a", layer]
    is_fused = layer == p.setup.n_layers and p.setup.network.loss.cancels_slope
    if is_fused:
        de = error * (da / np.maximum(slope, 1e-300) + 8.0 * eps) + error * _LOG_GUARD
    elif layer == p.setup.n_layers:
        de = da + 2.0 * eps * (a + np.abs(p.value("y", 0)))
        if p.setup.network.loss.has_kink:
            de = np.where(np.abs(p.a(layer) - p.value("y", 0)) < de, 2.0, 0.0)  # which sign it has, rounding decides
    else:
        W, delta = np.abs(p.W(layer + 1)), np.abs(p.delta(layer + 1))
        de = found["delta", layer + 1] @ W.T + _growth(W.shape[1], eps) * (delta @ W.T)
    found["error", layer], ds = de, found["slope", layer]
    if is_fused:
        found["delta", layer] = da + 8.0 * eps * (a + np.abs(p.value("y", 0)))
    elif p.activation(layer).output_only:
        spread = np.sum(error * a, axis=1, keepdims=True)
        change = da * (error + spread) + a * (de + np.sum(de * a + error * da, axis=1, keepdims=True))
        found["delta", layer] = 2.0 * change + 8.0 * eps * a * (error + spread)
    else:
        found["delta", layer] = de * slope + error * ds + de * ds + 4.0 * eps * error * slope


def _gradient_bounds(p: Program, eps: float, layer: int, found: dict[Key, Array]) -> None:
    a, delta, dd, count = np.abs(p.a(layer - 1)), np.abs(p.delta(layer)), found["delta", layer], p.n_samples
    growth = _growth(count, eps)
    found["dW", layer] = (found["a", layer - 1].T @ delta + a.T @ dd + growth * (a.T @ delta)) / count
    found["db", layer] = dd.mean(axis=0) + growth * delta.mean(axis=0)
    if p.setup.learning_rate is not None:
        rate = abs(p.rate)
        for after, gradient, before in (("W_after", "dW", p.W(layer)), ("b_after", "db", p.b(layer))):
            size = np.abs(before) + rate * np.abs(p.value(gradient, layer))
            found[after, layer] = 2.0 * eps * size + rate * found[gradient, layer]


@dataclass(frozen=True)
class Rounding:
    """To how many digits numbers were rounded: significant ones, or decimals; None where they were not."""

    significant: int | None
    decimals: int | None

    def of(self, values: Array) -> Array:
        """Return the largest rounding error of each value."""
        found = np.zeros(values.shape)
        if self.decimals is not None:
            found = np.maximum(found, 0.5 * 10.0**-self.decimals)
        if self.significant is not None:
            found = np.maximum(found, 0.5 * 10.0 ** (_exponents(values) - self.significant + 1))
        return 1.001 * found

    def __str__(self) -> str:
        """Return e.g. "3 significant digits"."""
        if self.significant is not None:
            return _("{significant} significant digits").format(significant=self.significant)
        return _("{decimals} decimals").format(decimals=self.decimals)


def _exponents(values: Array) -> Array:
    size = np.abs(values)
    return np.floor(np.log10(np.where(size > 0.0, size, 1.0)) + 1e-12)


def rounding_of(arrays: Iterable[Array], resolution: float) -> Rounding | None:
    """Return to how many digits all numbers of one quantity are rounded, or None if they are not."""
    values = np.concatenate([np.ravel(array) for array in arrays] or [np.empty(0)])
    values = values[values != 0.0]
    if not values.size:
        return None
    slack = 4.0 * resolution
    most = min(_MOST_DIGITS, int(-np.log10(_UNITS * resolution)))
    significant = next((digits for digits in range(1, most + 1) if _has_digits(values, digits, slack)), None)
    if significant is not None and significant < _FEWEST_DIGITS:
        return None  # 0 and 1, as slopes of relu, are exact
    decimals = next((digits for digits in range(1, most + 1) if _has_decimals(values, digits, slack)), None)
    if significant is None and decimals is None:
        return None
    return Rounding(significant, decimals)


def _has_digits(values: Array, digits: int, slack: float) -> bool:
    scale = 10.0 ** (_exponents(values) - digits + 1)
    return bool(np.all(np.abs(np.rint(values / scale) * scale - values) <= slack * np.abs(values)))


def _has_decimals(values: Array, digits: int, slack: float) -> bool:
    scale = 10.0**digits
    return bool(np.all(np.abs(np.rint(values * scale) / scale - values) <= slack * np.abs(values)))
