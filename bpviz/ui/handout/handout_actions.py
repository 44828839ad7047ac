"""Opens the dialog for a handout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from bpviz.ui.offscreen.making_dialog import DialogOpener
from bpviz.ui.view_model.view_model import ViewModel

if TYPE_CHECKING:
    from bpviz.ui.handout.handout_dialog import HandoutDialog, Lessons
    from bpviz.ui.handout.handout_maker import MakeDirector
    from bpviz.ui.offscreen.picture_maker import MakePanel


class HandoutActions(DialogOpener):
    """Keeps the dialog; parameters as `HandoutDialog`."""

    def __init__(
        self,
        window: QMainWindow,
        model: ViewModel,
        titles: dict[str, str],
        make_panel: MakePanel,
        make_director: MakeDirector,
        lessons: Lessons,
    ) -> None:
        super().__init__(window)
        self._window, self._model = window, model
        self._needs = titles, make_panel, make_director, lessons

    def make_dialog(self) -> HandoutDialog:
        """Make the dialog."""
        from bpviz.ui.handout.handout_dialog import HandoutDialog  # not before the first paint

        return HandoutDialog(self._window, self._model, *self._needs)
