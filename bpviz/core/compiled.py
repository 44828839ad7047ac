"""The kernel's algorithm as one machine-code loop over the packed parameters, compiled by numba.

Importing this module imports numba, which takes a second or more; `bpviz.core.kernel` does it in the background.
It takes one sample at a time; mini-batches are better off with numpy's matrix products. The functions release the
interpreter's lock. Where sums may be reordered the decorator says so; nothing may assume that numbers are finite.

`net` stands for four arrays that describe a network: widths of all layers, the input included; where each layer's
parameters start; where each layer's neurons start, the input included; the code of each layer's activation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from bpviz.core.activations import LEAK
from bpviz.core.arrays import Array, Indices
from bpviz.core.statistics import Statistics

if TYPE_CHECKING:
    from bpviz.core.network import NeuralNetwork

NONE, RELU, LEAKY_RELU, TANH, SIGMOID, SOFTMAX = range(6)
_CODES = {"none": NONE, "relu": RELU, "leaky_relu": LEAKY_RELU, "tanh": TANH, "sigmoid": SIGMOID, "softmax": SOFTMAX}

# Sums may be taken in any order, a product and a sum in one instruction. NaN and infinity keep their meaning.
_SUMS = {"reassoc", "contract", "nsz"}
_EXACT = {"contract"}
# Samples that are scored side by side: rows of numbers long enough to be worth a loop.
_COLUMNS = 128


class Net(NamedTuple):
    """A network's shape, as the compiled functions read it."""

    widths: Indices
    parameter_starts: Indices
    neuron_starts: Indices
    codes: Indices


def _describe(network: NeuralNetwork) -> Net:
    """Return the shape of a network."""
    widths = [network.layers[0].n_input, *(layer.n_neurons for layer in network.layers)]
    starts = np.cumsum([0, *(layer.n_parameters for layer in network.layers)])
    codes = [_CODES[layer.activation] for layer in network.layers]
    return Net(np.array(widths), starts, np.cumsum([0, *widths]), np.array(codes))


def _compiled(fastmath: set[str]) -> Callable[[Callable[..., Any]], Any]:
    """Compile without the interpreter's lock, with a cache on disk where there is a place for one."""

    def decorate(function: Callable[..., Any]) -> Any:
        options: dict[str, Any] = {"nogil": True, "fastmath": fastmath, "error_model": "numpy"}
        try:
            return njit(cache=True, **options)(function)
        except RuntimeError:  # numba found no folder that can be written
            return njit(**options)(function)

    return decorate


_LOG2_E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10


@intrinsic
def _power_of_two(typing_context: Any, exponent: Any) -> Any:
    """2.0**exponent for an int64, by writing the exponent into the bits of a float64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        biased = builder.add(arguments[0], ir.Constant(ir.IntType(64), 1023))
        return builder.bitcast(builder.shl(biased, ir.Constant(ir.IntType(64), 52)), ir.DoubleType())

    return types.float64(types.int64), generate


@njit(inline="always", error_model="numpy")
def _exp_minus_one(x: float) -> float:
    """Return exp(x) - 1 to the last bits, x held between -700 and 700; NaN for NaN.

    By Cody and Waite's reduction x = k log 2 + r, |r| <= log(2) / 2, and the Taylor polynomial of exp(r) - 1. Unlike a
    call into the C library it takes as many numbers at a time as a register of the processor holds.
    """
    x = 700.0 if x > 700.0 else x
    x = -700.0 if x < -700.0 else x
    k = np.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = p * r + 1.0
    scale = _power_of_two(np.int64(k))
    return scale * (r * p) + (scale - 1.0)  # type: ignore[no-any-return]


@_compiled(_EXACT)
def activate(z: Array, code: int) -> None:
    """Put f(z) in the place of z, shape (n_neurons,)."""
    if code == RELU:
        for j in range(len(z)):
            z[j] = 0.0 if z[j] <= 0.0 else z[j]
    elif code == LEAKY_RELU:
        for j in range(len(z)):
            z[j] = LEAK * z[j] if z[j] <= 0.0 else z[j]
    elif code == TANH:
        for j in range(len(z)):
            grown = _exp_minus_one(2.0 * min(abs(z[j]), 20.0))
            z[j] = np.copysign(grown / (grown + 2.0), z[j])
    elif code == SIGMOID:
        for j in range(len(z)):
            z[j] = 1.0 / (_exp_minus_one(-z[j]) + 2.0)
    elif code == SOFTMAX:
        _softmax(z)


@_compiled(_EXACT)
def _softmax(z: Array) -> None:
    largest = z.max()
    total = 0.0
    for j in range(len(z)):
        z[j] = _exp_minus_one(z[j] - largest) + 1.0
        total += z[j]
    for j in range(len(z)):
        z[j] /= total


@_compiled(_EXACT)
def _times_slope(delta: Array, a: Array, code: int) -> None:
    """Multiply errors by f'(z), written in terms of a."""
    if code == RELU:
        for j in range(len(a)):
            delta[j] = delta[j] if a[j] > 0.0 else 0.0 * delta[j]
    elif code == LEAKY_RELU:
        for j in range(len(a)):
            delta[j] *= 1.0 if a[j] > 0.0 else LEAK
    elif code == TANH:
        for j in range(len(a)):
            delta[j] *= 1.0 - a[j] * a[j]
    elif code == SIGMOID:
        for j in range(len(a)):
            delta[j] *= (1.0 - a[j]) * a[j]
    elif code == SOFTMAX:
        mean = (delta * a).sum()
        for j in range(len(a)):
            delta[j] = a[j] * (delta[j] - mean)


