"""Captions: one sentence for each operation, without formulas or symbols."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.operations import RULE, Operation
from bpviz.session.walkthrough.rule_texts import rule_caption
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind

_SENDS = {
    "none": "sends each sum on as it is",
    "relu": "sends positive sums on as they are, and nothing for the negative ones",
    "leaky_relu": "sends positive sums on as they are, and only a small part of the negative ones",
    "elu": "sends positive sums on as they are, and lets negative ones sink no deeper than −1",
    "gelu": "sends large sums on as they are, and hardly anything for very negative ones",
    "silu": "sends large sums on as they are, and hardly anything for very negative ones",
    "softplus": "sends large sums on as they are, and nearly 0, never less, for very negative ones",
    "sin": "turns each sum into a wave between −1 and 1",
    "tanh": "squeezes each sum to between −1 and 1",
    "sigmoid": "squeezes each sum to between 0 and 1",
    "softmax": "turns its sums into shares that make 1 together",
}
_SATURATES = "how strongly each neuron of layer {} answers to its sum: hardly at all where it is saturated"
_BENDS = "nearly 1 for large sums of layer {}, hardly above 0 for very negative ones, and a little below 0 in between"
_SLOPES = {
    "none": "1 everywhere: layer {} passes its sums on unchanged",
    "relu": "1 for each neuron of layer {} that is on, and 0 for each that is off",
    "leaky_relu": "1 for each neuron of layer {} that is on, and a small number for each that is off",
    "elu": "1 for each neuron of layer {} whose sum is positive, and less the more negative the sum is",
    "gelu": _BENDS,
    "silu": _BENDS,
    "softplus": "nearly 1 for large sums of layer {}, hardly above 0 for very negative ones, and half at 0",
    "sin": "how steep the wave is for each neuron of layer {}: 0 at a crest, negative where the wave falls",
    "tanh": _SATURATES,
    "sigmoid": _SATURATES,
    "softmax": "how strongly each output of layer {} answers to its own sum: the diagonal of the Jacobian of softmax",
}


def caption(update: TracedUpdate, row: int) -> str:
    """Return a sentence about what the latest operation does.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        The sample, as a row of the trace's arrays.
    """
    operation = update.operation
    if operation is None:
        return _at_the_input(update, row)
    if operation.quantity == "update" and update.kind is UpdateKind.INSPECTED:
        return f"Layer {operation.layer} would take a small step downhill; an inspected sample trains nothing."
    context, quantity = FormulaContext.of_update(update), operation.quantity
    if quantity in RULE or (quantity == "update" and not context.rule.is_plain):
        return rule_caption(quantity, context.rule, operation.layer, trains_biases=context.trains_biases)
    return context.conventions.worded(_SENTENCES[quantity](context, operation))


def class_of(update: TracedUpdate, row: int) -> str:
    """Return the class of a sample of the update, counted from 0, as "class 1"; its targets where it has no class."""
    targets = update.trace.y[row]
    has_class = len(targets) > 1 and targets.min() >= 0 and abs(targets.sum() - 1) < 1e-9
    return f"class {int(np.argmax(targets))}" if has_class else f"target {', '.join(f'{y:.4g}' for y in targets)}"


def _at_the_input(update: TracedUpdate, row: int) -> str:
    sample = f"{update.sample_name(row)} ({class_of(update, row)})"
    if len(update.samples) == 1:
        return f"{sample.capitalize()} is at the input."
    return f"A batch of {len(update.samples)} samples is at the input; {sample} is shown."


def _z(context: FormulaContext, operation: Operation) -> str:
    sent = "the inputs" if operation.layer == 1 else f"what layer {operation.layer - 1} sends"
    return f"Layer {operation.layer} adds up {sent}, each through its weight, plus its bias."


def _a(context: FormulaContext, operation: Operation) -> str:
    end = ": these are the network's answers" if context.is_output(operation) else ""
    return f"Layer {operation.layer} {_SENDS[context.activation(operation)]}{end}."


def _loss(context: FormulaContext, operation: Operation) -> str:
    sentence = "The loss adds up how far each output is from its target, squared and halved"
    if context.conventions.whole:
        sentence = "The loss adds up how far each output is from its target, squared"
    if context.loss_name == "cross_entropy":
        sentence = "The loss is the larger, the less the network believed in the right answer"
    elif context.loss_name == "mae":
        sentence = "The loss adds up how far each output is from its target"
    elif context.loss_name == "huber":
        sentence = "The loss adds up the distances to the targets: short ones squared and halved"
    return sentence + _over_the_batch(context, ", and is the mean over the batch") + "."


def _error(context: FormulaContext, operation: Operation) -> str:
    if not context.is_output(operation):
        after = operation.layer + 1
        return f"Each neuron of layer {operation.layer} collects the deltas of layer {after}, back through its weights."
    if context.loss_name == "cross_entropy":
        change = "fall" if context.conventions.negative else "change"
        end = f"would {change} with its answer; a tiny slope cancels a huge one."
        return f"The error of each output says how fast {_loss_of(context)} {end}"
    if context.conventions.negative:
        return _ERROR_DOWNHILL.get(context.loss_name, _ERROR_TO_TARGET[context.conventions.whole])
    if context.conventions.whole:
        return "The error of each output is twice how far it is above or below its target."
    if context.loss_name == "mae":
        return "The error of each output is 1 if it is above its target and −1 if it is below, however far."
    if context.loss_name == "huber":
        return "The error of each output is how far it is above or below its target, but no more than 1."
    return "The error of each output is how far it is above or below its target."


_ERROR_DOWNHILL = {
    "mae": "The error of each output is 1 if it is below its target and −1 if it is above, however far.",
    "huber": "The error of each output is how far its target is above or below it, but no more than 1.",
}
#: By whether the half of the loss is left out.
_ERROR_TO_TARGET = {
    False: "The error of each output is how far its target is above or below it.",
    True: "The error of each output is twice how far its target is above or below it.",
}


def _slope(context: FormulaContext, operation: Operation) -> str:
    return f"The slope is {_SLOPES[context.activation(operation)].format(operation.layer)}."


def _delta(context: FormulaContext, operation: Operation) -> str:
    if context.is_output(operation) and context.loss.cancels_slope:
        what = "the Jacobian of softmax" if context.activation(operation) == "softmax" else "slope"
        minus = "its target minus its answer" if context.conventions.negative else "its answer minus its target"
        return f"Error and {what} cancel here: the delta of each output is simply {minus}."
    if context.activation(operation) == "softmax":
        return "Softmax ties the outputs together: delta is error times its whole Jacobian, not times a slope."
    of = _loss_of(context)
    change = "fall" if context.conventions.negative else "change"
    return f"Error times slope is the delta of layer {operation.layer}: how fast {of} would {change} with each sum."


def _dW(context: FormulaContext, operation: Operation) -> str:
    mean = _over_the_batch(context, ", averaged over the batch")
    return (
        f"Each weight into layer {operation.layer} gets its gradient: "
        f"what comes in times the delta where it leads{mean}."
    )


def _db(context: FormulaContext, operation: Operation) -> str:
    mean = _over_the_batch(context, ", averaged over the batch")
    return f"Each bias of layer {operation.layer} gets its gradient: the delta of its neuron{mean}."


def _update(context: FormulaContext, operation: Operation) -> str:
    what = "weights and biases" if context.trains_biases else "weights"
    along = "along its negative gradient" if context.conventions.negative else "against its gradient"
    return f"The {what} of layer {operation.layer} move a little downhill, each {along}."


_SENTENCES: dict[str, Callable[[FormulaContext, Operation], str]] = {
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


def _loss_of(context: FormulaContext) -> str:
    """Return which loss error and delta belong to: in a batch, not the mean."""
    return "the loss" if context.samples == 1 else "the sample's loss"


def _over_the_batch(context: FormulaContext, words: str) -> str:
    return words if context.samples > 1 else ""
