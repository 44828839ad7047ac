r"""The formula of each operation as LaTeX, for a particular network: with its widths, activations and loss.

L_s is the loss of one sample, L the mean over the batch: error and delta are derivatives of L_s, dW and db of L.

Neurons are j in the operation's layer, m too where a sum goes over that layer once more, i in the layer before and k in
the layer after; s counts the samples of a batch. All indices count from 0, as on screen.

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
_ERROR = r"\mathrm{error}^{(@)}_{j} = \frac{\partial L_{s}}{\partial a^{(@)}_{j}}"


def latex(operation: Operation | None, context: FormulaContext) -> str:
    """Return the formula of an operation; before the first, that x is the input of layer 1."""
    if operation is None:
        return r"a^{(0)} = x"
    written = _formula(operation, context)
    return written.replace("(@)", f"({operation.layer})").replace("LEAK", f"{context.leak:g}")


def _formula(operation: Operation, context: FormulaContext) -> str:
    quantity = operation.quantity
    if quantity in RULE or (quantity == "update" and not context.rule.is_plain):
        return rule_latex(quantity, context.rule, trains_biases=context.trains_biases)
    return _FORMULAS[quantity](operation, context)


def _z(operation: Operation, context: FormulaContext) -> str:
    inputs = context.sizes[operation.layer - 1]
    return rf"z^{{(@)}}_{{j}} = {_sum('i', inputs)} {_source(operation)} W^{{(@)}}_{{i,j}} + b^{{(@)}}_{{j}}"


def _a(operation: Operation, context: FormulaContext) -> str:
    activation = context.activation(operation)
    start = r"a^{(@)}_{j} = " + ("" if activation == "softmax" else r"f\left(z^{(@)}_{j}\right) = ")
    return start + _F[activation]


def _loss(operation: Operation, context: FormulaContext) -> str:
    outputs = _sum("j", context.sizes[-1])
    if context.loss_name == "mse":
        one = rf"\frac{{1}}{{2}} {outputs} \left(a^{{(@)}}_{{j}} - y_{{j}}\right)^{{2}}"
    elif context.loss_name == "mae":
        one = rf"{outputs} \left|{_DIFFERENCE}\right|"
    elif context.loss_name == "huber":
        inside, outside = r"\frac{1}{2} d_{j}^{2} & |d_{j}| \leq 1", r"|d_{j}| - \frac{1}{2} & |d_{j}| > 1"
        one = rf"{outputs} \begin{{cases}} {inside} \\ {outside} \end{{cases}}, \quad d_{{j}} = {_DIFFERENCE}"
    elif context.activations[-1] == "softmax":
        everything = rf"\ln {_sum('m', context.sizes[-1])} e^{{z_{{m}}}}"
        one = rf"{outputs} y_{{j}} \left({everything} - z^{{(@)}}_{{j}}\right)"
    else:
        one = rf"{outputs} \left[\ln\left(1 + e^{{z_{{j}}}}\right) - y_{{j}} z^{{(@)}}_{{j}}\right]"
    return f"L = L_{{s}} = {one}" if context.samples == 1 else rf"L = {_mean(context)} L_{{s}}, \quad L_{{s}} = {one}"


def _error(operation: Operation, context: FormulaContext) -> str:
    if not context.is_output(operation):
        after, width = operation.layer + 1, context.sizes[operation.layer + 1]
        return rf"{_ERROR} = {_sum('k', width)} \delta^{{({after})}}_{{k}} W^{{({after})}}_{{j,k}}"
    if context.loss_name == "mse":
        return f"{_ERROR} = {_DIFFERENCE}"
    if context.loss_name == "mae":
        return rf"{_ERROR} = \mathrm{{sign}}\left({_DIFFERENCE}\right)"
    if context.loss_name == "huber":
        return rf"{_ERROR} = \max\left(-1,\, \min\left(1,\, {_DIFFERENCE}\right)\right)"
    if context.activations[-1] == "softmax":
        return _ERROR + r" = -\frac{y_{j}}{a^{(@)}_{j}}"
    return _ERROR + r" = \frac{a^{(@)}_{j} - y_{j}}{a^{(@)}_{j} \left(1 - a^{(@)}_{j}\right)}"


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
        outputs = _sum("m", context.sizes[-1])
        entry = r"\frac{\partial a^{(@)}_{m}}{\partial z^{(@)}_{j}}"
        jacobian = rf"{outputs} \mathrm{{error}}^{{(@)}}_{{m}} {entry}"
        share = rf"{outputs} \mathrm{{error}}^{{(@)}}_{{m}} a^{{(@)}}_{{m}}"
        rows = rf"{jacobian} = a^{{(@)}}_{{j}} \left(\mathrm{{error}}^{{(@)}}_{{j}} - {share}\right)"
        return r"\delta^{(@)}_{j} = " + rows + (r" = a^{(@)}_{j} - y_{j}" if context.loss.cancels_slope else "")
    product = r"\frac{\partial L_{s}}{\partial a^{(@)}} \odot f'\left(z^{(@)}\right)"
    cancelled = r" = a^{(@)} - y" if context.is_output(operation) and context.loss.cancels_slope else ""
    return r"\delta^{(@)} = \frac{\partial L_{s}}{\partial z^{(@)}} = " + product + cancelled


def _dW(operation: Operation, context: FormulaContext) -> str:
    start = r"\mathrm{d}W^{(@)}_{i,j} = \frac{\partial L}{\partial W^{(@)}_{i,j}} = "
    if context.samples == 1:
        return start + rf"{_source(operation)} \delta^{{(@)}}_{{j}}"
    return start + rf"{_mean(context)} {_source(operation, 's,i')} \delta^{{(@)}}_{{s,j}}"


def _db(operation: Operation, context: FormulaContext) -> str:
    start = r"\mathrm{d}b^{(@)}_{j} = \frac{\partial L}{\partial b^{(@)}_{j}} = "
    if context.samples == 1:
        return start + r"\delta^{(@)}_{j}"
    return start + rf"{_mean(context)} \delta^{{(@)}}_{{s,j}}"


def _update(operation: Operation, context: FormulaContext) -> str:
    weights = r"W^{(@)} \leftarrow W^{(@)} - \eta\, \mathrm{d}W^{(@)}"
    biases = r",\quad b^{(@)} \leftarrow b^{(@)} - \eta\, \mathrm{d}b^{(@)}"
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


def _sum(index: str, count: int) -> str:
    return rf"\sum_{{{index}=0}}^{{{count - 1}}}"


def _mean(context: FormulaContext) -> str:
    return rf"\frac{{1}}{{{context.samples}}} {_sum('s', context.samples)}"


def _source(operation: Operation, index: str = "i") -> str:
    """Return the factor of weight i, j: an input of the network, or an activation of the layer before."""
    return f"x_{{{index}}}" if operation.layer == 1 else rf"a^{{({operation.layer - 1})}}_{{{index}}}"