@_compiled(_SUMS)
def _forward(parameters: Array, net: Net, a: Array) -> None:
    widths, starts, neurons, codes = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        z = a[neurons[layer + 1] : neurons[layer + 1] + n_out]
        z[:] = parameters[start + n_in * n_out : start + n_in * n_out + n_out]
        # Four rows of W at a time: z is read and written a quarter as often.
        fours = n_in - n_in % 4
        for i in range(0, fours, 4):
            rows = parameters[start + i * n_out : start + (i + 4) * n_out]
            a0, a1, a2, a3 = a_prev[i], a_prev[i + 1], a_prev[i + 2], a_prev[i + 3]
            for j in range(n_out):
                z[j] += a0 * rows[j] + a1 * rows[n_out + j] + a2 * rows[2 * n_out + j] + a3 * rows[3 * n_out + j]
        for i in range(fours, n_in):
            row = parameters[start + i * n_out : start + (i + 1) * n_out]
            a0 = a_prev[i]
            for j in range(n_out):
                z[j] += a0 * row[j]
        activate(z, codes[layer])


@_compiled(_SUMS)
def _backward_and_update(parameters: Array, rate: float, train_biases: bool, net: Net, a: Array, delta: Array) -> None:
    """Go back through all layers; each weight is updated in the moment in which it has given its share of the error."""
    widths, starts, neurons, codes = net
    for layer in range(len(codes) - 1, -1, -1):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        a_prev = a[neurons[layer] : neurons[layer] + n_in]
        errors = delta[neurons[layer] : neurons[layer] + n_in]
        here = delta[neurons[layer + 1] : neurons[layer + 1] + n_out]
        for i in range(n_in):
            row = parameters[start + i * n_out : start + (i + 1) * n_out]
            error, length = 0.0, rate * a_prev[i]
            for j in range(n_out):
                w = row[j]
                error += w * here[j]
                row[j] = w - length * here[j]
            errors[i] = error
        if layer > 0:
            _times_slope(errors, a_prev, codes[layer - 1])
        if train_biases:
            bias = parameters[start + n_in * n_out : start + n_in * n_out + n_out]
            for j in range(n_out):
                bias[j] -= rate * here[j]


@_compiled(_EXACT)
def _output_delta(a: Array, y: Array, delta: Array, code: int, cancels_slope: bool) -> bool:
    """Write the delta of the output layer; returns whether the sample's class is the one with the largest output."""
    for j in range(len(a)):
        delta[j] = a[j] - y[j]
    if not cancels_slope:
        _times_slope(delta, a, code)
    return a.argmax() == y.argmax()  # type: ignore[no-any-return]


@_compiled(_SUMS)
def train(
    parameters: Array,
    net: Net,
    cancels_slope: bool,
    train_biases: bool,
    x: Array,
    y: Array,
    order: Indices,
    learning_rate: float,
    a: Array,
    delta: Array,
    squares: Array,
    sizes: Array,
) -> int:
    """Train on the samples of `order`, one at a time, and gather what is shown of an epoch.

    Parameters
    ----------
    parameters : ndarray of shape (n_parameters,)
        Changed in place.
    a, delta : ndarray of shape (n_inputs + n_neurons,)
        Room to work in.
    squares, sizes : ndarray of shape (n_neurons,)
        delta**2 and |delta| of each neuron are added to them.

    Returns
    -------
    int
        How many samples were misclassified when their turn came.
    """
    n_inputs, output = net.widths[0], net.neuron_starts[-2]
    neurons = delta[n_inputs:]
    mistakes = 0
    for sample in order:
        a[:n_inputs] = x[sample]
        _forward(parameters, net, a)
        right = _output_delta(a[output:], y[sample], delta[output:], net.codes[-1], cancels_slope)
        _backward_and_update(parameters, learning_rate, train_biases, net, a, delta)
        mistakes += not right
        for j in range(len(neurons)):
            squares[j] += neurons[j] * neurons[j]
            sizes[j] += abs(neurons[j])
    return mistakes


