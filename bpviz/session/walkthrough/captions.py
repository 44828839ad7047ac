"""Captions: one sentence for each operation, without formulas or symbols."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpviz.language import N_, _
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.operations import RULE, Operation
from bpviz.session.walkthrough.rule_texts import rule_caption
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind

_SMALL_FOR_NEGATIVE = N_("Layer {layer} sends large sums on as they are, and hardly anything for very negative ones")
#: Without the full stop, see `_a`.
_SENDS = {
    "none": N_("Layer {layer} sends each sum on as it is"),
    "relu": N_("Layer {layer} sends positive sums on as they are, and nothing for the negative ones"),
    "leaky_relu": N_("Layer {layer} sends positive sums on as they are, and only a small part of the negative ones"),
    "elu": N_("Layer {layer} sends positive sums on as they are, and lets negative ones sink no deeper than −1"),
    "gelu": _SMALL_FOR_NEGATIVE,
    "silu": _SMALL_FOR_NEGATIVE,
    "softplus": N_("Layer {layer} sends large sums on as they are, and nearly 0, never less, for very negative ones"),
    "sin": N_("Layer {layer} turns each sum into a wave between −1 and 1"),
    "tanh": N_("Layer {layer} squeezes each sum to between −1 and 1"),
    "sigmoid": N_("Layer {layer} squeezes each sum to between 0 and 1"),
    "softmax": N_("Layer {layer} turns its sums into shares that make 1 together"),
}
_SATURATES = N_(
    "The slope is how strongly each neuron of layer {layer} answers to its sum: hardly at all where it is saturated."
)
_BENDS = N_(
    "The slope is nearly 1 for large sums of layer {layer}, hardly above 0 for very negative ones, "
    "and a little below 0 in between."
)
_SLOPES = {
    "none": N_("The slope is 1 everywhere: layer {layer} passes its sums on unchanged."),
    "relu": N_("The slope is 1 for each neuron of layer {layer} that is on, and 0 for each that is off."),
    "leaky_relu": N_(
        "The slope is 1 for each neuron of layer {layer} that is on, and a small number for each that is off."
    ),
    "elu": N_(
        "The slope is 1 for each neuron of layer {layer} whose sum is positive, and less the more negative the sum is."
    ),
    "gelu": _BENDS,
    "silu": _BENDS,
    "softplus": N_(
        "The slope is nearly 1 for large sums of layer {layer}, hardly above 0 for very negative ones, and half at 0."
    ),
    "sin": N_(
        "The slope is how steep the wave is for each neuron of layer {layer}: 0 at a crest, "
        "negative where the wave falls."
    ),
    "tanh": _SATURATES,
    "sigmoid": _SATURATES,
    "softmax": N_(
        "The slope is how strongly each output of layer {layer} answers to its own sum: "
        "the diagonal of the Jacobian of softmax."
    ),
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
        return _("Layer {layer} would take a small step downhill; an inspected sample trains nothing.").format(
            layer=operation.layer
        )
    context, quantity = FormulaContext.of_update(update), operation.quantity
    if quantity in RULE or (quantity == "update" and not context.rule.is_plain):
        return context.conventions.worded(
            rule_caption(
                quantity,
                context.rule,
                operation.layer,
                trains_biases=context.trains_biases,
                is_negative=context.conventions.negative,
            )
        )
    return context.conventions.worded(_SENTENCES[quantity](context, operation))


def class_of(update: TracedUpdate, row: int) -> str:
    """Return the class of a sample of the update, counted from 0, as "class 1"; its targets where it has no class."""
    targets = update.trace.y[row]
    has_class = len(targets) > 1 and targets.min() >= 0 and abs(targets.sum() - 1) < 1e-9
    if has_class:
        return _("class {number}").format(number=int(np.argmax(targets)))
    return _("target {values}").format(values=", ".join(f"{y:.4g}" for y in targets))


def _at_the_input(update: TracedUpdate, row: int) -> str:
    sample = _("{sample} ({class_name})").format(sample=update.sample_name(row), class_name=class_of(update, row))
    if len(update.samples) == 1:
        return _("{sample} is at the input.").format(sample=sample.capitalize())
    return _("A batch of {count} samples is at the input; {sample} is shown.").format(
        count=len(update.samples), sample=sample
    )


def _z(context: FormulaContext, operation: Operation) -> str:
    if operation.layer == 1:
        return _("Layer 1 adds up the inputs, each through its weight, plus its bias.")
    return _("Layer {layer} adds up what layer {before} sends, each through its weight, plus its bias.").format(
        layer=operation.layer, before=operation.layer - 1
    )


def _a(context: FormulaContext, operation: Operation) -> str:
    sentence = _(_SENDS[context.activation(operation)]).format(layer=operation.layer)
    if context.is_output(operation):
        return _("{sentence}: these are the network's answers.").format(sentence=sentence)
    return _("{sentence}.").format(sentence=sentence)


def _loss(context: FormulaContext, operation: Operation) -> str:
    sentence = _("The loss adds up how far each output is from its target, squared and halved")
    if context.conventions.whole:
        sentence = _("The loss adds up how far each output is from its target, squared")
    if context.loss_name == "cross_entropy":
        sentence = _("The loss is the larger, the less the network believed in the right answer")
    elif context.loss_name == "mae":
        sentence = _("The loss adds up how far each output is from its target")
    elif context.loss_name == "huber":
        sentence = _("The loss adds up the distances to the targets: short ones squared and halved")
    if context.samples > 1:
        return _("{sentence}, and is the mean over the batch.").format(sentence=sentence)
    return _("{sentence}.").format(sentence=sentence)


def _error(context: FormulaContext, operation: Operation) -> str:
    if not context.is_output(operation):
        return _("Each neuron of layer {layer} collects the deltas of layer {after}, back through its weights.").format(
            layer=operation.layer, after=operation.layer + 1
        )
    if context.loss_name == "cross_entropy":
        return _(_ERROR_OF_CROSS_ENTROPY[context.samples > 1, context.conventions.negative])
    if context.conventions.negative:
        return _(_ERROR_DOWNHILL.get(context.loss_name, _ERROR_TO_TARGET[context.conventions.whole]))
    if context.conventions.whole:
        return _("The error of each output is twice how far it is above or below its target.")
    if context.loss_name == "mae":
        return _("The error of each output is 1 if it is above its target and −1 if it is below, however far.")
    if context.loss_name == "huber":
        return _("The error of each output is how far it is above or below its target, but no more than 1.")
    return _("The error of each output is how far it is above or below its target.")


#: By whether there is a batch, of which each sample has its own loss, and whether error is the negative derivative.
_ERROR_OF_CROSS_ENTROPY = {
    (False, False): N_(
        "The error of each output says how fast the loss would change with its answer; a tiny slope cancels a huge one."
    ),
    (False, True): N_(
        "The error of each output says how fast the loss would fall with its answer; a tiny slope cancels a huge one."
    ),
    (True, False): N_(
        "The error of each output says how fast the sample's loss would change with its answer; "
        "a tiny slope cancels a huge one."
    ),
    (True, True): N_(
        "The error of each output says how fast the sample's loss would fall with its answer; "
        "a tiny slope cancels a huge one."
    ),
}
_ERROR_DOWNHILL = {
    "mae": N_("The error of each output is 1 if it is below its target and −1 if it is above, however far."),
    "huber": N_("The error of each output is how far its target is above or below it, but no more than 1."),
}
#: By whether the half of the loss is left out.
_ERROR_TO_TARGET = {
    False: N_("The error of each output is how far its target is above or below it."),
    True: N_("The error of each output is twice how far its target is above or below it."),
}


def _slope(context: FormulaContext, operation: Operation) -> str:
    return _(_SLOPES[context.activation(operation)]).format(layer=operation.layer)


#: By whether the activation is softmax, and whether error is the negative derivative.
_CANCELLED = {
    (False, False): N_("Error and slope cancel here: the delta of each output is simply its answer minus its target."),
    (False, True): N_("Error and slope cancel here: the delta of each output is simply its target minus its answer."),
    (True, False): N_(
        "Error and the Jacobian of softmax cancel here: the delta of each output is simply its answer minus its target."
    ),
    (True, True): N_(
        "Error and the Jacobian of softmax cancel here: the delta of each output is simply its target minus its answer."
    ),
}
#: By whether there is a batch, and whether delta is the negative derivative.
_DELTAS = {
    (False, False): N_(
        "Error times slope is the delta of layer {layer}: how fast the loss would change with each sum."
    ),
    (False, True): N_("Error times slope is the delta of layer {layer}: how fast the loss would fall with each sum."),
    (True, False): N_(
        "Error times slope is the delta of layer {layer}: how fast the sample's loss would change with each sum."
    ),
    (True, True): N_(
        "Error times slope is the delta of layer {layer}: how fast the sample's loss would fall with each sum."
    ),
}


def _delta(context: FormulaContext, operation: Operation) -> str:
    is_softmax, is_negative = context.activation(operation) == "softmax", context.conventions.negative
    if context.is_output(operation) and context.loss.cancels_slope:
        return _(_CANCELLED[is_softmax, is_negative])
    if is_softmax:
        return _("Softmax ties the outputs together: delta is error times its whole Jacobian, not times a slope.")
    return _(_DELTAS[context.samples > 1, is_negative]).format(layer=operation.layer)


def _dW(context: FormulaContext, operation: Operation) -> str:
    text = _("Each weight into layer {layer} gets its gradient: what comes in times the delta where it leads.")
    if context.samples > 1:
        text = _(
            "Each weight into layer {layer} gets its gradient: "
            "what comes in times the delta where it leads, averaged over the batch."
        )
    return text.format(layer=operation.layer)


def _db(context: FormulaContext, operation: Operation) -> str:
    text = _("Each bias of layer {layer} gets its gradient: the delta of its neuron.")
    if context.samples > 1:
        text = _("Each bias of layer {layer} gets its gradient: the delta of its neuron, averaged over the batch.")
    return text.format(layer=operation.layer)


#: By whether biases are trained, and whether gradients are the negative derivatives.
_UPDATES = {
    (True, False): N_("The weights and biases of layer {layer} move a little downhill, each against its gradient."),
    (True, True): N_(
        "The weights and biases of layer {layer} move a little downhill, each along its negative gradient."
    ),
    (False, False): N_("The weights of layer {layer} move a little downhill, each against its gradient."),
    (False, True): N_("The weights of layer {layer} move a little downhill, each along its negative gradient."),
}


def _update(context: FormulaContext, operation: Operation) -> str:
    return _(_UPDATES[context.trains_biases, context.conventions.negative]).format(layer=operation.layer)


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
