"""Diagnosis of one delta: why it is small or large, as text with numbers."""

from __future__ import annotations

import math

import numpy as np

from bpviz.core.activations import ACTIVATIONS, Activation
from bpviz.core.arrays import Array, rms
from bpviz.language import _
from bpviz.session.diagnostics.causes import Cause, Term, explain
from bpviz.session.diagnostics.number_words import changed, factor, number, per_cent
from bpviz.session.walkthrough.traced_update import TracedUpdate

# Within this factor of the layer's RMS a delta counts as usual.
_USUAL = 2.0
_NEARLY_STEEPEST = 0.7
_MOSTLY, _CANCELS, _SMALL = 0.5, 0.1, 0.1


def diagnose_delta(update: TracedUpdate, row: int, layer: int, neuron: int) -> str:
    """Return why a delta is as small or large as it is, compared with the other deltas of its layer.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        Which sample of the batch.
    layer, neuron : int
        Counted from 1 and from 0.

    Returns
    -------
    str
        One or two sentences: the size and its main cause; the slope, and the sources of the error.
    """
    cause = explain(update, row, layer, neuron)
    if not math.isfinite(cause.delta):
        return _("delta is {delta}, because {why_not_finite}.").format(
            delta=number(cause.delta), why_not_finite=_why_not_finite(cause, update.conventions.first)
        )
    if cause.delta == 0:
        return _("delta is exactly 0: {why_zero}.").format(why_zero=_why_zero(update, cause))
    size = _("delta is {delta}{compared}.").format(delta=number(cause.delta), compared=_compared(update, row, cause))
    if cause.is_difference:
        return _("{size} It is {difference}: error and slope cancel here.").format(
            size=size, difference=_difference(update, cause)
        )
    return f"{size} {_slope(cause)}; {_error(update, row, cause)}."


# The size


def _compared(update: TracedUpdate, row: int, cause: Cause) -> str:
    trace = update.trace.layers[cause.layer - 1]
    usual = rms(trace.delta[row])
    if trace.delta.shape[1] == 1 or not math.isfinite(usual):
        return ""
    relative, where = abs(cause.delta) / usual, _("its layer's RMS, {usual}").format(usual=number(usual))
    if 1 / _USUAL < relative < _USUAL:
        return _(", about as large as {where}").format(where=where)
    is_small = relative < 1
    return _(", {relative} than {where}{main_part}").format(
        relative=changed(relative),
        where=where,
        main_part=_main_part(trace.error[row], trace.slope[row], cause, is_small),
    )


def _main_part(errors: Array, slopes: Array, cause: Cause, is_small: bool) -> str:
    """Return which factor, error or slope, deviates more from the layer's RMS in the direction of the delta.

    There may be none: the RMS of products is not the product of the two RMS. Where half of the neurons of relu are off,
    the usual delta is smaller than the usual error times the usual slope.
    """
    if cause.is_difference or cause.activation == "softmax":
        return ""
    usual_error, usual_slope = rms(errors), rms(slopes)
    if not (math.isfinite(usual_error) and math.isfinite(usual_slope)):
        return ""
    ratios = {"error": abs(cause.error) / usual_error, "slope": abs(cause.slope) / usual_slope}
    strengths = {factor: -math.log(ratio) if is_small else math.log(ratio) for factor, ratio in ratios.items()}
    main = max(strengths, key=lambda factor: strengths[factor])
    if not strengths[main] > 0:
        return ""
    return _(", mostly because of its error") if main == "error" else _(", mostly because of its slope")


# The slope


def _slope(cause: Cause) -> str:
    rule = ACTIVATIONS[cause.activation]
    steepest = rule.max_slope
    if cause.activation == "softmax":
        return _("For softmax it is a × (error − the sum of error × a), since each output depends on all")
    if steepest == cause.slope and steepest == 1.0 and cause.activation not in ("tanh", "sin"):
        state = (
            _("no activation")
            if cause.activation == "none"
            else _("{activation} on (z = {z})").format(activation=cause.activation, z=number(cause.z))
        )
        return _("With {state} its slope is 1 and delta is the error itself").format(state=state)
    if cause.activation == "leaky_relu":
        return _("With leaky_relu off (z = {z}) its slope {slope} takes it down {factor} times").format(
            z=number(cause.z), slope=number(cause.slope), factor=factor(1 / cause.slope)
        )
    return _slope_of_smooth_activation(cause, rule)


def _slope_of_smooth_activation(cause: Cause, rule: Activation) -> str:
    share, steepest = abs(cause.slope) / rule.max_slope, number(rule.max_slope)
    if abs(cause.slope) < rule.saturated_slope:
        text = _(
            "Its slope {slope} (a = {a}, saturated) takes it down {factor} times more than the steepest slope, "
            "{steepest}, would"
        )
    elif share > _NEARLY_STEEPEST:
        text = _("Its slope {slope} (a = {a}) is nearly the steepest, {steepest}")
    else:
        text = _("Its slope {slope} (a = {a}) is {factor} times below the steepest, {steepest}")
    return text.format(slope=number(cause.slope), a=_output(cause), factor=factor(1 / share), steepest=steepest)


def _output(cause: Cause) -> str:
    """Return a as text; near 1 as "1 − ...", since rounding would make it 1."""
    rest = 1.0 - abs(cause.a)
    if 0.0 < rest < 0.001:
        return f"1 − {number(rest)}" if cause.a > 0 else f"−1 + {number(rest)}"
    return number(cause.a, 3)


# The error


