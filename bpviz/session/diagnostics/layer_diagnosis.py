"""Vanishing and exploding deltas: how deltas change from layer to layer, through weights and slopes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bpviz.core.activations import ACTIVATIONS
from bpviz.language import _
from bpviz.session.diagnostics.delta_flow import DeltaFlow, flow_of_update
from bpviz.session.diagnostics.number_words import changed, compared, is_nearly_one, number
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class LayerDiagnosis:
    """The size of a layer's deltas, relative to the next layer's, and the factors due to weights and slopes.

    Attributes
    ----------
    layer : int
        Counted from 1.
    largest, rms : float
        Largest |delta| and RMS delta over the layer's neurons.
    by_weights : float or None
        RMS error over RMS delta of the next layer; None at the output.
    by_slopes : float
        RMS delta over RMS error. Inside the network the product of both is the ratio of this layer's RMS delta to
        the next one's. Not a number where it would be 0 over 0.
    sentence : str
        How much smaller or larger than in the next layer, and why.
    """

    layer: int
    largest: float
    rms: float
    by_weights: float | None
    by_slopes: float
    sentence: str


def diagnose_layers(update: TracedUpdate, row: int) -> tuple[LayerDiagnosis, ...]:
    """Return the diagnosis of each layer, from the output down to layer 1.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        Which sample of the batch.
    """
    flow = flow_of_update(update, row)
    return tuple(_diagnose_layer(update, row, layer, flow) for layer in range(len(update.layers), 0, -1))


def diagnose_flow(flow: DeltaFlow, largest: tuple[float, ...]) -> tuple[LayerDiagnosis, ...]:
    """Return the diagnosis of each layer over many samples, from the output down to layer 1.

    Parameters
    ----------
    flow : DeltaFlow
        Errors and deltas over the samples.
    largest : tuple of float
        Largest |delta| of layers 1..L.
    """
    return tuple(_diagnose_in_flow(flow, layer, largest[layer - 1]) for layer in range(len(largest), 0, -1))


def _diagnose_in_flow(flow: DeltaFlow, layer: int, largest: float) -> LayerDiagnosis:
    is_output, size = layer == len(flow.deltas), flow.deltas[layer - 1]
    by_weights, by_slopes = None if is_output else flow.weights_of(layer), flow.slopes_of(layer)
    if not math.isfinite(size):
        words = _("not all of its deltas are finite numbers")
    elif size == 0:
        words = _("all exactly 0")
    elif by_weights is None:
        words = (
            _("the output")
            if is_nearly_one(by_slopes)
            else _("the output: {by_slopes} than its error").format(by_slopes=changed(by_slopes))
        )
    else:
        words = _compared_with_above(by_weights, by_slopes)
    return LayerDiagnosis(layer, largest, size, by_weights, by_slopes, words)


def _compared_with_above(by_weights: float, by_slopes: float) -> str:
    whole = by_weights * by_slopes
    if is_nearly_one(whole):
        return _("about as large")
    # Both may pull the same way or against each other: what counts is which pulls harder the way it went.
    is_by_slopes = (by_slopes < by_weights) == (whole < 1)
    text = _("{changed}, mostly by slopes") if is_by_slopes else _("{changed}, mostly by weights")
    return text.format(changed=changed(whole))


def diagnose_layers_in_words(update: TracedUpdate, row: int) -> str:
    """Return a sentence that compares the deltas of layer 1 with those of the output, and says why they differ."""
    flow, last = flow_of_update(update, row), len(update.layers)
    if last == 1:
        return _("There is one layer only: its RMS delta is {deltas}.").format(deltas=number(flow.deltas[0]))
    if not all(map(math.isfinite, flow.deltas)):
        return _not_finite(flow)
    if flow.deltas[0] == 0:
        return _vanished_wholly(update, row, flow)
    output = _("that of layer {layer}, {size}").format(layer=last, size=number(flow.deltas[-1]))
    return _(
        "The RMS delta of layer 1, {first}, is {compared}: "
        "the slopes on the way {by_slopes}, the weights {by_weights}.{least_loss}"
    ).format(
        first=number(flow.deltas[0]),
        compared=compared(flow.whole, output),
        by_slopes=_effect(flow.by_slopes),
        by_weights=_effect(flow.by_weights),
        least_loss=_least_loss(update) if flow.by_slopes < min(flow.by_weights, 1.0) else "",
    )


def _diagnose_layer(update: TracedUpdate, row: int, layer: int, flow: DeltaFlow) -> LayerDiagnosis:
    is_output = layer == len(update.layers)
    by_weights, by_slopes = None if is_output else flow.weights_of(layer), flow.slopes_of(layer)
    largest, size = float(np.max(np.abs(update.trace.layers[layer - 1].delta[row]))), flow.deltas[layer - 1]
    words = _Words(update, row, layer).sentence(size, by_weights, by_slopes)
    return LayerDiagnosis(layer, largest, size, by_weights, by_slopes, words)


class _Words:
    def __init__(self, update: TracedUpdate, row: int, layer: int) -> None:
        self._update_of, self._layer, self._is_output = update, layer, layer == len(update.layers)
        self._activation = update.layers[layer - 1].activation
        self._error = update.trace.layers[layer - 1].error[row]
        self._slopes = update.trace.layers[layer - 1].slope[row]

    def sentence(self, delta: float, by_weights: float | None, by_slopes: float) -> str:
        if not math.isfinite(delta):
            return _("not all of its deltas are finite numbers")
        if delta == 0:
            return _("all exactly 0: {reason}").format(reason=self.why_zero())
        if by_weights is None:
            return self._at_the_output(by_slopes)
        return f"{_compared_with_above(by_weights, by_slopes)}{self._state()}"

    def _at_the_output(self, by_slopes: float) -> str:
        if self._update_of.loss.cancels_slope:
            return _("the output: a − y")
        if by_slopes == 1:
            return _("the output: as large as its error")
        return _("the output: {by_slopes} than its error{state}").format(
            by_slopes=changed(by_slopes), state=self._state()
        )

    def why_zero(self) -> str:
        if not self._slopes.any():
            is_off = self._activation == "relu"
            text = (
                _("{activation} is off in every neuron") if is_off else _("{activation} is saturated in every neuron")
            )
            return text.format(activation=self._activation)
        if self._error.any():
            return _("where the error is not 0, the slope is")
        return (
            _("the output is the target")
            if self._is_output
            else _("no error comes from layer {layer}").format(layer=self._layer + 1)
        )

    def _state(self) -> str:
        """Say how many neurons let little through, if any."""
        low = np.abs(self._slopes) < ACTIVATIONS[self._activation].saturated_slope
        if not low.any():
            return ""
        is_off = self._activation.endswith("relu")
        text = _("; {count} of {n_neurons} off") if is_off else _("; {count} of {n_neurons} saturated")
        return text.format(count=np.count_nonzero(low), n_neurons=len(low))


def _effect(factor: float) -> str:
    return _("leave it as it is") if is_nearly_one(factor) else _("make it {factor}").format(factor=changed(factor))


def _least_loss(update: TracedUpdate) -> str:
    """Say what the slopes of sigmoid layers take at the least, saturated or not."""
    layers = sum(layer.activation == "sigmoid" for layer in update.layers[:-1])
    if not layers:
        return ""
    steepest = ACTIVATIONS["sigmoid"].max_slope
    lost = f"{1 / steepest**layers:,.0f}"
    return _(" Since no slope of sigmoid is above {steepest}, {lost} times are lost at the least.").format(
        steepest=steepest, lost=lost
    )


def _not_finite(flow: DeltaFlow) -> str:
    first = max(layer for layer, size in enumerate(flow.deltas, start=1) if not math.isfinite(size))
    return _("Deltas stop being finite numbers in layer {first}, on their way from the output.").format(first=first)


def _vanished_wholly(update: TracedUpdate, row: int, flow: DeltaFlow) -> str:
    first = max(layer for layer, size in enumerate(flow.deltas, start=1) if size == 0)
    text = _("All deltas of layer 1 are exactly 0. They begin to be in layer {layer}: {reason}.")
    return text.format(layer=first, reason=_Words(update, row, first).why_zero())
