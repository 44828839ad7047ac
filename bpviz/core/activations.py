"""Activation functions: a table from a name to f(z) and its slope f'(z).

Most slopes are computed from a = f(z), which the backward pass already has; those of gelu, silu and sin need z too.
All functions work on arrays of any shape with neurons on the last axis, and write into `out` if given. f may overwrite
z; for a slope, `out` must be neither z nor a.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from bpviz.core.arrays import Array

#: The slope of leaky_relu where z is negative, unless another is chosen.
LEAK = 0.01
# A neuron is saturated if the size of its slope is below this share of the activation's largest slope.
_SATURATED_SHARE = 0.1
Elementwise = Callable[[Array, Array | None], Array]
Slope = Callable[[Array, Array, Array | None], Array]


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes
    ----------
    name : str
        Its name in experiments, on screen and on the command line.
    f : callable
        ``f(z, out)`` -> a, of the same shape as z.
    slope : callable
        ``slope(z, a, out)`` -> f'(z), of the same shape as a. For softmax, the diagonal of its Jacobian.
    output_only : bool
        Whether each output depends on every z of the layer, so that delta is not just error * slope. Only an output
        layer may have such an activation.
    needs_z : bool
        Whether the slope reads z. If not, it is computed from a alone, and any array may be given as z.
    has_kink : bool
        Whether f has no derivative at z = 0; the slope there is that of z < 0, as in PyTorch.
    max_slope : float
        The largest possible slope.
    f_may_warn : callable, optional
        The same as f, but may emit numpy's overflow warning. For callers that have turned warnings off for a whole
        loop: `numpy.errstate` costs a microsecond a call.
    """

    name: str
    f: Elementwise
    slope: Slope
    output_only: bool = False
    needs_z: bool = False
    has_kink: bool = False
    max_slope: float = 1.0
    f_may_warn: Elementwise | None = None

    @property
    def saturated_slope(self) -> float:
        """A neuron is saturated if |slope| is below this."""
        return _SATURATED_SHARE * self.max_slope

    @property
    def f_without_errstate(self) -> Elementwise:
        """F without its own `numpy.errstate`: it may warn of an overflow."""
        return self.f_may_warn or self.f

    def delta(self, error: Array, slope: Array, a: Array) -> Array:
        """Return delta = dL_s/dz, given error = dL_s/da.

        For softmax the Jacobian is diag(a) - a a^T, so dL_s/dz_i = a_i (error_i - sum_j error_j a_j).
        """
        if self.output_only:
            return np.asarray(a * (error - np.sum(error * a, axis=-1, keepdims=True)))
        return error * slope


def _identity(z: Array, out: Array | None = None) -> Array:
    return np.positive(z, out=out)


def _one(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.empty_like(a) if out is None else out
    out.fill(1.0)
    return out


def _relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0.0, out=out)


def _relu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    return np.asarray(np.heaviside(a, 0.0, out=out))


@cache
def leaky_relu(leak: float) -> Activation:
    """Return leaky_relu with a chosen slope for z < 0, above 0 and at most 1."""

    def f(z: Array, out: Array | None = None) -> Array:
        return np.maximum(z, leak * z, out=out)

    def slope(z: Array, a: Array, out: Array | None = None) -> Array:
        out = np.heaviside(a, 0.0, out=out)
        return np.maximum(out, leak, out=out)

    return Activation("leaky_relu", f, slope, has_kink=True)


def _elu(z: Array, out: Array | None = None) -> Array:
    negative = np.minimum(z, 0.0)  # so that the exponential of a large z does not overflow
    np.expm1(negative, out=negative)
    out = np.maximum(z, 0.0, out=out)
    out += negative
    return out


def _elu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.minimum(a, 0.0, out=out)
    out += 1.0
    return out


def _normal_distribution(z: Array) -> Array:
    """Return (1 + erf(z / sqrt 2)) / 2, the share of the normal distribution below z, with all digits if it is tiny."""
    from scipy.special import ndtr  # scipy takes long to import, and hardly any network has a gelu

    return np.asarray(ndtr(z))


