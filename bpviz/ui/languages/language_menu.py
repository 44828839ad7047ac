"""The menu View, Language: which language the window has from the next start on."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from bpviz.language import N_, _, chosen, languages, system_language, text_in
from bpviz.ui.languages.language_bar import LanguageBar

#: The setting, and its value for the language of the system.
KEY, SYSTEM = "language", "system"
_TITLE = N_("Lan&guage")


class Kept(Protocol):
    """Settings that are kept."""

    def text(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """Return the text of a setting, or the default if it is not one of `allowed`."""
        ...

    def write(self, key: str, value: object) -> None:
        """Keep a setting."""
        ...


class LanguageMenu(QObject):
    """Keeps the choice of a language in the settings.

    Parameters
    ----------
    window : QMainWindow
        Which gets the line that offers to start again.
    settings : Kept
    before : QAction
        The entry of a menu above which this menu is.

    Signals
    -------
    restart_wanted
        The user wants the window in the chosen language now.
    """

    restart_wanted = Signal()

    def __init__(self, window: QMainWindow, settings: Kept, before: QAction) -> None:
        super().__init__(window)
        self._settings = settings
        self.menu, self.bar, self._group = QMenu(_(_TITLE), window), LanguageBar(), QActionGroup(self)
        self.menu.setObjectName("language")
        self.menu.setToolTipsVisible(True)
        self._add(SYSTEM, _("As the &system"), _("Use the language of the desktop"))
        for name, own_name in languages().items():
            self._add(name, own_name, _("Show all texts in this language"))
        for above in before.associatedObjects():
            if isinstance(above, QMenu):
                above.insertMenu(before, self.menu)
        window.addToolBarBreak()
        window.addToolBar(self.bar)
        self.bar.restart.clicked.connect(self.restart_wanted)

    def _add(self, name: str, text: str, tip: str) -> None:
        action = self.menu.addAction(text)
        action.setObjectName(f"language_{name}")
        action.setToolTip(tip)
        action.setProperty("tip", tip)
        action.setCheckable(True)
        action.setChecked(name == kept_choice(self._settings))
        action.triggered.connect(self._choose)
        action.setData(name)
        self._group.addAction(action)

    @Slot()
    def _choose(self) -> None:
        """Keep the choice, and say in the chosen language that it holds from the next start on."""
        choice = str(self._group.checkedAction().data())
        self._settings.write(KEY, choice)
        language = language_of(choice)
        if language == chosen():
            self.bar.hide()
        else:
            self.bar.offer(lambda text: text_in(language, text))


def kept_choice(settings: Kept) -> str:
    """Return the choice of the user: the name of a language, or `SYSTEM`."""
    return settings.text(KEY, (SYSTEM, *languages()), SYSTEM)


def language_of(choice: str) -> str:
    """Return the language that a choice means."""
    return system_language() if choice == SYSTEM else choice
