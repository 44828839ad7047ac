"""Activation functions: a table from a name to f(z) and its slope f'(z).

Every slope is written in terms of a = f(z), which is what backpropagation has at hand.
All functions work on arrays of any shape with neurons on the last axis and write into `out` when given: f may
write over its own z; a slope needs an `out` that is not a.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.core.arrays import Array

LEAK = 0.01
# A neuron whose slope is below this share of the steepest is saturated.
_SATURATED_SHARE = 0.1
Elementwise = Callable[[Array, Array | None], Array]


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes
    ----------
    name : str
        The word used in experiments, on screen and on the command line.
    f : callable
        ``f(z, out)`` -> a, of the same shape as z.
    slope : callable
        ``slope(a, out)`` -> f'(z), of the same shape as a. For softmax, the diagonal of its Jacobian.
    output_only : bool
        True where each output depends on all inputs of the layer, so that delta is not error * slope alone.
    steepest : float
        The largest slope there can be.
    quick : callable, optional
        The same as f, for where numpy's warnings of overflow are off already: asking for silence costs a microsecond.
    """

    name: str
    f: Elementwise
    slope: Elementwise
    output_only: bool = False
    steepest: float = 1.0
    quick: Elementwise | None = None

    @property
    def saturated_slope(self) -> float:
        """The slope below which a neuron is saturated: a tenth of the steepest."""
        return _SATURATED_SHARE * self.steepest

    @property
    def unguarded(self) -> Elementwise:
        """f, which may warn of an overflow."""
        return self.quick or self.f

    def delta(self, error: Array, slope: Array, a: Array) -> Array:
        """Pull dL/da back through the activation: dL/dz.

        For softmax the Jacobian is diag(a) - a a^T, so dL/dz_i = a_i (error_i - sum_j error_j a_j).
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
    with np.errstate(over="ignore"):  # 1 / (1 + infinity) is the 0 that is meant
        return _quick_sigmoid(z, out)


def _quick_sigmoid(z: Array, out: Array | None = None) -> Array:
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
        Activation("sigmoid", _sigmoid, _sigmoid_slope, steepest=0.25, quick=_quick_sigmoid),
        Activation("softmax", _softmax, _sigmoid_slope, output_only=True, steepest=0.25),
    )
}
HIDDEN_ACTIVATIONS = tuple(name for name, rule in ACTIVATIONS.items() if not rule.output_only)
