"""How well the network does at the position on screen, as plain text."""

from __future__ import annotations

from bpviz.language import _
from bpviz.session.training.epochs import REGRESSION_COLUMNS
from bpviz.ui.style import formats
from bpviz.ui.view_model.playhead import row_on_screen
from bpviz.ui.view_model.view_model import ViewModel


def scores_text(model: ViewModel) -> str:
    """Return the scores after the last complete epoch."""
    row, table = row_on_screen(model), model.epochs
    if row < 0:
        return _("before training")
    _epoch, mse_train, mse_test, _train, accuracy_test = table.row(row)
    losses = formats.mse(mse_train), formats.mse(mse_test)
    if table.is_regression:
        r2 = float(table.column(REGRESSION_COLUMNS[1])[row])
        return _("MSE {} · test {} · test R² {}").format(*losses, formats.r2(r2))
    return _("MSE {} · test {} · test accuracy {}").format(*losses, formats.percent(accuracy_test))
