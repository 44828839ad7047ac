"""The decision surface: the network's outputs over the input plane, with the samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Slot

from bpviz.core.surface import Grid, extent
from bpviz.language import N_, _
from bpviz.session.engine.events import NetworkReady, Status
from bpviz.session.frames.class_colours import CLASSES
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.sharing.numbers import Numbers
from bpviz.session.sharing.panel_numbers import surface_numbers
from bpviz.session.training.strokes import drawing_problem
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting import sample_looks as looks
from bpviz.ui.plotting.colour_bar import ColourBar
from bpviz.ui.plotting.contours import boundary_lines
from bpviz.ui.plotting.spots import RING, ring_pens
from bpviz.ui.plotting.stable_range import StableRange
from bpviz.ui.plotting.surface_key import show_key
from bpviz.ui.plotting.unit_axis import UnitAxis
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style import formats
from bpviz.ui.style.plot_style import hold_left_axis, make_plot, restyle
from bpviz.ui.style.theme import Theme
from bpviz.ui.training.drawing_bar import DrawingBar
from bpviz.ui.training.plane_chooser import PlaneChooser
from bpviz.ui.training.surface_drawing import SurfaceDrawing
from bpviz.ui.training.surface_points import SurfacePoints
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel

# Number of cells of the surface: fewer while training runs, more when it is paused.
_CELLS_MOVING, _CELLS_STILL = 6_000, 40_000
# For a large network the number of cells is limited by the multiplications that they cost.
_LEAST_CELLS, _MULTIPLICATIONS = 1_000, 300_000_000
_PICK_PIXELS = 12
_MARGIN = 0.08
_DRAW_TIP = N_("Draw and erase points with the mouse: they are trained on at once or from the next epoch on")
_NOTHING_DRAWN = N_("nothing to train on: draw points; until then training goes on with the {count} points before")
_Z_SURFACE, _Z_BOUNDARY, _Z_CHOSEN = -10, 3, 5


class SurfacePanel(Panel):
    """Draws the latest frame's surface, its boundary and the shown samples."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("surface", _("Decision surface"), model)
        self.neuron = self.add_toggle(N_("Neuron"), _("Show the output of the selected neuron instead of the classes"))
        self.mistakes = self.add_toggle(N_("Mistakes"), _("Mark misclassified samples"))
        self.tests = self.add_toggle(N_("Tests"), _("Show the samples of the test set"), on=True)
        self.tests.setObjectName("surface.test_points")  # as in the settings of earlier versions
        fit = self.add_button(N_("Fit"), _("Show all samples"))
        self.draw = self.add_toggle(N_("Draw"), _(_DRAW_TIP))
        self.draw.setObjectName("surface_draw")  # without a dot: a window does not begin with drawing
        self.chooser = PlaneChooser(model.plane)
        self.layout_.addWidget(self.chooser)
        self.tools = DrawingBar()
        self.tools.hide()
        self.layout_.addWidget(self.tools)
        self.axes = {side: UnitAxis(side) for side in ("bottom", "left")}
        words = _("Decision surface over the two inputs")
        self.plot = make_plot(words, x=_("input x₁"), y=_("input x₂"), axes=dict(self.axes))
        self.plot.setAspectLocked(True)
        self.bar = ColourBar(_("Colours of the classes"), _("class 0 "), below=2.6)
        self.bar.setToolTip(
            _("Difference of the two largest outputs, from 0 (background) to 1; the line is the decision boundary")
        )
        self.add_side_by_side(self.plot, self.bar)
        self._add_items()
        self.neuron.toggled.connect(self._toggle_neuron)
        self.seen_changed.connect(self._request_frame_options)
        self.mistakes.toggled.connect(self._draw_mistakes)
        self.tests.toggled.connect(self._draw_points)
        fit.clicked.connect(self._fit)
        self.draw.toggled.connect(self.drawing.switch)
        self._connect_pointer_and_model()
        self._was_running = False
        self._range = StableRange()
        self._shown_axes: object = None
        self._grid: Grid | None = None
        self._restyle(model.theme)

    def _connect_pointer_and_model(self) -> None:
        model = self.model
        self.plot.sigRangeChanged.connect(self._update_grid)
        self.plot.scene().sigMouseClicked.connect(self._pick)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.left.connect(self._update_caption)
        model.frame_changed.connect(self._on_frame)
        model.selection_changed.connect(self._follow_selection)
        model.status_changed.connect(self._follow_status)
        model.theme_changed.connect(self._restyle)
        model.plane.changed.connect(self._change_plane)
        model.drawing.changed.connect(self._show_drawn)

    def _add_items(self) -> None:
        self.image = pg.ImageItem()
        # Explicit z values make the layers independent of the order in which items are added.
        self.image.setZValue(_Z_SURFACE)
        self.boundary = pg.PlotCurveItem(connect="finite")
        self.boundary.setZValue(_Z_BOUNDARY)
        self.points = SurfacePoints(self.model, self.plot)
        self.train, self.test, self.wrong = self.points.train, self.points.test, self.points.wrong
        self.chosen = pg.ScatterPlotItem()
        self.chosen.setZValue(_Z_CHOSEN)
        self.curves = [pg.PlotCurveItem(connect="finite") for _ in CLASSES]
        for curve in self.curves:
            curve.setZValue(_Z_BOUNDARY)
            self.plot.addItem(curve, ignoreBounds=True)
        for item in (self.image, self.boundary, self.chosen):
            self.plot.addItem(item, ignoreBounds=True)
        self.drawing = SurfaceDrawing(self.model, self.plot, self.tools, self.points)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        self.image.clear()
        for item in (self.boundary, *self.curves):
            item.clear()
        self._range.release()
        self._show_key(self.model.theme)
        self.chooser.begin(prepared.split.input_names)
        self._offer_drawing(prepared)
        self._change_plane()
        self._update_caption()

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Draw other samples; the surface stays until the next frame, and so does its range."""
        self._offer_drawing(prepared)
        self._show_drawn()

    def _offer_drawing(self, prepared: NetworkReady) -> None:
        problem = drawing_problem(prepared.split)
        self.draw.setEnabled(not problem)
        self.draw.setToolTip(problem or _(_DRAW_TIP))
        if problem:
            self.draw.setChecked(False)
        self.tools.begin(prepared.split)

    @Slot()
    def _show_drawn(self) -> None:
        self._draw_points()
        self._update_caption()

    def shown_numbers(self) -> Numbers | None:
        """Return the outputs over the grid."""
        return surface_numbers(self.model.frame) if self.model.frame else None

    def catch_up(self) -> None:
        """Draw the latest frame."""
        self._update_grid()
        self.redraw()

    @Slot()
    def _on_frame(self) -> None:
        self.draw_in_turn(self.redraw)

    def redraw(self) -> None:
        """Draw the latest frame again."""
        frame = self.model.frame
        if frame is None:
            return
        if self.model.plane.is_line:
            self._draw_curves(frame)
        elif self._chosen_neuron() and frame.maps_grid:
            self._draw_neuron(frame)
        elif self.model.prepared:
            pixels = looks.surface_pixels(frame.outputs, self.model.prepared.split, self.model.theme)
            self._paint(pixels, frame.grid)
        if self._is_classification and not self.model.plane.is_line:
            self.boundary.setData(*boundary_lines(frame.grid, frame.outputs))
        self._draw_mistakes()

    def _draw_curves(self, frame: Frame) -> None:
        """Draw each output over a single input, or the output of the chosen neuron."""
        self.image.clear()
        x, _ = frame.grid.axes()
        heights = frame.outputs[0].T
        if (chosen := self._chosen_neuron()) and frame.maps_grid:
            x, _ = frame.maps_grid.axes()
            heights = frame.maps[chosen[0] - 1][chosen[1]]
        for curve, y in zip(self.curves, heights, strict=False):
            curve.setData(x, y)
        for curve in self.curves[len(heights) :]:
            curve.clear()

    def _paint(self, pixels: npt.NDArray[np.uint8], grid: Grid) -> None:
        self.image.setImage(pixels, autoLevels=False)
        self.image.setRect(QRectF(grid.left, grid.bottom, grid.right - grid.left, grid.top - grid.bottom))

    # The selected neuron

    def _chosen_neuron(self) -> tuple[int, int] | None:
        """Return the layer and number of the neuron to show, or None to show the classes."""
        layer, neuron = self.model.selection.layer, self.model.selection.neuron
        return (layer, neuron) if self.neuron.isChecked() and layer is not None and neuron is not None else None

    def _draw_neuron(self, frame: Frame) -> None:
        layer, neuron = self._chosen_neuron() or (1, 0)
        shown = frame.maps[layer - 1][neuron].astype(np.float64)
        activation = self.model.experiment.activations[layer - 1]
        scale = cells.activation_scale(activation, [shown], self._range)
        assert frame.maps_grid is not None
        self._paint(cells.shades(shown, scale, self.model.theme), frame.maps_grid)
        self.bar.show_scale(self.model.theme, colours.scale_map(scale.kind, self.model.theme))
        self.bar.show_ticks(scale.ticks())

    @Slot()
    def _toggle_neuron(self) -> None:
        self._request_frame_options()
        self._show_key(self.model.theme)
        self._update_caption()
        self.catch_up()

    @Slot()
    def _request_frame_options(self) -> None:
        """Request activation maps only while one is visible, on the coarser grid of a moving surface."""
        is_wanted = self.is_seen and self._chosen_neuron() is not None and self._grid is not None
        self.model.request_frame_options(
            self, FrameOptions(maps=self._grid.coarser() if is_wanted and self._grid else None)
        )

    @Slot(object)
    def _follow_selection(self, selection: Selection) -> None:
        self._draw_chosen(selection)
        if self.neuron.isChecked():
            self._range.release()
            self._toggle_neuron()

    @Slot(object)
    def _draw_chosen(self, selection: Selection) -> None:
        prepared = self.model.prepared
        if prepared is None or selection.sample is None:
            self.chosen.clear()
            return
        # The ring has a wide outline of the paper colour, so that it is visible among a thousand points.
        theme, place = self.model.theme, self.points.places(prepared.split)[0][selection.sample]
        self.chosen.setData(pos=[place, place], pen=ring_pens(theme), brush=None, size=RING * theme.mark_size)

    @Slot(object)
    def _follow_status(self, status: Status) -> None:
        if self._was_running != self.model.is_running:
            self._was_running = self.model.is_running
            self._update_grid()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        restyle(self.plot.getPlotItem(), theme)
        hold_left_axis(self.plot)
        self._show_key(theme)
        self.boundary.setPen(pg.mkPen(theme.ink, width=1.6 * theme.line_width))
        for curve, colour in zip(self.curves, CLASSES, strict=True):
            curve.setPen(pg.mkPen(colour, width=2.0 * theme.line_width))
        self.points.restyle(theme)
        self.drawing.restyle(theme)
        self._draw_chosen(self.model.selection)
        self._draw_points()
        self.catch_up()

    def _show_key(self, theme: Theme) -> None:
        if self.model.prepared is not None:
            show_key(self.bar, self.model.prepared.split, theme, is_line=self.model.plane.is_line)

    # The plane

    @property
    def _is_classification(self) -> bool:
        return self.model.prepared is None or self.model.prepared.split.is_classification

    @Slot()
    def _change_plane(self) -> None:
        """Draw the samples on another plane; where the range has to change with it, show all of them."""
        prepared = self.model.prepared
        if prepared is None:
            return
        split, plane = prepared.split, self.model.plane
        # Inputs in different units have no common scale, and neither have an input and an output.
        self.plot.setAspectLocked(split.n_inputs == 2 or plane.axis_inputs() == (None, None))
        for side, name, number in zip(("bottom", "left"), plane.axis_names(), plane.axis_inputs(), strict=True):
            self.plot.setLabel(side, name)
            self.axes[side].set_units(*looks.units_of_axis(split, number, is_output=plane.is_line and side == "left"))
        self.plot.fit_labels()
        axes = (plane.choice.kind, plane.axis_inputs(), split.input_names)
        is_other, self._shown_axes = axes != self._shown_axes, axes
        self._draw_points()
        self._draw_chosen(self.model.selection)
        if is_other:
            self._fit()
        self._update_grid()
        self._update_caption()

    # Points

    @Slot()
    def _draw_points(self) -> None:
        self.points.draw(self.drawing.erasers)
        self.test.setVisible(self.tests.isChecked())
        self._draw_mistakes()

    @Slot()
    def _draw_mistakes(self) -> None:
        if self.mistakes.isChecked():
            self.points.draw_mistakes(with_tests=self.tests.isChecked())
        else:
            self.wrong.clear()

    @Slot()
    def _fit(self) -> None:
        prepared = self.model.prepared
        if prepared is None:
            return
        (left, bottom), (right, top) = extent(self.points.places(prepared.split)[0])
        self.plot.setRange(QRectF(left, bottom, right - left, top - bottom), padding=_MARGIN)

    @Slot()
    def _update_caption(self) -> None:
        prepared = self.model.prepared
        if prepared is None:
            return
        split, shown = self.model.drawing.shown() or (prepared.split, prepared.shown)
        waiting = self.model.drawing.waiting
        self.tools.show_waiting(waiting.holds_from if waiting else None, len(split.X_train))
        if chosen := self._chosen_neuron():
            self.set_caption(_("a of layer {layer}, neuron {neuron}").format(layer=chosen[0], neuron=chosen[1]))
            return
        if not len(split.X_train):
            self.set_caption(_(_NOTHING_DRAWN).format(count=formats.count(len(prepared.split.X_train))))
            return
        parts = [
            _("{some} training ●").format(some=_some(len(shown.train), len(split.X_train))),
            _("{some} test □").format(some=_some(len(shown.test), len(split.X_test))),
        ]
        parts[:0] = filter(None, [self.model.plane.describe()])
        if waiting:
            parts.insert(0, _("from epoch {count}:").format(count=formats.count(waiting.holds_from or 0)))
        self.set_caption("   ".join(parts))

    # The pointer

    @Slot(object)
    def _hover(self, where: QPointF) -> None:
        view, frame = self.plot.getPlotItem().vb, self.model.frame
        place = view.mapSceneToView(where)
        outputs = frame.outputs_at(place.x(), place.y()) if frame else None
        if outputs is None or not view.sceneBoundingRect().contains(where):
            self._update_caption()
            return
        point = view.mapSceneToView(where)
        values = ", ".join(f"{value:.3f}" for value in outputs)
        x, y = (axis.original(value) for axis, value in zip(self.axes.values(), (point.x(), point.y()), strict=True))
        where_ = f"{x:.2f}" if self.model.plane.is_line else f"({x:.2f}, {y:.2f})"
        self.set_caption(f"{where_} → {values}".replace("-", "−"))

    @Slot(object)
    def _pick(self, event: object) -> None:
        prepared, view = self.model.prepared, self.plot.getPlotItem().vb
        if prepared is None or event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        where = view.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        width, height = view.viewPixelSize()
        shown = prepared.shown.train
        away = (self.points.places(prepared.split)[0][shown] - (where.x(), where.y())) / (width, height)
        distance = np.hypot(*away.T)
        nearest = int(distance.argmin())
        if distance[nearest] <= _PICK_PIXELS:
            self.model.take_up(int(shown[nearest]))
        else:
            # A click on empty space clears the selection, as in a graphics editor.
            self.model.select_nothing()

    @Slot()
    def _update_grid(self) -> None:
        view = self.plot.getPlotItem().vb
        (left, right), (bottom, top) = view.viewRange()
        if self.model.prepared is None or view.width() < 1 or view.height() < 1:
            return
        if self.model.frame and not self.is_seen:  # another panel may have requested its own part of the plane
            return
        count = _CELLS_MOVING if self.model.is_running else _CELLS_STILL
        count = min(count, max(_LEAST_CELLS, _MULTIPLICATIONS // self.model.prepared.n_parameters))
        columns = int(np.sqrt(count * view.width() / view.height()))
        grid = Grid(left, right, bottom, top, max(columns, 2), max(count // max(columns, 1), 2))
        self._grid = self.model.plane.grid_of(grid)
        self.model.set_grid(self._grid)
        self._request_frame_options()


def _some(shown: int, there: int) -> str:
    part, whole = formats.count(shown), formats.count(there)
    return whole if shown == there else _("{part} of {whole}").format(part=part, whole=whole)
