"""The expected effect of the actions of the menu Learn that record lessons and choose conventions."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.session.conventions.conventions import OWN
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage

_FIELDS = {
    "convention_negative": "negative",
    "convention_whole": "whole",
    "convention_columns": "columns",
    "convention_from_one": "from_one",
    "convention_signal": "signal",
}


def _chooses(field: str) -> Callable[[Stage, MainWindow], bool]:
    return lambda stage, window: bool(getattr(stage.model.conventions.chosen, field))


LEARNED: dict[str, Callable[[Stage, MainWindow], bool]] = {
    "lesson_record": lambda stage, window: window.docks.lesson.panel.editor.isVisible(),
    "lesson_add": lambda stage, window: len(window.docks.lesson.panel.editor.lesson.steps) == 1,
    **{name: _chooses(field) for name, field in _FIELDS.items()},
    "convention_own": lambda stage, window: stage.model.conventions.chosen == OWN,
}
