"""Every command, once: its words, its key, its icon, its tooltip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from bpviz.ui.icons import icon
from bpviz.ui.theme import Theme


@dataclass(frozen=True)
class Command:
    """What a command is called and how it is given."""

    text: str
    keys: str
    tip: str
    icon: str = ""
    checkable: bool = False


COMMANDS: dict[str, Command] = {
    "run": Command("&Run", "F5", "Train until paused, or until enough epochs are done", "play"),
    "pause": Command("&Pause", "Shift+F5", "Stop training where it is", "pause"),
    "step": Command("&Step one sample", "F10", "Train on the next sample and show what happens", "step-forward"),
    "step_chosen": Command(
        "Step with the &chosen sample", "Ctrl+F10", "Train once on the chosen sample, out of turn", "crosshair"
    ),
    "reset": Command("R&eset", "Ctrl+R", "Go back to the untrained network of this experiment", "rotate-ccw"),
    "open_experiment": Command("&Open experiment…", "Ctrl+O", "Read an experiment, its breakpoints and its watches"),
    "save_experiment": Command("&Save experiment…", "Ctrl+S", "Write the experiment, its breakpoints and its watches"),
    "export_history": Command("Save &history…", "Ctrl+H", "Write MSE and accuracy of every epoch to a CSV file"),
    "export_picture": Command("Save &picture of the window…", "Ctrl+P", "Write what the window shows to a PNG file"),
    "quit": Command("&Quit", "Ctrl+Q", "Close the window", "power"),
    "train_layout": Command("&Train", "Ctrl+1", "All panels, for watching a network train"),
    "step_layout": Command("&Step", "Ctrl+2", "The surface and the step, for looking at one sample"),
    "lecture_layout": Command("&Lecture", "Ctrl+3", "Surface, loss and deltas large, nothing to edit"),
    "theme": Command("&Dark theme", "Ctrl+T", "Light on dark, or dark on light", "sun-moon", checkable=True),
    "theme_system": Command("&Follow the system", "Ctrl+Shift+T", "Be dark when the desktop is", checkable=True),
    "larger": Command("L&arger text", "Ctrl++", "Make all text larger"),
    "smaller": Command("S&maller text", "Ctrl+-", "Make all text smaller"),
    "full_screen": Command("F&ull screen", "F11", "Use the whole screen", "maximize", checkable=True),
    "select_nothing": Command("Choose &nothing", "Esc", "Take back the choice of sample and neuron"),
    "about": Command("&About bpviz", "F1", "Versions of bpviz and of what it stands on", "info"),
}
MENUS: dict[str, tuple[str, ...]] = {
    "&File": ("open_experiment", "save_experiment", "", "export_history", "export_picture", "", "quit"),
    "&Run": ("run", "pause", "reset", "", "step", "step_chosen", "select_nothing"),
    "&View": (
        "train_layout",
        "step_layout",
        "lecture_layout",
        "",
        "theme",
        "theme_system",
        "larger",
        "smaller",
        "full_screen",
        "",
    ),
    "&Help": ("about",),
}


def make_actions(window: QMainWindow) -> dict[str, QAction]:
    """Make one action for each command, owned by the window."""
    actions = {}
    for name, command in COMMANDS.items():
        action = QAction(command.text, window)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(command.keys))
        action.setToolTip(f"{command.tip}  ({QKeySequence(command.keys).toString()})")
        action.setStatusTip(command.tip)
        action.setCheckable(command.checkable)
        window.addAction(action)
        actions[name] = action
    return actions


def fill_menus(window: QMainWindow, actions: dict[str, QAction], panels: Iterable[QAction]) -> None:
    """Put every command into its menu, and what shows or hides a panel into the view menu."""
    for title, names in MENUS.items():
        menu = window.menuBar().addMenu(title)
        menu.setObjectName(title.replace("&", "").lower())
        menu.setToolTipsVisible(True)
        for name in names:
            if name:
                menu.addAction(actions[name])
            else:
                menu.addSeparator()
        if title == "&View":
            menu.addActions(list(panels))


def tint(actions: dict[str, QAction], theme: Theme) -> None:
    """Draw the icons in the theme's ink."""
    for name, command in COMMANDS.items():
        if command.icon:
            actions[name].setIcon(icon(command.icon, theme))
