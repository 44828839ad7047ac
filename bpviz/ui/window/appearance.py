"""Theme and text size: what the user has chosen, and what a lecture hall needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow

from bpviz.ui.style import theme as themes
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.window.actions import tint
from bpviz.ui.window.settings import Settings

# From the last row of a lecture hall one reads text of a fortieth of the height of the picture.
_LINES_OF_A_LECTURE = 40
_LECTURE_LINE_WIDTH = 2.0
# In a presentation text grows by this factor a press, and at most to so much: panels need the rest.
_GROWTH, _MOST_GROWTH = 1.15, 1.6


class Appearance(QObject):
    """Applies theme and text size to the application, and tells the model.

    Parameters
    ----------
    window : QMainWindow
    model : ViewModel
    settings : Settings
        Where the choices are kept.
    actions : dict
        The actions of the window, which it connects.
    theme : str, optional
        "light" or "dark" instead of the saved choice.

    Signals
    -------
    changed
        Theme or text size have changed.
    """

    changed = Signal()

    def __init__(
        self,
        window: QMainWindow,
        model: ViewModel,
        settings: Settings,
        actions: dict[str, QAction],
        theme: str | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._model, self._settings, self._actions = window, model, settings, actions
        self._choice, self._chosen_scale = theme or settings.theme(), settings.scale()
        self._is_lecture = self._is_presented = False
        self._growth = 1.0
        does: dict[str, Callable[..., None]] = {
            "theme": self._toggle_theme,
            "theme_system": self._follow_system,
            "larger": self._larger,
            "smaller": self._smaller,
        }
        for name, slot in does.items():
            actions[name].triggered.connect(slot)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_theme_changed)
        self.apply()

    @property
    def scale(self) -> float:
        """How many times as large as usual text is: what the user has chosen, in a lecture at least what it needs."""
        smallest = (themes.BASE_POINTS - themes.SMALLER_POINTS) * self._window.logicalDpiY() / 72
        needed = self._window.height() / _LINES_OF_A_LECTURE / smallest
        if self._is_presented:
            return needed * self._growth
        return max(self._chosen_scale, needed) if self._is_lecture else self._chosen_scale

    def set_scale(self, scale: float) -> None:
        """Make text so many times as large as usual."""
        self._chosen_scale = scale
        self.apply()

    def set_lecture(self, is_lecture: bool) -> None:
        """Make text and lines large enough for a lecture hall, or as the user has chosen."""
        if is_lecture or self._is_lecture:
            self._is_lecture = is_lecture
            self.apply()

    def set_presented(self, is_presented: bool) -> None:
        """Show text, lines and marks as the last row of a hall needs them at the window's height, or as before.

        To be called again when the height has changed.
        """
        if not is_presented:
            self._growth = 1.0
        self._is_presented = is_presented
        self.apply()

    def apply(self) -> None:
        """Apply theme and text size to the application."""
        follows = self._choice == "system"
        theme = themes.system_theme() if follows else themes.THEMES[self._choice]
        self._wear(theme)
        self._actions["theme"].setChecked(theme.is_dark)
        self._actions["theme_system"].setChecked(follows)
        self.changed.emit()

    @contextmanager
    def on_white(self) -> Iterator[None]:
        """Show the window light on white for a picture; nothing of it is seen, since no event is handled meanwhile."""
        self._wear(themes.PRINT)
        try:
            yield
        finally:
            self.apply()

    def _wear(self, theme: themes.Theme) -> None:
        if self._is_presented:
            theme = themes.for_stage(theme, self._window.height())
        elif self._is_lecture:
            theme = replace(theme, line_width=_LECTURE_LINE_WIDTH, is_for_lecture=True)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        themes.apply(app, theme, self.scale)
        tint(self._actions, theme)
        self._model.set_theme(theme)
        self._model.paint_queue.finish()  # panels that draw in turn while training runs

    @Slot(bool)
    def _toggle_theme(self, dark: bool) -> None:
        self._choose("dark" if dark else "light")

    @Slot(bool)
    def _follow_system(self, on: bool) -> None:
        self._choose("system" if on else self._model.theme.name)

    def _choose(self, choice: str) -> None:
        self._choice = choice
        self._settings.write("theme", choice)
        self.apply()

    @Slot()
    def _system_theme_changed(self) -> None:
        if self._choice == "system":
            self.apply()

    @Slot()
    def _larger(self) -> None:
        self._rescale(+1)

    @Slot()
    def _smaller(self) -> None:
        self._rescale(-1)

    def _rescale(self, by: int) -> None:
        if self._is_presented:
            self._growth = min(max(self._growth * _GROWTH**by, 1.0), _MOST_GROWTH)
            self.apply()
            return
        index = themes.SCALES.index(self._chosen_scale) + by
        if 0 <= index < len(themes.SCALES):
            self.set_scale(themes.SCALES[index])
            self._settings.write("scale", self._chosen_scale)
