"""All actions of the window: text, shortcut, tooltip and icon."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from bpviz.language import N_, _
from bpviz.session.engine.commands import Command
from bpviz.ui.style.icons import icon
from bpviz.ui.style.mnemonics import without_mnemonic
from bpviz.ui.style.theme import Theme
from bpviz.ui.window.action_needs import NEEDS


@dataclass(frozen=True)
class ActionInfo:
    """Text, shortcut, tooltip and icon of an action; text and tooltip are marked for the catalogue by being here."""

    text: str
    keys: str
    tip: str
    icon: str = ""
    checkable: bool = False


ACTIONS: dict[str, ActionInfo] = {
    "run": ActionInfo("&Run", "F5", "Train until paused, or up to the last epoch", "play"),
    "pause": ActionInfo("&Pause", "Shift+F5", "Pause training at the current position", "pause"),
    "run_back": ActionInfo("Continue &backwards", "Alt+F5", "Go back to the last breakpoint hit", "rewind"),
    "step_into": ActionInfo("Step &into one operation", "F11", "Execute the next operation", "chevron-right"),
    "back_out": ActionInfo("Back by one o&peration", "Alt+F11", "Step back by one operation", "chevron-left"),
    "step": ActionInfo("&Step one sample", "F10", "Train on the next sample and show its operations", "step-forward"),
    "step_back": ActionInfo("Back by one sa&mple", "Alt+F10", "Step back by one sample", "step-back"),
    "finish_sample": ActionInfo(
        "&Finish the sample", "Shift+F11", "Execute the remaining operations of this sample", "arrow-right-to-line"
    ),
    "start_sample": ActionInfo(
        "Back to the &beginning of the sample",
        "Alt+Shift+F11",
        "Step back to the first operation of this sample",
        "arrow-left-to-line",
    ),
    "step_by": ActionInfo("Step by level × &count", "F8", "Step forward by the level and count in the tool bar"),
    "back_by": ActionInfo("Bac&k by level × count", "Alt+F8", "Step back by the level and count in the tool bar"),
    "slow_motion": ActionInfo("Slow m&otion", "F6", "Play the operations one after another", "turtle", checkable=True),
    "step_chosen": ActionInfo(
        "&Apply the selected sample", "Ctrl+F10", "Train once on the selected sample, out of turn", "crosshair"
    ),
    "inspect": ActionInfo("&Inspect the selected sample", "Ctrl+I", "Trace a sample without training on it", "search"),
    "inspect_worst": ActionInfo(
        "Inspect the &worst sample", "Ctrl+Shift+W", "Inspect the training sample with the largest loss", "trending-up"
    ),
    "inspect_random": ActionInfo(
        "Inspect a &random sample", "Ctrl+Shift+R", "Inspect a random training sample", "dices"
    ),
    "inspect_wrong": ActionInfo(
        "Inspect the next &misclassified sample",
        "Ctrl+Shift+M",
        "Inspect the next misclassified training sample",
        "circle-x",
    ),
    "enter_sample": ActionInfo("&Go to a sample…", "Ctrl+G", "Enter the number of a training sample to inspect"),
    "draw": ActionInfo("&Draw points", "Ctrl+Shift+D", "Draw and erase points on the surface, also while it trains"),
    "explain": ActionInfo("&Explain the delta", "F4", "Explain the delta of the selected neuron, or of each layer"),
    "breakpoint": ActionInfo("&Add a breakpoint…", "F9", "Set a condition at which training stops", "circle-dot"),
    "reset": ActionInfo(
        "R&eset", "Ctrl+R", "Return to the untrained network of this experiment; Undo brings the run back", "rotate-ccw"
    ),
    "open": ActionInfo("&Open…", "Ctrl+O", "Open a session or an experiment from a file"),
    "open_network": ActionInfo(
        "Open networ&k…", "Ctrl+Alt+O", "Train a network from an npz, safetensors, ONNX or Keras file on these samples"
    ),
    "open_data": ActionInfo("Open &data…", "Ctrl+D", "Train on a table of your own: CSV, .xlsx, .npz or .npy"),
    "paste_data": ActionInfo("Paste da&ta", "Ctrl+Shift+V", "Train on a table that was copied from a spreadsheet"),
    "save_session": ActionInfo("&Save session", "Ctrl+S", "Save this session to its file, to continue it later"),
    "save_session_as": ActionInfo("Save session &as…", "Ctrl+Shift+S", "Save this session to another file"),
    "recover": ActionInfo(
        "&Recover a session…", "Ctrl+Shift+O", "List the sessions that were open when bpviz ended unexpectedly"
    ),
    "undo": ActionInfo(
        "&Undo", "Ctrl+Z", "Undo the last change, or the reset or new network that replaced a run", "undo"
    ),
    "redo": ActionInfo("&Redo", "Ctrl+Shift+Z", "Redo the change that was undone last", "redo"),
    "fork": ActionInfo(
        "For&k here", "Ctrl+K", "Create a branch at the current position and compare both", "git-branch"
    ),
    "bookmark": ActionInfo("&Bookmark…", "Ctrl+B", "Bookmark the current position", "bookmark"),
    "next_bookmark": ActionInfo("&Next bookmark", "Ctrl+PgDown", "Go to the next bookmark"),
    "previous_bookmark": ActionInfo("Pre&vious bookmark", "Ctrl+PgUp", "Go to the previous bookmark"),
    "to_start": ActionInfo("To the &start", "Ctrl+Home", "Go back to the untrained network", "skip-back"),
    "go_live": ActionInfo("Go &live", "Ctrl+End", "Go to the latest position of training", "skip-forward"),
    "enter_epoch": ActionInfo("Go to an &epoch…", "Ctrl+E", "Enter the number of an epoch to go to"),
    "play_past": ActionInfo(
        "&Play the past",
        "Ctrl+Space",
        "Play the epochs up to the live end; at the live end, play all epochs",
        "play",
        True,
    ),
    "play_past_back": ActionInfo(
        "Play the past back&wards", "Ctrl+Shift+Space", "Play the epochs back to the start", "play-backwards", True
    ),
    "save_experiment": ActionInfo(
        "Save &experiment…", "Ctrl+Alt+S", "Save the experiment with its breakpoints and watches"
    ),
    "export_history": ActionInfo("Save &history…", "Ctrl+H", "Save MSE and accuracy of every epoch to a CSV file"),
    "export_weights": ActionInfo(
        "Export &weights…", "Ctrl+Alt+W", "Write weights and biases as an npz, safetensors or ONNX file"
    ),
    "export_figure": ActionInfo(
        "Export &figure…", "Ctrl+Alt+F", "Write the decision surface with the samples, for print"
    ),
    "export_program": ActionInfo(
        "Export pro&gram…", "Ctrl+Alt+G", "Write this experiment as a program of its own, in numpy"
    ),
    "export_torch_program": ActionInfo(
        "Export program for P&yTorch…", "Ctrl+Alt+Y", "Write this experiment as a program of its own, for PyTorch"
    ),
    "export_picture": ActionInfo("Save &picture of the window…", "Ctrl+P", "Save the window as PNG, SVG or PDF"),
    "export_panel": ActionInfo(
        "Save picture of the pane&l…", "Ctrl+Alt+P", "Save the panel with the focus as PNG, SVG or PDF"
    ),
    "copy_picture": ActionInfo(
        "&Copy picture of the panel", "Ctrl+Shift+C", "Copy the panel with the focus as a picture, for a slide"
    ),
    "copy_window_picture": ActionInfo(
        "Copy picture of the wind&ow", "Ctrl+Alt+C", "Copy the whole window as a picture, for a slide"
    ),
    "film": ActionInfo(
        "Sa&ve film…",
        "Ctrl+Alt+V",
        "Make a film of epochs, samples or operations, as WebP, GIF or MP4, while bpviz goes on",
    ),
    "handout": ActionInfo(
        "Save han&dout…", "Ctrl+Alt+H", "Save a lesson, the bookmarks or an update on pages, as PDF or HTML"
    ),
    "copy_numbers": ActionInfo(
        "Copy &numbers of the panel", "Ctrl+Alt+N", "Copy the numbers that the panel with the focus shows, as CSV"
    ),
    "save_numbers": ActionInfo(
        "Save num&bers of the panel…", "Ctrl+Shift+N", "Save the numbers that the panel with the focus shows, as CSV"
    ),
    "copy_latex": ActionInfo(
        "Copy fo&rmula as LaTeX", "Ctrl+Alt+X", "Copy the present formula with symbols and with numbers, for a document"
    ),
    "copy_update_latex": ActionInfo(
        "Copy &all operations as LaTeX", "Ctrl+Alt+U", "Copy every operation of this update as a LaTeX document"
    ),
    "copy_tikz": ActionInfo("Copy network as &TikZ", "Ctrl+Alt+K", "Copy the network as a TikZ picture for LaTeX"),
    "save_tikz": ActionInfo("Save network as Ti&kZ…", "Ctrl+Alt+T", "Save the network as a TikZ picture for LaTeX"),
    "copy_command": ActionInfo(
        "Copy as co&mmand", "Ctrl+Alt+E", "Copy experiment and position as a line for a terminal, or to paste elsewhere"
    ),
    "copy_text": ActionInfo("Copy as t&ext", "Ctrl+Alt+M", "Copy experiment and position as a few lines for an e-mail"),
    "paste_experiment": ActionInfo(
        "Paste experiment", "", "Load the experiment in the clipboard (Ctrl+V outside of text fields)"
    ),
    "pictures_white": ActionInfo(
        "Pictures light on wh&ite",
        "Ctrl+Alt+L",
        "Make pictures for print, light on white; otherwise they look as the window does",
        checkable=True,
    ),
    "pixels_1": ActionInfo("&1 × pixels of the screen", "", "PNG pictures with as many pixels as on screen", "", True),
    "pixels_2": ActionInfo("&2 × pixels of the screen", "", "PNG pictures with twice the width and height", "", True),
    "pixels_3": ActionInfo("&3 × pixels of the screen", "", "PNG pictures with 3 times width and height", "", True),
    "pixels_4": ActionInfo("&4 × pixels of the screen", "", "PNG pictures with 4 times width and height", "", True),
    "quit": ActionInfo("&Quit", "Ctrl+Q", "Close the window", "power"),
    "train_layout": ActionInfo("&Train", "Ctrl+1", "Workspace for watching a network train"),
    "step_layout": ActionInfo(
        "&Step", "Ctrl+2", "Workspace for one sample: operations, formula, operands, code, causes"
    ),
    "lecture_layout": ActionInfo("&Lecture", "Ctrl+3", "Workspace with large plots and no editors"),
    "compare_layout": ActionInfo("&Compare", "Ctrl+4", "Workspace for two branches side by side"),
    "theme": ActionInfo("&Dark theme", "Ctrl+T", "Use the dark or the light theme", "sun-moon", checkable=True),
    "theme_system": ActionInfo("&Follow the system", "Ctrl+Shift+T", "Use the theme of the desktop", checkable=True),
    "larger": ActionInfo("L&arger text", "Ctrl++", "Make all text larger"),
    "smaller": ActionInfo("S&maller text", "Ctrl+-", "Make all text smaller"),
    "fill": ActionInfo("Panel fills the &window", "Ctrl+M", "Let the panel with the focus fill the window, or go back"),
    "full_screen": ActionInfo("F&ull screen", "Ctrl+Shift+F", "Use the whole screen", "maximize", checkable=True),
    "select_nothing": ActionInfo("Clear selectio&n", "Esc", "Clear the selection of sample and neuron"),
    "find_bug": ActionInfo("Find the &bug", "F3", "Plant a mistake in the algorithm, and find it"),
    "lessons": ActionInfo("&Lessons…", "F2", "List the lessons, and take one in the program itself"),
    "lesson_return": ActionInfo("&Return to this step", "F7", "Show the step of the lesson again as it was set up"),
    "lesson_open": ActionInfo("&Open lesson…", "Ctrl+Alt+A", "Take a lesson of your own, from its file"),
    "lesson_save": ActionInfo(
        "&Save lesson…", "Ctrl+Alt+B", "Save the lesson as a file, to change it into one of your own"
    ),
    "lesson_record": ActionInfo("Re&cord a lesson…", "Ctrl+Alt+J", "Make a lesson of moments of the program"),
    "lesson_add": ActionInfo(
        "&Add this moment",
        "Ctrl+Alt+I",
        "Add what is on screen to your lesson: experiment, position, panels, selection",
    ),
    "present": ActionInfo(
        "&Presentation", "F12", "Show one or two panels on the whole screen, for a hall", "presentation", checkable=True
    ),
    "next_stop": ActionInfo("&Next stop", "PgDown", "Show the answer, the next step, bookmark or operation"),
    "previous_stop": ActionInfo("P&revious stop", "PgUp", "Go back to the step, bookmark or operation before"),
    "run_or_pause": ActionInfo("R&un or pause", "Space", "Train, or pause training"),
    "choose_panel": ActionInfo("&Choose a panel", "C", "List the panels that the keys 1 to 9 show"),
    "two_panels": ActionInfo("&Two panels", "S", "Show two panels side by side, or one", checkable=True),
    "blank": ActionInfo("&Blank screen", "B", "Make the screen black, or show the panels again", checkable=True),
    "ring": ActionInfo("Ring at the p&ointer", "R", "Put a ring around the mouse pointer", checkable=True),
    "pen": ActionInfo("P&en", "P", "Draw on the picture with the mouse; the next stop removes it", checkable=True),
    "erase": ActionInfo("Er&ase the drawing", "E", "Remove what was drawn on the picture"),
    "notes": ActionInfo("Note&s window", "W", "Show the next stop, notes and a clock in a window of their own"),
    "swap_screens": ActionInfo("E&xchange screens", "X", "Show the panels on the other screen, and notes on this one"),
    "help": ActionInfo("&Help", "F1", "Read what bpviz shows, its keys and its conventions"),
    "help_panel": ActionInfo("&What am I looking at?", "Shift+F1", "Read about the panel with the keyboard focus"),
    "shortcuts": ActionInfo("&Keyboard shortcuts", "Ctrl+F1", "List all shortcuts by menu, and search them"),
    "palette": ActionInfo("Command &palette…", "Ctrl+Shift+P", "Search all commands, presets and panels by name"),
    "conventions": ActionInfo("&Conventions", "", "Names, signs and factors: L_s, L, delta, MSE, counting"),
    "convention_negative": ActionInfo(
        "&Delta is −dL/dz", "", "Errors, deltas and gradients with the other sign", "", True
    ),
    "convention_whole": ActionInfo(
        "Squared error without the &half", "", "Errors and deltas are twice as large", "", True
    ),
    "convention_columns": ActionInfo("&Columns: W a + b", "", "Show W transposed, and vectors as columns", "", True),
    "convention_from_one": ActionInfo(
        "Neurons count from &1", "", "Number neurons from 1 in formulas; the input stays layer 0", "", True
    ),
    "convention_signal": ActionInfo("Say &error signal for delta", "", "Call delta the error signal", "", True),
    "convention_own": ActionInfo("&As bpviz computes", "", "Show everything as it is computed"),
    "welcome": ActionInfo("W&elcome", "", "Show the three steps for new users again"),
    "about": ActionInfo("&About bpviz", "", "Versions of bpviz and its dependencies", "info"),
}
#: The actions of a menu within a menu, and its title.
PIXELS, PIXELS_TITLE = ("pixels_1", "pixels_2", "pixels_3", "pixels_4"), N_("Pi&xels of PNG pictures")
CONVENTIONS, CONVENTIONS_TITLE = (
    (
        *("convention_negative", "convention_whole", "convention_columns", "convention_from_one", "convention_signal"),
        "convention_own",
    ),
    N_("Con&ventions shown"),
)
_SUBMENUS = {PIXELS: PIXELS_TITLE, CONVENTIONS: CONVENTIONS_TITLE}
MENUS: dict[str, tuple[str, ...]] = {
    N_("&File"): (
        *("open", "recover", "", "open_data", "paste_data", "open_network", "", "save_session", "save_session_as", ""),
        *("save_experiment", "", "quit"),
    ),
    N_("&Export"): (
        *("copy_command", "copy_text", "paste_experiment", ""),
        *("copy_picture", "copy_window_picture", "export_panel", "export_picture", ""),
        *("pictures_white", *PIXELS, "", "film", "handout", "", "copy_numbers", "save_numbers", ""),
        *("copy_latex", "copy_update_latex", "copy_tikz", "save_tikz", ""),
        *("export_history", "export_weights", "export_figure", "", "export_program", "export_torch_program"),
    ),
    N_("&Run"): ("run", "pause", "run_back", "reset", "", "breakpoint"),
    N_("&Step"): (
        *("step_into", "step", "finish_sample", "step_by", ""),
        *("back_out", "step_back", "start_sample", "back_by", ""),
        *("slow_motion", "explain"),
    ),
    N_("S&ample"): (
        *("inspect", "inspect_worst", "inspect_random", "inspect_wrong", "enter_sample", ""),
        *("step_chosen", "draw", "", "select_nothing"),
    ),
    N_("&Time"): (
        *("undo", "redo", "fork", "", "to_start", "play_past_back", "play_past", "go_live", "enter_epoch", ""),
        *("bookmark", "next_bookmark", "previous_bookmark"),
    ),
    N_("&View"): (
        "train_layout",
        "step_layout",
        "lecture_layout",
        "compare_layout",
        "",
        "theme",
        "theme_system",
        "larger",
        "smaller",
        "",
        "fill",
        "full_screen",
        "",
    ),
    N_("&Present"): (
        *("present", "", "next_stop", "previous_stop", "run_or_pause", "", "choose_panel", "two_panels", ""),
        *("blank", "ring", "pen", "erase", "", "notes", "swap_screens"),
    ),
    N_("&Learn"): (
        *("lessons", "lesson_return", "", "lesson_open", "lesson_save", "", "lesson_record", "lesson_add"),
        *("", "find_bug", "", *CONVENTIONS),
    ),
    N_("&Help"): ("help", "help_panel", "shortcuts", "palette", "conventions", "", "welcome", "about"),
}


def make_actions(window: QMainWindow) -> dict[str, QAction]:
    """Create one action for each command, owned by the window."""
    actions = {}
    for name, info in ACTIONS.items():
        action = QAction(_(info.text), window)
        action.setObjectName(name)
        # Of its own, Qt would keep the "(R)" of "运行(&R)".
        action.setIconText(without_mnemonic(action.text()))
        action.setShortcut(QKeySequence(info.keys))
        tip = _(info.tip)
        action.setToolTip(f"{tip}  ({QKeySequence(info.keys).toString()})" if info.keys else tip)
        action.setProperty("needs", _(NEEDS.get(name, "")))
        action.setProperty("tip", tip)
        action.setCheckable(info.checkable)
        # Added to the window as well as to a menu, so that shortcuts work while the menu bar is hidden.
        window.addAction(action)
        actions[name] = action
    return actions


def give_on_trigger(action: QAction, post: Callable[[Command], None], command: Command) -> None:
    """Give a command whenever an action is triggered."""

    def give() -> None:  # no parameter for Qt to fill with whether the action is checked
        post(command)

    action.triggered.connect(give)


def fill_menus(window: QMainWindow, actions: dict[str, QAction], panels: Iterable[QAction]) -> None:
    """Add all actions to their menus, and the toggle actions of the panels to the menu View, Panels."""
    for title, names in MENUS.items():
        menu = window.menuBar().addMenu(_(title))
        menu.setObjectName(title.replace("&", "").lower())
        menu.setToolTipsVisible(True)
        for name in names:
            _add(menu, name, actions)
        if title == "&View":
            within = menu.addMenu(_("&Panels"))  # a menu of them all is too high for a small screen
            within.setObjectName("panels")
            within.addActions(list(panels))


def _add(menu: QMenu, name: str, actions: dict[str, QAction]) -> None:
    """Add an action, a separator for "", or at the first action of a menu within a menu all of that one."""
    within = next((each for each in _SUBMENUS if name in each), ())
    if not name:
        menu.addSeparator()
    elif not within:
        menu.addAction(actions[name])
    elif name == within[0]:
        submenu = menu.addMenu(_(_SUBMENUS[within]))
        submenu.setToolTipsVisible(True)
        submenu.addActions([actions[each] for each in within])


def tint(actions: dict[str, QAction], theme: Theme) -> None:
    """Set the icons in the colours of a theme."""
    for name, info in ACTIONS.items():
        if info.icon:
            actions[name].setIcon(icon(info.icon, theme))
