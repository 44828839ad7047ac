"""The findings of a plateau report in words, each with the panel that shows it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bpviz.language import _, ngettext
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
        Finding(_("{clause}.").format(clause=_first_upper(report.flow.sentence())), "deltas"),
        _cancelling(report),
    )


def summary(report: PlateauReport) -> str:
    """Return one sentence: whether the loss stands still and, if it does, the reasons."""
    if math.isnan(report.change):
        return _("How the loss changes cannot be told before two epochs are complete.")
    if not stands_still(report):
        return _("The loss does not stand still: {change} over the last {window} epochs.").format(
            change=_change(report), window=_window(report)
        )
    causes = _causes(report)
    reasons = (
        _(", because {listed}").format(listed=_listed(causes)) if causes else _("; none of the usual reasons holds")
    )
    return _("The loss stands still ({change} over the last {window} epochs){reasons}.").format(
        change=_change(report), window=_window(report), reasons=reasons
    )


def stands_still(report: PlateauReport) -> bool:
    """Return whether the training MSE has hardly changed over the last epochs."""
    return abs(report.change) < _STILL


def _causes(report: PlateauReport) -> list[str]:
    """Return the reasons in short, the first ones being those that explain the others."""
    causes = []
    if alike := _alike(report):
        causes.append(_("the outputs of {layers} hardly differ between samples").format(layers=_layers(report, alike)))
    elif lines := _lines(report):
        causes.append(
            _("in {layers} the samples differ along one direction only").format(layers=_layers(report, lines))
        )
    if flat := _flat(report):
        causes.append(_are_saturated(report, flat))
    if cancelled := _cancelled(report):
        shares = [state.cancelled for state in cancelled]
        causes.append(
            _("{share} of the samples' gradients cancel in {layers}").format(
                share=_range(shares), layers=_layers(report, cancelled)
            )
        )
    return causes


# The loss


def _loss(report: PlateauReport) -> str:
    if math.isnan(report.change):
        return _("Fewer than two epochs are complete, so that the loss has no change yet.")
    return _(
        "From epoch {first_epoch:,} to {last_epoch:,} the training MSE went from {mse_before:.6f} to {mse_after:.6f}, "
        "which is {change}: {verdict}."
    ).format(
        first_epoch=report.first_epoch,
        last_epoch=report.last_epoch,
        mse_before=report.mse_before,
        mse_after=report.mse_after,
        change=_change(report),
        verdict=_("it stands still") if stands_still(report) else _("it does not stand still"),
    )


def _change(report: PlateauReport) -> str:
    if not report.change:
        return _("no change")
    text = _("{size} % more") if report.change > 0 else _("{size} % less")
    return text.format(size=number(100 * abs(report.change), 2))


def _window(report: PlateauReport) -> str:
    return f"{report.last_epoch - report.first_epoch:,}"


def _answers(report: PlateauReport) -> Finding:
    constant = _("answering the same for every sample gives {mse_of_constant} at best").format(
        mse_of_constant=number(report.mse_of_constant, 4)
    )
    rights = _("{accuracy} of the samples are classified rightly").format(accuracy=per_cent(report.accuracy))
    if report.mse > _AS_GOOD_AS_CONSTANT * report.mse_of_constant:
        return Finding(
            _("The MSE {mse} is no better than a constant: {constant}.").format(
                mse=number(report.mse, 4), constant=constant
            ),
            "surface",
            True,
        )
    return Finding(
        _("{rights}, with an MSE of {mse}; {constant}.").format(
            rights=_first_upper(rights), mse=number(report.mse, 4), constant=constant
        ),
        "surface",
    )


# What tells the samples apart


def _alike(report: PlateauReport) -> list[LayerState]:
    return [state for state in report.layers if state.difference < _HARDLY]


def _differences(report: PlateauReport) -> Finding:
    each = _each(report.layers, lambda state: per_cent(state.difference))
    if alike := _alike(report):
        what = _("The outputs of {layers} hardly differ between the samples").format(layers=_layers(report, alike))
        return Finding(
            _("{what} (deviation from the mean over size: {each}).").format(what=what, each=each), "hidden_space", True
        )
    return Finding(
        _("The outputs of every layer differ between the samples: by {each} of their size.").format(each=each),
        "hidden_space",
    )


def _lines(report: PlateauReport) -> list[LayerState]:
    return [state for state in report.layers[:-1] if state.n_neurons > 1 and state.main_share > _LINE]


def _rank(report: PlateauReport) -> Finding:
    ranks = _each(
        report.layers[:-1],
        lambda state: _("{rank} of {n_neurons}").format(rank=number(state.rank), n_neurons=state.n_neurons),
    )
    shares = _each(report.layers[:-1], lambda state: per_cent_below_all(state.main_share))
    numbers = _("effective rank: {ranks}; share of the first direction: {shares}").format(ranks=ranks, shares=shares)
    if lines := _lines(report):
        what = _("In {layers} the samples differ along one direction only, as points on a line do").format(
            layers=_layers(report, lines)
        )
        return Finding(f"{what} ({numbers}).", "hidden_space", True)
    return Finding(
        _("The hidden space has more than one direction ({numbers}).").format(numbers=numbers), "hidden_space"
    )


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
    means = _each(
        report.layers,
        lambda state: _("{slope} of at most {steepest}").format(
            slope=number(state.slope), steepest=number(state.steepest)
        ),
    )
    saturated = _each(report.layers, lambda state: per_cent(state.saturated))
    numbers = _("mean slope: {means}; below a tenth of the steepest: {saturated} of the slopes").format(
        means=means, saturated=saturated
    )
    if flat := _flat(report):
        return Finding(f"{_first_upper(_are_saturated(report, flat))} ({numbers}).", "network", True)
    return Finding(_("No layer is saturated for most samples ({numbers}).").format(numbers=numbers), "network")


def _cancelled(report: PlateauReport) -> list[LayerState]:
    return [state for state in report.layers if state.cancelled > _MOSTLY_CANCELLED]


def _cancelling(report: PlateauReport) -> Finding:
    each = _each(report.layers, lambda state: per_cent_below_all(state.cancelled))
    numbers = _("of the sizes of the samples' gradients of W cancel in their sum over an epoch: {each}").format(
        each=each
    )
    if _cancelled(report):
        return Finding(
            _("One sample pulls the weights up where another pulls them down: {numbers}.").format(numbers=numbers),
            "weights",
            True,
        )
    return Finding(
        _("The samples pull the weights the same way enough to move them: {numbers}.").format(numbers=numbers),
        "weights",
    )


# Lists


def _each(layers: Sequence[LayerState], words: Callable[[LayerState], str]) -> str:
    """Return a value of each layer, with its number: "22 % in layer 1, 3 % in layer 2"."""
    text = _("{value} in layer {layer}")
    return _(", ").join(text.format(value=words(state), layer=state.layer) for state in layers)


def _layers(report: PlateauReport, chosen: Sequence[LayerState]) -> str:
    if len(chosen) == len(report.layers) > 1:
        return _("all layers")
    numbers = _listed([str(state.layer) for state in chosen])
    return ngettext("layer {numbers}", "layers {numbers}", len(chosen)).format(numbers=numbers)


def _are_saturated(report: PlateauReport, chosen: Sequence[LayerState]) -> str:
    text = ngettext("{layers} is saturated", "{layers} are saturated", len(chosen))
    return text.format(layers=_layers(report, chosen))


def _listed(words: list[str]) -> str:
    return _(" and ").join(filter(None, (_(", ").join(words[:-1]), words[-1])))


def _range(shares: list[float]) -> str:
    low, high = per_cent_below_all(min(shares)), per_cent_below_all(max(shares))
    return low if low == high else _("{low} to {high}").format(low=low.removesuffix(" %"), high=high)


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]
