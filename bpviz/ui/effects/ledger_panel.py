"""The ledger of an epoch: all of its updates in a table, a row is a click to that position."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Slot

from bpviz.language import N_, _
from bpviz.session.effects.ledger import Ledger, LedgerProgress
from bpviz.session.effects.replay import epoch_of
from bpviz.session.engine.commands import CancelLedger, MakeLedger
from bpviz.session.engine.events import Failed, NetworkReady
from bpviz.session.files.csv_export import write_ledger
from bpviz.session.files.safe_write import ExportError
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import UpdateKind
from bpviz.ui.effects.ledger_table import FILTERS, RIGHT, WRONG, LedgerTable
from bpviz.ui.effects.ledger_words import changed_sentence, progress_sentence, summary
from bpviz.ui.effects.run_key import run_until
from bpviz.ui.view_model.playhead import update_on_screen
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import choose, chosen, offer
from bpviz.ui.widgets.file_dialogs import ask_where
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

_EMPTY = N_("Press “List” to replay the epoch on screen\nand see what each of its updates did.")
_NO_UPDATES = N_("Press F5 to train, or F10 to take one sample.")
_NONE_MADE = N_("No update has been made yet.")
_NONE_PASS = N_("No update passes the filter.")


class LedgerPanel(Panel):
    """Lists the updates of the epoch on screen when it is told to; the replay can be cancelled."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("ledger", _("Ledger of an epoch"), model)
        self.filter = self.add_choice(list(FILTERS), _("Which updates are listed"))
        self.save = self.add_button(N_("Save CSV…"), _("Save the rows as they are listed to a CSV file"))
        self.make = self.add_button(N_("List"), _("Replay the epoch on screen, and list each of its updates"))
        self.cancel = self.add_button(N_("Cancel"), _("Stop the replay"))
        self.table = LedgerTable(model, self)
        self.view = KeyboardTable(_("Updates of an epoch"), _(_NONE_PASS), self.table)
        self.empty = empty_page(_(_NO_UPDATES))
        self.empty.setWordWrap(True)
        self.pages = stacked(self.empty, self.view)
        self.layout_.addWidget(self.pages, 1)
        self.readout = self.add_readout(ElidedLabel())
        #: None while no ledger is being made.
        self._progress: LedgerProgress | None = None
        self._made_of: object = None
        self._problem = ""
        self._asked: int | None = None
        self._lists_by_itself, self._listed = False, object()
        self._fit_view()
        self._connect()
        self._redraw()

    def _fit_view(self) -> None:
        self.view.scroll_sideways()
        self.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.view.setSortingEnabled(True)
        # The table shows the arrow in the title: Qt would paint it over the text.
        self.view.horizontalHeader().setSortIndicatorShown(False)

    def _connect(self) -> None:
        self.filter.currentTextChanged.connect(self._choose_filter)
        self.save.clicked.connect(self._ask_where)
        self.make.clicked.connect(self._make)
        self.cancel.clicked.connect(self._cancel)
        self.view.clicked.connect(self._seek_to_clicked)
        self.view.chosen.connect(self._seek_to)
        model = self.model
        model.effects.ledger_made.connect(self._take_ledger)
        model.effects.ledger_progressed.connect(self._take_progress)
        model.time.timeline_changed.connect(self._forget_if_changed)
        model.status_changed.connect(self._redraw)
        model.status_changed.connect(self._mark_update)
        model.current_update_changed.connect(self._mark_update)
        model.failed.connect(self._on_failed)
        model.theme_changed.connect(self.table.touch)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self._progress = None
        self._offer_filters(prepared.split.is_classification)
        self._show_ledger(None)

    def _offer_filters(self, is_classification: bool) -> None:
        """Offer the filters that the task has: no sample of a regression is right or wrong."""
        names = [name for name in FILTERS if is_classification or name not in (RIGHT, WRONG)]
        if names == [self.filter.itemData(index) for index in range(self.filter.count())]:
            return
        before = chosen(self.filter)
        with QSignalBlocker(self.filter):
            self.filter.clear()
            offer(self.filter, names)
            choose(self.filter, before if before in names else FILTERS[0])
        self.table.set_filter(chosen(self.filter))

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Make the row of the selected sample the current one."""
        place = None if selection.sample is None else self.table.place_of(selection.sample)
        if place is not None:
            self.view.setCurrentIndex(self.table.index(place, max(self.view.currentIndex().column(), 0)))

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._redraw()
        self._list_by_itself()

    def prepare_for_picture(self) -> None:
        """List the updates of every epoch that comes on screen."""
        self._lists_by_itself = True
        for changed in (self.model.status_changed, self.model.time.timeline_changed):
            changed.connect(self._list_by_itself)

    @property
    def is_complete(self) -> bool:
        """Whether no ledger is being made."""
        return not self.is_seen or self._progress is None

    @Slot()
    def _list_by_itself(self) -> None:
        position, epoch = self.model.position, self._epoch()
        if not (self._lists_by_itself and self.is_seen and position) or self.model.is_running:
            return
        wanted = None if epoch is None else (epoch, self.model.status.furthest, run_until(self.model, epoch))
        if wanted != self._listed:
            self._listed, self._progress = wanted, None
            self._show_ledger(None)
            self._make()

    @Slot(object)
    def _take_progress(self, progress: LedgerProgress) -> None:
        if self._progress is not None:  # else it was cancelled meanwhile
            self._progress = progress
            self._redraw()

    @Slot(object)
    def _take_ledger(self, ledger: Ledger) -> None:
        if self._progress is not None and ledger.epoch == self._asked:  # else another one was asked for meanwhile
            self._progress, self._made_of = None, run_until(self.model, ledger.epoch)
            self._show_ledger(ledger)

    @Slot()
    def _forget_if_changed(self) -> None:
        """Drop a ledger whose epoch is no longer that of the run on screen."""
        ledger = self.table.ledger
        if ledger is not None and run_until(self.model, ledger.epoch) != self._made_of:
            self._show_ledger(None)
            self.readout.setText(changed_sentence())

    @Slot(object)
    def _on_failed(self, failed: Failed) -> None:
        # A replay that has begun fails by an internal error only; other failures are not about it.
        if self._progress is not None and (not self._progress.total or failed.details):
            self._progress, self._problem = None, failed.sentence if failed.is_beside else ""
            self._redraw()

    # User actions

    @Slot()
    def _make(self) -> None:
        if (epoch := self._epoch()) is not None:
            self._progress, self._problem, self._asked = LedgerProgress(0, 0), "", epoch
            self.model.post(MakeLedger(epoch))
            self._redraw()

    @Slot()
    def _cancel(self) -> None:
        self._progress = None
        self.model.post(CancelLedger())
        self._redraw()

    @Slot(str)
    def _choose_filter(self, name: str) -> None:
        self.table.set_filter(name)
        self._redraw()

    @Slot(QModelIndex)
    def _seek_to_clicked(self, index: QModelIndex) -> None:
        self._seek_to(index.row())

    @Slot(int)
    def _seek_to(self, place: int) -> None:
        """Go to where the gradients of the update of a row are known, and the update is not yet made."""
        ledger = self.table.ledger
        assert ledger is not None
        n_layers = ledger.delta_rms.shape[1]
        done = len(operations(n_layers, self.model.experiment.rule.extra_operations)) - n_layers
        self.model.go_to(Position(ledger.epoch, int(ledger.starts[self.table.rows[place]]), done))

    @Slot()
    def _ask_where(self) -> None:
        if self.table.ledger:
            name = f"bpviz-ledger-{self.table.ledger.epoch + 1}.csv"
            ask_where(
                self, _("Save ledger"), name, _("CSV files (*.csv)"), partial(self.save_ledger, self.table.ledger)
            )

    def save_ledger(self, ledger: Ledger, path: str) -> None:
        """Save the rows that are listed to a CSV file; an error is shown in the message bar."""
        try:
            write_ledger(Path(path), ledger, self.table.rows, n_planted=len(self.model.experiment.mistakes))
        except ExportError as fault:
            self.model.failed.emit(Failed(str(fault)))

    # Drawing

    def _epoch(self) -> int | None:
        """Return the epoch on screen, as the number that were complete before it; None if it has no updates."""
        position, furthest = self.model.position, self.model.status.furthest
        return epoch_of(position, furthest) if position and furthest else None

    def _show_ledger(self, ledger: Ledger | None) -> None:
        self.table.tell(ledger)
        # A title leaves room for the arrow that shows by which column the rows are sorted.
        texts = [max(column.widest, f"{column.title} ▾", key=len) for column in self.table.columns]
        self.view.set_columns(dict(enumerate(texts)))
        self._redraw()
        self._mark_update()
        self.select(self.model.selection)

    @Slot()
    def _mark_update(self) -> None:
        begun = _begun(self.model)
        is_here = self.table.ledger is not None and begun is not None and begun.epoch == self.table.ledger.epoch
        place = self.table.mark_update(begun.sample if is_here and begun else None)
        if self._lists_by_itself and place is not None:
            self.view.scrollTo(self.table.index(place, 0), KeyboardTable.ScrollHint.PositionAtCenter)

    @Slot()
    def _redraw(self) -> None:
        ledger, is_busy = self.table.ledger, self._progress is not None
        self.make.setVisible(not is_busy)
        self.cancel.setVisible(is_busy)
        self.make.setEnabled(self._epoch() is not None)
        self.save.setEnabled(ledger is not None)
        self.filter.setEnabled(ledger is not None)
        none = _(_NONE_MADE) if self._lists_by_itself else _(_NO_UPDATES)
        self.empty.setText(none if self._epoch() is None else self._problem or _(_EMPTY))
        self.pages.setCurrentWidget(self.empty if ledger is None else self.view)
        if self._progress is not None:
            self.readout.setText(progress_sentence(self._progress))
        else:
            self.readout.setText(self._summary(ledger) if ledger else "")
        self.completed.emit()

    def _summary(self, ledger: Ledger) -> str:
        prepared = self.model.prepared
        is_classification = prepared is None or prepared.split.is_classification
        return summary(ledger, len(self.table.rows), is_classification=is_classification)


def _begun(model: ViewModel) -> Position | None:
    """Return where the update on screen begins, also after its last operation; None without a network."""
    position, update, prepared = model.position, update_on_screen(model), model.prepared
    if position is None or prepared is None or update is None or update.kind is not UpdateKind.IN_TURN:
        return position
    if update.index < len(update.operations):
        return position
    if position.sample:
        return Position(position.epoch, position.sample - len(update.samples))
    return Position(position.epoch - 1, len(prepared.split.X_train) - len(update.samples))
