"""The stops of a training: its bookmarks, or else one step of the level that was chosen."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.language import _
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import position_text
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.presentation.stop import Stop
from bpviz.ui.style import formats
from bpviz.ui.view_model.playhead import position_on_screen, row_on_screen, shown_update, update_on_screen
from bpviz.ui.view_model.view_model import ViewModel


class TrainingStops:
    """Goes through bookmarks where there are any, else through the training by `level`.

    Parameters
    ----------
    model : ViewModel
    level : callable
        Returns the level of a step that the user has chosen.
    """

    def __init__(self, model: ViewModel, level: Callable[[], str]) -> None:
        self._model, self._level = model, level

    def now(self) -> Stop:
        """Return the present stop."""
        here, update = position_on_screen(self._model), shown_update(self._model)
        if here is None:
            return Stop(_("Preparing the samples…"))
        marked = next((each for each in self._bookmarks() if each.position == here), None)
        if update is not None and update.index:
            heading, text = _operation_text(update.operation), caption(update, self._model.row)
        else:
            heading = _("Training") if self._model.is_running else _first_large(position_text(here))
            text = " ".join(filter(None, (self._scores(), caption(update, self._model.row) if update else "")))
        return Stop(marked.name if marked else heading, text, count=self._count(marked, update))

    def coming(self) -> Stop | None:
        """Return the next stop; None if that is not known, or there is none."""
        if self._bookmarks():
            later = self._later()
            return Stop(later.name, _first_large(position_text(later.position))) if later else None
        update, level = update_on_screen(self._model), self._level()
        if update is None or level != "operation" or update.index >= len(update.operations):
            return Stop(_("One step"), _("Level of the step: {level}").format(level=_(level)))
        return Stop(_operation_text(update.operations[update.index]))

    def forward(self) -> bool:
        """Go to the next stop; return whether there was one."""
        if self._bookmarks():
            return self._go_to(self._later())
        self._model.step(self._level(), 1)
        return True

    def back(self) -> bool:
        """Go to the stop before; return whether there was one."""
        if self._bookmarks():
            return self._go_to(self._earlier())
        self._model.step(self._level(), -1)
        return True

    def _bookmarks(self) -> list[Bookmark]:
        return sorted(self._model.time.bookmarks_here())

    def _later(self) -> Bookmark | None:
        here = position_on_screen(self._model)
        return next((each for each in self._bookmarks() if here and each.position > here), None)

    def _earlier(self) -> Bookmark | None:
        here = position_on_screen(self._model)
        return next((each for each in reversed(self._bookmarks()) if here and each.position < here), None)

    def _go_to(self, bookmark: Bookmark | None) -> bool:
        if bookmark is not None:
            self._model.go_to(bookmark.position)
        return bookmark is not None

    def _count(self, marked: Bookmark | None, update: TracedUpdate | None) -> str:
        if marked:
            bookmarks = self._bookmarks()
            return _("{number} of {all}").format(number=bookmarks.index(marked) + 1, all=len(bookmarks))
        if update and update.index:
            return _("operation {number} of {all}").format(number=update.index, all=len(update.operations))
        return ""

    def _scores(self) -> str:
        row, epochs = row_on_screen(self._model), self._model.epochs
        if row < 0:
            return _("The network is untrained.")
        _epoch, train, test, accuracy_train, accuracy_test = epochs.row(row)
        losses = _("MSE: {train} in training, {test} in the test.").format(
            train=formats.mse(train), test=formats.mse(test)
        )
        if epochs.is_regression:
            return losses
        shares = _("Accuracy: {train} in training, {test} in the test.").format(
            train=formats.percent(accuracy_train), test=formats.percent(accuracy_test)
        )
        return f"{losses} {shares}"


def _operation_text(operation: Operation | None) -> str:
    if operation is None:
        return ""
    if operation.quantity == "loss":
        return _("Loss")
    return _("{quantity} of layer {layer}").format(quantity=operation.quantity, layer=operation.layer)


def _first_large(text: str) -> str:
    return text[:1].upper() + text[1:]