def _gelu(z: Array, out: Array | None = None) -> Array:
    return np.multiply(z, _normal_distribution(z), out=out)


def _gelu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    near = np.clip(z, -38.0, 38.0)  # beyond, the density is 0; the square of a large z would overflow
    out = np.multiply(near, near, out=out)
    out *= -0.5
    np.exp(out, out=out)
    out *= near
    out /= np.sqrt(2.0 * np.pi)
    out += _normal_distribution(z)
    return out


def _silu(z: Array, out: Array | None = None) -> Array:
    with np.errstate(over="ignore"):
        return _silu_may_warn(z, out)


def _silu_may_warn(z: Array, out: Array | None = None) -> Array:
    return np.multiply(z, _sigmoid_may_warn(z), out=out)


def _silu_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    share = _sigmoid(z)
    out = np.subtract(1.0, share, out=out)
    out *= a
    out += share
    return out


def _softplus(z: Array, out: Array | None = None) -> Array:
    # ln(1 + e^z), without overflow: for z above 0 it is z + ln(1 + e^-z).
    rest = np.abs(z)
    np.negative(rest, out=rest)
    np.exp(rest, out=rest)
    np.log1p(rest, out=rest)
    out = np.maximum(z, 0.0, out=out)
    out += rest
    return out


def _softplus_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.negative(a, out=out)
    np.expm1(out, out=out)
    return np.negative(out, out=out)


def _sin(z: Array, out: Array | None = None) -> Array:
    return np.sin(z, out=out)


def _sin_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    return np.cos(z, out=out)


def _tanh(z: Array, out: Array | None = None) -> Array:
    return np.tanh(z, out=out)


def _tanh_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.multiply(a, a, out=out)
    return np.subtract(1.0, out, out=out)


def _sigmoid(z: Array, out: Array | None = None) -> Array:
    with np.errstate(over="ignore"):  # exp overflows for z below -709; 1 / (1 + infinity) is 0, as it should be
        return _sigmoid_may_warn(z, out)


def _sigmoid_may_warn(z: Array, out: Array | None = None) -> Array:
    out = np.negative(z, out=out)
    np.exp(out, out=out)
    out += 1.0
    return np.reciprocal(out, out=out)


def _sigmoid_slope(z: Array, a: Array, out: Array | None = None) -> Array:
    out = np.subtract(1.0, a, out=out)
    out *= a
    return out


def _softmax(z: Array, out: Array | None = None) -> Array:
    out = np.subtract(z, np.max(z, axis=-1, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= np.sum(out, axis=-1, keepdims=True)
    return out


# The largest slopes of gelu and silu, at z = sqrt 2 and z = 2.3993572805154.
_STEEPEST_GELU, _STEEPEST_SILU = 1.1289041451581, 1.0998393201288
ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("none", _identity, _one),
        Activation("relu", _relu, _relu_slope, has_kink=True),
        leaky_relu(LEAK),
        Activation("elu", _elu, _elu_slope),
        Activation("gelu", _gelu, _gelu_slope, needs_z=True, max_slope=_STEEPEST_GELU),
        Activation("silu", _silu, _silu_slope, needs_z=True, max_slope=_STEEPEST_SILU, f_may_warn=_silu_may_warn),
        Activation("softplus", _softplus, _softplus_slope),
        Activation("sin", _sin, _sin_slope, needs_z=True),
        Activation("tanh", _tanh, _tanh_slope),
        Activation("sigmoid", _sigmoid, _sigmoid_slope, max_slope=0.25, f_may_warn=_sigmoid_may_warn),
        Activation("softmax", _softmax, _sigmoid_slope, output_only=True, max_slope=0.25),
    )
}
HIDDEN_ACTIVATIONS = tuple(name for name, rule in ACTIVATIONS.items() if not rule.output_only)


def activation_rule(name: str, leak: float = LEAK) -> Activation:
    """Return the activation function of a name, leaky_relu with a chosen leak."""
    return leaky_relu(leak) if name == "leaky_relu" else ACTIVATIONS[name]
