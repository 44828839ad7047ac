"""The line below the panels of a film."""

from __future__ import annotations

from html import escape

from bpviz.language import _
from bpviz.session.training.position import position_text
from bpviz.session.walkthrough.captions import caption
from bpviz.ui.offscreen.scores import scores_text
from bpviz.ui.view_model.view_model import ViewModel


def film_caption(model: ViewModel, level: str) -> str:
    """Return where a picture is and how well the network does there, or which operation it shows, as rich text."""
    if level == "operation":
        return _of_operation(model)
    assert model.position is not None
    place = position_text(model.position)
    place = place[:1].upper() + place[1:]
    return "<b>{place}</b>&nbsp;&nbsp;{scores}".format(place=place, scores=escape(scores_text(model)))


def _of_operation(model: ViewModel) -> str:
    update = model.conventions.update(model.current_update)
    assert update is not None
    place = _("Operation {index} of {count}").format(index=update.index, count=len(update.operations))
    return "<b>{place}</b>&nbsp;&nbsp;{sentence}".format(place=place, sentence=escape(caption(update, model.row)))
