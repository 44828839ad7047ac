"""Every command, once: its words, its key, its icon, its tooltip."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from bpviz.session.engine.commands import Command as SessionCommand
from bpviz.ui.style.icons import icon
from bpviz.ui.style.theme import Theme


@dataclass(frozen=True)
class Command:
    """What a command is called and how it is given."""

    text: str
    keys: str
    tip: str
    icon: str = ""
    checkable: bool = False


ACTIONS: dict[str, Command] = {
    "run": Command("&Run", "F5", "Train until paused, or until enough epochs are done", "play"),
    "pause": Command("&Pause", "Shift+F5", "Stop training where it is", "pause"),
    "run_back": Command("Continue &backwards", "Alt+F5", "Go back to where a breakpoint held last", "rewind"),
    "step_into": Command("Step &into one operation", "F11", "Make the next operation", "chevron-right"),
    "back_out": Command("Back by one o&peration", "Alt+F11", "Take the last operation back", "chevron-left"),
    "step": Command("&Step one sample", "F10", "Train on the next sample and show what happens", "step-forward"),
    "step_back": Command("Back by one sa&mple", "Alt+F10", "Take the last sample back", "step-back"),
    "finish_sample": Command(
        "&Finish the sample", "Shift+F11", "Make the operations that are left of this sample", "arrow-right-to-line"
    ),
    "start_sample": Command(
        "Back to the &beginning of the sample",
        "Alt+Shift+F11",
        "Take the operations of this sample back",
        "arrow-left-to-line",
    ),
    "step_by": Command("Step by level × &count", "F8", "Go forward by as many steps as the tool bar says"),
    "back_by": Command("Bac&k by level × count", "Alt+F8", "Go back by as many steps as the tool bar says"),
    "slow_motion": Command(
        "Slow m&otion", "F6", "Play operations one after another, each with its sentence", "turtle", checkable=True
    ),
    "step_chosen": Command(
        "&Apply the chosen sample", "Ctrl+F10", "Train once on the chosen sample, out of turn", "crosshair"
    ),
    "inspect": Command("&Inspect the chosen sample", "Ctrl+I", "Look at a sample; nothing is trained", "search"),
    "inspect_worst": Command(
        "Inspect the &worst sample", "Ctrl+Shift+W", "Look at the training sample with the largest loss", "trending-up"
    ),
    "inspect_random": Command("Inspect a &random sample", "Ctrl+Shift+R", "Look at any training sample", "dices"),
    "inspect_wrong": Command(
        "Inspect the next &misclassified sample",
        "Ctrl+Shift+M",
        "Look at the next training sample that is classified wrongly",
        "circle-x",
    ),
    "enter_sample": Command("&Go to a sample…", "Ctrl+G", "Write the number of a training sample to look at"),
    "explain": Command("&Explain the delta", "F4", "Say why the chosen neuron's delta, or each layer's, is what it is"),
    "breakpoint": Command("&Add a breakpoint…", "F9", "Say where training should stop", "circle-dot"),
    "reset": Command("R&eset", "Ctrl+R", "Go back to the untrained network of this experiment", "rotate-ccw"),
    "open": Command("&Open…", "Ctrl+O", "Go on with a session, or train an experiment, from a file"),
    "save_session": Command("&Save session", "Ctrl+S", "Write all of this session to its file, to go on with later"),
    "save_session_as": Command("Save session &as…", "Ctrl+Shift+S", "Write all of this session to another file"),
    "recover": Command(
        "&Recover a session…", "Ctrl+Shift+O", "List the sessions that were open when bpviz ended unexpectedly"
    ),
    "undo": Command("&Undo", "Ctrl+Z", "Take back the last change that was made by hand", "undo"),
    "redo": Command("&Redo", "Ctrl+Shift+Z", "Make the change again that was taken back last", "redo"),
    "fork": Command(
        "For&k here", "Ctrl+K", "Begin a branch at the moment on screen; both go on side by side", "git-branch"
    ),
    "bookmark": Command("&Bookmark…", "Ctrl+B", "Give the moment on screen a name", "bookmark"),
    "next_bookmark": Command("&Next bookmark", "Ctrl+PgDown", "Go to the next moment that has a name"),
    "previous_bookmark": Command("Pre&vious bookmark", "Ctrl+PgUp", "Go back to the moment before that has a name"),
    "to_start": Command("To the &start", "Ctrl+Home", "Go back to the untrained network", "skip-back"),
    "go_live": Command("Go &live", "Ctrl+End", "Go to where training has come to", "skip-forward"),
    "play_past": Command(
        "&Play the past",
        "Ctrl+Space",
        "Play epochs up to the live end; from there, all of them",
        "play",
        True,
    ),
    "play_past_back": Command(
        "Play the past back&wards", "Ctrl+Shift+Space", "Play epochs back to the start", "play-backwards", True
    ),
    "save_experiment": Command(
        "Save &experiment…", "Ctrl+Alt+S", "Write the experiment, its breakpoints and its watches"
    ),
    "export_history": Command("Save &history…", "Ctrl+H", "Write MSE and accuracy of every epoch to a CSV file"),
    "export_picture": Command("Save &picture of the window…", "Ctrl+P", "Write what the window shows to a PNG file"),
    "quit": Command("&Quit", "Ctrl+Q", "Close the window", "power"),
    "train_layout": Command("&Train", "Ctrl+1", "All panels, for watching a network train"),
    "step_layout": Command("&Step", "Ctrl+2", "One sample, operation by operation: formula, operands, code, causes"),
    "lecture_layout": Command("&Lecture", "Ctrl+3", "Surface, loss and deltas large, nothing to edit"),
    "compare_layout": Command("&Compare", "Ctrl+4", "Two branches side by side: surfaces, losses, deltas"),
    "theme": Command("&Dark theme", "Ctrl+T", "Light on dark, or dark on light", "sun-moon", checkable=True),
    "theme_system": Command("&Follow the system", "Ctrl+Shift+T", "Be dark when the desktop is", checkable=True),
    "larger": Command("L&arger text", "Ctrl++", "Make all text larger"),
    "smaller": Command("S&maller text", "Ctrl+-", "Make all text smaller"),
    "full_screen": Command("F&ull screen", "Ctrl+Shift+F", "Use the whole screen", "maximize", checkable=True),
    "select_nothing": Command("Choose &nothing", "Esc", "Take back the choice of sample and neuron"),
    "about": Command("&About bpviz", "F1", "Versions of bpviz and of what it stands on", "info"),
}
MENUS: dict[str, tuple[str, ...]] = {
    "&File": (
        *("open", "recover", "", "save_session", "save_session_as", ""),
        *("save_experiment", "export_history", "export_picture", "", "quit"),
    ),
    "&Run": ("run", "pause", "run_back", "reset", "", "breakpoint"),
    "&Step": (
        *("step_into", "step", "finish_sample", "step_by", ""),
        *("back_out", "step_back", "start_sample", "back_by", ""),
        *("slow_motion", "explain"),
    ),
    "S&ample": (
        *("inspect", "inspect_worst", "inspect_random", "inspect_wrong", "enter_sample", ""),
        *("step_chosen", "select_nothing"),
    ),
    "&Time": (
        *("undo", "redo", "fork", "", "to_start", "play_past_back", "play_past", "go_live", ""),
        *("bookmark", "next_bookmark", "previous_bookmark"),
    ),
    "&View": (
        "train_layout",
        "step_layout",
        "lecture_layout",
        "compare_layout",
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
    for name, command in ACTIONS.items():
        action = QAction(command.text, window)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(command.keys))
        action.setToolTip(f"{command.tip}  ({QKeySequence(command.keys).toString()})")
        action.setStatusTip(command.tip)
        action.setCheckable(command.checkable)
        window.addAction(action)
        actions[name] = action
    return actions


def give_on_trigger(action: QAction, post: Callable[[SessionCommand], None], command: SessionCommand) -> None:
    """Give a command whenever an action is triggered."""

    def give() -> None:  # no parameter for Qt to fill with whether the action is checked
        post(command)

    action.triggered.connect(give)


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
    for name, command in ACTIONS.items():
        if command.icon:
            actions[name].setIcon(icon(command.icon, theme))
