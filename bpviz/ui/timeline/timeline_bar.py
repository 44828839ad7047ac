"""The bar under everything: all of training on one line, and the controls of time travel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QToolBar, QToolButton, QVBoxLayout, QWidget

from bpviz.ui.style.theme import GAP
from bpviz.ui.timeline.branch_chips import BranchChips
from bpviz.ui.timeline.live_badge import LiveBadge
from bpviz.ui.timeline.player import DEFAULT_RATE, RATES, Player
from bpviz.ui.timeline.timeline_track import TimelineTrack
from bpviz.ui.view_model.view_model import ViewModel

_BUTTONS = ("to_start", "play_past_back", "play_past", "go_live")
_LOOK = "QToolBar { border-bottom: 0; border-top: 1px solid palette(mid); padding: 0; }"


class TimelineBar(QToolBar):
    """Buttons, the track, and beside it whether one looks at the past, the pace and the branches.

    Parameters
    ----------
    model : ViewModel
    player : Player
    actions : dict of str to QAction
        All commands of the window.
    """

    def __init__(self, model: ViewModel, player: Player, actions: dict[str, QAction]) -> None:
        super().__init__("Timeline")
        self.setObjectName("timeline")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setStyleSheet(_LOOK)
        self.setContentsMargins(GAP, 2, GAP, 2)
        self._player = player
        self.track, self.place, self.chips = TimelineTrack(model), LiveBadge(model), BranchChips(model)
        self.pace, self.train_on = QComboBox(), QToolButton()
        self._describe()
        for name in _BUTTONS:
            self.addAction(actions[name])
        self.addWidget(self.track)
        self.addWidget(self._side())
        self.track.touched.connect(player.stop)
        self.pace.currentTextChanged.connect(self._set_pace)
        self.train_on.toggled.connect(model.time.set_trains_on)

    def _describe(self) -> None:
        self.pace.setObjectName("timeline.pace")
        self.pace.setAccessibleName("Pace of playing")
        self.pace.setToolTip("How many epochs of the past are played a second")
        self.pace.addItems(list(RATES))
        self.pace.setCurrentText(DEFAULT_RATE)
        self.train_on.setObjectName("timeline.train_on")
        self.train_on.setText("Train on")
        self.train_on.setToolTip("While one looks at the past, the live end trains on; otherwise it waits")
        self.train_on.setCheckable(True)
        self.train_on.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget in (self.pace, self.train_on):
            widget.setProperty("role", "flat")

    def _side(self) -> QWidget:
        side, column, row = QWidget(), QVBoxLayout(), QHBoxLayout()
        side.setLayout(column)
        side.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(2)
        row.setSpacing(4)
        for widget in (self.pace, self.train_on, self.chips):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(self.place)
        column.addLayout(row)
        return side

    @Slot(str)
    def _set_pace(self, text: str) -> None:
        self._player.set_rate(RATES[text])
