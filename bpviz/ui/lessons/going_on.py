"""GoingOn: where somebody is in a lesson or in recording one, to go on there in another window."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.lessons.lesson import Lesson


@dataclass(frozen=True)
class GoingOn:
    """What a window with another language shows of the lesson panel of the window before.

    Attributes
    ----------
    draft : Lesson
        The lesson that is recorded.
    chosen : int
        The index of its chosen step; -1 for none.
    before : tuple of Lesson
        What Undo brings back, the latest last.
    is_recording : bool
        Whether the page on which a lesson is recorded is shown.
    taken : Lesson or None
        The lesson that is taken.
    name : str
        Its name if it comes with bpviz.
    index : int
        The index of its step on screen.
    was_there : bool
        Whether the program had shown that step as it is set up.
    """

    draft: Lesson
    chosen: int
    before: tuple[Lesson, ...]
    is_recording: bool
    taken: Lesson | None
    name: str
    index: int
    was_there: bool
