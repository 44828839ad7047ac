"""Reading arrays as programs store them: rows or columns, W of shape (n_in, n_out) or (n_out, n_in)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from bpviz.core.activations import LEAK
from bpviz.core.arrays import Array
from bpviz.core.diagnosis.input_error import InputError
from bpviz.core.diagnosis.numbers import SINGLE_SAMPLE_QUANTITIES, CheckedUpdate, Given
from bpviz.core.mistakes.program import Key, Setup
from bpviz.core.network import Layer, Network
from bpviz.language import _

Raw: TypeAlias = npt.NDArray[Any]
_SHORT_MANTISSA = 2.0**12


@dataclass(frozen=True)
class Layout:
    """How a program stores its arrays.

    Attributes
    ----------
    columns : bool
        Whether the samples are columns.
    weights_transposed : bool
        Whether W has shape (n_out, n_in).
    gradients_transposed : bool
        Whether dW is stored with the rows of W as its columns.
    """

    columns: bool = False
    weights_transposed: bool = False
    gradients_transposed: bool = False


LAYOUTS = tuple(Layout(*flags) for flags in product((False, True), repeat=3))


@dataclass(frozen=True)
class RawUpdate:
    """One update, as somebody stores it.

    Attributes
    ----------
    x, y : ndarray
    weights, biases : sequence of ndarray
        Before the update.
    numbers : dict
        By quantity and layer.
    learning_rate : float or None
    train_biases : bool
    leak : float
        The slope of leaky_relu for z < 0.
    """

    x: Raw
    y: Raw
    weights: Sequence[Raw]
    biases: Sequence[Raw]
    numbers: Mapping[Key, Raw] = field(default_factory=dict)
    learning_rate: float | None = None
    train_biases: bool = True
    leak: float = LEAK

    def read(self, layout: Layout, activations: Sequence[str], loss: str) -> CheckedUpdate:
        """Return the update in the shapes of bpviz.

        Raises
        ------
        ValueError
            If the arrays do not fit together in this layout.
        """
        network = self._network(layout, activations, loss)
        n_inputs, n_outputs = network.layers[0].n_input, network.layers[-1].n_neurons
        x = _samples(self.x, n_inputs, layout, "x")
        y = _targets(self.y, len(x), n_outputs, layout)
        setup = Setup(network, x, y, self.learning_rate)
        numbers = {key: _given(key, raw, setup, layout) for key, raw in self.numbers.items()}
        return CheckedUpdate(setup, numbers)

    def _network(self, layout: Layout, activations: Sequence[str], loss: str) -> Network:
        network = Network(loss=loss, train_biases=self.train_biases)
        for number, (raw, bias, activation) in enumerate(
            zip(self.weights, self.biases, activations, strict=True), start=1
        ):
            W = np.asarray(raw.T if layout.weights_transposed else raw, dtype=np.float64)
            if network.layers and W.shape[0] != network.layers[-1].n_neurons:
                raise InputError(
                    _(
                        "W of layer {number} has shape {shape}, but the layer before has "
                        "{n_neurons} neurons; give W of shape (n_in, n_out) or (n_out, n_in), the same "
                        "in every layer"
                    ).format(number=number, shape=raw.shape, n_neurons=network.layers[-1].n_neurons)
                )
            if bias.size != W.shape[1]:
                raise InputError(
                    _("b of layer {number} has shape {shape}, but W of shape {of_W} needs {count} biases").format(
                        number=number, shape=bias.shape, of_W=raw.shape, count=W.shape[1]
                    )
                )
            network.add_layer(Layer(W.shape[0], W.shape[1], activation, W, np.ravel(bias), leak=self.leak))
        network.loss  # noqa: B018 - raises for a loss that does not fit the output
        return network


def _samples(raw: Raw, width: int, layout: Layout, what: str) -> Array:
    if raw.ndim == 1 and raw.size != width and width == 1:
        raw = raw[:, None]
    elif raw.ndim < 2:
        raw = raw.reshape(1, -1)
    elif layout.columns:
        raw = raw.T
    if raw.ndim != 2 or raw.shape[1] != width:
        raise InputError(
            _("{what} has shape {shape}, but the network has {width} inputs: give (n_samples, {width})").format(
                what=what, shape=raw.shape, width=width
            )
        )
    return np.array(raw, dtype=np.float64)


def _targets(raw: Raw, count: int, width: int, layout: Layout) -> Array:
    """Return targets of shape (n_samples, n_outputs); class numbers become one-hot."""
    if raw.size == count * width:
        turned = raw.T if layout.columns and raw.ndim == 2 and raw.shape == (width, count) else raw
        if raw.ndim < 2 or turned.shape == (count, width):
            return np.array(turned, dtype=np.float64).reshape(count, width)
    labels = np.ravel(raw)
    if len(labels) == count and np.all(labels == np.rint(labels)) and labels.min() >= 0 and labels.max() < width:
        return np.eye(width)[labels.astype(np.intp)]
    raise InputError(
        _(
            "y has shape {shape}, but {count} samples and {width} outputs need ({count}, {width}), "
            "or class numbers 0 to {last} of shape ({count},)"
        ).format(shape=raw.shape, count=count, width=width, last=width - 1)
    )


def _given(key: Key, raw: Raw, setup: Setup, layout: Layout) -> Given:
    """Return one array in the shape of bpviz, or raise."""
    quantity, layer = key
    count, width = len(setup.x), setup.width(layer) if layer else 1
    turned = False
    if quantity == "loss":
        shape: tuple[int, ...] = ()
        raw = np.asarray(raw.mean() if raw.size == count else raw)
    elif quantity in SINGLE_SAMPLE_QUANTITIES:
        shape = (count, width)
        turned = layout.columns and raw.ndim == 2 and count > 1
    elif quantity in ("dW", "W_after"):
        shape = (setup.width(layer - 1), width)
        turned = layout.weights_transposed != (layout.gradients_transposed and quantity == "dW")
    else:
        shape = (width,)
    values = raw.T if turned else raw
    fits = values.shape == shape or (values.size == np.prod(shape) and (len(shape) < 2 or 1 in shape))
    if not fits:
        wanted = shape[::-1] if turned else shape
        raise InputError(
            _("{key} has shape {shape}, but this network and these samples need {wanted}").format(
                key=words(key), shape=raw.shape, wanted=wanted
            )
        )
    return Given(np.array(values, dtype=np.float64).reshape(shape), raw.shape, turned, _resolution(raw))


def words(key: Key) -> str:
    """Return e.g. "dW of layer 2", "W of layer 1 after the update", "the loss"."""
    quantity, layer = key
    if quantity == "loss":
        return _("the loss")
    name, _line, after = quantity.partition("_")
    return (
        _("{name} of layer {layer} after the update").format(name=name, layer=layer)
        if after
        else _("{quantity} of layer {layer}").format(quantity=_(name), layer=layer)
    )


def _resolution(raw: Raw) -> float:
    """Return the resolution of the arithmetic that made an array: its type's or, for float64, float32's if it shows."""
    kind = raw.dtype if raw.dtype.kind == "f" else np.dtype(np.float64)
    if kind.itemsize >= 8 and raw.size:
        values = np.asarray(raw, dtype=np.float64)
        with np.errstate(over="ignore"):
            is_single = bool(np.all(values.astype(np.float32).astype(np.float64) == values))
        mantissa = np.frexp(values)[0] * _SHORT_MANTISSA
        if is_single and not np.all(mantissa == np.rint(mantissa)):
            return float(np.finfo(np.float32).eps)
    return float(max(np.finfo(kind).eps, np.finfo(np.float64).eps))


def fitting_layouts(updates: Sequence[RawUpdate], activations: Sequence[str], loss: str) -> list[Layout]:
    """Return the layouts in which all arrays fit together, the plainest first.

    Raises
    ------
    ValueError
        If there is none; the sentence is that of the layout in which most fitted.
    """
    found: list[Layout] = []
    faults: list[ValueError] = []
    for layout in LAYOUTS:
        try:
            read = [update.read(layout, activations, loss) for update in updates]
        except ValueError as fault:
            faults.append(fault)
            continue
        if not any(_is_the_same(read[0], updates[0].read(other, activations, loss)) for other in found):
            found.append(layout)
    if not found:
        raise min(faults, key=lambda fault: str(fault).startswith(("W ", "b ")))
    return found


def _is_the_same(one: CheckedUpdate, other: CheckedUpdate) -> bool:
    return all(
        np.array_equal(mine, theirs)
        for mine, theirs in (
            (one.setup.network.parameters, other.setup.network.parameters),
            (one.setup.x, other.setup.x),
            *((one.numbers[key].values, other.numbers[key].values) for key in one.numbers),
        )
    )
