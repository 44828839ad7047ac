"""What the Help menu and the ? of a panel do. The windows are made when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow

from bpviz.language import N_, _
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.ui.help.commands import Command, commands_in, shortcut
from bpviz.ui.help.pages import CONVENTIONS, SHORTCUTS, START
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock

if TYPE_CHECKING:
    from bpviz.ui.help.command_palette import CommandPalette
    from bpviz.ui.help.help_window import HelpWindow
    from bpviz.ui.help.welcome_bar import WelcomeBar

_WELCOMED = "welcomed"
_SHOW, _HIDE, _EXPLAIN = N_("Show the panel"), N_("Hide the panel"), N_("Help on the panel")
_SHOWN = N_("Needs the panel to be shown")


class Memory(Protocol):
    """What is kept from one start of the program to the next."""

    def flag(self, key: str, default: bool) -> bool:
        """Return the value of a key."""

    def write(self, key: str, value: object) -> None:
        """Keep a value."""


class HelpActions(QObject):
    """Connects the actions of the Help menu, and the panels' requests for help.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    actions : dict of str to QAction
        All actions of the window.
    docks : sequence of PanelDock
    start_preset : callable
        Loads the preset of this name.
    """

    def __init__(
        self,
        window: QMainWindow,
        model: ViewModel,
        actions: dict[str, QAction],
        docks: Sequence[PanelDock[Panel]],
        start_preset: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._docks, self._start_preset = window, model, docks, start_preset
        self._actions = actions
        # As they are outside of a presentation, which takes some of them away.
        self._keys = {name: keys for name, action in actions.items() if (keys := shortcut(action))}
        self._help: HelpWindow | None = None
        self._palette: CommandPalette | None = None
        self._welcome: WelcomeBar | None = None
        for name, slot in {
            "help": self.show_start,
            "help_panel": self.show_panel_with_focus,
            "shortcuts": self.show_shortcuts,
            "conventions": self.show_conventions,
            "palette": self.open_palette,
            "welcome": self.show_welcome,
        }.items():
            actions[name].triggered.connect(slot)
        for dock in docks:
            dock.help_wanted.connect(self.show_page)

    # Pages

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show the page about a panel, by its key, or another page by its name."""
        shown = self._help_window()
        shown.sheet.show_commands(commands_in(self._window.menuBar()))
        shown.show_page(name)
        shown.show()
        shown.raise_()
        shown.activateWindow()

    def _help_window(self) -> HelpWindow:
        if self._help is None:
            from bpviz.ui.help.help_window import HelpWindow

            panels = {dock.objectName(): dock.windowTitle() for dock in self._docks}
            self._help = HelpWindow(self._window, panels, self._keys, self._model.theme)
            self._model.theme_changed.connect(self._help.set_theme)
        return self._help

    @Slot()
    def show_start(self) -> None:
        """Show the first page."""
        self.show_page(START)

    @Slot()
    def show_shortcuts(self) -> None:
        """Show all shortcuts."""
        self.show_page(SHORTCUTS)

    @Slot()
    def show_conventions(self) -> None:
        """Show the page about names, signs and factors."""
        self.show_page(CONVENTIONS)

    @Slot()
    def show_panel_with_focus(self) -> None:
        """Show the page about the panel with the keyboard focus, or the first page if no panel has it."""
        # A floating panel is a window of its own. While a menu is open, no widget of the program may have the focus.
        focused = QApplication.focusWidget() or self._window.focusWidget()
        having = (dock.objectName() for dock in self._docks if focused and dock.isAncestorOf(focused))
        self.show_page(next(having, START))

    # Command palette

    @Slot()
    def open_palette(self) -> None:
        """Open the command palette."""
        if self._palette is None:
            from bpviz.ui.help.command_palette import CommandPalette

            self._palette = CommandPalette(self._window)
        self._palette.open(self._everything())

    def _everything(self) -> Iterator[Command]:
        yield from commands_in(self._window.menuBar())
        for name in preset_names():
            preset = load_preset(name)
            yield Command(_(preset.title), _("Preset"), partial(self._start_preset, name), tip=_(preset.about))
        for dock in self._docks:
            title, switch = dock.windowTitle(), dock.toggleViewAction()
            yield Command(title, _(_SHOW), dock.bring_to_front)
            yield Command(title, _(_HIDE), switch.trigger, is_enabled=switch.isChecked(), needs=_(_SHOWN))
            yield Command(title, _(_EXPLAIN), partial(self.show_page, dock.objectName()))

    # Welcome

    def welcome_once(self, memory: Memory) -> None:
        """Welcome a user who has not been welcomed yet."""
        if not memory.flag(_WELCOMED, False):
            memory.write(_WELCOMED, True)
            self._welcome_bar().begin()

    @Slot()
    def show_welcome(self) -> None:
        """Welcome the user again, who has asked for it."""
        self._welcome_bar().begin()
        self._welcome_bar().next.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _welcome_bar(self) -> WelcomeBar:
        if self._welcome is None:
            from bpviz.ui.help.welcome_bar import WelcomeBar

            self._welcome = WelcomeBar(self._actions, self._keys)
            self._actions["lessons"].triggered.connect(self._welcome.hide)  # a lesson guides by itself
            self._window.addToolBarBreak()
            self._window.addToolBar(self._welcome)
        return self._welcome
