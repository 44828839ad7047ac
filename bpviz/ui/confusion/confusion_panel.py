"""Confusion matrix: how many samples of each class are predicted as each class, and which."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Slot

from bpviz.core.data.split import Split
from bpviz.language import N_, _
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.frames.predictions import Predictions
from bpviz.ui.confusion import confusion_words as words
from bpviz.ui.confusion.cell import Cell, cell_of
from bpviz.ui.confusion.confusion_body import ConfusionBody
from bpviz.ui.confusion.matrix_table import MatrixTable
from bpviz.ui.confusion.matrix_view import MatrixView
from bpviz.ui.confusion.sample_list import SampleList
from bpviz.ui.style import formats
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import chosen
from bpviz.ui.widgets.keyboard_table import KeyboardTable
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

TRAINING, TEST = N_("Training"), N_("Test")
_NONE_LISTED = N_("No sample is in this cell at this position.")


class ConfusionPanel(Panel):
    """Shows the confusion matrix of the training or the test samples at the position on screen.

    Predictions are requested with frames while the panel is seen, so that it always shows the position of the surface.
    """

    def __init__(self, model: ViewModel) -> None:
        super().__init__("confusion", _("Confusion matrix"), model)
        self.close_list = self.add_button(N_("Close list"), _("Close the list of samples (Esc)"))
        self.which = self.add_choice([TRAINING, TEST], _("Which samples are counted"))
        self.matrix, self.samples = MatrixTable(self), SampleList(self)
        self.view = MatrixView(self.matrix)
        self.sample_view = KeyboardTable(_("Samples of the cell"), _(_NONE_LISTED), self.samples)
        self.body = ConfusionBody(self.view, self.sample_view)
        self.empty = empty_page(_(words.NO_NETWORK))
        self.pages = stacked(self.empty, self.body)
        self.layout_.addWidget(self.pages, 1)
        self.readout = self.add_readout(ElidedLabel())
        self.cell: Cell | None = None
        self._titles: list[str] = []
        self._note = ""
        self._fit_list()
        self._connect()
        self._restyle(model.theme)
        self.redraw()

    def _fit_list(self) -> None:
        self.sample_view.scroll_sideways()
        self.sample_view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.sample_view.setSortingEnabled(True)
        # The table shows the arrow in the title: Qt would paint it over the text.
        self.sample_view.horizontalHeader().setSortIndicatorShown(False)

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(self._change_set)
        self.view.chosen.connect(self._list_cell)
        self.view.moved.connect(self._show_readout)
        self.close_list.clicked.connect(self._close_list)
        self.body.closed.connect(self._close_list)
        self.sample_view.clicked.connect(self._choose_clicked)
        self.sample_view.chosen.connect(self._choose_sample)
        self.samples.modelReset.connect(self._mark_row)
        self.seen_changed.connect(self._request_frame_options)
        self.model.frame_changed.connect(self._on_frame)
        self.model.theme_changed.connect(self._restyle)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self.cell, self._note = None, ""
        self.matrix.show_matrix(None, ())
        self._request_frame_options()
        self.redraw()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the cell and the row of the selected sample."""
        self._mark_cells()
        self._mark_row()

    def catch_up(self) -> None:
        """Draw the latest frame."""
        self.redraw()

    @Slot()
    def _on_frame(self) -> None:
        self.draw_in_turn(self.redraw)

    @Slot()
    def _request_frame_options(self) -> None:
        """Request predictions only while they are seen."""
        is_wanted = self.is_seen and self._split() is not None
        self.model.request_frame_options(self.objectName(), FrameOptions(predictions=is_wanted))

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.view.theme = theme
        self.matrix.set_theme(theme)

    # User actions

    @Slot()
    def _change_set(self) -> None:
        self._note = ""
        self.redraw()

    @Slot(QModelIndex)
    def _list_cell(self, index: QModelIndex) -> None:
        """List the samples of a cell; the cell that is listed is closed."""
        cell = self.matrix.cell(index.row(), index.column())
        self.cell, self._note = None if cell == self.cell else cell, ""
        self.redraw()

    @Slot()
    def _close_list(self) -> None:
        self.cell, self._note = None, ""
        self.redraw()
        self.view.setFocus()

    @Slot(QModelIndex)
    def _choose_clicked(self, index: QModelIndex) -> None:
        self._choose_sample(index.row())

    @Slot(int)
    def _choose_sample(self, row: int) -> None:
        """Select a training sample in every panel; say why a test sample cannot be."""
        sample = int(self.samples.samples[row])
        if self._is_test:
            self._note = _("Test sample {count}: {test_row}").format(
                count=formats.count(sample), test_row=_(words.TEST_ROW)
            )
        else:
            self.model.take_up(sample)
        self._show_readout()

    # What is shown

    @property
    def _is_test(self) -> bool:
        return chosen(self.which) == TEST

    def _split(self) -> Split | None:
        """Return the samples of a classification, None for a regression and where there is no network."""
        prepared = self.model.prepared
        return prepared.split if prepared is not None and prepared.split.is_classification else None

    def _predictions(self) -> Predictions | None:
        frame = self.model.frame
        if frame is None:
            return None
        return frame.predicted_test if self._is_test else frame.predicted_train

    @Slot()
    def redraw(self) -> None:
        """Draw the predictions of the latest frame; without any, what was drawn stays until they come."""
        split, found = self._split(), self._predictions()
        if split is None:
            prepared = self.model.prepared
            self._show_hint(_(words.NO_CLASSES) if prepared else _(words.NO_NETWORK))
        elif found is not None:
            self._draw(split, found)
        elif self.matrix.matrix is None:
            self._show_hint(_(words.WAITING))

    def _show_hint(self, text: str) -> None:
        self.empty.setText(text)
        self.pages.setCurrentWidget(self.empty)
        self.which.setEnabled(self._split() is not None)
        self.close_list.hide()
        self.set_caption("")
        self.readout.setText("")

    def _draw(self, split: Split, found: Predictions) -> None:
        self.which.setEnabled(True)
        self.pages.setCurrentWidget(self.body)
        matrix = found.confusion()
        self.matrix.show_matrix(matrix, split.class_names)
        self.set_caption(words.caption(matrix, found))
        self._draw_list(split, found)
        self._mark_cells()
        self._show_readout()

    def _draw_list(self, split: Split, found: Predictions) -> None:
        self.sample_view.setVisible(self.cell is not None)
        self.close_list.setVisible(self.cell is not None)
        if self.cell is None:
            return
        inputs, what = (split.X_test, _(words.TEST_ROW)) if self._is_test else (split.X_train, _(words.TRAINING_ROW))
        self.samples.tell(found, self.cell, inputs, split, what)
        self.sample_view.setAccessibleName(
            _("Samples of the cell: {describe}").format(describe=self.cell.describe(split.class_names))
        )
        titles = [column.title for column in self.samples.columns]
        if titles != self._titles:
            self._titles = titles
            # A title leaves room for the arrow that shows by which column the rows are sorted.
            texts = [max(column.widest, f"{column.title} ▾", key=len) for column in self.samples.columns]
            self.sample_view.set_columns(dict(enumerate(texts)))

    def _mark_cells(self) -> None:
        found = self._predictions()
        is_counted = found is not None and not self._is_test  # the selected sample is a training sample
        self.matrix.mark(self.cell, cell_of(found, self.model.selection.sample) if found and is_counted else None)

    @Slot()
    def _mark_row(self) -> None:
        """Make the row of the selected sample the current one."""
        place = None if self._is_test else self.samples.place_of(self.model.selection.sample)
        if place is not None and place != self.sample_view.currentIndex().row():
            column = max(self.sample_view.currentIndex().column(), 0)
            self.sample_view.setCurrentIndex(self.samples.index(place, column))

    @Slot()
    def _show_readout(self) -> None:
        """Show what is in the current cell, or why a sample could not be selected."""
        if self.matrix.matrix is None:
            return
        index = self.view.currentIndex()
        hint = "" if self.model.theme.is_for_lecture else _(words.HINT)
        current = self.matrix.describe(index.row(), index.column()) if index.isValid() else hint
        self.readout.setText(self._note or current)
