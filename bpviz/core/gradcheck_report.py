"""The report of a gradient check: whether backpropagation is correct and, if not, which layer to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.gradcheck import TOLERANCE, LayerCheck, relative_error
from bpviz.core.gradcheck_allowance import Doubt
from bpviz.core.optimisers.rule import OPTIMISERS, LearningRule
from bpviz.language import N_, _, ngettext

# Relative error within which a gradient is the negative of the other: large, since rounding may leave few digits.
_NEGATIVE = 1e-2
# dW counts as correct, and only db as wrong, or the reverse, if its errors are smaller than the other's by this factor.
_RIGHT_BESIDE = 1e-2
_REASONS = {
    Doubt.STEP: N_("the loss bends too much within the step. Try a smaller epsilon."),
    Doubt.KINK: N_(
        "relu or mae has a kink within the step, and no derivative there. Try a smaller epsilon or another sample."
    ),
    Doubt.ROUNDING: N_("they drown in the rounding of the loss. Try a larger epsilon."),
    Doubt.L1: N_(
        "a weight is within the step of 0, where the penalty of L1 has a kink and no derivative. Try a smaller epsilon."
    ),
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
        sentence = _("The gradients of layer {layer} are not finite numbers: there is nothing to compare.").format(
            layer=blamed.layer
        )
        return GradientReport(sentence, blamed.layer)
    return GradientReport(f"{_where(blamed, wrong, len(checks))} {_hint(blamed, wrong)}", blamed.layer)


def penalty_text(rule: LearningRule) -> str:
    """Return which loss is checked, e.g. "L + 0.1 ∑|W| + 0.01/2 ∑W²"; "" if no weight is penalised."""
    terms = [f"{rule.l1:g} ∑|W|"] * (rule.l1 > 0) + [f"{rule.l2:g}/2 ∑W²"] * (rule.l2 > 0)
    return " + ".join(["L", *terms]) if terms else ""


def no_gradients(rule: LearningRule) -> str:
    """Return a sentence about what else changes an update and is not checked; "" if there is nothing."""
    has_velocity = rule.slots == ("velocity",)
    names = [_("clipping")] * (rule.clip_norm > 0) + [_("weight decay")] * (rule.weight_decay > 0)
    kept = _("the velocity of {optimiser}") if has_velocity else _("the moments of {optimiser}")
    names += [kept.format(optimiser=_(OPTIMISERS[rule.optimiser].title))] * bool(rule.slots)
    if not names:
        return ""
    *most, last = names
    subject = _("{most} and {last}").format(most=", ".join(most), last=last) if most else last
    is_one = not most and (has_velocity or not rule.slots)
    text = _("{subject} is not checked: it is no gradient.") if is_one else None
    text = text or _("{subject} are not checked: they are no gradients.")
    return text.format(subject=subject[0].upper() + subject[1:])


def _doubt(checks: Sequence[LayerCheck], doubtful: Sequence[LayerCheck]) -> str:
    sure = [found.layer for found in checks if found.agrees]
    agree = _agree(sure)
    count = sum(np.count_nonzero(found.doubts) for found in doubtful)
    total = sum(found.doubts.size for found in doubtful)
    where = _layers([found.layer for found in doubtful])
    main = max(doubtful, key=lambda found: np.count_nonzero(found.doubts)).main_doubt
    sentence = _(
        "{agree}cannot tell in {where}: {count:,} of {total:,} differences have no correct digit, since"
    ).format(agree=agree, where=where, count=count, total=total)
    return f"{sentence[0].upper()}{sentence[1:]} {_(_REASONS[main])}"


def _agreement(checks: Sequence[LayerCheck]) -> str:
    layers = _all(len(checks))
    largest = max(found.largest for found in checks)
    if largest < TOLERANCE:
        text = _("Backpropagation and central differences agree in {layers}: the largest relative error is {largest}.")
    else:
        text = _(
            "Backpropagation and central differences agree in {layers} within the accuracy of this epsilon: "
            "relative errors up to {largest} come from the difference. Try another epsilon."
        )
    return text.format(layers=layers, largest=_short(largest))


def _where(blamed: LayerCheck, wrong: list[int], n_layers: int) -> str:
    right = [number for number in range(1, n_layers + 1) if number not in wrong]
    error = _short(blamed.largest)
    if not right and n_layers > 1:
        return _("The gradients of {layers} are wrong (relative error {error} in layer {n_layers}).").format(
            layers=_all(n_layers), error=error, n_layers=n_layers
        )
    agree = _agree(right)
    if len(wrong) > 1 and wrong == list(range(1, len(wrong) + 1)):
        return _("{agree}from layer {layer} down the gradients are wrong (relative error {error}).").format(
            agree=agree, layer=blamed.layer, error=error
        )
    sentence = _("{agree}the gradients of {layers} are wrong (relative error {error}).").format(
        agree=agree, layers=_layers(wrong), error=error
    )
    return sentence[0].upper() + sentence[1:]


def _hint(blamed: LayerCheck, wrong: list[int]) -> str:
    number = blamed.layer
    if blamed.is_penalty_wrong:
        return _("Without the penalty they are right: look at how the penalty of layer {number} is computed.").format(
            number=number
        )
    if relative_error(-blamed.analytic, blamed.numerical).max() < _NEGATIVE:
        return _("Those of layer {number} are the numerical ones times −1: look for a sign in its delta.").format(
            number=number
        )
    dW, db = float(blamed.errors[:-1].max()), float(blamed.errors[-1].max())
    if db < _RIGHT_BESIDE * dW:
        return _("Its db, and so its delta, is right. Look at how dW of layer {number} is computed.").format(
            number=number
        )
    if dW < _RIGHT_BESIDE * db:
        return _("Its dW, and so its delta, is right. Look at how db of layer {number} is computed.").format(
            number=number
        )
    if number > 1 and wrong == [number]:
        return _(
            "Below it they are right, and so is its delta. Look at how dW and db of layer {number} are computed."
        ).format(number=number)
    return _("Look at how delta of layer {number} is computed.").format(number=number)


def _all(n_layers: int) -> str:
    return {1: _("the only layer"), 2: _("both layers")}.get(
        n_layers, _("all {n_layers} layers").format(n_layers=n_layers)
    )


def _layers(numbers: list[int]) -> str:
    """Return e.g. "layer 3", "layers 3 and 4" or "layers 1, 3 and 4"."""
    *most, last = map(str, numbers)
    text = _("layers {most} and {last}") if most else _("layer {last}")
    return text.format(most=", ".join(most), last=last)


def _agree(numbers: list[int]) -> str:
    """Return the beginning of a sentence about layers that are right; "" if there is none."""
    if not numbers:
        return ""
    layers = _layers(numbers)
    text = ngettext("{layers} agrees; ", "{layers} agree; ", len(numbers))
    return text.format(layers=layers[0].upper() + layers[1:])


def _short(value: float) -> str:
    """Return a number with two significant digits: "0.93", "3.1e-9"."""
    if value == 0 or value >= 1e-3:
        return f"{value:.2g}"
    digits, _e, power = f"{value:.1e}".partition("e")
    return f"{digits}e{int(power)}"