@_compiled(_SUMS)
def _forward_block(parameters: Array, net: Net, block: Array) -> None:
    """Run many samples forward at once: neurons along the rows of `block`, samples along its columns."""
    widths, starts, neurons, codes = net
    for layer in range(len(codes)):
        n_in, n_out, start = widths[layer], widths[layer + 1], starts[layer]
        for j in range(n_out):
            z = block[neurons[layer + 1] + j]
            z[:] = parameters[start + n_in * n_out + j]
            for i in range(n_in):
                weight, a_prev = parameters[start + i * n_out + j], block[neurons[layer] + i]
                for s in range(len(z)):
                    z[s] += weight * a_prev[s]
        here = block[neurons[layer + 1] : neurons[layer + 1] + n_out]
        if codes[layer] == SOFTMAX:
            for s in range(here.shape[1]):
                column = here[:, s].copy()
                _softmax(column)
                here[:, s] = column
        else:
            activate(here.reshape(here.size), codes[layer])


@_compiled(_SUMS)
def score(parameters: Array, net: Net, x: Array, y: Array, block: Array) -> tuple[float, int]:
    """Return the sum of squared errors over samples and outputs, and how many samples are classified rightly.

    Parameters
    ----------
    block : ndarray of shape (n_inputs + n_neurons, n_columns)
        Room to work in.
    """
    n_inputs, output, columns = net.widths[0], net.neuron_starts[-2], block.shape[1]
    squares, right = 0.0, 0
    for first in range(0, len(x), columns):
        rows = min(columns, len(x) - first)
        block[:n_inputs, :rows] = x[first : first + rows].T
        _forward_block(parameters, net, block)
        for s in range(rows):
            a, wanted = block[output:, s], y[first + s]
            for j in range(len(a)):
                squares += (a[j] - wanted[j]) ** 2
            right += a.argmax() == wanted.argmax()
    return squares, right


class CompiledPath:
    """Trains a network over runs of samples, one at a time.

    Parameters
    ----------
    network : NeuralNetwork
        Its parameters are changed in place; its layers must not change while the path is in use.
    """

    def __init__(self, network: NeuralNetwork) -> None:
        self._network, self._net = network, _describe(network)
        self._block = np.zeros((self._net.neuron_starts[-1], _COLUMNS))
        self._a, self._delta = np.zeros(self._net.neuron_starts[-1]), np.zeros(self._net.neuron_starts[-1])

    def train(self, x: Array, y: Array, order: Indices, learning_rate: float, statistics: Statistics) -> None:
        """Train on the samples of `order`."""
        network = self._network
        mistakes = train(
            network.parameters,
            self._net,
            network.loss.cancels_slope,
            network.train_biases,
            _as_compiled_for(x, np.float64),
            _as_compiled_for(y, np.float64),
            _as_compiled_for(order, np.intp),
            float(learning_rate),
            self._a,
            self._delta,
            statistics.squares,
            statistics.sizes,
        )
        statistics.packed[-1] += mistakes

    def score(self, x: Array, y: Array) -> tuple[float, int]:
        """Return the sum of squared errors, and how many samples are classified rightly."""
        x, y = _as_compiled_for(x, np.float64), _as_compiled_for(y, np.float64)
        squares, right = score(self._network.parameters, self._net, x, y, self._block)
        return squares, int(right)


def _as_compiled_for(array: Array | Indices, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return a read-only view of rows in order: numba compiles anew for every other kind of array."""
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view


def warm_up() -> None:
    """Have everything compiled, or read from the cache."""
    from bpviz.core.network import NeuralNetwork

    network = NeuralNetwork.build((2, 2, 2), ["sigmoid", "sigmoid"])
    path, sample = CompiledPath(network), np.zeros((1, 2))
    path.train(sample, sample, np.zeros(1, dtype=np.intp), 0.0, Statistics(4))
    path.score(sample, sample)
