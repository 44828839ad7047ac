"""The numbers of one epoch in words, as rich text in the colours of the curves."""

from __future__ import annotations

from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.epochs import REGRESSION_COLUMNS, EpochTable
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.training.epoch_curves import has_losses


def scores(table: EpochTable, index: int, theme: Theme, experiment: Experiment, *, in_short: bool = False) -> str:
    """Return what is minimised, MSE and accuracy, or R² and mean absolute error, of an epoch."""
    _epoch, mse_train, mse_test, *_scores = table.row(index)
    fit = _fit_of(table, index, in_short) if table.is_regression else _accuracy_of(table, index, in_short)
    other = has_losses(experiment)
    squares = _("MSE {train} · <b>test {test}</b>").format(train=formats.mse(mse_train), test=formats.mse(mse_test))
    minimised = _coloured(_loss_of(table, index, experiment), theme.mse) + " &nbsp;" if other else ""
    colour = theme.muted if other else theme.mse
    return " &nbsp;".join(
        (f"{minimised}{_coloured(squares, colour)}", *(_coloured(each, theme.accuracy) for each in fit))
    )


def _coloured(text: str, colour: str) -> str:
    """Return a text whose lines break at its dots alone: a name stays with its number."""
    unbroken = " · ".join(part.replace(" ", "&nbsp;") for part in text.split(" · "))
    return f'<span style="color:{colour}">{unbroken}</span>'


def _loss_of(table: EpochTable, index: int, experiment: Experiment) -> str:
    train, test, penalty = (float(table.column(name)[index]) for name in ("loss_train", "loss_test", "penalty"))
    added = _(" + penalty {mse}").format(mse=formats.mse(penalty)) if experiment.rule.has_penalty else ""
    return _("L {train}{added} · <b>test {test}</b>").format(
        train=formats.mse(train), added=added, test=formats.mse(test)
    )


def _accuracy_of(table: EpochTable, index: int, in_short: bool) -> tuple[str, ...]:
    *_losses, accuracy_train, accuracy_test = table.row(index)
    head = (
        _("<b>test accuracy")
        if in_short
        else _("accuracy {percent} · <b>test").format(percent=formats.percent(accuracy_train))
    )
    return (f"{head} {formats.percent(accuracy_test)}</b>",)


def _fit_of(table: EpochTable, index: int, in_short: bool) -> tuple[str, ...]:
    r2_train, r2_test, mae_train, mae_test = (float(table.column(name)[index]) for name in REGRESSION_COLUMNS)
    if in_short:
        return (_("<b>test R² {r2}</b>").format(r2=formats.r2(r2_test)),)
    fit = _("R² {train} · <b>test {test}</b>").format(train=formats.r2(r2_train), test=formats.r2(r2_test))
    return fit, _("MAE {train} · test {test}").format(train=formats.mse(mae_train), test=formats.mse(mae_test))
