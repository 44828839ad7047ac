"""Activation functions: a table from a name to f(z) and its slope f'(z).

Every slope is computed from a = f(z), which the backward pass already has.
All functions work on arrays of any shape with neurons on the last axis, and write into `out` if given. f may overwrite
z; for a slope, `out` must not be a.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array

LEAK = 0.01
# A neuron is saturated if its slope is below this share of the activation's largest slope.
_SATURATED_SHARE = 0.1
Elementwise = Callable[[Array, Array | None], Array]


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
        ``slope(a, out)`` -> f'(z), of the same shape as a. For softmax, the diagonal of its Jacobian.
    output_only : bool
        Whether each output depends on every z of the layer, so that delta is not just error * slope. Only an output
        layer may have such an activation.
    max_slope : float
        The largest possible slope.
    f_may_warn : callable, optional
        The same as f, but may emit numpy's overflow warning. For callers that have turned warnings off for a whole
        loop: `numpy.errstate` costs a microsecond a call.
    """

    name: str
    f: Elementwise
    slope: Elementwise
    output_only: bool = False
    max_slope: float = 1.0
    f_may_warn: Elementwise | None = None

    @property
    def saturated_slope(self) -> float:
        """The slope below which a neuron is saturated."""
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


def _one(a: Array, out: Array | None = None) -> Array:
    out = np.empty_like(a) if out is None else out
    out.fill(1.0)
    return out


def _relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0.0, out=out)


def _relu_slope(a: Array, out: Array | None = None) -> Array:
    return np.asarray(np.heaviside(a, 0.0, out=out))


def _leaky_relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, LEAK * z, out=out)


def _leaky_relu_slope(a: Array, out: Array | None = None) -> Array:
    out = np.heaviside(a, 0.0, out=out)
    return np.maximum(out, LEAK, out=out)


def _tanh(z: Array, out: Array | None = None) -> Array:
    return np.tanh(z, out=out)


def _tanh_slope(a: Array, out: Array | None = None) -> Array:
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


def _sigmoid_slope(a: Array, out: Array | None = None) -> Array:
    out = np.subtract(1.0, a, out=out)
    out *= a
    return out


def _softmax(z: Array, out: Array | None = None) -> Array:
    out = np.subtract(z, np.max(z, axis=-1, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= np.sum(out, axis=-1, keepdims=True)
    return out


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation("none", _identity, _one),
        Activation("relu", _relu, _relu_slope),
        Activation("leaky_relu", _leaky_relu, _leaky_relu_slope),
        Activation("tanh", _tanh, _tanh_slope),
        Activation("sigmoid", _sigmoid, _sigmoid_slope, max_slope=0.25, f_may_warn=_sigmoid_may_warn),
        Activation("softmax", _softmax, _sigmoid_slope, output_only=True, max_slope=0.25),
    )
}
HIDDEN_ACTIVATIONS = tuple(name for name, rule in ACTIVATIONS.items() if not rule.output_only)
