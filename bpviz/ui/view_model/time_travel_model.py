"""What panels know of time: the branches, bookmarks, and the way to any moment; a part of the view model."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.timeline import Timeline
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.position import Position
from bpviz.ui.view_model.session_api import TimeCommands


class TimeTravelModel(QObject):
    """Holds the timeline and tells panels when it changes.

    Attributes
    ----------
    timeline : Timeline or None
        None until there is a network.
    compared : EpochTable or None
        Every epoch of the branch that is compared; None while none is.
    bookmarks : tuple of Bookmark
        In the order of time.
    trains_on : bool
        Whether the live end should train on while one looks at the past.
    """

    timeline_changed = Signal()
    compared_changed = Signal()
    bookmarks_changed = Signal()
    saved = Signal(object)

    def __init__(self, commands: TimeCommands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self.timeline: Timeline | None = None
        self.compared: EpochTable | None = None
        self.bookmarks: tuple[Bookmark, ...] = ()
        self.trains_on = False

    # What users do

    @Slot(bool)
    def set_trains_on(self, on: bool) -> None:
        """Say whether the live end should train on while one looks at the past."""
        self.trains_on = on
        self._commands.set_trains_on(on)

    @Slot()
    def undo(self) -> None:
        """Take back the last change that was made by hand."""
        self._commands.undo()

    @Slot()
    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._commands.redo()

    @Slot()
    def fork(self) -> None:
        """Begin a branch at the moment on screen, and let both go on side by side."""
        self._commands.fork()

    def show_branch(self, number: int) -> None:
        """Bring a branch to the screen."""
        self._commands.show_branch(number)

    def compare(self, number: int | None) -> None:
        """Let another branch go beside the active one; None ends that."""
        self._commands.compare(number)

    def rename_branch(self, number: int, name: str) -> None:
        """Give a branch another name."""
        self._commands.rename_branch(number, name)

    def delete_branch(self, number: int) -> None:
        """Forget a branch and all that came to pass on it alone."""
        self._commands.delete_branch(number)

    def load_beside(self, experiment: Experiment, name: str) -> None:
        """Begin a branch with another experiment on the same samples, and compare it with the active one."""
        self._commands.load_beside(experiment, name)

    def add_bookmark(self, position: Position, name: str) -> None:
        """Give a moment of the active branch a name, in place of one that it has."""
        if self.timeline is None:
            return
        made = Bookmark(position, name, self.timeline.active)
        others = [each for each in self.bookmarks if (each.position, each.branch) != (made.position, made.branch)]
        self.set_bookmarks((*others, made))

    def remove_bookmark(self, bookmark: Bookmark) -> None:
        """Forget a name of a moment."""
        self.set_bookmarks(tuple(each for each in self.bookmarks if each != bookmark))

    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None:
        """Have these from now on."""
        self.bookmarks = tuple(sorted(bookmarks))
        self._commands.set_bookmarks(self.bookmarks)
        self.bookmarks_changed.emit()

    def save(self, path: Path) -> None:
        """Write the session to a file; `saved` tells when that is done."""
        self._commands.save(path)

    def open(self, path: Path) -> None:
        """Go on with the session in a file; the present one stays if that cannot be read."""
        self._commands.open(path)

    def set_autosave(self, folder: Path | None) -> None:
        """Keep a copy of the session in a folder while it goes on, for the case of a crash; None keeps none."""
        self._commands.set_autosave(folder)

    # What is

    def bookmarks_here(self) -> tuple[Bookmark, ...]:
        """Return the bookmarks on the active branch and on what it was forked from, before the fork."""
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

    # What the session tells

    def begin(self) -> None:
        """Begin with a new session."""
        self.timeline = self.compared = None
        self.set_bookmarks(())
        self.timeline_changed.emit()
        self.compared_changed.emit()

    def take_timeline(self, timeline: Timeline) -> None:
        """Take another state of the branches."""
        self.timeline = timeline
        self.timeline_changed.emit()

    def take_compared(self, table: EpochTable | None) -> None:
        """Take all records of the branch that is compared."""
        self.compared = table
        self.compared_changed.emit()

    def add_compared(self, records: tuple[EpochRecord, ...]) -> None:
        """Take further records of the branch that is compared; the view model tells of them."""
        if self.compared is not None:
            self.compared.extend(records)


def _holds(end: Position | None, position: Position) -> bool:
    return end is None or position <= end
