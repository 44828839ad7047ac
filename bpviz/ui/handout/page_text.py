"""What is written on a page of a handout and known only when its position is on screen."""

from __future__ import annotations

from html import escape

from bpviz.language import _
from bpviz.session.handout.pages import Page
from bpviz.session.training.position import position_text
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.formula import formula
from bpviz.ui.offscreen.scores import scores_text
from bpviz.ui.view_model.view_model import ViewModel


def heading_of(page: Page, model: ViewModel) -> str:
    """Return the heading: the page's own, or which operation it shows."""
    update = model.conventions.update(model.current_update)
    if page.heading or update is None or update.operation is None:
        return page.heading
    name = update.conventions.worded(update.operation.name)
    return _("Operation {index} of {count}: {name}").format(index=update.index, count=len(update.operations), name=name)


def paragraphs_of(page: Page, model: ViewModel) -> tuple[str, ...]:
    """Return the paragraphs as rich text: those of the page, else the operation with its numbers, or the scores."""
    if page.scene is not None:
        return page.paragraphs
    assert model.position is not None
    update, place = model.conventions.update(model.current_update), position_text(model.position)
    if page.position.operation and update is not None:
        layer = update.operation.layer if update.operation else 0
        chosen = model.selection
        neuron = chosen.neuron if chosen.layer == layer and chosen.neuron is not None else 0
        numbers = formula(update, model.row, neuron).numbers
        where = "" if not page.heading else place[:1].upper() + place[1:]
        return (*filter(None, (escape(where),)), escape(caption(update, model.row)), "<br>".join(numbers))
    return (f"{place[:1].upper()}{place[1:]} · {escape(scores_text(model))}",)


def description_of(panels: tuple[str, ...], titles: dict[str, str]) -> str:
    """Return what a picture shows, for those who do not see it."""
    return _("Panels: {panels}").format(panels=", ".join(titles.get(key, key) for key in panels))
