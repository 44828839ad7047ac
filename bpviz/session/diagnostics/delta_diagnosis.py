"""Diagnosis of one delta: why it is small or large, as text with numbers."""

from __future__ import annotations

import math

import numpy as np

from bpviz.core.activations import ACTIVATIONS, Activation
from bpviz.core.arrays import Array, rms
from bpviz.session.diagnostics.causes import Cause, Term, explain
from bpviz.session.diagnostics.number_words import changed, number, per_cent, times
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
        return f"delta is {number(cause.delta)}, because {_why_not_finite(cause, update.conventions.first)}."
    if cause.delta == 0:
        return f"delta is exactly 0: {_why_zero(update, cause)}."
    size = f"delta is {number(cause.delta)}{_compared(update, row, cause)}."
    if cause.is_difference:
        return f"{size} It is {_difference(update, cause)}: error and slope cancel here."
    return f"{size} {_slope(cause)}; {_error(update, row, cause)}."


# The size


def _compared(update: TracedUpdate, row: int, cause: Cause) -> str:
    trace = update.trace.layers[cause.layer - 1]
    usual = rms(trace.delta[row])
    if trace.delta.shape[1] == 1 or not math.isfinite(usual):
        return ""
    relative, where = abs(cause.delta) / usual, f"its layer's RMS, {number(usual)}"
    if 1 / _USUAL < relative < _USUAL:
        return f", about as large as {where}"
    is_small = relative < 1
    return f", {changed(relative)} than {where}{_main_part(trace.error[row], trace.slope[row], cause, is_small)}"


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
    return f", mostly because of its {main}" if strengths[main] > 0 else ""


# The slope


def _slope(cause: Cause) -> str:
    rule = ACTIVATIONS[cause.activation]
    steepest = rule.max_slope
    if cause.activation == "softmax":
        return "For softmax it is a × (error − the sum of error × a), since each output depends on all"
    if steepest == cause.slope and steepest == 1.0 and cause.activation not in ("tanh", "sin"):
        state = "no activation" if cause.activation == "none" else f"{cause.activation} on (z = {number(cause.z)})"
        return f"With {state} its slope is 1 and delta is the error itself"
    if cause.activation == "leaky_relu":
        down = times(1 / cause.slope)
        return f"With leaky_relu off (z = {number(cause.z)}) its slope {number(cause.slope)} takes it down {down}"
    return _slope_of_smooth_activation(cause, rule)


def _slope_of_smooth_activation(cause: Cause, rule: Activation) -> str:
    share, steepest = abs(cause.slope) / rule.max_slope, number(rule.max_slope)
    slope = f"Its slope {number(cause.slope)} (a = {_output(cause)}"
    if abs(cause.slope) < rule.saturated_slope:
        return f"{slope}, saturated) takes it down {times(1 / share)} more than the steepest slope, {steepest}, would"
    near = "is nearly" if share > _NEARLY_STEEPEST else f"is {times(1 / share)} below"
    return f"{slope}) {near} the steepest, {steepest}"


def _output(cause: Cause) -> str:
    """Return a as text; near 1 as "1 − ...", since rounding would make it 1."""
    rest = 1.0 - abs(cause.a)
    if 0.0 < rest < 0.001:
        return f"1 − {number(rest)}" if cause.a > 0 else f"−1 + {number(rest)}"
    return number(cause.a, 3)


# The error


def _error(update: TracedUpdate, row: int, cause: Cause) -> str:
    error = f"the error {number(cause.error)}"
    if cause.y is not None:
        return f"{error} is {_loss_error(update, cause)}"
    largest, following = cause.terms[0], cause.layer + 1
    named = largest.neuron + update.conventions.first
    if len(cause.terms) == 1:
        source = f" comes from the one neuron of layer {following}"
    elif largest.share >= _MOSTLY:
        source = f" comes mostly ({per_cent(largest.share)}) from neuron {named} of layer {following}"
    else:
        source = (
            f" comes from {len(cause.terms)} neurons of layer {following}, "
            f"most ({per_cent(largest.share)}) from neuron {named}"
        )
    return f"{error}{source}{_why_small(update, row, cause)}"


def _loss_error(update: TracedUpdate, cause: Cause) -> str:
    difference = _difference(update, cause)
    if update.loss_name == "mse":
        return f"twice {difference}" if update.conventions.whole else difference
    return f"that of {update.loss_name} where {difference}"


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
        return f", and its terms nearly cancel, all but {per_cent(abs(cause.error) / sizes)} of their sizes"
    following, output = update.trace.layers[cause.layer].delta[row], update.trace.layers[-1].delta[row]
    above, at_output = rms(following), rms(output)
    if cause.layer + 1 < len(update.layers) and above < _SMALL * at_output:
        size = f"RMS {number(above)}, {changed(above / at_output)} than the output's"
        return f"; the deltas of layer {cause.layer + 1} are small already ({size})"
    weights = update.layers[cause.layer].W
    own, usual = rms(weights[cause.neuron]), rms(weights)
    if own < usual / _USUAL:
        return f", through weights {changed(own / usual)} than the layer's RMS, {number(usual)}"
    return ""


# Zero and not a number


def _why_zero(update: TracedUpdate, cause: Cause) -> str:
    if cause.is_difference:
        difference = "y − a" if update.conventions.negative else "a − y"
        return f"the output {number(cause.a)} is its target, and delta is {difference}"
    if cause.activation == "softmax":
        return "a × (error − the sum of error × a) is"
    if cause.slope == 0:
        return _why_no_slope(cause)
    if cause.error != 0:
        return (
            f"error {number(cause.error)} × slope {number(cause.slope)} is smaller than any number the computer holds"
        )
    return f"its error is 0, since {_why_no_error(cause)}"


def _why_no_slope(cause: Cause) -> str:
    if cause.activation == "relu":
        return f"relu is off (z = {number(cause.z)}), its slope is 0"
    return f"{cause.activation} is saturated (a = {_output(cause)}) so far that its slope is 0"


def _why_no_error(cause: Cause) -> str:
    if cause.y is not None:
        return f"the output {number(cause.a)} is its target"
    following = f"layer {cause.layer + 1}"
    if not any(term.delta for term in cause.terms):
        return f"all deltas of {following} are 0"
    if not any(term.weight for term in cause.terms):
        return f"all its weights into {following} are 0"
    if not any(term.product for term in cause.terms):
        return f"each of its terms has a weight or a delta of {following} that is 0"
    return f"its terms from {following} cancel exactly"


def _why_not_finite(cause: Cause, first: int) -> str:
    if not math.isfinite(cause.a):
        return f"its output a is {number(cause.a)} (z = {number(cause.z)})"
    if not math.isfinite(cause.slope):
        return f"its slope is {number(cause.slope)}"
    if math.isfinite(cause.error):
        return f"error {number(cause.error)} × slope {number(cause.slope)} is too large for the computer"
    return f"its error is {number(cause.error)}{_why_no_finite_error(cause, first)}"


def _why_no_finite_error(cause: Cause, first: int) -> str:
    bad = next((term for term in cause.terms if not np.isfinite([term.weight, term.delta]).all()), None)
    following = f"layer {cause.layer + 1}"
    if bad is not None:
        return f": {_bad_factor(bad)} neuron {bad.neuron + first} of {following} is {number(_bad_value(bad))}"
    return f": its terms from {following} are too large for the computer" if cause.terms else ""


def _bad_factor(term: Term) -> str:
    return "the weight to" if math.isfinite(term.delta) else "the delta of"


def _bad_value(term: Term) -> float:
    return term.weight if math.isfinite(term.delta) else term.delta
