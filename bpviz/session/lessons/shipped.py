"""The lessons that come with bpviz, one JSON file each in resources/lessons."""

from __future__ import annotations

from functools import cache

from bpviz.assets import resource
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.lesson_json import read_lesson

#: In the order in which they are listed, which is the order to take them in.
NAMES = (
    *("one-neuron", "chain-rule", "xor", "plateau"),
    *("vanishing", "learning-rate", "find-the-bug", "epoch"),
)


@cache
def load_lesson(name: str) -> Lesson:
    """Read one of the lessons."""
    return read_lesson(resource("lessons", f"{name}.json").read_text(encoding="utf-8"))
