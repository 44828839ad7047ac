"""Comparison of two branches: both surfaces or their difference, deltas and losses."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpviz.core.surface import extent
from bpviz.language import N_, _
from bpviz.session.engine.events import NetworkReady
from bpviz.session.experiment.difference import differences
from bpviz.session.frames.frame import Frame
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.position import position_text
from bpviz.ui.branches.comparing import (
    WAITING,
    class_difference,
    compared_position_text,
    layer_rms,
    margin_difference,
)
from bpviz.ui.branches.delta_bars import DeltaBars, Pair, branch_colours
from bpviz.ui.branches.score_table import ScoreTable
from bpviz.ui.plotting.colour_bar import ColourBar
from bpviz.ui.plotting.sample_looks import placed, surface_pixels
from bpviz.ui.plotting.stable_range import StableRange, bulk
from bpviz.ui.plotting.surface_key import show_key
from bpviz.ui.plotting.surface_view import SurfaceView
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.theme import GAP, Theme
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import chosen
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, empty_page, stacked

_BOTH, _DIFFERENCE = N_("Both"), N_("Difference")
_EMPTY = N_(
    "No branches are compared. Fork here (Ctrl+K), tick “Compare” for one of the branches, "
    "or choose a preset with two networks, such as “Sigmoid against relu”."
)
_APART = N_("The difference is shown when both branches are at the same position.")
_SAME = N_("the same settings; the branches differ by interventions")
# Two surfaces are drawn, so each has fewer cells than that of the surface panel.
_CELLS_MOVING, _CELLS_STILL = 6_000, 20_000
_LEAST_CELLS, _MULTIPLICATIONS = 1_000, 150_000_000
_MARGIN = 0.08
# Smallest top of the colour range: the rounding noise of two equal networks should not be visible.
_LEAST_DIFFERENCE = 0.001
_MOST_NAME = 18
# If there is not enough room, surfaces take precedence over numbers. Sizes in lines and in characters.
_ROOM_FOR_NUMBERS, _ROOM_FOR_SCORES = 26, 48


class ComparisonPanel(Panel):
    """Draws the latest frame of the active branch on the left and of the compared one on the right."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("comparison", _("Side by side"), model)
        self.view = self.add_choice([_BOTH, _DIFFERENCE], _("Both surfaces, or the right one minus the left one"))
        self.left, self.right = (
            SurfaceView(_("Surface of the active branch")),
            SurfaceView(_("Surface of the compared branch")),
        )
        self.difference = SurfaceView(_("Difference of the two surfaces"))
        self.views = (self.left, self.right, self.difference)
        self.names, self._swatches = (ElidedLabel(), ElidedLabel()), (QLabel("■"), QLabel("■"))
        self.note = QLabel(_(_APART), wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.bar = ColourBar(_("Colours of the surfaces"), _("class 0  "), below=2.6)
        self.differing = self.add_readout(ElidedLabel())
        self.bars, self.scores = DeltaBars(), ScoreTable()
        self.range = StableRange()
        self._compared: tuple[int, int | None] | None = None
        self._lay_out()
        self._connect()
        self._restyle(model.theme)

    # Building

    def _lay_out(self) -> None:
        empty, full = empty_page(_(_EMPTY)), QWidget()
        empty.setWordWrap(True)
        empty.setMargin(2 * GAP)
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._surfaces(), 1)
        column.addWidget(self._numbers())
        full.setMinimumSize(1, 1)  # allows the panel to be smaller than its contents; see resizeEvent
        self.pages = stacked(empty, full)
        self.layout_.addWidget(self.pages, 1)

    def _surfaces(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(GAP // 2)
        for column in range(2):
            title = QHBoxLayout()
            title.addWidget(self._swatches[column])
            title.addWidget(self.names[column], 1)
            grid.addLayout(title, 0, column)
            grid.addWidget(self.views[column], 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.difference, 1, 0, 1, 2)
        grid.addWidget(self.note, 1, 0, 1, 2)
        grid.addWidget(self.bar, 1, 2)
        grid.setRowStretch(1, 1)
        return grid

    def _numbers(self) -> QWidget:
        self.numbers = QWidget()
        self.numbers.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self.numbers)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * GAP)
        grid.setVerticalSpacing(GAP // 2)
        for column, words in enumerate((_("DELTA RMS, LOG SCALE"), _("MSE AFTER THE LAST COMPLETE EPOCH"))):
            title = QLabel(words)
            title.setProperty("role", "heading")
            title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(title, 0, column)
        self.score_title = title
        grid.addWidget(self.bars, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.scores, 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        return self.numbers

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the numbers if there is no room for them."""
        super().resizeEvent(event)
        line = self.fontMetrics().height()
        self.numbers.setVisible(self.height() >= _ROOM_FOR_NUMBERS * line)
        for part in (self.scores, self.score_title):
            part.setVisible(self.width() >= _ROOM_FOR_SCORES * self.fontMetrics().averageCharWidth())

    def _connect(self) -> None:
        model = self.model
        self.view.currentTextChanged.connect(self._change_view)
        for view in self.views:
            view.moved.connect(self._move_all)
        for view in (self.left, self.difference):
            view.resized.connect(self._update_grid)
        model.frame_changed.connect(self._on_frame)
        model.epochs_added.connect(self._on_epochs)
        model.status_changed.connect(self._update_grid)
        model.theme_changed.connect(self._restyle)
        model.time.timeline_changed.connect(self._on_timeline)
        model.time.compared_changed.connect(self._show_scores)
        model.plane.changed.connect(self._change_plane)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        split, shown = prepared.split, prepared.shown
        plane = self.model.plane
        places = placed(plane.plane, split.X_train, split.y_train, split)
        (left, bottom), (right, top) = extent(places)
        width, height = right - left, top - bottom
        part = QRectF(left, bottom, width, height).adjusted(
            -_MARGIN * width, -_MARGIN * height, _MARGIN * width, _MARGIN * height
        )
        for view in self.views:
            view.clear()
            view.set_axes(*plane.axis_names(), is_line=plane.is_line)
            view.show_points(places[shown.train], split.labels_train[shown.train])
            view.show_part(part)
        if plane.is_line:
            self.difference.set_axes(plane.axis_names()[0], "difference", is_line=True)
        self.difference.points.setVisible(not plane.is_line)  # samples have no difference of outputs
        self._show_key()

    @Slot()
    def _change_plane(self) -> None:
        if self.model.prepared:
            self.begin(self.model.prepared)
            self._update_grid()

    def catch_up(self) -> None:
        """Draw the latest frame."""
        self._on_timeline()
        self.redraw()

    @Slot()
    def _on_timeline(self) -> None:
        if not self.is_seen:
            return
        pair, timeline = self._pair(), self.model.time.timeline
        self.pages.setCurrentIndex(int(pair is not None))
        self._show_differences(pair)
        self._update_titles(pair, self.model.frame)
        compared = (timeline.active, timeline.compared) if timeline else None
        # Ranges belong to a pair of branches, and the timeline changes at every epoch.
        if compared != self._compared:
            self._compared = compared
            self.range.release()
            self.bars.scale.release()
            self._update_grid()
            self.redraw()

    def _pair(self) -> tuple[BranchInfo, BranchInfo] | None:
        timeline = self.model.time.timeline
        if timeline is None:
            return None
        ours, theirs = timeline.branch(timeline.active), timeline.branch(timeline.compared)
        return (ours, theirs) if ours and theirs else None

    def redraw(self) -> None:
        """Draw the latest frame."""
        if self.model.frame:
            self._draw(self.model.frame)

    # Drawing

    @Slot()
    def _on_frame(self) -> None:
        self.draw_in_turn(self.redraw)

    @Slot()
    def _on_epochs(self) -> None:
        self.draw_in_turn(self._show_scores)

    def _draw(self, frame: Frame) -> None:
        pair = self._pair()
        if not self.is_seen or pair is None:
            return
        self._update_titles(pair, frame)
        if chosen(self.view) == _BOTH:
            self._draw_both(frame)
        else:
            self._draw_difference(frame)
        self._draw_bars(frame)
        self._show_scores()
        self._update_grid()

    def _draw_both(self, frame: Frame) -> None:
        for view, each in ((self.left, frame), (self.right, frame.beside)):
            if each is None:
                view.clear()
                continue
            if self.model.plane.is_line:
                view.show_curves(each.grid, each.outputs)
            elif self.model.prepared:
                pixels = surface_pixels(each.outputs, self.model.prepared.split, self.model.theme)
                view.show_image(each.grid, pixels)
            self._show_boundaries(view, each)

    @property
    def _is_classification(self) -> bool:
        return self.model.prepared is None or self.model.prepared.split.is_classification

    def _show_boundaries(self, view: SurfaceView, frame: Frame, other: Frame | None = None) -> None:
        """Draw the boundaries of the classes; a regression has none."""
        if self._is_classification and not self.model.plane.is_line:
            view.show_boundaries(frame.grid, frame.outputs, other.outputs if other else None)

    def _draw_difference(self, frame: Frame) -> None:
        beside = frame.beside
        together = beside is not None and beside.position == frame.position
        self.note.setVisible(not together)
        self.difference.setVisible(together)
        if beside is None or not together:
            return
        if self.model.plane.is_line:
            self._draw_curves_of_difference(frame, beside)
            return
        is_signed = not self._is_classification or frame.outputs.shape[-1] == 2
        if not self._is_classification:
            values = beside.outputs[..., 0] - frame.outputs[..., 0]
            top = self.range.fit(max(bulk(values), _LEAST_DIFFERENCE))
            self._label_bar(top)
        elif is_signed:
            values = margin_difference(frame.outputs, beside.outputs)
            top = self.range.fit(max(bulk(values), _LEAST_DIFFERENCE))
            self._label_bar(top)
        else:
            values, top = class_difference(frame.outputs, beside.outputs), 1.0
        low = -top if is_signed else 0.0
        self.difference.show_image(frame.grid, values, (low, top))
        self._show_boundaries(self.difference, frame, beside)

    def _draw_curves_of_difference(self, frame: Frame, beside: Frame) -> None:
        """Draw by how much each output over the single input differs."""
        apart = beside.outputs - frame.outputs
        top = self.range.fit(max(bulk(apart), _LEAST_DIFFERENCE))
        self.difference.show_curves(frame.grid, apart)
        self.difference.plot.setYRange(-top, top)

    def _draw_bars(self, frame: Frame) -> None:
        ours, theirs = layer_rms(frame), layer_rms(frame.beside)
        n_layers = max(len(ours), len(theirs))
        ours, theirs = ([*each, *[None] * (n_layers - len(each))] for each in (ours, theirs))
        pairs: list[Pair] = list(zip(ours, theirs, strict=True))
        self.bars.show_pairs(pairs)

    @Slot()
    def _show_scores(self) -> None:
        frame = self.model.frame
        if self.is_seen and frame and self._pair():
            beside = frame.beside
            self.scores.show_scores(
                self.model.epochs, frame.position, self.model.time.compared, beside.position if beside else None
            )

    # Colours

    @Slot()
    def _change_view(self) -> None:
        self._show_key()
        self.redraw()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        for part in (*self.views, self.bars, self.scores):
            part.restyle(theme)
        for swatch, colour in zip(self._swatches, branch_colours(theme), strict=True):
            swatch.setStyleSheet(f"color: {colour.name()}")
        self._show_key()
        self._on_timeline()
        self.redraw()

    def _show_key(self) -> None:
        both = chosen(self.view) == _BOTH
        for view in (self.left, self.right):
            view.setVisible(both)
        self.difference.setVisible(not both)
        self.note.setVisible(False)
        n_classes = self.model.prepared.split.n_classes if self.model.prepared else 2
        is_line = self.model.plane.is_line
        (self._show_classes if both or is_line else self._show_signs)(self.model.theme, n_classes)
        if is_line:
            what = _("The outputs") if both else _("The outputs in the right branch minus those in the left one")
            self.bar.setToolTip(_("{what}, over the single input").format(what=what))

    def _show_classes(self, theme: Theme, n_classes: int) -> None:
        self.bar.setToolTip(_("Difference of the two largest outputs; the line is the decision boundary"))
        if self.model.prepared:
            show_key(self.bar, self.model.prepared.split, theme, is_line=self.model.plane.is_line)

    def _show_signs(self, theme: Theme, n_classes: int) -> None:
        is_signed = n_classes == 2 or not self._is_classification
        colour_map = colours.sign_map(theme) if is_signed else colours.size_map(theme)
        self.bar.show_scale(theme, colour_map)
        self.difference.image.setLookupTable(colours.lookup(colour_map))
        if not self._is_classification:
            self.bar.setToolTip(_("The output in the right branch minus that in the left one"))
            self.bar.show_ticks([])  # until a difference is drawn
        elif is_signed:
            self.bar.setToolTip(_("Output 1 minus output 0, in the right branch minus in the left one"))
            self.bar.show_ticks([])  # until a difference is drawn
        else:
            self.bar.setToolTip(_("Points that the two branches classify differently"))
            self.bar.show_ticks([(0.0, _("same")), (1.0, _("other"))])

    def _label_bar(self, top: float) -> None:
        self.bar.show_ticks([((at + 1) / 2, formats.number(at * top, 2)) for at in (-1.0, -0.5, 0.0, 0.5, 1.0)])

    # Texts

    def _show_differences(self, pair: tuple[BranchInfo, BranchInfo] | None) -> None:
        self.differing.setVisible(pair is not None)
        self.set_caption(f"{pair[0].name} | {pair[1].name}" if pair else "")
        if pair:
            found = differences(pair[0].experiment, pair[1].experiment)
            self.differing.setText(" · ".join(each.describe() for each in found) or _(_SAME))

    def _update_titles(self, pair: tuple[BranchInfo, BranchInfo] | None, frame: Frame | None) -> None:
        if pair is None:
            return
        here = frame.position if frame else None
        there = frame.beside.position if frame and frame.beside else None
        ours = position_text(here) if here else WAITING
        for label, branch, words in zip(self.names, pair, (ours, compared_position_text(here, there)), strict=True):
            name = branch.name if len(branch.name) <= _MOST_NAME else f"{branch.name[: _MOST_NAME - 1]}…"
            label.setText(f"{name} · {words}")

    # Visible part of the plane

    @Slot(object)
    def _move_all(self, part: QRectF) -> None:
        # Over a single input the heights of the difference are not those of outputs.
        if self.model.plane.is_line and self.sender() is self.difference:
            return
        for view in self.views[:2] if self.model.plane.is_line else self.views:
            # The view that was moved has the range already; setting it again would emit the signal again.
            if view is not self.sender():
                view.show_part(part)

    @Slot()
    def _update_grid(self) -> None:
        prepared = self.model.prepared
        if prepared is None or not self.is_seen or self._pair() is None:
            return
        cells = _CELLS_MOVING if self.model.is_running else _CELLS_STILL
        cells = min(cells, max(_LEAST_CELLS, _MULTIPLICATIONS // prepared.n_parameters))
        view = self.left if chosen(self.view) == _BOTH else self.difference
        if grid := view.grid(cells):
            self.model.set_grid(self.model.plane.grid_of(grid))
