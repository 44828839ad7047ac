"""Vanishing and exploding deltas: how deltas change from layer to layer, through weights and slopes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from bpviz.session.diagnostics.causes import STEEPEST, rms
from bpviz.session.diagnostics.number_words import changed, number
from bpviz.session.walkthrough.traced_update import TracedUpdate

# A slope below this share of the steepest one is that of a saturated neuron.
_SATURATED = 0.1
_NEARLY_SAME = 1.05
_ALL_ZERO = "all exactly 0: "


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
    return tuple(_diagnose_layer(update, row, layer) for layer in range(len(update.layers), 0, -1))


def diagnose_layers_in_words(update: TracedUpdate, row: int) -> str:
    """Return a sentence that compares the deltas of layer 1 with those of the output, and says why they differ."""
    output, *inner = diagnose_layers(update, row)
    if not inner:
        return f"There is one layer only: its RMS delta is {number(output.rms)}."
    first = inner[-1]
    if not all(math.isfinite(story.rms) for story in (output, *inner)):
        return _not_finite([output, *inner])
    if first.rms == 0:
        return _vanished_wholly([output, *inner])
    by_weights = _product([part.by_weights for part in inner if part.by_weights is not None])
    by_slopes = _product([part.by_slopes for part in inner])
    whole = ratio(first.rms, output.rms)
    compared = "about as large as" if _is_nearly_one(whole) else f"{changed(whole)} than"
    return (
        f"The RMS delta of layer 1, {number(first.rms)}, is {compared} that of layer {output.layer}, "
        f"{number(output.rms)}: the slopes on the way {_effect(by_slopes)}, the weights {_effect(by_weights)}."
        f"{_least_loss(update) if by_slopes < min(by_weights, 1.0) else ''}"
    )


def ratio(part: float, whole: float) -> float:
    """Return part / whole as in IEEE 754: infinity for x / 0, NaN for 0 / 0."""
    with np.errstate(all="ignore"):
        return float(np.float64(part) / np.float64(whole))


def _diagnose_layer(update: TracedUpdate, row: int, layer: int) -> LayerDiagnosis:
    trace, is_output = update.trace.layers[layer - 1], layer == len(update.layers)
    error, delta = rms(trace.error[row]), rms(trace.delta[row])
    by_weights = None if is_output else ratio(error, rms(update.trace.layers[layer].delta[row]))
    by_slopes, largest = ratio(delta, error), float(np.max(np.abs(trace.delta[row])))
    words = _Words(update, row, layer).sentence(delta, by_weights, by_slopes)
    return LayerDiagnosis(layer, largest, delta, by_weights, by_slopes, words)


class _Words:
    def __init__(self, update: TracedUpdate, row: int, layer: int) -> None:
        self._update_of, self._layer, self._is_output = update, layer, layer == len(update.layers)
        self._activation = update.layers[layer - 1].activation
        self._error = update.trace.layers[layer - 1].error[row]
        self._slopes = update.trace.layers[layer - 1].slope[row]

    def sentence(self, delta: float, by_weights: float | None, by_slopes: float) -> str:
        if not math.isfinite(delta):
            return "not all of its deltas are finite numbers"
        if delta == 0:
            return f"{_ALL_ZERO}{self._why_zero()}"
        if by_weights is None:
            return self._at_the_output(by_slopes)
        whole = by_weights * by_slopes
        if _is_nearly_one(whole):
            return f"about as large{self._state()}"
        # Both may pull the same way or against each other: what counts is which pulls harder the way it went.
        by = "slopes" if (by_slopes < by_weights) == (whole < 1) else "weights"
        return f"{changed(whole)}, mostly by {by}{self._state()}"

    def _at_the_output(self, by_slopes: float) -> str:
        if self._update_of.loss.cancels_slope:
            return "the output: a − y"
        if by_slopes == 1:
            return "the output: as large as its error"
        return f"the output: {changed(by_slopes)} than its error{self._state()}"

    def _why_zero(self) -> str:
        if not self._slopes.any():
            return f"{self._activation} is {'off' if self._activation == 'relu' else 'saturated'} in every neuron"
        if self._error.any():
            return "where the error is not 0, the slope is"
        return "the output is the target" if self._is_output else f"no error comes from layer {self._layer + 1}"

    def _state(self) -> str:
        """Say how many neurons let little through, if any."""
        low = self._slopes < _SATURATED * STEEPEST[self._activation]
        if not low.any():
            return ""
        word = "off" if self._activation.endswith("relu") else "saturated"
        return f"; {np.count_nonzero(low)} of {len(low)} {word}"


def _is_nearly_one(factor: float) -> bool:
    return 1 / _NEARLY_SAME < factor < _NEARLY_SAME


def _effect(factor: float) -> str:
    return "leave it as it is" if _is_nearly_one(factor) else f"make it {changed(factor)}"


def _least_loss(update: TracedUpdate) -> str:
    """Say what the slopes of sigmoid layers take at the least, saturated or not."""
    layers = sum(layer.activation == "sigmoid" for layer in update.layers[:-1])
    if not layers:
        return ""
    lost = f"{1 / STEEPEST['sigmoid'] ** layers:,.0f}"
    return f" Since no slope of sigmoid is above {STEEPEST['sigmoid']}, {lost} times are lost at the least."


def _product(factors: list[float]) -> float:
    """Return a product computed with logarithms, so that no intermediate result overflows or underflows."""
    with np.errstate(all="ignore"):
        return float(np.exp(np.sum(np.log(factors))))


def _not_finite(stories: list[LayerDiagnosis]) -> str:
    first = next(story for story in stories if not math.isfinite(story.rms))
    return f"Deltas stop being finite numbers in layer {first.layer}, on their way from the output."


def _vanished_wholly(stories: list[LayerDiagnosis]) -> str:
    first = next(story for story in stories if story.rms == 0)
    reason = first.sentence.removeprefix(_ALL_ZERO)
    return f"All deltas of layer 1 are exactly 0. They begin to be in layer {first.layer}: {reason}."
