"""What users do with bookmarks: make, rename and remove them, and go to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QMainWindow, QMenu

from bpviz.session.engine.events import Failed
from bpviz.session.time_travel.bookmarks import MOST_BOOKMARKS, Bookmark
from bpviz.session.training.position import Position, position_text
from bpviz.ui.timeline.bookmark_editor import BookmarkEditor
from bpviz.ui.timeline.timeline_track import TimelineTrack
from bpviz.ui.view_model.playhead import position_on_screen
from bpviz.ui.view_model.view_model import ViewModel


class BookmarkActions(QObject):
    """Gives the model the commands of bookmarks.

    Parameters
    ----------
    window : QMainWindow
        Over which names are written.
    model : ViewModel
    track : TimelineTrack
        Beside whose handle they are written.
    tell : callable
        Takes a `Failed`.
    """

    def __init__(
        self, window: QMainWindow, model: ViewModel, track: TimelineTrack, tell: Callable[[Failed], None]
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._track, self._tell = window, model, track, tell
        self._position = Position()
        self._edited: Bookmark | None = None
        self.editor = BookmarkEditor(window)
        self.editor.named.connect(self._name)
        self.editor.removed.connect(self._remove)
        track.bookmark_pointed.connect(self.open_menu)
        model.experiment_prepared.connect(self.editor.close_)

    @Slot()
    def begin(self) -> None:
        """Ask for the name of the moment on screen, or for another one where it has one."""
        here = position_on_screen(self._model)
        if here is None:
            return
        known = [each for each in self._model.time.bookmarks_here() if each.position == here]
        if not known and len(self._model.time.bookmarks) >= MOST_BOOKMARKS:
            self._tell(Failed(f"There are {MOST_BOOKMARKS:,} bookmarks already. Remove one before you make another."))
            return
        self._ask(here, known[0] if known else None, self._track.handle_x())

    def rename(self, bookmark: Bookmark) -> None:
        """Ask for another name of a bookmark."""
        self._ask(bookmark.position, bookmark, self._track.scale.x(bookmark.position))

    def _ask(self, position: Position, edited: Bookmark | None, x: float) -> None:
        self.editor.close_()
        self._position, self._edited = position, edited
        at = self._track.mapTo(self._window, QPoint(round(x), 0))
        caption = "Rename" if edited else "Bookmark"
        self.editor.ask(
            caption, edited.name if edited else "", position_text(position), at, removable=edited is not None
        )

    @Slot(str)
    def _name(self, name: str) -> None:
        name = name or position_text(self._position)
        if self._edited is None:
            self._model.time.add_bookmark(self._position, name)
        elif self._edited in self._model.time.bookmarks and name != self._edited.name:
            others = (each for each in self._model.time.bookmarks if each != self._edited)
            self._model.time.set_bookmarks((*others, dataclasses.replace(self._edited, name=name)))

    @Slot()
    def _remove(self) -> None:
        if self._edited is not None:
            self._model.time.remove_bookmark(self._edited)

    @Slot()
    def go_to_next(self) -> None:
        """Go to the first bookmark after the moment on screen."""
        here = position_on_screen(self._model)
        later = [each.position for each in self._model.time.bookmarks_here() if here and each.position > here]
        if later:
            self._model.travel(min(later))

    @Slot()
    def go_to_previous(self) -> None:
        """Go to the last bookmark before the moment on screen."""
        here = position_on_screen(self._model)
        earlier = [each.position for each in self._model.time.bookmarks_here() if here and each.position < here]
        if earlier:
            self._model.travel(max(earlier))

    @Slot(object, QPoint)
    def open_menu(self, bookmark: Bookmark, at: QPoint) -> None:
        """Offer what can be done with a bookmark."""
        menu = QMenu(self._window)
        menu.setObjectName("bookmark")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, do in (
            ("&Go there", lambda: self._model.travel(bookmark.position)),
            ("&Rename…", lambda: self.rename(bookmark)),
            ("Re&move", lambda: self._model.time.remove_bookmark(bookmark)),
        ):
            menu.addAction(text).triggered.connect(do)
        menu.popup(at)
