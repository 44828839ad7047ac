"""Slots and enabled states of the time travel actions, and the texts of undo and redo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from bpviz.language import _
from bpviz.session.engine.commands import Fork, Redo, Undo
from bpviz.session.time_travel.timeline import MOST_BRANCHES
from bpviz.session.training.position import Position
from bpviz.ui.timeline.bookmark_actions import BookmarkActions
from bpviz.ui.timeline.player import Player
from bpviz.ui.view_model.playhead import can_play, epoch_on_screen, is_past, position_on_screen
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.window.actions import ACTIONS, give_on_trigger

_END_PLAYING = (
    *("run", "run_back", "step", "step_back", "step_into", "back_out", "finish_sample", "start_sample", "step_by"),
    *("back_by", "slow_motion", "step_chosen", "to_start", "go_live", "undo", "redo", "fork"),
    *("next_bookmark", "previous_bookmark"),
)


class TimeActions(QObject):
    """Connects the time travel actions.

    Parameters
    ----------
    model : ViewModel
    actions : dict of str to QAction
        All actions of the window.
    player : Player
    bookmarking : BookmarkActions
    parent : QObject
    """

    def __init__(
        self,
        model: ViewModel,
        actions: dict[str, QAction],
        player: Player,
        bookmarking: BookmarkActions,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._model, self._actions, self._player = model, actions, player
        for name in _END_PLAYING:
            actions[name].triggered.connect(player.stop)
        for name, slot in {
            "bookmark": bookmarking.edit_current,
            "next_bookmark": bookmarking.go_to_next,
            "previous_bookmark": bookmarking.go_to_previous,
            "to_start": self._go_to_start,
            "go_live": model.go_live,
            "play_past": player.play_forward,
            "play_past_back": player.play_backward,
        }.items():
            actions[name].triggered.connect(slot)
        give_on_trigger(actions["undo"], model.post, Undo())
        give_on_trigger(actions["redo"], model.post, Redo())
        give_on_trigger(actions["fork"], model.post, Fork())
        player.playing_changed.connect(self._show_playing)
        model.status_changed.connect(self._show)
        for changed in (model.time.timeline_changed, model.time.bookmarks_changed):
            changed.connect(self._show)
        self._show()

    @Slot()
    def _go_to_start(self) -> None:
        self._model.go_to(Position())

    @Slot(int)
    def _show_playing(self, direction: int) -> None:
        self._actions["play_past"].setChecked(direction > 0)
        self._actions["play_past_back"].setChecked(direction < 0)

    @Slot()
    def _show(self) -> None:
        model, timeline = self._model, self._model.time.timeline
        here, bookmarks = position_on_screen(model), model.time.bookmarks_here()
        ready = here is not None and timeline is not None
        for name, is_enabled in {
            "fork": ready and timeline is not None and len(timeline.branches) < MOST_BRANCHES,
            "bookmark": ready,
            "next_bookmark": any(here is not None and each.position > here for each in bookmarks),
            "previous_bookmark": any(here is not None and each.position < here for each in bookmarks),
            "to_start": here is not None and here > Position(),
            "go_live": is_past(model),
            "play_past": can_play(model),
            "play_past_back": can_play(model) and epoch_on_screen(model) > 0,
        }.items():
            self._actions[name].setEnabled(is_enabled)
        self._show_change("undo", timeline.undo if timeline else "")
        self._show_change("redo", timeline.redo if timeline else "")

    def _show_change(self, name: str, words: str) -> None:
        action = self._actions[name]
        action.setEnabled(bool(words))
        action.setText(f"{_(ACTIONS[name].text)} {words.replace('&', '&&')}".rstrip())
