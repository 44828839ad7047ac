"""The part of the view model that holds branches and bookmarks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.session.engine.commands import Command, SetBookmarks, SetLesson, SetTrainOn
from bpviz.session.engine.events import SessionKept, SessionSaved, SnapshotTaken
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.timeline import Timeline
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.position import Position


class TimeTravelModel(QObject):
    """Holds timeline, compared records and bookmarks, and emits a signal when they change.

    Attributes
    ----------
    timeline : Timeline or None
        None until there is a network.
    compared : EpochTable or None
        The records of the branch that is compared; None if none is.
    bookmarks : tuple of Bookmark
        In the order of time.
    lesson : Lesson or None
        The lesson that is kept in the session's file.
    trains_on : bool
        Whether the live end continues to train while the past is on screen.
    """

    timeline_changed = Signal()
    compared_changed = Signal()
    bookmarks_changed = Signal()
    lesson_changed = Signal()
    saved = Signal(object)
    kept = Signal(object)
    opened = Signal()
    snapshot_taken = Signal(object)

    def __init__(self, post: Callable[[Command], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._post = post
        self.timeline: Timeline | None = None
        self.compared: EpochTable | None = None
        self.bookmarks: tuple[Bookmark, ...] = ()
        self.lesson: Lesson | None = None
        self.trains_on = False

    # What the user does

    @Slot(bool)
    def set_trains_on(self, on: bool) -> None:
        """Set whether the live end continues to train while the past is on screen."""
        self.trains_on = on
        self._post(SetTrainOn(on))

    def add_bookmark(self, position: Position, name: str) -> None:
        """Bookmark a position of the active branch; it replaces a bookmark there."""
        if self.timeline is None:
            return
        made = Bookmark(position, name, self.timeline.active)
        others = [each for each in self.bookmarks if (each.position, each.branch) != (made.position, made.branch)]
        self.set_bookmarks((*others, made))

    def remove_bookmark(self, bookmark: Bookmark) -> None:
        """Remove a bookmark."""
        self.set_bookmarks(tuple(each for each in self.bookmarks if each != bookmark))

    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None:
        """Replace all bookmarks."""
        self.bookmarks = tuple(sorted(bookmarks))
        self._post(SetBookmarks(self.bookmarks))
        self.bookmarks_changed.emit()

    def set_lesson(self, lesson: Lesson | None) -> None:
        """Replace the lesson that is kept in the session's file."""
        if lesson != self.lesson:
            self.lesson = lesson
            self._post(SetLesson(lesson))
            self.lesson_changed.emit()

    # State

    def bookmarks_here(self) -> tuple[Bookmark, ...]:
        """Return the bookmarks of the active branch and, before the forks, of the branches that it came from."""
        ends: dict[int, Position | None] = {}
        end: Position | None = None
        branch = self.timeline.branch(self.timeline.active) if self.timeline else None
        while self.timeline and branch:
            ends[branch.number] = end
            end = min(branch.forked_at, end) if end else branch.forked_at
            branch = self.timeline.branch(branch.parent)
        return tuple(
            each for each in self.bookmarks if each.branch in ends and _holds(ends[each.branch], each.position)
        )

    # Events of the session

    def take(self, event: object) -> bool:
        """Take a new timeline, or emit the signal of another event; return whether it was one of these."""
        match event:
            case Timeline():
                self.timeline = event
                self.timeline_changed.emit()
            case SessionSaved():
                self.saved.emit(event)
            case SessionKept():
                self.kept.emit(event)
            case SnapshotTaken():
                self.snapshot_taken.emit(event.session)
            case _:
                return False
        return True

    def begin(self) -> None:
        """Clear everything, since a new session starts."""
        self.timeline = self.compared = None
        self.set_bookmarks(())
        self.set_lesson(None)
        self.timeline_changed.emit()
        self.compared_changed.emit()

    def take_compared(self, table: EpochTable | None) -> None:
        """Replace the records of the branch that is compared."""
        self.compared = table
        self.compared_changed.emit()

    def add_compared(self, records: tuple[EpochRecord, ...]) -> None:
        """Append records of the branch that is compared; `ViewModel.epochs_added` announces them."""
        if self.compared is not None:
            self.compared.extend(records)


def _holds(end: Position | None, position: Position) -> bool:
    return end is None or position <= end
