"""The dialog that asks for a handout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from bpviz.language import N_, _, ngettext
from bpviz.session.engine.commands import OpenSnapshot
from bpviz.session.files.session_data import SavedSession
from bpviz.session.handout.pages import Handout, bookmark_handout, check_file, lesson_handout, update_handout
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.training.position import Position, position_text
from bpviz.ui.handout.handout_maker import HandoutMaker, MakeDirector
from bpviz.ui.offscreen.making_dialog import MakingDialog
from bpviz.ui.offscreen.picture_maker import MakePanel
from bpviz.ui.offscreen.reach import reach_of
from bpviz.ui.offscreen.viewpoint import Viewpoint
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel

_KINDS = N_("PDF pages (*.pdf);;HTML pages (*.html)")
_NAME = "bpviz-handout.pdf"
_BOOKMARKS, _UPDATE = "bookmarks", "update"
#: Returns the lessons that can be printed, the one that is taken first.
Lessons = Callable[[], tuple[Lesson, ...]]


class HandoutDialog(MakingDialog):
    """Asks for what a handout is of, and makes it.

    Parameters
    ----------
    parent : QWidget
    model : ViewModel
    titles : dict of str to str
        Keys of the panels, and their titles.
    make_panel, make_director : callable
        As of `HandoutMaker`.
    lessons : callable
    """

    def __init__(
        self,
        parent: QWidget,
        model: ViewModel,
        titles: dict[str, str],
        make_panel: MakePanel,
        make_director: MakeDirector,
        lessons: Lessons,
    ) -> None:
        self.what, form = QComboBox(), QWidget()
        self.what.setAccessibleName(_("Handout of"))
        row = QHBoxLayout(form)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        label = QLabel(_("&Handout of"))
        label.setBuddy(self.what)
        row.addWidget(label)
        row.addWidget(self.what, 1)
        super().__init__(parent, model, _("Handout"), form, _NAME, _(_KINDS))
        self._titles, self._make_panel, self._make_director, self._lessons = titles, make_panel, make_director, lessons
        self.what.activated.connect(self.describe)

    def renew(self) -> None:
        """Offer what there is; a lesson may have come since the last time."""
        chosen = self.what.currentText()
        self.what.clear()
        self.what.addItem(_("The bookmarks"), _BOOKMARKS)
        self.what.addItem(_("The operations of the update on screen"), _UPDATE)
        for lesson in self._lessons():
            self.what.addItem(_("Lesson: {title}").format(title=lesson.title), lesson)
        self.what.setCurrentIndex(max(self.what.findText(chosen), 0))

    def description(self) -> str:
        """Return how many pages there would be; raises a ValueError if there can be none."""
        handout = self._handout()
        count = len(handout.pages)
        text = ngettext("{count} page: {title}", "{count:,} pages: {title}", count)
        return text.format(count=count, title=handout.title)

    def check(self, path: Path) -> None:
        """Check that the handout can be made in a file; raises a ValueError or an ExportError if not."""
        self._handout()
        check_file(path)

    def begin(self, path: Path, session: SavedSession) -> HandoutMaker:
        """Return a maker that has been started."""
        is_lesson = isinstance(self.what.currentData(), Lesson)
        maker = HandoutMaker(self._handout(), path, self._titles, self._make_panel, self._make_director, self)
        viewpoint = (Viewpoint.on_another if is_lesson else Viewpoint.of)(self._model)
        maker.start(None if is_lesson else OpenSnapshot(session), viewpoint)
        return maker

    def _handout(self) -> Handout:
        what = self.what.currentData()
        if isinstance(what, Lesson):
            return lesson_handout(what)
        name = self._model.experiment.dataset.capitalize()
        return self._of_bookmarks(name) if what == _BOOKMARKS else self._of_update(name)

    def _of_bookmarks(self, name: str) -> Handout:
        if not self._model.time.bookmarks:
            raise ValueError(_("there are no bookmarks yet: Ctrl+B sets one at the position on screen"))
        return bookmark_handout(name, self._model.time.bookmarks)

    def _of_update(self, name: str) -> Handout:
        reach, here = reach_of(self._model), self._model.position or Position()
        begin = Position(here.epoch, here.sample)
        # The last operation of the update at the live end would be training.
        count = reach.n_operations - (begin >= Position(reach.furthest.epoch, reach.furthest.sample))
        return update_handout(_("{name}, {place}").format(name=name, place=position_text(begin)), begin, count)
