"""A non-modal frame over the window to enter the number of an epoch to go to."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from bpviz.language import _
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP
from bpviz.ui.timeline.bookmark_editor import PopupLine, move_above
from bpviz.ui.timeline.timeline_track import TimelineTrack
from bpviz.ui.view_model.playhead import epoch_on_screen, live_epoch
from bpviz.ui.view_model.view_model import ViewModel

_LOOK = "EpochEntry { background: palette(base); border: 1px solid palette(mid); border-radius: 4px; }"
_LONGEST = "0,000,000,000"


class EpochEntry(QFrame):
    """Asks for the number of an epoch, above the handle of the timeline, and goes there.

    Parameters
    ----------
    window : QWidget
        Parent of the frame.
    model : ViewModel
    track : TimelineTrack
    """

    def __init__(self, window: QWidget, model: ViewModel, track: TimelineTrack) -> None:
        super().__init__(window)
        self._window, self._model, self._track = window, model, track
        self.setStyleSheet(_LOOK)
        self.caption, self.line, self.problem = QLabel(_("Go to epoch")), PopupLine(), QLabel()
        self.caption.setProperty("role", "caption")
        self.problem.setProperty("role", "problem")
        self.line.setAccessibleName(_("Number of the epoch"))
        self.line.setToolTip(_("Return: go there, Esc: cancel"))
        grid = QGridLayout(self)
        grid.setContentsMargins(GAP, GAP // 2, GAP, GAP // 2)
        grid.addWidget(self.caption, 0, 0)
        grid.addWidget(self.line, 0, 1)
        grid.addWidget(self.problem, 1, 0, 1, 2)
        self.line.accepted.connect(self._accept)
        self.line.cancelled.connect(self.close_)
        self.line.left.connect(self.close_)
        model.experiment_prepared.connect(self.close_)
        self.hide()

    @Slot()
    def ask(self) -> None:
        """Show the frame with the number of the current epoch, selected."""
        self.line.setFixedWidth(self.line.fontMetrics().horizontalAdvance(_LONGEST) + 2 * GAP)
        self.line.setText(str(epoch_on_screen(self._model)))
        self.line.selectAll()
        self._complain("")
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.adjustSize()
        move_above(self, self._window, self._track.mapTo(self._window, QPoint(round(self._track.handle_x()), 0)))

    @Slot()
    def close_(self) -> None:
        """Hide the frame without going anywhere."""
        self.hide()

    @Slot()
    def _accept(self) -> None:
        text, last = self.line.text().strip().replace(",", ""), live_epoch(self._model)
        if not (text.isascii() and text.isdecimal()):
            self._complain(_("Type a whole number from 0 to {count}.").format(count=formats.count(last)))
        elif int(text) > last:
            self._complain(
                _("There is no epoch {epoch} yet: training has reached epoch {furthest}.").format(
                    epoch=formats.count(int(text)), furthest=formats.count(last)
                )
            )
        else:
            self.hide()
            self._track.seek(int(text))
