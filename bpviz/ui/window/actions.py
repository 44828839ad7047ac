"""All actions of the window: text, shortcut, tooltip and icon."""

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
    """Text, shortcut, tooltip and icon of an action."""

    text: str
    keys: str
    tip: str
    icon: str = ""
    checkable: bool = False


ACTIONS: dict[str, Command] = {
    "run": Command("&Run", "F5", "Train until paused, or up to the last epoch", "play"),
    "pause": Command("&Pause", "Shift+F5", "Pause training at the current position", "pause"),
    "run_back": Command("Continue &backwards", "Alt+F5", "Go back to the last breakpoint hit", "rewind"),
    "step_into": Command("Step &into one operation", "F11", "Execute the next operation", "chevron-right"),
    "back_out": Command("Back by one o&peration", "Alt+F11", "Step back by one operation", "chevron-left"),
    "step": Command("&Step one sample", "F10", "Train on the next sample and show its operations", "step-forward"),
    "step_back": Command("Back by one sa&mple", "Alt+F10", "Step back by one sample", "step-back"),
    "finish_sample": Command(
        "&Finish the sample", "Shift+F11", "Execute the remaining operations of this sample", "arrow-right-to-line"
    ),
    "start_sample": Command(
        "Back to the &beginning of the sample",
        "Alt+Shift+F11",
        "Step back to the first operation of this sample",
        "arrow-left-to-line",
    ),
    "step_by": Command("Step by level × &count", "F8", "Step forward by the level and count in the tool bar"),
    "back_by": Command("Bac&k by level × count", "Alt+F8", "Step back by the level and count in the tool bar"),
    "slow_motion": Command("Slow m&otion", "F6", "Play the operations one after another", "turtle", checkable=True),
    "step_chosen": Command(
        "&Apply the selected sample", "Ctrl+F10", "Train once on the selected sample, out of turn", "crosshair"
    ),
    "inspect": Command("&Inspect the selected sample", "Ctrl+I", "Trace a sample without training on it", "search"),
    "inspect_worst": Command(
        "Inspect the &worst sample", "Ctrl+Shift+W", "Inspect the training sample with the largest loss", "trending-up"
    ),
    "inspect_random": Command("Inspect a &random sample", "Ctrl+Shift+R", "Inspect a random training sample", "dices"),
    "inspect_wrong": Command(
        "Inspect the next &misclassified sample",
        "Ctrl+Shift+M",
        "Inspect the next misclassified training sample",
        "circle-x",
    ),
    "enter_sample": Command("&Go to a sample…", "Ctrl+G", "Enter the number of a training sample to inspect"),
    "explain": Command("&Explain the delta", "F4", "Explain the delta of the selected neuron, or of each layer"),
    "breakpoint": Command("&Add a breakpoint…", "F9", "Set a condition at which training stops", "circle-dot"),
    "reset": Command("R&eset", "Ctrl+R", "Return to the untrained network of this experiment", "rotate-ccw"),
    "open": Command("&Open…", "Ctrl+O", "Open a session or an experiment from a file"),
    "save_session": Command("&Save session", "Ctrl+S", "Save this session to its file, to continue it later"),
    "save_session_as": Command("Save session &as…", "Ctrl+Shift+S", "Save this session to another file"),
    "recover": Command(
        "&Recover a session…", "Ctrl+Shift+O", "List the sessions that were open when bpviz ended unexpectedly"
    ),
    "undo": Command("&Undo", "Ctrl+Z", "Undo the last change to hyperparameters or weights", "undo"),
    "redo": Command("&Redo", "Ctrl+Shift+Z", "Redo the change that was undone last", "redo"),
    "fork": Command("For&k here", "Ctrl+K", "Create a branch at the current position and compare both", "git-branch"),
    "bookmark": Command("&Bookmark…", "Ctrl+B", "Bookmark the current position", "bookmark"),
    "next_bookmark": Command("&Next bookmark", "Ctrl+PgDown", "Go to the next bookmark"),
    "previous_bookmark": Command("Pre&vious bookmark", "Ctrl+PgUp", "Go to the previous bookmark"),
    "to_start": Command("To the &start", "Ctrl+Home", "Go back to the untrained network", "skip-back"),
    "go_live": Command("Go &live", "Ctrl+End", "Go to the latest position of training", "skip-forward"),
    "play_past": Command(
        "&Play the past",
        "Ctrl+Space",
        "Play the epochs up to the live end; at the live end, play all epochs",
        "play",
        True,
    ),
    "play_past_back": Command(
        "Play the past back&wards", "Ctrl+Shift+Space", "Play the epochs back to the start", "play-backwards", True
    ),
    "save_experiment": Command(
        "Save &experiment…", "Ctrl+Alt+S", "Save the experiment with its breakpoints and watches"
    ),
    "export_history": Command("Save &history…", "Ctrl+H", "Save MSE and accuracy of every epoch to a CSV file"),
    "export_picture": Command("Save &picture of the window…", "Ctrl+P", "Save a screenshot to a PNG file"),
    "quit": Command("&Quit", "Ctrl+Q", "Close the window", "power"),
    "train_layout": Command("&Train", "Ctrl+1", "Workspace for watching a network train"),
    "step_layout": Command("&Step", "Ctrl+2", "Workspace for one sample: operations, formula, operands, code, causes"),
    "lecture_layout": Command("&Lecture", "Ctrl+3", "Workspace with large plots and no editors"),
    "compare_layout": Command("&Compare", "Ctrl+4", "Workspace for two branches side by side"),
    "theme": Command("&Dark theme", "Ctrl+T", "Use the dark or the light theme", "sun-moon", checkable=True),
    "theme_system": Command("&Follow the system", "Ctrl+Shift+T", "Use the theme of the desktop", checkable=True),
    "larger": Command("L&arger text", "Ctrl++", "Make all text larger"),
    "smaller": Command("S&maller text", "Ctrl+-", "Make all text smaller"),
    "full_screen": Command("F&ull screen", "Ctrl+Shift+F", "Use the whole screen", "maximize", checkable=True),
    "select_nothing": Command("Clear selectio&n", "Esc", "Clear the selection of sample and neuron"),
    "about": Command("&About bpviz", "F1", "Versions of bpviz and its dependencies", "info"),
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
    """Create one action for each command, owned by the window."""
    actions = {}
    for name, command in ACTIONS.items():
        action = QAction(command.text, window)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(command.keys))
        action.setToolTip(f"{command.tip}  ({QKeySequence(command.keys).toString()})")
        action.setStatusTip(command.tip)
        action.setCheckable(command.checkable)
        # Added to the window as well as to a menu, so that shortcuts work while the menu bar is hidden.
        window.addAction(action)
        actions[name] = action
    return actions


def give_on_trigger(action: QAction, post: Callable[[SessionCommand], None], command: SessionCommand) -> None:
    """Give a command whenever an action is triggered."""

    def give() -> None:  # no parameter for Qt to fill with whether the action is checked
        post(command)

    action.triggered.connect(give)


def fill_menus(window: QMainWindow, actions: dict[str, QAction], panels: Iterable[QAction]) -> None:
    """Add all actions to their menus, and the toggle actions of the panels to the View menu."""
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
    """Set the icons in the colours of a theme."""
    for name, command in ACTIONS.items():
        if command.icon:
            actions[name].setIcon(icon(command.icon, theme))
