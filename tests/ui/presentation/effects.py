"""The expected effect of each action of the menu Present, in their order there, after the first has begun it."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.session.engine.commands import Run
from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage

PRESENTED: dict[str, Callable[[Stage, MainWindow], bool]] = {
    "present": lambda stage, window: window.presentation.is_on and window.isFullScreen(),
    "next_stop": lambda stage, window: window.docks.lesson.panel.index == 1,
    "previous_stop": lambda stage, window: window.docks.lesson.panel.index == 0,
    "run_or_pause": lambda stage, window: len(stage.commands.of(Run)) == 1,
    "choose_panel": lambda stage, window: window.presentation.panels.chooser.isVisible(),
    "two_panels": lambda stage, window: len(window.presentation.panels.keys) == 2,
    "blank": lambda stage, window: window.presentation.over.curtain.isVisible(),
    "ring": lambda stage, window: window.actions_["ring"].isChecked(),
    "pen": lambda stage, window: window.presentation.over.pen.is_in_hand,
    "erase": lambda stage, window: window.presentation.over.pen.strokes == [],
    "swap_screens": lambda stage, window: not window.actions_["swap_screens"].isEnabled(),  # there is one screen here
    "notes": lambda stage, window: window.presentation.notes.isVisible(),
}
