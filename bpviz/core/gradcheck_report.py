"""What a gradient check says, in words: whether backpropagation is right and, if not, in which layer to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.gradcheck import TOLERANCE, LayerCheck, relative_error

# So close are gradients that are each other's negative, even where rounding has taken most of their digits.
_NEGATIVE = 1e-2
# One part of a layer's gradient is right beside the other where its errors are smaller by this.
_RIGHT_BESIDE = 1e-2


@dataclass(frozen=True)
class GradientReport:
    """The outcome of a check.

    Attributes
    ----------
    sentence : str
        What people read.
    layer : int or None
        Counted from 1: the layer to look at. A fault in the backward step of a layer spoils every layer below it, so
        that it is the wrong one nearest the output. None where backpropagation is right.
    """

    sentence: str
    layer: int | None


def verdict(checks: Sequence[LayerCheck]) -> GradientReport:
    """Judge what `bpviz.core.gradcheck.check` found, layers 1..L."""
    wrong = [found.layer for found in checks if not found.agrees]
    if not wrong:
        return GradientReport(_agreement(checks), None)
    blamed = checks[wrong[-1] - 1]
    if not (np.isfinite(blamed.analytic).all() and np.isfinite(blamed.numerical).all()):
        sentence = f"The gradients of layer {blamed.layer} are not finite numbers: there is nothing to compare."
        return GradientReport(sentence, blamed.layer)
    return GradientReport(f"{_where(blamed, wrong, len(checks))} {_hint(blamed, wrong)}", blamed.layer)


def _agreement(checks: Sequence[LayerCheck]) -> str:
    layers = _all(len(checks))
    largest = max(found.largest for found in checks)
    if largest < TOLERANCE:
        end = f": the largest relative error is {_short(largest)}."
    else:
        end = (
            f" as far as this epsilon can tell: relative errors up to {_short(largest)} are the difference's own. "
            "Try another epsilon."
        )
    return f"Backpropagation and central differences agree in {layers}{end}"


def _where(blamed: LayerCheck, wrong: list[int], n_layers: int) -> str:
    right = [number for number in range(1, n_layers + 1) if number not in wrong]
    error = _short(blamed.largest)
    if not right and n_layers > 1:
        return f"The gradients of {_all(n_layers)} are wrong (relative error {error} in layer {n_layers})."
    agree = f"{_layers(right, 'Layer')} {'agree' if len(right) > 1 else 'agrees'}; " if right else ""
    if len(wrong) > 1 and wrong == list(range(1, len(wrong) + 1)):
        return f"{agree}from layer {blamed.layer} down the gradients are wrong (relative error {error})."
    sentence = f"{agree}the gradients of {_layers(wrong, 'layer')} are wrong (relative error {error})."
    return sentence[0].upper() + sentence[1:]


def _hint(blamed: LayerCheck, wrong: list[int]) -> str:
    number = blamed.layer
    if relative_error(-blamed.analytic, blamed.numerical).max() < _NEGATIVE:
        return f"Those of layer {number} are the numerical ones times −1: look for a sign in its delta."
    dW, db = float(blamed.errors[:-1].max()), float(blamed.errors[-1].max())
    if db < _RIGHT_BESIDE * dW:
        return f"Its db, and so its delta, is right. Look at how dW of layer {number} is computed."
    if dW < _RIGHT_BESIDE * db:
        return f"Its dW, and so its delta, is right. Look at how db of layer {number} is computed."
    if number > 1 and wrong == [number]:
        return f"Below it they are right, and so is its delta. Look at how dW and db of layer {number} are computed."
    return f"Look at how delta of layer {number} is computed."


def _all(n_layers: int) -> str:
    return {1: "the only layer", 2: "both layers"}.get(n_layers, f"all {n_layers} layers")


def _layers(numbers: list[int], word: str) -> str:
    """Write "layer 3", "layers 3 and 4", "layers 1, 3 and 4"."""
    *most, last = map(str, numbers)
    return f"{word}s {', '.join(most)} and {last}" if most else f"{word} {last}"


def _short(value: float) -> str:
    """Write a number with two digits: 0.93, 3.1e-9."""
    if value == 0 or value >= 1e-3:
        return f"{value:.2g}"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits}e{int(power)}"
