"""The bar at the bottom of the window: the timeline track and the controls of time travel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QToolBar, QToolButton, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.style.theme import GAP
from bpviz.ui.timeline.branch_chips import BranchChips
from bpviz.ui.timeline.live_badge import LiveBadge
from bpviz.ui.timeline.player import DEFAULT_RATE, RATES, Player
from bpviz.ui.timeline.timeline_track import TimelineTrack
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import choose, chosen, offer

_BUTTONS = ("to_start", "play_past_back", "play_past", "go_live")
_LOOK = "QToolBar { border-bottom: 0; border-top: 1px solid palette(mid); padding: 0; }"


class TimelineBar(QToolBar):
    """Holds the playback buttons, the track, the live badge, the playback speed and the branch buttons.

    Parameters
    ----------
    model : ViewModel
    player : Player
    actions : dict of str to QAction
        All actions of the window.
    """

    def __init__(self, model: ViewModel, player: Player, actions: dict[str, QAction]) -> None:
        super().__init__(_("Timeline"))
        self.setObjectName("timeline")
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setStyleSheet(_LOOK)
        self.setContentsMargins(GAP, 2, GAP, 2)
        self._player = player
        self.track, self.badge, self.chips = TimelineTrack(model), LiveBadge(model), BranchChips(model)
        self.speed, self.train_on = QComboBox(), QToolButton()
        self._describe()
        margin = QWidget()
        margin.setFixedWidth(GAP // 2)  # the bar has no padding, which would make it higher too
        self.addWidget(margin)
        for name in _BUTTONS:
            self.addAction(actions[name])
        self.addWidget(self.track)
        self.addWidget(self._side())
        self.track.seek_started.connect(player.stop)
        self.speed.currentTextChanged.connect(self._set_speed)
        self.train_on.toggled.connect(model.time.set_trains_on)

    def _describe(self) -> None:
        self.speed.setObjectName("timeline.pace")  # also the key under which the choice is saved
        self.speed.setAccessibleName(_("Playback speed"))
        self.speed.setToolTip(_("Playback speed of the past"))
        offer(self.speed, RATES)
        choose(self.speed, DEFAULT_RATE)
        self.train_on.setObjectName("timeline.train_on")
        self.train_on.setText(_("Train on"))
        self.train_on.setToolTip(_("Continue training at the live end while the past is shown"))
        self.train_on.setCheckable(True)
        self.train_on.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for widget in (self.speed, self.train_on):
            widget.setProperty("role", "flat")

    def _side(self) -> QWidget:
        side, column, row = QWidget(), QVBoxLayout(), QHBoxLayout()
        side.setLayout(column)
        side.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(2)
        row.setSpacing(4)
        for widget in (self.speed, self.train_on, self.chips):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(self.badge)
        column.addLayout(row)
        return side

    @Slot()
    def _set_speed(self) -> None:
        self._player.set_rate(RATES[chosen(self.speed)])
