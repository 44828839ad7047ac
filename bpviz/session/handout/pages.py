"""The pages of a handout: of a lesson, of bookmarks, or of the operations of an update."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bpviz.language import _
from bpviz.session.files.safe_write import check_target
from bpviz.session.film.film_plan import PANELS, USUAL_PANELS
from bpviz.session.lessons.lesson import Lesson, LessonStep, Scene, workspace_at
from bpviz.session.lessons.questions import Question
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import Position

SUFFIXES = (".pdf", ".html")
_MOST_PANELS, _USUAL_COUNT = 4, 3
# A lesson's experiment has neither watches nor a branch to compare.
_OF_LESSONS = tuple(key for key in PANELS if key not in ("watch", "comparison"))
_OF_WORKSPACES = {
    "train": ("surface", "curves", "deltas"),
    "step": ("network", "formula", "operands"),
    "lecture": ("surface", "curves"),
    "compare": ("surface", "curves"),
}


@dataclass(frozen=True)
class Page:
    """What a page shows, before anything is painted.

    Attributes
    ----------
    position : Position
    panels : tuple of str
        The first one is the largest.
    heading : str
        "" for that of the operation.
    paragraphs : tuple of str
        Rich text; what is known only at the position comes below.
    branch : int or None
        The number of its branch; None for the one on screen.
    scene : Scene or None
        Of a lesson, which loads its own experiment.
    question : Question or None
        Whose answer stands on the last page.
    """

    position: Position
    panels: tuple[str, ...]
    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    branch: int | None = None
    scene: Scene | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Handout:
    """A title and the pages."""

    title: str
    pages: tuple[Page, ...]


def check_file(path: Path) -> None:
    """Check that a handout can be written there; raises an ExportError if it cannot."""
    check_target(path, SUFFIXES)


def lesson_handout(lesson: Lesson) -> Handout:
    """Return the handout of a lesson, with a page for each step."""
    return Handout(lesson.title, tuple(_of_step(lesson, index) for index in range(len(lesson.steps))))


def _of_step(lesson: Lesson, index: int) -> Page:
    step = lesson.steps[index]
    heading = "{number}. {heading}".format(number=index + 1, heading=step.heading)
    hidden = step.question.hide if step.question else ()
    panels = _panels(step.scene, workspace_at(lesson, index), hidden)
    return Page(step.scene.position, panels, heading, _paragraphs(step), None, step.scene, step.question)


def _panels(scene: Scene, workspace: str, hidden: Collection[str]) -> tuple[str, ...]:
    """Return the panels that a step is about, and up to three others, without those that would tell the answer."""
    front = [key for key in scene.front if key in _OF_LESSONS][:_MOST_PANELS]
    usual = [key for key in _OF_WORKSPACES.get(workspace, USUAL_PANELS["epoch"]) if key not in front]
    wanted = [*front, *usual[: max(_USUAL_COUNT - len(front), 0)]]
    seen = [key for key in wanted if key not in hidden] or [key for key in ("network", "surface") if key not in hidden]
    return tuple(sorted(seen, key=PANELS.index))  # pictures before texts: the first is the largest


def _paragraphs(step: LessonStep) -> tuple[str, ...]:
    found = [escape(step.text)]
    if step.task:
        found.append(_("<b>Task.</b> {task}").format(task=escape(step.task.text)))
    if step.question:
        found.append(_("<b>Question.</b> {question}").format(question=escape(step.question.ask)))
        found += ["☐ {choice}".format(choice=escape(choice)) for choice in step.question.choices]
    return tuple(found)


def bookmark_handout(title: str, bookmarks: tuple[Bookmark, ...], panels: tuple[str, ...] = ()) -> Handout:
    """Return the handout of bookmarks, with a page for each; panels that suit each one if none are given."""
    pages = []
    for each in bookmarks:
        usual = USUAL_PANELS["operation" if each.position.operation else "epoch"]
        pages.append(Page(each.position, panels or usual, each.name, branch=each.branch))
    return Handout(title, tuple(pages))


def update_handout(title: str, begin: Position, n_operations: int, panels: tuple[str, ...] = ()) -> Handout:
    """Return the handout of an update, with a page for each of its first `n_operations` operations."""
    usual = panels or USUAL_PANELS["operation"]
    places = (Position(begin.epoch, begin.sample, done) for done in range(1, n_operations + 1))
    return Handout(title, tuple(Page(place, usual) for place in places))
