"""The line that says that the breakpoints of an earlier experiment are disabled, and enables them."""

from __future__ import annotations

from PySide6.QtCore import Slot

from bpviz.language import N_, _, ngettext
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.action_bar import ActionBar


class DisabledBar(ActionBar):
    """Shown while breakpoints are disabled because another experiment was loaded."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("disabled", _("Disabled breakpoints"))
        self._debugger = model.debugger
        self.enable = self.add_button(N_("Enable"), _("Let them stop this experiment too"), self._debugger.enable_again)
        self.add_button(N_("Close"), _("Leave them disabled; the panel “Breakpoints” (F9) enables them"), self.hide)
        self._debugger.breakpoints_changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        if count := len(self._debugger.disabled):
            text = ngettext(
                "{count} breakpoint of the earlier experiment is disabled",
                "{count} breakpoints of the earlier experiment are disabled",
                count,
            )
            self.say(text.format(count=count))
        else:
            self.hide()
