"""How pictures are made: as seen or light on white, and with how many pixels. The choice is kept in the settings."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QActionGroup

_WHITE, _PIXELS = "picture/white", "picture/pixels"
#: Pixels of a PNG for each pixel of the screen, in both directions, and the action that chooses them.
PIXELS = {1: "pixels_1", 2: "pixels_2", 3: "pixels_3", 4: "pixels_4"}
# A slide is projected with more pixels than the window has.
_FOR_SLIDES = 2


class Kept(Protocol):
    """Settings that are kept."""

    def text(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        """Return the text of a setting, or the default if it is not one of `allowed`."""
        ...

    def write(self, key: str, value: object) -> None:
        """Keep a setting."""
        ...


class OnWhite(Protocol):
    """Shows the window light on white for a while."""

    def __call__(self) -> AbstractContextManager[None]:
        """Return a context in which the window is light on white."""
        ...


class PictureChoice(QObject):
    """The choices of the menu about pictures.

    Parameters
    ----------
    parent : QObject
    actions : dict
        The actions of the window, of which it takes `pictures_white` and those of `PIXELS`.
    settings : Kept
    on_white : OnWhite
    """

    def __init__(self, parent: QObject, actions: dict[str, QAction], settings: Kept, on_white: OnWhite) -> None:
        super().__init__(parent)
        self._settings, self._on_white = settings, on_white
        self._white, self._pixels = actions["pictures_white"], QActionGroup(self)
        self._white.setChecked(settings.text(_WHITE, ("true", "false"), "false") == "true")
        self._white.triggered.connect(self._keep_ground)
        chosen = int(settings.text(_PIXELS, tuple(map(str, PIXELS)), str(_FOR_SLIDES)))
        for count, name in PIXELS.items():
            actions[name].setData(count)
            actions[name].setChecked(count == chosen)
            self._pixels.addAction(actions[name])
        self._pixels.triggered.connect(self._keep_pixels)

    @property
    def pixels(self) -> float:
        """Pixels of a PNG for each pixel of the screen, in both directions."""
        return float(self._pixels.checkedAction().data())

    def ground(self) -> AbstractContextManager[None]:
        """Return a context in which the window has the colours that were chosen for pictures."""
        return self._on_white() if self._white.isChecked() else nullcontext()

    @Slot(bool)
    def _keep_ground(self, white: bool) -> None:
        self._settings.write(_WHITE, white)

    @Slot(QAction)
    def _keep_pixels(self, action: QAction) -> None:
        self._settings.write(_PIXELS, action.data())
