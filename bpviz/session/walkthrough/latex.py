r"""The formula of each operation as LaTeX, for a particular network: with its widths, activations and loss.

L_s is the loss of one sample, L the mean over the batch: error and delta are derivatives of L_s, dW and db of L.

Neurons are j in the operation's layer, m too where a sum goes over that layer once more, i in the layer before and k in
the layer after; s counts the samples of a batch. All indices count from 0, as on screen, unless the conventions of the
context say otherwise; so do signs, the half in the loss and the order of the indices of a weight.

Sources: Rumelhart, Hinton and Williams (1986), eqs. 4 to 7; Bishop (1995), sections 4.8 and 6.9, for the pairs of
cross-entropy with sigmoid and softmax.
"""

from __future__ import annotations

from collections.abc import Callable

from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.operations import RULE, Operation
from bpviz.session.walkthrough.rule_texts import rule_latex

_PHI = r"\Phi(z) = \frac{1}{2}\left(1 + \mathrm{erf}\,\frac{z}{\sqrt{2}}\right)"
#: f(z) and f'(z) of neuron j; @ is replaced by the number of the layer, LEAK by the slope of leaky_relu for z < 0.
_F = {
    "none": r"z^{(@)}_{j}",
    "relu": r"\max\left(0,\, z^{(@)}_{j}\right)",
    "leaky_relu": r"\max\left(z^{(@)}_{j},\, LEAK\, z^{(@)}_{j}\right)",
    "elu": r"\begin{cases} z^{(@)}_{j} & z^{(@)}_{j} > 0 \\ e^{z_{j}} - 1 & z^{(@)}_{j} \leq 0 \end{cases}",
    "gelu": rf"z^{{(@)}}_{{j}}\, \Phi\left(z^{{(@)}}_{{j}}\right), \quad {_PHI}",
    "silu": r"\frac{z^{(@)}_{j}}{1 + e^{-z_{j}}}",
    "softplus": r"\ln\left(1 + e^{z_{j}}\right)",
    "sin": r"\sin z^{(@)}_{j}",
    "tanh": r"\tanh z^{(@)}_{j} = \frac{e^{z_{j}} - e^{-z_{j}}}{e^{z_{j}} + e^{-z_{j}}}",
    "sigmoid": r"\frac{1}{1 + e^{-z_{j}}}",
    "softmax": r"\frac{e^{z_{j}}}{\sum_{m} e^{z_{m}}}",
}
_SLOPE = {
    "none": "1",
    "relu": r"\begin{cases} 1 & z^{(@)}_{j} > 0 \\ 0 & z^{(@)}_{j} \leq 0 \end{cases}",
    "leaky_relu": r"\begin{cases} 1 & z^{(@)}_{j} > 0 \\ LEAK & z^{(@)}_{j} \leq 0 \end{cases}",
    "elu": r"\begin{cases} 1 & z^{(@)}_{j} > 0 \\ a^{(@)}_{j} + 1 & z^{(@)}_{j} \leq 0 \end{cases}",
    "gelu": r"\Phi\left(z^{(@)}_{j}\right) + z^{(@)}_{j}\, \frac{1}{\sqrt{2 \pi}}\, e^{-z_{j}^{2} / 2}",
    "silu": r"\sigma + a^{(@)}_{j} \left(1 - \sigma\right), \quad \sigma = \frac{1}{1 + e^{-z_{j}}}",
    "softplus": r"1 - e^{-a_{j}} = \frac{1}{1 + e^{-z_{j}}}",
    "sin": r"\cos z^{(@)}_{j}",
    "tanh": r"1 - \left(a^{(@)}_{j}\right)^{2}",
    "sigmoid": r"a^{(@)}_{j} \left(1 - a^{(@)}_{j}\right)",
    "softmax": r"a^{(@)}_{j} \left(1 - a^{(@)}_{j}\right)",
}
_DIFFERENCE = r"a^{(@)}_{j} - y_{j}"


def latex(operation: Operation | None, context: FormulaContext) -> str:
    """Return the formula of an operation; before the first, that x is the input of layer 1."""
    if operation is None:
        return r"a^{(0)} = x"
    written = _formula(operation, context)
    return written.replace("(@)", f"({operation.layer})").replace("LEAK", f"{context.leak:g}")


