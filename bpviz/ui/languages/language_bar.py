"""The line that says from when on a chosen language holds, and offers to start again."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.language import N_, _
from bpviz.ui.widgets.action_bar import ActionBar

_SENTENCE = N_("This language is used from the next start of bpviz on.")
_RESTART, _RESTART_TIP = N_("Restart now"), N_("Open the window again in this language, with the same session")
_CLOSE, _CLOSE_TIP = N_("Later"), N_("Close this line; the choice is kept")


class LanguageBar(ActionBar):
    """Shown in the language that was chosen, for somebody who cannot read the present one."""

    def __init__(self) -> None:
        super().__init__("language", _("Language"))
        self.restart = self.add_button(_RESTART, _(_RESTART_TIP), self.hide)
        self._later = self.add_button(_CLOSE, _(_CLOSE_TIP), self.hide)

    def offer(self, text_of: Callable[[str], str]) -> None:
        """Show the line; `text_of` translates its texts."""
        for button, text, tip in ((self.restart, _RESTART, _RESTART_TIP), (self._later, _CLOSE, _CLOSE_TIP)):
            button.setText(text_of(text))
            button.setToolTip(text_of(tip))
        self.say(text_of(_SENTENCE))
