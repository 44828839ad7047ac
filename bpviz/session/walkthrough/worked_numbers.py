"""The formula of an operation with the numbers of one neuron, line by line, to be checked with a calculator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.backprop import LayerTrace
from bpviz.core.losses import HUBER_DELTA
from bpviz.language import _
from bpviz.session.conventions.conventions import Conventions
from bpviz.session.walkthrough.activation_numbers import activated, slope_of
from bpviz.session.walkthrough.arithmetic import (
    Sum,
    bracketed,
    difference,
    place_of,
    product,
    write,
    write_to,
)
from bpviz.session.walkthrough.cross_entropy_numbers import binary, categorical
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.operations import RULE, Operation
from bpviz.session.walkthrough.rule_texts import RuleNumbers
from bpviz.session.walkthrough.traced_update import LayerChange, TracedUpdate

#: Beyond this the exponential function overflows on pocket calculators.
_LARGE = 200.0
#: An error of cross-entropy beyond this needs the remark that the slope cancels it.
_LARGE_ERROR = 1e3
_MAX_LISTED = 6


def numbers(update: TracedUpdate, row: int, neuron: int, source: int | None = None) -> list[str]:
    """Return the lines for the latest operation; before the first, those of inputs and targets.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        The sample, as a row of the trace's arrays.
    neuron : int
        In the layer of the operation.
    source : int, optional
        The neuron of the layer before whose weight is shown; by default the one with the largest gradient.
    """
    with np.errstate(all="ignore"):
        operation = update.operation
        if operation is None:
            return [f"x = {_listed(update.trace.x[row])}", f"y = {_listed(update.trace.y[row])}"]
        context = _NeuronContext(update, operation, row, neuron, source)
        if operation.quantity in RULE or (operation.quantity == "update" and update.learning):
            lines = RuleNumbers(update, operation.layer, context.source(), neuron).lines(operation.quantity)
            return [*lines, *_which_weight(context, context.source())]
        return _LINES[operation.quantity](context)


@dataclass(frozen=True)
class _NeuronContext:
    """One neuron of one operation of an update, with access to the numbers it needs."""

    update: TracedUpdate
    operation: Operation
    row: int
    neuron: int
    chosen_source: int | None = None

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
    def context(self) -> FormulaContext:
        return FormulaContext.of_update(self.update)

    @property
    def is_output(self) -> bool:
        return self.operation.layer == len(self.update.layers)

    @property
    def conventions(self) -> Conventions:
        return self.update.conventions

    def number(self, neuron: int) -> int:
        """Return the number by which a neuron, input or output is named."""
        return neuron + self.conventions.first

    def weight_name(self, symbol: str, source: int) -> str:
        """Return a weight into the neuron with its indices in their order."""
        indices = (source, self.neuron)
        first, second = reversed(indices) if self.conventions.columns else indices
        return f"{symbol}<sub>{self.number(first)},{self.number(second)}</sub>"

    @property
    def sources(self) -> str:
        return _neurons_of(self.operation.layer - 1)

    @property
    def target(self) -> float:
        return float(self.update.trace.y[self.row, self.neuron])

    def value(self, quantity: str) -> float:
        """Return z, a, error, slope or delta of the neuron."""
        return float(getattr(self.done, quantity)[self.row, self.neuron])

    def named(self, symbol: str) -> str:
        return f"{symbol}<sub>{self.number(self.neuron)}</sub>"

    def source(self) -> int:
        """Return the chosen neuron of the layer before, or the one whose weight has the largest gradient."""
        if self.chosen_source is not None:
            return min(self.chosen_source, len(self.done.dW) - 1)
        return int(np.argmax(np.nan_to_num(np.abs(self.done.dW[:, self.neuron]), nan=np.inf)))


def _z(ctx: _NeuronContext) -> list[str]:
    sent, weights = ctx.inputs[ctx.row], ctx.change.W[:, ctx.neuron]
    bias, result = float(ctx.change.b[ctx.neuron]), ctx.value("z")
    first, second = _in_order(ctx, sent, weights)
    return _sum_of_products(
        ctx.named("z"), first, second, result, extra=bias, source=ctx.number, sources=ctx.sources
    ).lines()


def _a(ctx: _NeuronContext) -> list[str]:
    if ctx.change.activation == "softmax":
        return _softmax(ctx)
    return activated(ctx.change, ctx.named, ctx.value("z"), ctx.value("a"))


def _softmax(ctx: _NeuronContext) -> list[str]:
    z = ctx.done.z[ctx.row]
    top = float(z.max())
    shift = top if not np.abs(z).max() < _LARGE else 0.0
    powers = np.exp(z - shift)
    total = float(powers.sum())

    def power(k: int, digits: int) -> str:
        return f"e<sup>{write(float(z[k]) - shift)}</sup>"

    lines = Sum("S", powers, power, total, source=ctx.number, sources=_("outputs {numbers}")).lines()
    quotient = f"{bracketed(write(float(powers[ctx.neuron])))} / {bracketed(write(total))}"
    text = _("The largest z, {largest}, is subtracted from each: the quotient stays the same.")
    shifted = [text.format(largest=write(top))] if shift else []
    return [*shifted, *lines, f"{ctx.named('a')} = {quotient}", f"= {write(ctx.value('a'))}"]


def _loss(ctx: _NeuronContext) -> list[str]:
    if len(ctx.update.samples) == 1:
        return _loss_of_sample(ctx, "L", ctx.update.trace.loss)
    samples = ctx.update.samples
    losses = ctx.conventions.loss_factor * ctx.update.loss.value(ctx.done.z, ctx.done.a, ctx.update.trace.y)
    mean = _plain_sum(
        "L",
        losses,
        ctx.update.trace.loss,
        over=len(samples),
        source=lambda s: samples[s],
        sources=_("samples {numbers}"),
    )
    return [*_loss_of_sample(ctx, f"L<sub>{samples[ctx.row]}</sub>", float(losses[ctx.row])), *mean.lines()]


def _loss_of_sample(ctx: _NeuronContext, name: str, result: float) -> list[str]:
    z, a, y = ctx.done.z[ctx.row], ctx.done.a[ctx.row], ctx.update.trace.y[ctx.row]
    if ctx.update.loss_name == "cross_entropy":
        lines_of = categorical if ctx.change.activation == "softmax" else binary
        return lines_of(name, z, y, result, ctx.conventions.first)

    is_whole, distances, is_mae = ctx.conventions.whole, np.abs(a - y), ctx.update.loss_name == "mae"
    is_linear = is_mae or (ctx.update.loss_name == "huber" and distances > HUBER_DELTA)
    squares = (1.0 if is_whole else 0.5) * (a - y) ** 2
    terms = np.where(is_linear, distances - (0.0 if is_mae else 0.5 * HUBER_DELTA), squares)

    def written(index: int, digits: int) -> str:
        less = difference(float(a[index]), float(y[index]), digits)
        if not np.broadcast_to(is_linear, len(a))[index]:
            return f"({less})<sup>2</sup>" if is_whole else f"½ × ({less})<sup>2</sup>"
        return f"|{less}|" if is_mae else f"|{less}| − ½"

    return Sum(name, terms, written, result, source=ctx.number, sources=_("outputs {numbers}")).lines()


def _error(ctx: _NeuronContext) -> list[str]:
    result, name = ctx.value("error"), ctx.named("error")
    if ctx.is_output:
        return _error_of_output(ctx, name, result)
    deltas = ctx.update.trace.layers[ctx.operation.layer].delta[ctx.row]
    weights = ctx.update.layers[ctx.operation.layer].W[ctx.neuron]
    sources = _neurons_of(ctx.operation.layer + 1)
    first, second = _in_order(ctx, deltas, weights)
    return _sum_of_products(name, first, second, result, source=ctx.number, sources=sources).lines()


def _error_of_output(ctx: _NeuronContext, name: str, result: float) -> list[str]:
    a, y = ctx.value("a"), ctx.target
    less, by = _to_target(ctx), ctx.conventions.factor
    if ctx.update.loss_name == "mse":
        return [f"{name} = 2 × ({less})" if ctx.conventions.whole else f"{name} = {less}", f"= {write(result)}"]
    if ctx.update.loss_name == "mae":
        return [f"{name} = sign({less})", f"= {write(result)}"]
    if ctx.update.loss_name == "huber":
        return [f"{name} = max(−1, min(1, {less}))", f"= {write(result)}"]
    if ctx.change.activation == "softmax":
        sign = "" if ctx.conventions.negative else "−"
        written, plain = f"{sign}{write(y)} / {bracketed(write(a))}", by * np.divide(-y, a)
    else:
        written = f"({less}) / ({bracketed(write(a))} × ({difference(1.0, a)}))"
        plain = by * np.divide(a - y, a * (1 - a))
    lines = [f"{name} = {written}", f"= {write(result)}"]
    if not np.isclose(plain, result, rtol=1e-6, equal_nan=True):
        lines.append(_("Here a is exactly 0 or 1, and the program uses the nearest number between 0 and 1 instead."))
    if abs(result) > _LARGE_ERROR:
        lines.append(
            _("The slope, {slope}, cancels it: {delta} is {difference}, {number}.").format(
                slope=write(ctx.value("slope")),
                delta=ctx.conventions.delta_name,
                difference="y − a" if ctx.conventions.negative else "a − y",
                number=write(by * (a - y)),
            )
        )
    return lines


def _slope(ctx: _NeuronContext) -> list[str]:
    return slope_of(ctx.change.activation, ctx.named, ctx.value("z"), ctx.value("a"), ctx.value("slope"))


def _delta(ctx: _NeuronContext) -> list[str]:
    result, name = ctx.value("delta"), ctx.named("δ")
    if ctx.is_output and ctx.update.loss.cancels_slope:
        return [f"{name} = {_to_target(ctx)}", f"= {write(result)}"]
    if ctx.change.activation != "softmax":
        return [f"{name} = {product(ctx.value('error'), ctx.value('slope'))}", f"= {write(result)}"]
    errors, a = ctx.done.error[ctx.row], ctx.done.a[ctx.row]
    total = float(np.sum(errors * a))
    lines = _sum_of_products("S", errors, a, total, source=ctx.number, sources=_("outputs {numbers}")).lines()
    rest = difference(ctx.value("error"), total)
    return [*lines, f"{name} = {bracketed(write(ctx.value('a')))} × ({rest})", f"= {write(result)}"]


def _dW(ctx: _NeuronContext) -> list[str]:
    source = ctx.source()
    result, name = float(ctx.done.dW[source, ctx.neuron]), ctx.weight_name("dW", source)
    return [*_mean_of_products(ctx, name, ctx.inputs[:, source], result), *_which_weight(ctx, source)]


def _db(ctx: _NeuronContext) -> list[str]:
    return _mean_of_products(ctx, ctx.named("db"), None, float(ctx.done.db[ctx.neuron]))


def _mean_of_products(ctx: _NeuronContext, name: str, sent: Array | None, result: float) -> list[str]:
    deltas = ctx.done.delta[:, ctx.neuron]
    if sent is None:
        made = _plain_sum(name, deltas, result)
    else:
        made = _sum_of_products(name, *_in_order(ctx, sent, deltas), result)
    return _over_samples(ctx, made).lines()


def _over_samples(ctx: _NeuronContext, made: Sum) -> Sum:
    """Return a sum over the samples of the batch as their mean."""
    samples = ctx.update.samples
    return replace(made, over=len(samples), source=lambda s: samples[s], sources=_("samples {numbers}"))


def _update(ctx: _NeuronContext) -> list[str]:
    source, rate = ctx.source(), ctx.update.learning_rate
    before, after = float(ctx.change.W[source, ctx.neuron]), float(ctx.change.W_after[source, ctx.neuron])
    name = ctx.weight_name("W", source)
    lines = [_stepped(name, before, rate, float(ctx.done.dW[source, ctx.neuron]), after)]
    old, new = float(ctx.change.b[ctx.neuron]), float(ctx.change.b_after[ctx.neuron])
    if ctx.context.trains_biases:
        lines.append(_stepped(ctx.named("b"), old, rate, float(ctx.done.db[ctx.neuron]), new))
    else:
        lines.append(_("{b} stays {value}: biases are not trained.").format(b=ctx.named("b"), value=write(old)))
    return [*lines, *_which_weight(ctx, source)]


def _stepped(name: str, before: float, rate: float, gradient: float, after: float) -> str:
    # Enough digits for a small step to show.
    place = min(place_of(after, (before, after)), max(place_of(rate * gradient, (before, after), 3), -15))
    written = write_to(place)
    # The rate is negative where the gradient is shown with the other sign, see `as_shown`.
    sign = "+" if rate < 0 else "−"
    return f"{name} ← {written(before)} {sign} {product(abs(rate), gradient)} = {written(after)}"


def _which_weight(ctx: _NeuronContext, source: int) -> list[str]:
    if ctx.chosen_source is not None:
        return []
    text = _(
        "Of the weights into neuron {into}, the one from neuron {source} of layer {layer} has the largest gradient."
    )
    if ctx.operation.layer == 1:
        text = _("Of the weights into neuron {into}, the one from input {source} has the largest gradient.")
    into, source = ctx.number(ctx.neuron), ctx.number(source)
    return [text.format(into=into, source=source, layer=ctx.operation.layer - 1)]


def _neurons_of(layer: int) -> str:
    """Return a phrase for some neurons of a layer, or inputs, with {numbers} for their numbers."""
    if layer == 0:
        return _("inputs {numbers}")
    return _("neurons {numbers} of layer {layer}").format(numbers="{numbers}", layer=layer)


_LINES: dict[str, Callable[[_NeuronContext], list[str]]] = {
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


def _in_order(ctx: _NeuronContext, sent: Array, other: Array) -> tuple[Array, Array]:
    """Return the factors of products in the order of the matrices: with columns, weights or deltas come first."""
    return (other, sent) if ctx.conventions.columns else (sent, other)


def _to_target(ctx: _NeuronContext) -> str:
    """Return a − y of an output with its numbers, or y − a where error has the other sign."""
    a, y = ctx.value("a"), ctx.target
    return difference(y, a) if ctx.conventions.negative else difference(a, y)


def _sum_of_products(name: str, one: Array, other: Array, result: float, **more: object) -> Sum:
    def written(index: int, digits: int) -> str:
        return product(float(one[index]), float(other[index]), digits=digits)

    return Sum(name, one * other, written, result, **more)  # type: ignore[arg-type]


def _plain_sum(name: str, values: Array, result: float, **more: object) -> Sum:
    return Sum(name, values, lambda index, digits: write(float(values[index]), digits), result, **more)  # type: ignore[arg-type]


def _listed(values: Array) -> str:
    some = ", ".join(write(float(value)) for value in values[:_MAX_LISTED])
    return f"({some}{', …' if len(values) > _MAX_LISTED else ''})"
