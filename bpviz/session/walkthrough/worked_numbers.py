"""The numbers of one neuron put into the formula of an operation, line by line, to be checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpviz.core.activations import LEAK
from bpviz.core.arrays import Array
from bpviz.core.backprop import LayerTrace
from bpviz.session.walkthrough.arithmetic import (
    Sum,
    bracketed,
    difference,
    place_of,
    product,
    without_repeats,
    write,
    write_to,
)
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import LayerChange, TracedUpdate

#: Beyond it no pocket calculator knows the exponential.
_LARGE = 200.0
_MOST_LISTED = 6


def numbers(update: TracedUpdate, row: int, neuron: int) -> list[str]:
    """Return the lines for the operation just done; before the first, the numbers at the input.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        The sample, as a row of the trace's arrays.
    neuron : int
        In the layer of the operation.
    """
    with np.errstate(all="ignore"):
        operation = update.operation
        if operation is None:
            return [f"x = {_listed(update.trace.x[row])}", f"y = {_listed(update.trace.y[row])}"]
        return _LINES[operation.quantity](_Place(update, operation, row, neuron))


@dataclass(frozen=True)
class _Place:
    """Where in an update the numbers are taken from."""

    update: TracedUpdate
    operation: Operation
    row: int
    neuron: int

    @property
    def done(self) -> LayerTrace:
        return self.update.trace.layers[self.operation.layer - 1]

    @property
    def change(self) -> LayerChange:
        return self.update.layers[self.operation.layer - 1]

    @property
    def inputs(self) -> Array:
        return self.update.trace.inputs_of(self.operation.layer - 1)

    @property
    def setting(self) -> FormulaContext:
        return FormulaContext.of_update(self.update)

    @property
    def is_output(self) -> bool:
        return self.operation.layer == len(self.update.layers)

    @property
    def sources(self) -> str:
        return "inputs {}" if self.operation.layer == 1 else f"neurons {{}} of layer {self.operation.layer - 1}"

    @property
    def target(self) -> float:
        return float(self.update.trace.y[self.row, self.neuron])

    def value(self, quantity: str) -> float:
        """Return z, a, error, slope or delta of the neuron."""
        return float(getattr(self.done, quantity)[self.row, self.neuron])

    def named(self, symbol: str) -> str:
        return f"{symbol}<sub>{self.neuron}</sub>"

    def strongest_source(self) -> int:
        """Return from where the weight with the largest gradient comes."""
        return int(np.argmax(np.nan_to_num(np.abs(self.done.dW[:, self.neuron]), nan=np.inf)))


def _z(at: _Place) -> list[str]:
    sent, weights = at.inputs[at.row], at.change.W[:, at.neuron]
    bias, result = float(at.change.b[at.neuron]), at.value("z")
    return _sum_of_products(at.named("z"), sent, weights, result, extra=bias, sources=at.sources).lines()


def _a(at: _Place) -> list[str]:
    if at.change.activation == "softmax":
        return _softmax(at)
    z = at.value("z")
    written = {
        "none": write(z),
        "relu": f"max(0, {write(z)})",
        "leaky_relu": f"max({write(z)}, {product(LEAK, z)})",
        "tanh": f"tanh({write(z)})",
        "sigmoid": f"1 / (1 + e<sup>{write(-z)}</sup>)",
    }[at.change.activation]
    return without_repeats(at.named("a"), [written, write(at.value("a"))])


def _softmax(at: _Place) -> list[str]:
    z = at.done.z[at.row]
    top = float(z.max())
    shift = top if not np.abs(z).max() < _LARGE else 0.0
    powers = np.exp(z - shift)
    total = float(powers.sum())
    lines = Sum(
        "S", powers, lambda k, digits: f"e<sup>{write(float(z[k]) - shift)}</sup>", total, sources="outputs {}"
    ).lines()
    quotient = f"{bracketed(write(float(powers[at.neuron])))} / {bracketed(write(total))}"
    shifted = [f"The largest z, {write(top)}, is taken off each: the quotient stays the same."] if shift else []
    return [*shifted, *lines, f"{at.named('a')} = {quotient}", f"= {write(at.value('a'))}"]


def _loss(at: _Place) -> list[str]:
    if len(at.update.samples) == 1:
        return _loss_of_sample(at, "L", at.update.trace.loss)
    samples, losses = at.update.samples, at.update.loss.value(at.done.a, at.update.trace.y)
    mean = _plain_sum(
        "L", losses, at.update.trace.loss, over=len(samples), source=lambda s: samples[s], sources="samples {}"
    )
    return [*_loss_of_sample(at, f"L<sub>{samples[at.row]}</sub>", float(losses[at.row])), *mean.lines()]


def _loss_of_sample(at: _Place, name: str, result: float) -> list[str]:
    a, y = at.done.a[at.row], at.update.trace.y[at.row]
    losses = at.update.loss.value(a[:, None], y[:, None])
    write_term = _LOSSES[at.update.loss_name, at.change.activation == "softmax"]
    # Only the outputs that are meant to be on have a part in a categorical loss.
    chosen = np.flatnonzero(y) if write_term is _categorical and y.any() else np.arange(len(y))

    def written(index: int, digits: int) -> str:
        return write_term(float(a[chosen[index]]), float(y[chosen[index]]), digits)

    lines = Sum(name, losses[chosen], written, result, source=lambda k: chosen[k], sources="outputs {}").lines()
    if any("ln(0)" in line for line in lines):
        lines.append("ln(0) has no end: the program takes the logarithm of a tiny number instead.")
    return lines


def _squared(a: float, y: float, digits: int) -> str:
    return f"½ × ({difference(a, y, digits)})<sup>2</sup>"


def _binary(a: float, y: float, digits: int) -> str:
    off = f"ln({difference(1.0, a, digits) if a != 1 else 0})"
    if y in (0.0, 1.0):
        return "−" + (_categorical(a, 1.0, digits)[1:] if y else off)
    return f"{_categorical(a, y, digits)} − {write(1 - y)} × {off}"


def _categorical(a: float, y: float, digits: int) -> str:
    # The logarithm of a number near 1 is as exact as what it lacks of 1.
    number = write_to(place_of(1 - a, (a,), digits))(a) if a > 0.5 else write(a, digits)
    return f"−ln({number})" if y == 1 else f"−{write(y)} × ln({number})"


_LOSSES = {
    ("mse", False): _squared,
    ("mse", True): _squared,
    ("cross_entropy", False): _binary,
    ("cross_entropy", True): _categorical,
}


def _error(at: _Place) -> list[str]:
    result, name = at.value("error"), at.named("error")
    if at.is_output:
        return _error_of_output(at, name, result)
    deltas = at.update.trace.layers[at.operation.layer].delta[at.row]
    weights = at.update.layers[at.operation.layer].W[at.neuron]
    sources = f"neurons {{}} of layer {at.operation.layer + 1}"
    return _sum_of_products(name, deltas, weights, result, sources=sources).lines()


def _error_of_output(at: _Place, name: str, result: float) -> list[str]:
    a, y = at.value("a"), at.target
    if at.update.loss_name == "mse":
        return [f"{name} = {difference(a, y)}", f"= {write(result)}"]
    if at.change.activation == "softmax":
        written, plain = f"−{write(y)} / {bracketed(write(a))}", np.divide(-y, a)
    else:
        written = f"({difference(a, y)}) / ({bracketed(write(a))} × ({difference(1.0, a)}))"
        plain = np.divide(a - y, a * (1 - a))
    lines = [f"{name} = {written}", f"= {write(result)}"]
    if np.isclose(plain, result, rtol=1e-6, equal_nan=True):
        return lines
    return [*lines, "Here the answer is 0 or 1 to the last digit, and the program takes the nearest number inside."]


def _slope(at: _Place) -> list[str]:
    a, z, result = at.value("a"), at.value("z"), write(at.value("slope"))
    name = at.named("slope")
    if at.change.activation == "none":
        return [f"{name} = {result}"]
    if at.change.activation in ("relu", "leaky_relu"):
        side = "above 0" if z > 0 else "not above 0"
        return [f"{name} = {result}", f"since {at.named('z')}, {write(z)}, is {side}."]
    if at.change.activation == "tanh":
        # 1 minus a square has as many sure digits as 1 minus the number itself.
        number = bracketed(write_to(place_of(1 - abs(a), (1.0, a)))(a))
        return [f"{name} = 1 − {number}<sup>2</sup>", f"= {result}"]
    return [f"{name} = {bracketed(write(a))} × ({difference(1.0, a)})", f"= {result}"]


def _delta(at: _Place) -> list[str]:
    result, name = at.value("delta"), at.named("δ")
    if at.is_output and at.update.loss.cancels_slope:
        return [f"{name} = {difference(at.value('a'), at.target)}", f"= {write(result)}"]
    if at.change.activation != "softmax":
        return [f"{name} = {product(at.value('error'), at.value('slope'))}", f"= {write(result)}"]
    errors, a = at.done.error[at.row], at.done.a[at.row]
    total = float(np.sum(errors * a))
    lines = _sum_of_products("S", errors, a, total, sources="outputs {}").lines()
    rest = difference(at.value("error"), total)
    return [*lines, f"{name} = {bracketed(write(at.value('a')))} × ({rest})", f"= {write(result)}"]


def _dW(at: _Place) -> list[str]:
    source = at.strongest_source()
    result, name = float(at.done.dW[source, at.neuron]), f"dW<sub>{source},{at.neuron}</sub>"
    return [*_mean_of_products(at, name, at.inputs[:, source], result), _which_weight(at, source)]


def _db(at: _Place) -> list[str]:
    return _mean_of_products(at, at.named("db"), None, float(at.done.db[at.neuron]))


def _mean_of_products(at: _Place, name: str, sent: Array | None, result: float) -> list[str]:
    samples, deltas = at.update.samples, at.done.delta[:, at.neuron]
    if sent is None:
        made = _plain_sum(name, deltas, result, over=len(samples), source=lambda s: samples[s], sources="samples {}")
    else:
        made = _sum_of_products(
            name, sent, deltas, result, over=len(samples), source=lambda s: samples[s], sources="samples {}"
        )
    return made.lines()


def _update(at: _Place) -> list[str]:
    source, rate = at.strongest_source(), at.update.learning_rate
    before, after = float(at.change.W[source, at.neuron]), float(at.change.W_after[source, at.neuron])
    name = f"W<sub>{source},{at.neuron}</sub>"
    lines = [_stepped(name, before, rate, float(at.done.dW[source, at.neuron]), after)]
    old, new = float(at.change.b[at.neuron]), float(at.change.b_after[at.neuron])
    if at.setting.trains_biases:
        lines.append(_stepped(at.named("b"), old, rate, float(at.done.db[at.neuron]), new))
    else:
        lines.append(f"{at.named('b')} stays {write(old)}: biases are held.")
    return [*lines, _which_weight(at, source)]


def _stepped(name: str, before: float, rate: float, gradient: float, after: float) -> str:
    # Enough digits to see a small step, too.
    place = min(place_of(after, (before, after)), max(place_of(rate * gradient, (before, after), 3), -15))
    written = write_to(place)
    return f"{name} ← {written(before)} − {product(rate, gradient)} = {written(after)}"


def _which_weight(at: _Place, source: int) -> str:
    kind = "input" if at.operation.layer == 1 else "neuron"
    layer = "" if at.operation.layer == 1 else f" of layer {at.operation.layer - 1}"
    return f"Of the weights into neuron {at.neuron}, the one from {kind} {source}{layer} has the largest gradient."


_LINES: dict[str, Callable[[_Place], list[str]]] = {
    "z": _z,
    "a": _a,
    "loss": _loss,
    "error": _error,
    "slope": _slope,
    "delta": _delta,
    "dW": _dW,
    "db": _db,
    "update": _update,
}


def _sum_of_products(name: str, one: Array, other: Array, result: float, **more: object) -> Sum:
    def written(index: int, digits: int) -> str:
        return product(float(one[index]), float(other[index]), digits=digits)

    return Sum(name, one * other, written, result, **more)  # type: ignore[arg-type]


def _plain_sum(name: str, values: Array, result: float, **more: object) -> Sum:
    return Sum(name, values, lambda index, digits: write(float(values[index]), digits), result, **more)  # type: ignore[arg-type]


def _listed(values: Array) -> str:
    some = ", ".join(write(float(value)) for value in values[:_MOST_LISTED])
    return f"({some}{', …' if len(values) > _MOST_LISTED else ''})"
