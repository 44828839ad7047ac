"""The commands of the window, read off its menus, so that a list of them is never out of date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from bpviz.ui.style.mnemonics import without_mnemonic


@dataclass(frozen=True)
class Command:
    """Something that the user can do.

    Attributes
    ----------
    text, group : str
        What it does, and the menu or the kind that it belongs to.
    run : callable
    keys : str
        Its shortcut, "" for none.
    tip : str
        A sentence about it.
    is_enabled : bool
    needs : str
        What it waits for while it is disabled, "" if that is not known.
    """

    text: str
    group: str
    run: Callable[[], object]
    keys: str = ""
    tip: str = ""
    is_enabled: bool = True
    needs: str = ""


def shortcut(action: QAction) -> str:
    """Return the shortcut of an action as the user reads it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def commands_in(menus: QMenuBar) -> Iterator[Command]:
    """Yield the commands of all menus, but not the switches of the panels, which have no object name."""
    for top in menus.actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            for action in _actions_in(menu):
                if action.objectName():
                    yield _command(action, without_mnemonic(top.text()))


def _actions_in(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _actions_in(inner)
        elif not action.isSeparator():
            yield action


def _command(action: QAction, group: str) -> Command:
    return Command(
        text=without_mnemonic(action.text()),
        group=group,
        run=action.trigger,
        keys=shortcut(action),
        tip=str(action.property("tip") or ""),
        is_enabled=action.isEnabled(),
        needs=str(action.property("needs") or ""),
    )
