"""The line below the panels of a film."""

from __future__ import annotations

from html import escape

from bpviz.session.training.epochs import REGRESSION_COLUMNS
from bpviz.session.training.position import position_text
from bpviz.session.walkthrough.captions import caption
from bpviz.ui.style import formats
from bpviz.ui.view_model.playhead import row_on_screen
from bpviz.ui.view_model.view_model import ViewModel


def film_caption(model: ViewModel, level: str) -> str:
    """Return where a picture is and how well the network does there, or which operation it shows, as rich text."""
    if level == "operation":
        return _of_operation(model)
    assert model.position is not None
    place = position_text(model.position)
    return "<b>{place}</b>&nbsp;&nbsp;{scores}".format(place=_capitalized(place), scores=escape(_scores(model)))


def _of_operation(model: ViewModel) -> str:
    update = model.current_update
    assert update is not None
    place = "Operation {index} of {count}".format(index=update.index, count=len(update.operations))
    return "<b>{place}</b>&nbsp;&nbsp;{sentence}".format(place=place, sentence=escape(caption(update, model.row)))


def _scores(model: ViewModel) -> str:
    """Return the scores after the last complete epoch; none before the first."""
    row, table = row_on_screen(model), model.epochs
    if row < 0:
        return "before training"
    _, mse_train, mse_test, _, accuracy_test = table.row(row)
    losses = formats.mse(mse_train), formats.mse(mse_test)
    if table.is_regression:
        r2 = float(table.column(REGRESSION_COLUMNS[1])[row])
        return "MSE {} · test {} · test R² {}".format(*losses, formats.r2(r2))
    return "MSE {} · test {} · test accuracy {}".format(*losses, formats.percent(accuracy_test))


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
