"""The report of a gradient check: whether backpropagation is correct and, if not, which layer to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.gradcheck import TOLERANCE, LayerCheck, relative_error
from bpviz.core.gradcheck_allowance import Doubt
from bpviz.core.optimisers.rule import OPTIMISERS, LearningRule

# Relative error within which a gradient is the negative of the other: large, since rounding may leave few digits.
_NEGATIVE = 1e-2
# dW counts as correct, and only db as wrong, or the reverse, if its errors are smaller than the other's by this factor.
_RIGHT_BESIDE = 1e-2
_REASONS = {
    Doubt.STEP: "the loss bends too much within the step. Try a smaller epsilon.",
    Doubt.KINK: "relu or mae has a kink within the step, and no derivative there. Try a smaller epsilon or another "
    "sample.",
    Doubt.ROUNDING: "they drown in the rounding of the loss. Try a larger epsilon.",
    Doubt.L1: "a weight is within the step of 0, where the penalty of L1 has a kink and no derivative. Try a smaller "
    "epsilon.",
}


@dataclass(frozen=True)
class GradientReport:
    """The result of a gradient check.

    Attributes
    ----------
    sentence : str
        The result in words.
    layer : int or None
        The layer to look at, counted from 1; None if no gradient is wrong. An error in the backward step of a layer
        makes all layers before it wrong too, so this is the wrong layer nearest the output.
    cannot_tell : bool
        Whether no gradient is shown to be wrong, but some of the differences cannot tell.
    """

    sentence: str
    layer: int | None
    cannot_tell: bool = False


def verdict(checks: Sequence[LayerCheck]) -> GradientReport:
    """Return the report on the checks of layers 1..L, as `bpviz.core.gradcheck.check` returns them."""
    wrong = [found.layer for found in checks if found.is_wrong]
    if not wrong:
        doubtful = [found for found in checks if found.cannot_tell]
        return GradientReport(_doubt(checks, doubtful) if doubtful else _agreement(checks), None, bool(doubtful))
    blamed = checks[wrong[-1] - 1]
    if not (np.isfinite(blamed.analytic).all() and np.isfinite(blamed.numerical).all()):
        sentence = f"The gradients of layer {blamed.layer} are not finite numbers: there is nothing to compare."
        return GradientReport(sentence, blamed.layer)
    return GradientReport(f"{_where(blamed, wrong, len(checks))} {_hint(blamed, wrong)}", blamed.layer)


def penalty_text(rule: LearningRule) -> str:
    """Return which loss is checked, e.g. "L + 0.1 ∑|W| + 0.01/2 ∑W²"; "" if no weight is penalised."""
    terms = [f"{rule.l1:g} ∑|W|"] * (rule.l1 > 0) + [f"{rule.l2:g}/2 ∑W²"] * (rule.l2 > 0)
    return " + ".join(["L", *terms]) if terms else ""


def no_gradients(rule: LearningRule) -> str:
    """Return a sentence about what else changes an update and is not checked; "" if there is nothing."""
    kept = "velocity" if rule.slots == ("velocity",) else "moments"
    names = ["clipping"] * (rule.clip_norm > 0) + ["weight decay"] * (rule.weight_decay > 0)
    names += [f"the {kept} of {OPTIMISERS[rule.optimiser].title}"] * bool(rule.slots)
    if not names:
        return ""
    *most, last = names
    subject = f"{', '.join(most)} and {last}" if most else last
    is_one = not most and "moments" not in last
    verb, end = ("is", "it is no gradient") if is_one else ("are", "they are no gradients")
    return f"{subject[0].upper()}{subject[1:]} {verb} not checked: {end}."


def _doubt(checks: Sequence[LayerCheck], doubtful: Sequence[LayerCheck]) -> str:
    sure = [found.layer for found in checks if found.agrees]
    agree = f"{_layers(sure, 'Layer')} {'agree' if len(sure) > 1 else 'agrees'}; " if sure else ""
    count = sum(np.count_nonzero(found.doubts) for found in doubtful)
    total = sum(found.doubts.size for found in doubtful)
    where = _layers([found.layer for found in doubtful], "layer")
    main = max(doubtful, key=lambda found: np.count_nonzero(found.doubts)).main_doubt
    sentence = f"{agree}cannot tell in {where}: {count:,} of {total:,} differences have no correct digit, since"
    return f"{sentence[0].upper()}{sentence[1:]} {_REASONS[main]}"


def _agreement(checks: Sequence[LayerCheck]) -> str:
    layers = _all(len(checks))
    largest = max(found.largest for found in checks)
    if largest < TOLERANCE:
        end = f": the largest relative error is {_short(largest)}."
    else:
        end = (
            f" within the accuracy of this epsilon: relative errors up to {_short(largest)} come from the difference. "
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
    if blamed.is_penalty_wrong:
        return f"Without the penalty they are right: look at how the penalty of layer {number} is computed."
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
    """Return e.g. "layer 3", "layers 3 and 4" or "layers 1, 3 and 4"."""
    *most, last = map(str, numbers)
    return f"{word}s {', '.join(most)} and {last}" if most else f"{word} {last}"


def _short(value: float) -> str:
    """Return a number with two significant digits: "0.93", "3.1e-9"."""
    if value == 0 or value >= 1e-3:
        return f"{value:.2g}"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits}e{int(power)}"
