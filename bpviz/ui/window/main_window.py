"""The main window: panels in docks around an empty centre, tool bars, menus and status line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from bpviz.session.engine.commands import CompareBranch, Pause, Run, RunBack
from bpviz.session.engine.events import NetworkReady, State, Status
from bpviz.session.recovery.crash_reports import CrashReports
from bpviz.session.recovery.recovery import Recovery
from bpviz.session.training.strokes import drawing_problem
from bpviz.ui.conventions.convention_actions import ConventionActions
from bpviz.ui.debugging.slow_motion import SlowMotion
from bpviz.ui.debugging.step_bar import StepBar
from bpviz.ui.files.crash_report_offer import CrashReportOffer
from bpviz.ui.files.network_actions import NetworkActions, network_in
from bpviz.ui.files.recent_menu import RecentMenu
from bpviz.ui.files.recovery_bar import RecoveryBar
from bpviz.ui.files.recovery_offer import RecoveryOffer
from bpviz.ui.files.session_files import SessionFiles, file_in
from bpviz.ui.help.help_actions import HelpActions
from bpviz.ui.languages.language_menu import LanguageMenu
from bpviz.ui.languages.restart import Restart
from bpviz.ui.lessons.lesson_files import LessonFiles
from bpviz.ui.notices.notices import Notices
from bpviz.ui.own_data.data_actions import DataActions, table_in
from bpviz.ui.presentation.presentation import Presentation
from bpviz.ui.style.icons import program_icon
from bpviz.ui.timeline.bookmark_actions import BookmarkActions
from bpviz.ui.timeline.epoch_entry import EpochEntry
from bpviz.ui.timeline.player import Player
from bpviz.ui.timeline.timeline_bar import TimelineBar
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.message_bar import MessageBar
from bpviz.ui.window.actions import fill_menus, give_on_trigger, make_actions
from bpviz.ui.window.appearance import Appearance
from bpviz.ui.window.arrangement import Arrangement
from bpviz.ui.window.exports import Exports
from bpviz.ui.window.lesson_stage import LessonStage
from bpviz.ui.window.old_updates import OldUpdates
from bpviz.ui.window.panel_docks import PanelDocks
from bpviz.ui.window.settings import Settings
from bpviz.ui.window.status_line import StatusLine
from bpviz.ui.window.step_actions import StepActions
from bpviz.ui.window.time_actions import TimeActions
from bpviz.ui.window.tool_bar import ToolBar
from bpviz.ui.window.workspaces import COMPARE, LECTURE, TRAIN, Workspace, workspace_to_step

_SIZE, _LEAST_SIZE = QSize(1440, 900), QSize(960, 600)
# Approximate height of the window frame that the desktop adds.
_FRAME = QSize(0, 40)
_NEED_A_NETWORK = (
    *("reset", "run_back", "step", "step_back", "step_into", "back_out", "finish_sample", "start_sample", "step_by"),
    *("back_by", "slow_motion", "inspect_worst", "inspect_random", "inspect_wrong", "enter_sample"),
    *("save_session", "save_session_as", "enter_epoch"),
)


class MainWindow(QMainWindow):
    """Creates all panels and actions and connects them to one view model.

    Signals
    -------
    closed
        The user has closed the window.
    """

    closed = Signal()

    def __init__(
        self,
        model: ViewModel,
        settings: Settings,
        *,
        preset: str,
        theme: str | None = None,
        size: tuple[int, int] | None = None,
        recovery: Recovery | None = None,
        reports: CrashReports | None = None,
    ) -> None:
        super().__init__()
        self.model, self._settings = model, settings
        self.setWindowTitle("bpviz")
        self.setAcceptDrops(True)
        self.setWindowIcon(program_icon())
        self.setMinimumSize(_LEAST_SIZE)
        self.resize(QSize(*size) if size else self._first_size())
        # The default context menu of QMainWindow would let users hide the tool bars.
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.actions_ = make_actions(self)
        self.stepping, self.slow_motion = StepActions(model, self), SlowMotion(model, self)
        self.player = Player(model, self)
        self.appearance = Appearance(self, model, settings, self.actions_, theme)
        self._add_bars(preset)
        self._add_panels()
        self.lesson_files = LessonFiles(self, self.notice.show_failure)
        self.lessons = LessonStage(
            *(self, self.docks, self._lay_out, self._show_guide, self._settings, self.actions_, self.lesson_files),
            *(self._session_path, self.notice.show_failure),
        )
        self.arrangement.workspace_changed.connect(self.lessons.note_workspace)
        for outside in (self._status_line, self.timeline.track, self.notices.stop):
            self.lessons.withheld.connect(outside.withhold)
        self.networks = NetworkActions(self, model, self.notice.show_failure)
        self._add_exports()
        self._conventions = ConventionActions(self, model, self.actions_, settings, self.docks.all)
        self.help = HelpActions(self, model, self.actions_, self.docks.all, self.tool_bar.choose_preset)
        self._add_files(recovery, reports)
        self.bookmarking = BookmarkActions(self, model, self.timeline.track, self.notice.show_failure)
        self.epoch_entry = EpochEntry(self, model, self.timeline.track)
        self.actions_["enter_epoch"].triggered.connect(self.epoch_entry.ask)
        self._time_actions = TimeActions(model, self.actions_, self.player, self.bookmarking, self)
        self._connect_commands()
        self._connect_model()
        self.presentation = Presentation(
            *(self, model, self.actions_, self.docks.all, self.arrangement, self.appearance),
            level=self.step_bar.level.currentText,
        )
        self._restore()

    # Building

    def _first_size(self) -> QSize:
        """Return the default size, limited to the screen; the offscreen platform's screen size means nothing."""
        is_seen = QGuiApplication.platformName() != "offscreen"
        return _SIZE.boundedTo(self.screen().availableSize() - _FRAME) if is_seen else _SIZE

    def _add_bars(self, preset: str) -> None:
        self.tool_bar, self.notice, self.offer = ToolBar(self.model, self.actions_, preset), MessageBar(), RecoveryBar()
        self.addToolBar(self.tool_bar)
        self.addToolBarBreak()
        self.step_bar = StepBar(self.model, self.slow_motion, self.actions_)
        self.addToolBar(self.step_bar)
        self.addToolBarBreak()
        self.addToolBar(self.notice)
        self.addToolBarBreak()
        self.addToolBar(self.offer)
        self.notices = Notices(self, self.model, self.actions_, self.notice)
        self.timeline = TimelineBar(self.model, self.player, self.actions_)
        self.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.timeline)
        self._status_line = StatusLine(self.model)
        self.setStatusBar(self._status_line)

    def _add_panels(self) -> None:
        # QMainWindow needs a central widget; hidden, it leaves all space to the docks.
        middle = QWidget()
        middle.hide()
        self.setCentralWidget(middle)
        self.setDockNestingEnabled(True)
        self.docks = PanelDocks(self.model)
        for dock in self.docks.all:
            dock.made.connect(self._settings.restore_choices)
        self.arrangement = Arrangement(self, self.docks, self.step_bar)
        self.appearance.changed.connect(self._fit_arrangement)
        walked = (self.docks.step, self.docks.operations, self.docks.formula, self.docks.operands, self.docks.code)
        self._old_updates = OldUpdates(self.model, (*walked, self.docks.explain, self.docks.mine), self)
        fill_menus(self, self.actions_, [dock.toggleViewAction() for dock in self.docks.all])
        self.languages = LanguageMenu(self, self._settings, self.actions_["theme"])
        self.restart = Restart(self, self.model)
        self.languages.restart_wanted.connect(self.restart.begin)

    def _add_exports(self) -> None:
        self.exports = Exports(
            *(self, self.model, self.actions_, self._settings, self.appearance, self.arrangement),
            *(self.docks, self.notice),
        )
        self.closed.connect(self.exports.end)
        for dock in self.docks.all:
            dock.menu_wanted.connect(self.exports.open_panel_menu)

    def _add_files(self, recovery: Recovery | None, reports: CrashReports | None) -> None:
        show_failure, recover = self.notice.show_failure, self.actions_["recover"]
        recover.setEnabled(False)
        self.files = SessionFiles(self, self.model, show_failure)
        self.actions_["open"].triggered.connect(self.files.ask_what_to_open)
        self.actions_["save_session"].triggered.connect(self.files.save)
        self.actions_["save_session_as"].triggered.connect(self.files.ask_where_to_save)
        self.data = DataActions(self, self.model, show_failure)
        self.actions_["open_data"].triggered.connect(self.data.ask)
        self.actions_["paste_data"].triggered.connect(self.data.paste)
        if recovery is None:
            self.recovery_offer: RecoveryOffer | None = None
        else:
            self.recent = RecentMenu(self, self.files, recovery.recent_folder, recover)
            self.recovery_offer = RecoveryOffer(self, recovery, self.files, self.offer, recover, show_failure)
        self.report_offer = CrashReportOffer(self, reports, self.offer, show_failure) if reports else None

    def _connect_commands(self) -> None:
        does = {
            "step": self.stepping.finish_sample,
            "step_back": self.stepping.start_sample,
            "finish_sample": self.stepping.finish_sample,
            "start_sample": self.stepping.start_sample,
            "step_into": self.stepping.step_into,
            "back_out": self.stepping.back_out,
            "step_by": self.step_bar.step,
            "back_by": self.step_bar.step_back,
            "slow_motion": self.slow_motion.play,
            "step_chosen": self.stepping.apply_chosen,
            "inspect": self.stepping.inspect_chosen,
            "inspect_worst": self.stepping.inspect_worst,
            "inspect_random": self.stepping.inspect_random,
            "inspect_wrong": self.stepping.inspect_wrong,
            "enter_sample": self._enter_sample,
            "breakpoint": self._add_breakpoint,
            "explain": self._explain,
            "reset": self.model.reset,
            "quit": self.close,
            "train_layout": self._lay_out_to_train,
            "step_layout": self._lay_out_to_step,
            "lecture_layout": self._lay_out_to_lecture,
            "compare_layout": self._lay_out_to_compare,
            "fill": self.arrangement.toggle_fill_with_current,
            "full_screen": self._toggle_full_screen,
            "select_nothing": self.model.select_nothing,
            "about": self._about,
            "find_bug": self.docks.find_bug.bring_to_front,
        }
        for name, slot in (does | self.networks.slots).items():
            self.actions_[name].triggered.connect(slot)
        give_on_trigger(self.actions_["run"], self.model.post, Run())
        give_on_trigger(self.actions_["pause"], self.model.post, Pause())
        give_on_trigger(self.actions_["run_back"], self.model.post, RunBack())

    def _connect_model(self) -> None:
        self.model.status_changed.connect(self._show_status)
        self.model.selection_changed.connect(self._show_selection)
        self.model.failed.connect(self.notice.show_failure)
        self.model.experiment_prepared.connect(self.notice.hide)
        self.model.experiment_prepared.connect(self._show_what_can_be_drawn)
        self.actions_["run"].triggered.connect(self.notice.hide)
        self.actions_["draw"].triggered.connect(self._draw)
        self.actions_["draw"].setEnabled(False)
        self._show_status(self.model.status)
        self._show_selection(self.model.selection)

    def _restore(self) -> None:
        self._lay_out(TRAIN)
        # After the default workspace, which stays in place if there is no saved layout.
        self._settings.restore_layout(self)
        self._settings.restore_choices(self)
        for bar in (self.notice, self.offer, self.notices, self.languages.bar):
            bar.hide()

    # Model signals

    @Slot(object)
    def _show_status(self, status: Status) -> None:
        running, ready = status.state is State.RUNNING, status.position is not None
        # Run and Pause take turns at the same position of the tool bar.
        self.actions_["run"].setVisible(not running)
        self.actions_["pause"].setVisible(running)
        self.actions_["run"].setEnabled(ready and status.state is not State.PREPARING)
        for name in _NEED_A_NETWORK:
            self.actions_[name].setEnabled(ready)

    @Slot(object)
    def _show_selection(self, selection: Selection) -> None:
        for name in ("step_chosen", "inspect"):
            self.actions_[name].setEnabled(selection.sample is not None)

    @Slot(object)
    def _show_what_can_be_drawn(self, prepared: NetworkReady) -> None:
        self.actions_["draw"].setEnabled(not drawing_problem(prepared.split))

    def _session_path(self) -> Path | None:
        return self.files.source.path

    # Workspaces

    @property
    def _is_presented(self) -> bool:
        return self.presentation.is_on

    def _lay_out(self, workspace: Workspace) -> None:
        if self._is_presented:  # a lesson's step asks for it
            return
        self.appearance.set_lecture(workspace.is_for_lecture)
        self.arrangement.lay_out(workspace, self.appearance.scale)

    @Slot()
    def _fit_arrangement(self) -> None:
        if not self._is_presented:
            self.arrangement.fit(self.appearance.scale)

    def _show_guide(self) -> None:
        if not self._is_presented:
            self.arrangement.show_guide(self.appearance.scale)
        elif not self.actions_["lesson_return"].isEnabled():
            self.docks.lesson.bring_to_front()  # the list of lessons

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use as many columns of panels as the new size has room for."""
        super().resizeEvent(event)
        if not self.presentation.take_size():
            self._fit_arrangement()

    @Slot()
    def _lay_out_to_train(self) -> None:
        self._lay_out(TRAIN)

    @Slot()
    def _lay_out_to_step(self) -> None:
        self._lay_out(workspace_to_step(self.model.experiment.sizes))

    @Slot()
    def _lay_out_to_lecture(self) -> None:
        self._lay_out(LECTURE)

    @Slot()
    def _lay_out_to_compare(self) -> None:
        self._lay_out(COMPARE)
        timeline = self.model.time.timeline
        if timeline and timeline.compared is None and (other := timeline.closest()) is not None:
            self.model.post(CompareBranch(other))

    @Slot()
    def _enter_sample(self) -> None:
        self.step_bar.show()
        self.step_bar.enter_sample()

    @Slot()
    def _add_breakpoint(self) -> None:
        self.docks.breakpoints.panel.begin_editing()

    @Slot()
    def _explain(self) -> None:
        self.docks.explain.bring_to_front()
        self.docks.explain.panel.take_focus()

    @Slot()
    def _draw(self) -> None:
        self.docks.surface.bring_to_front()
        self.docks.surface.panel.draw.toggle()

    @Slot()
    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    @Slot()
    def _about(self) -> None:
        from bpviz.ui.window.about import About  # seldom asked for

        about = About(self)
        about.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        about.show()

    # Files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a file that can be opened."""
        dropped = event.mimeData()
        if file_in(dropped) or table_in(dropped) or network_in(dropped):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dropped file."""
        event.acceptProposedAction()
        if network := network_in(event.mimeData()):
            self.networks.open_dropped(network)
        elif table := table_in(event.mimeData()):
            self.data.open(table)
        else:
            self.files.open(file_in(event.mimeData()))

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste an experiment on Ctrl+V, which comes here from widgets that have no use for it."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.exports.share.paste()
        else:
            super().keyPressEvent(event)

    # Closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save the layout and the settings, and emit `closed`."""
        self.presentation.leave()
        self.arrangement.end_fill()
        self._settings.save_layout(self)
        self._settings.save_choices(self)
        self.closed.emit()
        event.accept()