def _formula(operation: Operation, context: FormulaContext) -> str:
    quantity = operation.quantity
    if quantity in RULE or (quantity == "update" and not context.rule.is_plain):
        return rule_latex(quantity, context.rule, context.conventions, trains_biases=context.trains_biases)
    return _FORMULAS[quantity](operation, context)


def _z(operation: Operation, context: FormulaContext) -> str:
    inputs = context.sizes[operation.layer - 1]
    product = _product(context, _source(operation), rf"W^{{(@)}}_{{{_weight(context)}}}")
    return rf"z^{{(@)}}_{{j}} = {_sum('i', inputs, context)} {product} + b^{{(@)}}_{{j}}"


def _a(operation: Operation, context: FormulaContext) -> str:
    activation = context.activation(operation)
    start = r"a^{(@)}_{j} = " + ("" if activation == "softmax" else r"f\left(z^{(@)}_{j}\right) = ")
    return start + _F[activation]


def _loss(operation: Operation, context: FormulaContext) -> str:
    outputs = _sum("j", context.sizes[-1], context)
    if context.loss_name == "mse":
        half = "" if context.conventions.whole else r"\frac{1}{2} "
        one = rf"{half}{outputs} \left(a^{{(@)}}_{{j}} - y_{{j}}\right)^{{2}}"
    elif context.loss_name == "mae":
        one = rf"{outputs} \left|{_DIFFERENCE}\right|"
    elif context.loss_name == "huber":
        inside, outside = r"\frac{1}{2} d_{j}^{2} & |d_{j}| \leq 1", r"|d_{j}| - \frac{1}{2} & |d_{j}| > 1"
        one = rf"{outputs} \begin{{cases}} {inside} \\ {outside} \end{{cases}}, \quad d_{{j}} = {_DIFFERENCE}"
    elif context.activations[-1] == "softmax":
        everything = rf"\ln {_sum('m', context.sizes[-1], context)} e^{{z_{{m}}}}"
        one = rf"{outputs} y_{{j}} \left({everything} - z^{{(@)}}_{{j}}\right)"
    else:
        one = rf"{outputs} \left[\ln\left(1 + e^{{z_{{j}}}}\right) - y_{{j}} z^{{(@)}}_{{j}}\right]"
    return f"L = L_{{s}} = {one}" if context.samples == 1 else rf"L = {_mean(context)} L_{{s}}, \quad L_{{s}} = {one}"


def _error(operation: Operation, context: FormulaContext) -> str:
    sign = _minus(context.conventions.negative)
    error = rf"\mathrm{{error}}^{{(@)}}_{{j}} = {sign}\frac{{\partial L_{{s}}}}{{\partial a^{{(@)}}_{{j}}}}"
    if not context.is_output(operation):
        after, width = operation.layer + 1, context.sizes[operation.layer + 1]
        weight = rf"W^{{({after})}}_{{{_weight(context, 'j', 'k')}}}"
        product = _product(context, rf"\delta^{{({after})}}_{{k}}", weight)
        return rf"{error} = {_sum('k', width, context)} {product}"
    less = _difference(context)
    if context.loss_name == "mse":
        return f"{error} = " + (rf"2 \left({less}\right)" if context.conventions.whole else less)
    if context.loss_name == "mae":
        return rf"{error} = \mathrm{{sign}}\left({less}\right)"
    if context.loss_name == "huber":
        return rf"{error} = \max\left(-1,\, \min\left(1,\, {less}\right)\right)"
    if context.activations[-1] == "softmax":
        return rf"{error} = {_minus(not context.conventions.negative)}\frac{{y_{{j}}}}{{a^{{(@)}}_{{j}}}}"
    return rf"{error} = \frac{{{less}}}{{a^{{(@)}}_{{j}} \left(1 - a^{{(@)}}_{{j}}\right)}}"


def _slope(operation: Operation, context: FormulaContext) -> str:
    activation = context.activation(operation)
    slope = (
        r"\frac{\partial a^{(@)}_{j}}{\partial z^{(@)}_{j}}"
        if activation == "softmax"
        else r"f'\left(z^{(@)}_{j}\right)"
    )
    return rf"\mathrm{{slope}}^{{(@)}}_{{j}} = {slope} = {_SLOPE[activation]}"


