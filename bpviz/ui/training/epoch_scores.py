"""The numbers of one epoch in words, as rich text in the colours of the curves."""

from __future__ import annotations

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.epochs import REGRESSION_COLUMNS, EpochTable
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.training.epoch_curves import has_losses


def scores(table: EpochTable, index: int, theme: Theme, experiment: Experiment, *, in_short: bool = False) -> str:
    """Return what is minimised, MSE and accuracy, or R² and mean absolute error, of an epoch."""
    _, mse_train, mse_test, *_ = table.row(index)
    fit = _fit_of(table, index, in_short) if table.is_regression else _accuracy_of(table, index, in_short)
    other = has_losses(experiment)
    squares = f"MSE {formats.mse(mse_train)} · <b>test {formats.mse(mse_test)}</b>"
    minimised = _coloured(_loss_of(table, index, experiment), theme.mse) + " &nbsp;" if other else ""
    colour = theme.muted if other else theme.mse
    return f"{minimised}{_coloured(squares, colour)} &nbsp;{_coloured(fit, theme.accuracy)}"


def _coloured(text: str, colour: str) -> str:
    return f'<span style="color:{colour}">{text}</span>'


def _loss_of(table: EpochTable, index: int, experiment: Experiment) -> str:
    train, test, penalty = (float(table.column(name)[index]) for name in ("loss_train", "loss_test", "penalty"))
    added = f" + penalty {formats.mse(penalty)}" if experiment.rule.has_penalty else ""
    return f"L {formats.mse(train)}{added} · <b>test {formats.mse(test)}</b>"


def _accuracy_of(table: EpochTable, index: int, in_short: bool) -> str:
    *_, accuracy_train, accuracy_test = table.row(index)
    head = "<b>test accuracy" if in_short else f"accuracy {formats.percent(accuracy_train)} · <b>test"
    return f"{head} {formats.percent(accuracy_test)}</b>"


def _fit_of(table: EpochTable, index: int, in_short: bool) -> str:
    r2_train, r2_test, mae_train, mae_test = (float(table.column(name)[index]) for name in REGRESSION_COLUMNS)
    if in_short:
        return f"<b>test R² {formats.r2(r2_test)}</b>"
    mae = f"MAE {formats.mse(mae_train)} · test {formats.mse(mae_test)}"
    return f"R² {formats.r2(r2_train)} · <b>test {formats.r2(r2_test)}</b> &nbsp;{mae}"
