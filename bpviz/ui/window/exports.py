"""What can be taken away: the menu Export, and the menu of each panel's title."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from bpviz.language import _
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.ui.files.export_actions import ExportActions
from bpviz.ui.files.number_actions import NumberActions
from bpviz.ui.files.picture_choice import PictureChoice
from bpviz.ui.files.share_actions import ShareActions
from bpviz.ui.files.text_actions import TextActions
from bpviz.ui.film.film_actions import FilmActions
from bpviz.ui.handout.handout_actions import HandoutActions
from bpviz.ui.lessons.director import Director
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.message_bar import MessageBar
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock
from bpviz.ui.window.appearance import Appearance
from bpviz.ui.window.arrangement import Arrangement
from bpviz.ui.window.panel_docks import OF_A_POSITION, PanelDocks, panel_titles
from bpviz.ui.window.settings import Settings

#: Key of a panel -> actions that are about it alone.
_OF_ONE_PANEL = {"formula": ("copy_latex", "copy_update_latex"), "network": ("copy_tikz", "save_tikz")}


class Exports(QObject):
    """Connects the actions of the menu Export, and opens the menus of the panels.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    actions : dict
        The actions of the window.
    settings : Settings
    appearance : Appearance
    arrangement : Arrangement
        Knows which panel has the focus.
    docks : PanelDocks
    notice : MessageBar
        Shows what cannot be done.
    """

    def __init__(
        self,
        window: QMainWindow,
        model: ViewModel,
        actions: dict[str, QAction],
        settings: Settings,
        appearance: Appearance,
        arrangement: Arrangement,
        docks: PanelDocks,
        notice: MessageBar,
    ) -> None:
        super().__init__(window)
        self._window, self._arrangement, self._settings = window, arrangement, settings
        self._actions, self._docks = actions, docks
        choice = PictureChoice(self, actions, settings, appearance.on_white)
        self.files = ExportActions(window, model, notice.show_failure, self._current, choice)
        self._numbers = NumberActions(window, model, notice.show_failure, self._current_panel)
        self._texts = TextActions(window, model, notice.show_failure, self._formula, self._update)
        self.share = ShareActions(self, model, notice.show_failure)
        self.films = FilmActions(window, model, panel_titles(), self._make_panel)
        self.handouts = HandoutActions(window, model, panel_titles(), self._make_panel, Director, self._lessons)
        does = {
            "save_experiment": self.files.ask_experiment,
            "export_history": self.files.ask_history,
            "export_picture": self.files.ask_picture,
            "export_panel": self.files.ask_panel_picture,
            "copy_picture": self.files.copy_picture,
            "copy_window_picture": self.files.copy_window_picture,
        }
        does |= {"copy_numbers": self._numbers.copy, "save_numbers": self._numbers.ask}
        does |= {"copy_latex": self._texts.copy_formula, "copy_update_latex": self._texts.copy_update}
        does |= {"copy_tikz": self._texts.copy_network, "save_tikz": self._texts.ask_network}
        does |= {"copy_command": self.share.copy_command, "copy_text": self.share.copy_text}
        does |= {"paste_experiment": self.share.paste, "film": self.films.ask}
        does |= {"handout": self.handouts.ask}
        for name, slot in does.items():
            actions[name].triggered.connect(slot)

    def _make_panel(self, key: str, model: ViewModel) -> Panel:
        """Return a panel for pictures of another session, with the same choices as the one in the window."""
        panel = OF_A_POSITION[key](model)
        self._settings.save_choices(self._window)
        for part in (panel, panel.title_line):
            self._settings.restore_choices(part)
        return panel

    def _lessons(self) -> tuple[Lesson, ...]:
        """Return all lessons, the one that is taken first."""
        panel = self._docks.lesson.panel if self._docks.lesson.is_made else None
        taken = (panel.lesson,) if panel and panel.lesson else ()
        return (*taken, *(lesson for lesson in map(load_lesson, NAMES) if lesson not in taken))

    @Slot()
    def end(self) -> None:
        """Cancel what is being made, since the program ends."""
        self.films.end()
        self.handouts.end()

    def _current(self) -> QWidget:
        return self._arrangement.current() or self._window

    def _formula(self) -> str:
        return self._docks.formula.panel.formula_latex()

    def _update(self) -> str:
        return self._docks.formula.panel.update_latex()

    def _current_panel(self) -> Panel | None:
        dock = self._arrangement.current()
        return dock.panel if dock else None

    @Slot(object, object)
    def open_panel_menu(self, dock: PanelDock[Panel], place: QPoint) -> None:
        """Open the menu of a panel at a point of the screen."""
        menu = QMenu(self._window)
        menu.setObjectName("panel")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("&Copy picture"), partial(self.files.copy_picture_of, dock))
        menu.addAction(_("&Save picture…"), partial(self.files.ask_picture_of, dock))
        if not dock.is_covered and dock.panel.shown_numbers() is not None:
            menu.addSeparator()
            menu.addAction(_("Copy &numbers"), partial(self._numbers.copy_of, dock.panel))
            menu.addAction(_("Save n&umbers…"), partial(self._numbers.ask_of, dock.panel))
        for name in _OF_ONE_PANEL.get(dock.objectName(), ()):
            menu.addAction(self._actions[name])
        menu.popup(place)