def _error(update: TracedUpdate, row: int, cause: Cause) -> str:
    error = _("the error {error}").format(error=number(cause.error))
    if cause.y is not None:
        return _("{error} is {loss_error}").format(error=error, loss_error=_loss_error(update, cause))
    largest, following = cause.terms[0], cause.layer + 1
    named = largest.neuron + update.conventions.first
    if len(cause.terms) == 1:
        source = _(" comes from the one neuron of layer {following}").format(following=following)
    elif largest.share >= _MOSTLY:
        source = _(" comes mostly ({share}) from neuron {neuron} of layer {following}").format(
            share=per_cent(largest.share), neuron=named, following=following
        )
    else:
        source = _(" comes from {n_terms} neurons of layer {following}, most ({share}) from neuron {neuron}").format(
            n_terms=len(cause.terms), following=following, share=per_cent(largest.share), neuron=named
        )
    return f"{error}{source}{_why_small(update, row, cause)}"


def _loss_error(update: TracedUpdate, cause: Cause) -> str:
    difference = _difference(update, cause)
    if update.loss_name == "mse":
        return _("twice {difference}").format(difference=difference) if update.conventions.whole else difference
    return _("that of {loss_name} where {difference}").format(loss_name=update.loss_name, difference=difference)


def _difference(update: TracedUpdate, cause: Cause) -> str:
    assert cause.y is not None
    if update.conventions.negative:
        return f"y − a = {number(cause.y, 3)} − {_in_brackets(_output(cause))}"
    return f"a − y = {_output(cause)} − {number(cause.y, 3)}"


def _in_brackets(written: str) -> str:
    return f"({written})" if "−" in written else written


def _why_small(update: TracedUpdate, row: int, cause: Cause) -> str:
    """Return the first reason that applies: terms that cancel, small deltas in the next layer, small weights."""
    sizes = sum(abs(term.product) for term in cause.terms)
    if abs(cause.error) < _CANCELS * sizes:
        return _(", and its terms nearly cancel, all but {error} of their sizes").format(
            error=per_cent(abs(cause.error) / sizes)
        )
    following, output = update.trace.layers[cause.layer].delta[row], update.trace.layers[-1].delta[row]
    above, at_output = rms(following), rms(output)
    if cause.layer + 1 < len(update.layers) and above < _SMALL * at_output:
        size = _("RMS {above}, {changed} than the output's").format(
            above=number(above), changed=changed(above / at_output)
        )
        return _("; the deltas of layer {layer} are small already ({size})").format(layer=cause.layer + 1, size=size)
    weights = update.layers[cause.layer].W
    own, usual = rms(weights[cause.neuron]), rms(weights)
    if own < usual / _USUAL:
        return _(", through weights {own} than the layer's RMS, {usual}").format(
            own=changed(own / usual), usual=number(usual)
        )
    return ""


# Zero and not a number


def _why_zero(update: TracedUpdate, cause: Cause) -> str:
    if cause.is_difference:
        difference = "y − a" if update.conventions.negative else "a − y"
        return _("the output {a} is its target, and delta is {difference}").format(
            a=number(cause.a), difference=difference
        )
    if cause.activation == "softmax":
        return _("a × (error − the sum of error × a) is")
    if cause.slope == 0:
        return _why_no_slope(cause)
    if cause.error != 0:
        return _("error {error} × slope {slope} is smaller than any number the computer holds").format(
            error=number(cause.error), slope=number(cause.slope)
        )
    return _("its error is 0, since {why_no_error}").format(why_no_error=_why_no_error(cause))


def _why_no_slope(cause: Cause) -> str:
    if cause.activation == "relu":
        return _("relu is off (z = {z}), its slope is 0").format(z=number(cause.z))
    return _("{activation} is saturated (a = {output}) so far that its slope is 0").format(
        activation=cause.activation, output=_output(cause)
    )


def _why_no_error(cause: Cause) -> str:
    if cause.y is not None:
        return _("the output {a} is its target").format(a=number(cause.a))
    following = _("layer {layer}").format(layer=cause.layer + 1)
    if not any(term.delta for term in cause.terms):
        return _("all deltas of {following} are 0").format(following=following)
    if not any(term.weight for term in cause.terms):
        return _("all its weights into {following} are 0").format(following=following)
    if not any(term.product for term in cause.terms):
        return _("each of its terms has a weight or a delta of {following} that is 0").format(following=following)
    return _("its terms from {following} cancel exactly").format(following=following)


def _why_not_finite(cause: Cause, first: int) -> str:
    if not math.isfinite(cause.a):
        return _("its output a is {a} (z = {z})").format(a=number(cause.a), z=number(cause.z))
    if not math.isfinite(cause.slope):
        return _("its slope is {slope}").format(slope=number(cause.slope))
    if math.isfinite(cause.error):
        return _("error {error} × slope {slope} is too large for the computer").format(
            error=number(cause.error), slope=number(cause.slope)
        )
    return _("its error is {error}{why_no_finite_error}").format(
        error=number(cause.error), why_no_finite_error=_why_no_finite_error(cause, first)
    )


def _why_no_finite_error(cause: Cause, first: int) -> str:
    bad = next((term for term in cause.terms if not np.isfinite([term.weight, term.delta]).all()), None)
    following = _("layer {layer}").format(layer=cause.layer + 1)
    if bad is not None:
        text = _(": the delta of neuron {neuron} of {following} is {value}")
        if math.isfinite(bad.delta):
            text = _(": the weight to neuron {neuron} of {following} is {value}")
        return text.format(neuron=bad.neuron + first, following=following, value=number(_bad_value(bad)))
    return (
        _(": its terms from {following} are too large for the computer").format(following=following)
        if cause.terms
        else ""
    )


def _bad_value(term: Term) -> float:
    return term.weight if math.isfinite(term.delta) else term.delta
