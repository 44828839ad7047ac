"""The findings of a plateau report in words, each with the panel that shows it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bpviz.session.diagnostics.number_words import number, per_cent
from bpviz.session.diagnostics.plateau import LayerState, PlateauReport

# Over the last epochs, a change below this part of the loss counts as none.
_STILL = 0.02
# A layer whose outputs differ by less than this part of their size hardly tells samples apart.
_HARDLY = 0.02
# The part of the variance above which the samples lie on a line.
_LINE = 0.99
_MOSTLY_SATURATED, _MOSTLY_CANCELLED = 0.5, 0.8
_AS_GOOD_AS_CONSTANT = 0.98


@dataclass(frozen=True)
class Finding:
    """A sentence with its numbers.

    Attributes
    ----------
    sentence : str
    panel : str
        The key of the panel that shows it.
    is_cause : bool
        Whether it is one of the reasons why the loss stands still, if it does.
    """

    sentence: str
    panel: str
    is_cause: bool = False


def findings(report: PlateauReport) -> tuple[Finding, ...]:
    """Return what was found, from the loss down to the gradients."""
    return (
        Finding(_loss(report), "curves"),
        _answers(report),
        _differences(report),
        *([_rank(report)] if len(report.layers) > 1 else []),
        _slopes(report),
        Finding(f"{_first_upper(report.flow.sentence())}.", "deltas"),
        _cancelling(report),
    )


def summary(report: PlateauReport) -> str:
    """Return one sentence: whether the loss stands still and, if it does, the reasons."""
    if math.isnan(report.change):
        return "How the loss changes cannot be told before two epochs are complete."
    if not stands_still(report):
        return f"The loss does not stand still: {_change(report)} over the last {_window(report)} epochs."
    causes = _causes(report)
    reasons = f", because {_listed(causes)}" if causes else "; none of the usual reasons holds"
    return f"The loss stands still ({_change(report)} over the last {_window(report)} epochs){reasons}."


def stands_still(report: PlateauReport) -> bool:
    """Return whether the training MSE has hardly changed over the last epochs."""
    return abs(report.change) < _STILL


def _causes(report: PlateauReport) -> list[str]:
    """Return the reasons in short, the first ones being those that explain the others."""
    causes = []
    if alike := _alike(report):
        causes.append(f"the outputs of {_layers(report, alike)} hardly differ between samples")
    elif lines := _lines(report):
        causes.append(f"in {_layers(report, lines)} the samples differ along one direction only")
    if flat := _flat(report):
        causes.append(f"{_layers(report, flat)} {_verb(flat, 'is', 'are')} saturated")
    if cancelled := _cancelled(report):
        shares = [state.cancelled for state in cancelled]
        causes.append(f"{_range(shares)} of the samples' gradients cancel in {_layers(report, cancelled)}")
    return causes


# The loss


def _loss(report: PlateauReport) -> str:
    if math.isnan(report.change):
        return "Fewer than two epochs are complete, so that the loss has no change yet."
    return (
        f"From epoch {report.first_epoch:,} to {report.last_epoch:,} the training MSE went from "
        f"{report.mse_before:.6f} to {report.mse_after:.6f}, which is {_change(report)}: "
        f"{'it stands still' if stands_still(report) else 'it does not stand still'}."
    )


def _change(report: PlateauReport) -> str:
    size = number(100 * abs(report.change), 2)
    return f"{size} % {'more' if report.change > 0 else 'less'}" if report.change else "no change"


def _window(report: PlateauReport) -> str:
    return f"{report.last_epoch - report.first_epoch:,}"


def _answers(report: PlateauReport) -> Finding:
    constant = f"answering the same for every sample gives {number(report.mse_of_constant, 4)} at best"
    rights = f"{per_cent(report.accuracy)} of the samples are classified rightly"
    if report.mse > _AS_GOOD_AS_CONSTANT * report.mse_of_constant:
        return Finding(f"The MSE {number(report.mse, 4)} is no better than a constant: {constant}.", "surface", True)
    return Finding(f"{_first_upper(rights)}, with an MSE of {number(report.mse, 4)}; {constant}.", "surface")


# What tells the samples apart


def _alike(report: PlateauReport) -> list[LayerState]:
    return [state for state in report.layers if state.difference < _HARDLY]


def _differences(report: PlateauReport) -> Finding:
    each = _each(report.layers, lambda state: per_cent(state.difference))
    if alike := _alike(report):
        what = f"The outputs of {_layers(report, alike)} hardly differ between the samples"
        return Finding(f"{what} (deviation from the mean over size: {each}).", "hidden_space", True)
    return Finding(f"The outputs of every layer differ between the samples: by {each} of their size.", "hidden_space")


def _lines(report: PlateauReport) -> list[LayerState]:
    return [state for state in report.layers[:-1] if state.n_neurons > 1 and state.main_share > _LINE]


def _rank(report: PlateauReport) -> Finding:
    ranks = _each(report.layers[:-1], lambda state: f"{number(state.rank)} of {state.n_neurons}")
    shares = _each(report.layers[:-1], lambda state: per_cent_below_all(state.main_share))
    numbers = f"effective rank: {ranks}; share of the first direction: {shares}"
    if lines := _lines(report):
        what = f"In {_layers(report, lines)} the samples differ along one direction only, as points on a line do"
        return Finding(f"{what} ({numbers}).", "hidden_space", True)
    return Finding(f"The hidden space has more than one direction ({numbers}).", "hidden_space")


def per_cent_below_all(share: float) -> str:
    """Return a fraction in per cent, with enough digits not to say 100 % of what is less than all."""
    if not 0.99 <= share < 1:
        return per_cent(share)
    digits = min(max(-math.floor(math.log10(1 - share)) - 2, 1), 6)
    return f"{100 * (math.floor(share * 10 ** (digits + 2)) / 10 ** (digits + 2)):.{digits}f} %"


# Slopes and gradients


def _flat(report: PlateauReport) -> list[LayerState]:
    return [state for state in report.layers if state.saturated > _MOSTLY_SATURATED]


def _slopes(report: PlateauReport) -> Finding:
    means = _each(report.layers, lambda state: f"{number(state.slope)} of at most {number(state.steepest)}")
    saturated = _each(report.layers, lambda state: per_cent(state.saturated))
    numbers = f"mean slope: {means}; below a tenth of the steepest: {saturated} of the slopes"
    if flat := _flat(report):
        return Finding(
            f"{_first_upper(_layers(report, flat))} {_verb(flat, 'is', 'are')} saturated ({numbers}).", "network", True
        )
    return Finding(f"No layer is saturated for most samples ({numbers}).", "network")


def _cancelled(report: PlateauReport) -> list[LayerState]:
    return [state for state in report.layers if state.cancelled > _MOSTLY_CANCELLED]


def _cancelling(report: PlateauReport) -> Finding:
    each = _each(report.layers, lambda state: per_cent_below_all(state.cancelled))
    numbers = f"of the sizes of the samples' gradients of W cancel in their sum over an epoch: {each}"
    if _cancelled(report):
        return Finding(f"One sample pulls the weights up where another pulls them down: {numbers}.", "weights", True)
    return Finding(f"The samples pull the weights the same way enough to move them: {numbers}.", "weights")


# Lists


def _each(layers: Sequence[LayerState], words: Callable[[LayerState], str]) -> str:
    """Return a value of each layer, with its number: "22 % in layer 1, 3 % in layer 2"."""
    return ", ".join(f"{words(state)} in layer {state.layer}" for state in layers)


def _layers(report: PlateauReport, chosen: Sequence[LayerState]) -> str:
    if len(chosen) == len(report.layers) > 1:
        return "all layers"
    return f"{_verb(chosen, 'layer', 'layers')} {_listed([str(state.layer) for state in chosen])}"


def _verb(layers: Sequence[LayerState], one: str, many: str) -> str:
    return one if len(layers) == 1 else many


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _range(shares: list[float]) -> str:
    low, high = per_cent_below_all(min(shares)), per_cent_below_all(max(shares))
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]