def _delta(operation: Operation, context: FormulaContext) -> str:
    if context.activation(operation) == "softmax":
        # Both limits of the sum are given: without the upper one ziamath makes the brackets thirty times too high.
        outputs = _sum("m", context.sizes[-1], context)
        entry = r"\frac{\partial a^{(@)}_{m}}{\partial z^{(@)}_{j}}"
        jacobian = rf"{outputs} \mathrm{{error}}^{{(@)}}_{{m}} {entry}"
        share = rf"{outputs} \mathrm{{error}}^{{(@)}}_{{m}} a^{{(@)}}_{{m}}"
        rows = rf"{jacobian} = a^{{(@)}}_{{j}} \left(\mathrm{{error}}^{{(@)}}_{{j}} - {share}\right)"
        return r"\delta^{(@)}_{j} = " + rows + (f" = {_difference(context)}" if context.loss.cancels_slope else "")
    sign = _minus(context.conventions.negative)
    product = sign + r"\frac{\partial L_{s}}{\partial a^{(@)}} \odot f'\left(z^{(@)}\right)"
    cancelled = ""
    if context.is_output(operation) and context.loss.cancels_slope:
        cancelled = r" = y - a^{(@)}" if context.conventions.negative else r" = a^{(@)} - y"
    return rf"\delta^{{(@)}} = {sign}" + r"\frac{\partial L_{s}}{\partial z^{(@)}} = " + product + cancelled


def _dW(operation: Operation, context: FormulaContext) -> str:
    index, sign = _weight(context), _minus(context.conventions.negative)
    start = rf"\mathrm{{d}}W^{{(@)}}_{{{index}}} = {sign}\frac{{\partial L}}{{\partial W^{{(@)}}_{{{index}}}}} = "
    if context.samples == 1:
        return start + _product(context, _source(operation), r"\delta^{(@)}_{j}")
    return start + f"{_mean(context)} " + _product(context, _source(operation, "s,i"), r"\delta^{(@)}_{s,j}")


def _db(operation: Operation, context: FormulaContext) -> str:
    sign = _minus(context.conventions.negative)
    start = rf"\mathrm{{d}}b^{{(@)}}_{{j}} = {sign}" + r"\frac{\partial L}{\partial b^{(@)}_{j}} = "
    if context.samples == 1:
        return start + r"\delta^{(@)}_{j}"
    return start + rf"{_mean(context)} \delta^{{(@)}}_{{s,j}}"


def _update(operation: Operation, context: FormulaContext) -> str:
    step = ("+ " if context.conventions.negative else "- ") + (
        r"\frac{\eta}{2}" if context.conventions.whole else r"\eta"
    )
    weights = rf"W^{{(@)}} \leftarrow W^{{(@)}} {step}\, \mathrm{{d}}W^{{(@)}}"
    biases = rf",\quad b^{{(@)}} \leftarrow b^{{(@)}} {step}\, \mathrm{{d}}b^{{(@)}}"
    return weights + (biases if context.trains_biases else "")


_FORMULAS: dict[str, Callable[[Operation, FormulaContext], str]] = {
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


def _sum(index: str, count: int, context: FormulaContext) -> str:
    first = context.conventions.first
    return rf"\sum_{{{index}={first}}}^{{{count - 1 + first}}}"


def _mean(context: FormulaContext) -> str:
    return rf"\frac{{1}}{{{context.samples}}} {_sum('s', context.samples, context)}"


def _minus(is_negative: bool) -> str:
    return "-" if is_negative else ""


def _difference(context: FormulaContext) -> str:
    return r"y_{j} - a^{(@)}_{j}" if context.conventions.negative else _DIFFERENCE


def _weight(context: FormulaContext, source: str = "i", target: str = "j") -> str:
    """Return the indices of a weight: of the source first, or of the target."""
    return f"{target},{source}" if context.conventions.columns else f"{source},{target}"


def _product(context: FormulaContext, source: str, other: str) -> str:
    """Return the product of what a sum goes over and a weight or delta, in the order of the matrices."""
    return f"{other} {source}" if context.conventions.columns else f"{source} {other}"


def _source(operation: Operation, index: str = "i") -> str:
    """Return the factor of weight i, j: an input of the network, or an activation of the layer before."""
    return f"x_{{{index}}}" if operation.layer == 1 else rf"a^{{({operation.layer - 1})}}_{{{index}}}"
