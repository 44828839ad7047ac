"""The menu that says where a recorded lesson is saved: in the session's file, or in a file of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QPushButton

from bpviz.language import _


class SaveMenu(QMenu):
    """Opens from a button.

    Attributes
    ----------
    in_session, as_file, leave_out : QAction
        Save the lesson in the session's file; save it as a file; save the session without the lesson that it has.
    """

    def __init__(self, button: QPushButton) -> None:
        super().__init__(button)
        self.setToolTipsVisible(True)
        self.in_session = self.addAction(_("In the session's file"))
        self.in_session.setToolTip(_("Save the session, with this lesson in it"))
        self.as_file = self.addAction(_("As a file…"))
        self.as_file.setToolTip(_("Save the lesson by itself, beside the session if that has a file"))
        self.addSeparator()
        self.leave_out = self.addAction(_("Leave out of the session"))
        self.leave_out.setToolTip(_("Save the session without the lesson that it has; the draft stays"))
        self.leave_out.setEnabled(False)
        button.setMenu(self)

    def set_has_steps(self, has_steps: bool) -> None:
        """Offer to save a lesson that has steps."""
        for action in (self.in_session, self.as_file):
            action.setEnabled(has_steps)
