"""Actions on bookmarks: add, rename, remove, and seek to the next or previous one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QMainWindow, QMenu

from bpviz.language import _
from bpviz.session.engine.events import Failed
from bpviz.session.time_travel.bookmarks import MOST_BOOKMARKS, Bookmark
from bpviz.session.training.position import Position, position_text
from bpviz.ui.timeline.bookmark_editor import BookmarkEditor
from bpviz.ui.timeline.timeline_track import TimelineTrack
from bpviz.ui.view_model.playhead import position_on_screen
from bpviz.ui.view_model.view_model import ViewModel


class BookmarkActions(QObject):
    """Runs the bookmark actions and owns the editor for bookmark names.

    Parameters
    ----------
    window : QMainWindow
        Parent of the editor and the context menu.
    model : ViewModel
    track : TimelineTrack
        The editor opens next to its handle.
    show_failure : callable
        Called with a `Failed` when a bookmark cannot be added.
    """

    def __init__(
        self, window: QMainWindow, model: ViewModel, track: TimelineTrack, show_failure: Callable[[Failed], None]
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._track, self._show_failure = window, model, track, show_failure
        self._position = Position()
        self._edited: Bookmark | None = None
        self.editor = BookmarkEditor(window)
        self.editor.named.connect(self._name)
        self.editor.removed.connect(self._remove)
        track.bookmark_menu_requested.connect(self.open_menu)
        model.experiment_prepared.connect(self.editor.close_)

    @Slot()
    def edit_current(self) -> None:
        """Open the editor for the current position: to add a bookmark, or to rename the one that is there."""
        here = position_on_screen(self._model)
        if here is None:
            return
        known = [each for each in self._model.time.bookmarks_here() if each.position == here]
        if not known and len(self._model.time.bookmarks) >= MOST_BOOKMARKS:
            self._show_failure(
                Failed(
                    _(
                        "There are {most_bookmarks:,} bookmarks, which is the limit. Remove one before you add another."
                    ).format(most_bookmarks=MOST_BOOKMARKS)
                )
            )
            return
        self._ask(here, known[0] if known else None, self._track.handle_x())

    def rename(self, bookmark: Bookmark) -> None:
        """Open the editor to rename a bookmark."""
        self._ask(bookmark.position, bookmark, self._track.scale.x(bookmark.position))

    def _ask(self, position: Position, edited: Bookmark | None, x: float) -> None:
        self.editor.close_()
        self._position, self._edited = position, edited
        at = self._track.mapTo(self._window, QPoint(round(x), 0))
        caption = _("Rename") if edited else _("Bookmark")
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
        """Seek to the first bookmark after the current position."""
        here = position_on_screen(self._model)
        later = [each.position for each in self._model.time.bookmarks_here() if here and each.position > here]
        if later:
            self._model.go_to(min(later))

    @Slot()
    def go_to_previous(self) -> None:
        """Seek to the last bookmark before the current position."""
        here = position_on_screen(self._model)
        earlier = [each.position for each in self._model.time.bookmarks_here() if here and each.position < here]
        if earlier:
            self._model.go_to(max(earlier))

    @Slot(object, QPoint)
    def open_menu(self, bookmark: Bookmark, at: QPoint) -> None:
        """Open the context menu of a bookmark."""
        menu = QMenu(self._window)
        menu.setObjectName("bookmark")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, do in (
            (_("&Go there"), lambda: self._model.go_to(bookmark.position)),
            (_("&Rename…"), lambda: self.rename(bookmark)),
            (_("Re&move"), lambda: self._model.time.remove_bookmark(bookmark)),
        ):
            menu.addAction(text).triggered.connect(do)
        menu.popup(at)
