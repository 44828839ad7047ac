"""Pictures: the input of a sample, what its pixels do to the loss, the weights of layer 1, and a pad to draw on."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import Qt, Slot

from bpviz.core.arrays import Array
from bpviz.language import N_, _
from bpviz.session.engine.commands import InspectOwn, InspectSample
from bpviz.session.engine.events import NetworkReady
from bpviz.session.pictures.drawing import Drawing
from bpviz.session.pictures.shape import Shape, picture_shape
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind, sample_name
from bpviz.ui.pictures import picture_words as words
from bpviz.ui.pictures.draw_page import DrawPage
from bpviz.ui.pictures.no_picture import NoPicture
from bpviz.ui.pictures.picture_view import PictureView
from bpviz.ui.pictures.sample_body import SampleBody
from bpviz.ui.pictures.source import Picture, PictureSource
from bpviz.ui.pictures.weights_page import WeightsPage
from bpviz.ui.plotting.stable_range import StableRange
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.playhead import update_on_screen
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import chosen
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel, stacked


class Mode(StrEnum):
    """What the panel shows; the values are on screen."""

    SAMPLE = N_("Sample")
    WEIGHTS = N_("Weights")
    DRAW = N_("Draw")


_TIPS = {
    Mode.SAMPLE: N_("The chosen training sample, and which of its pixels make its loss"),
    Mode.WEIGHTS: N_("The weights of layer 1, one picture for each neuron"),
    Mode.DRAW: N_("Draw a picture yourself, and see what the network makes of it"),
}


class PicturesPanel(Panel):
    """Shows inputs and weights as pictures, for data whose inputs are pixels."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("pictures", _("Pictures"), model)
        self.mode = self.add_choice(list(Mode), _("What is shown"))
        for index, mode in enumerate(Mode):
            self.mode.setItemData(index, _(_TIPS[mode]), Qt.ItemDataRole.ToolTipRole)
        self.back = self.add_button("◀", _("Previous training sample"))
        self.forth = self.add_button("▶", _("Next training sample"))
        self.readout = self.add_readout(ElidedLabel())
        self.none, self.weights, self.draw = NoPicture(), WeightsPage(), DrawPage()
        self.sample = SampleBody(PictureView(_("Input of the chosen sample")), _("the chosen sample"))
        self.pages = stacked(self.none, self.sample, self.weights, self.draw)
        self.sentence = ElidedLabel()
        self.layout_.addWidget(self.pages, 1)
        self.layout_.addWidget(self.sentence)
        self.source: PictureSource | None = None
        self._prepared: NetworkReady | None = None
        self._squares: tuple[str, ...] = ()  # the inputs that the user has called pixels
        for body in self._bodies():
            body.gradient.caption.setText(_(words.GRADIENT))
            body.gradient.view.setToolTip(words.gradient_tip())
        self._ranges = {body: StableRange() for body in self._bodies()}
        self._pictures: dict[SampleBody, Picture] = {}
        self._before: Position | int | None = None  # what was on screen before the drawing was walked through
        self._connect()
        self._restyle(model.theme)
        self._choose_page()

    def _bodies(self) -> tuple[SampleBody, SampleBody]:
        return self.sample, self.draw.body

    def _connect(self) -> None:
        self.mode.currentIndexChanged.connect(self._change_mode)
        self.back.clicked.connect(self._take_previous)
        self.forth.clicked.connect(self._take_next)
        self.none.square_wanted.connect(self._call_them_pixels)
        self.weights.grid.picked.connect(self._pick)
        self.draw.pad.changed.connect(self._draw_changed)
        self.draw.pad.ended.connect(self._follow_walk)
        self.draw.target_changed.connect(self._follow_walk)
        self.draw.target_changed.connect(self._draw_changed)
        self.draw.clear_wanted.connect(self._clear)
        self.draw.copy_wanted.connect(self._copy)
        self.draw.walk_wanted.connect(self._walk)
        self.draw.return_wanted.connect(self._return)
        for body in self._bodies():
            body.input.view.pointed.connect(self._show_words)
            body.gradient.view.pointed.connect(self._show_words)
        self.model.frame_changed.connect(self._on_frame)
        self.model.status_changed.connect(self._on_frame)
        self.model.theme_changed.connect(self._restyle)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network; the drawing stays as long as pictures have the same shape and range."""
        self._prepared, self._before = prepared, None
        self._pictures.clear()
        shape = self._shape()
        self.source = None
        self.none.explain(prepared.experiment)
        if shape:
            self._begin_pictures(prepared, shape)
        self._choose_page()

    def _shape(self) -> Shape | None:
        if self._prepared is None:
            return None
        is_asked = self._squares == self._prepared.split.input_names
        return picture_shape(self._prepared.experiment, as_square=is_asked)

    def _begin_pictures(self, prepared: NetworkReady, shape: Shape) -> None:
        source = self.source = PictureSource(self.model, prepared, shape)
        ink, before = source.ink, self.draw.pad.drawing
        if before is None or (before.shape, before.low, before.high) != (shape, ink.low, ink.high):
            before = Drawing(shape, ink.low, ink.high)
        self.draw.pad.begin(before, ink)
        self.draw.begin(prepared.split)
        self.weights.begin()
        self.sample.input.caption.setText(words.range_of(_("Input"), ink))
        self.draw.body.input.caption.setText(words.range_of(_("Your picture"), ink))
        for held in self._ranges.values():
            held.release()

    @Slot(object)
    def show_update(self, update: TracedUpdate) -> None:
        """Show the numbers of another moment."""
        self.redraw()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Show the chosen sample and neuron."""
        self.redraw()

    @Slot()
    def _on_frame(self) -> None:
        self.draw_in_turn(self.redraw)

    def catch_up(self) -> None:
        """Redraw the panel."""
        self.redraw()

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        for part in (self.sample, self.weights, self.draw):
            part.restyle(theme)

    # User actions

    @Slot()
    def _change_mode(self) -> None:
        self._choose_page()
        self.redraw()

    @Slot()
    def _call_them_pixels(self) -> None:
        """Show the inputs of an own table as a square picture."""
        if self._prepared is not None:
            self._squares = self._prepared.split.input_names
            self.begin(self._prepared)
            self.redraw()

    @Slot()
    def _take_previous(self) -> None:
        self._take(-1)

    @Slot()
    def _take_next(self) -> None:
        self._take(1)

    def _take(self, step: int) -> None:
        if self.source is not None:
            self.model.take_up((self._sample() + step) % len(self.source.split.X_train))

    @Slot(int)
    def _pick(self, neuron: int) -> None:
        self.model.select(layer=1, neuron=neuron)

    @Slot()
    def _clear(self) -> None:
        if self.draw.pad.drawing is not None:
            self.draw.pad.drawing.clear()
            self.draw.pad.show_change()

    @Slot()
    def _copy(self) -> None:
        """Begin with the chosen sample, and mean its class."""
        if self.source is not None and self.draw.pad.drawing is not None:
            number = self._sample()
            self.draw.pad.drawing.copy_from(self.source.sample(number).pixels)
            self.draw.target.setCurrentIndex(int(self.source.split.labels_train[number]))
            self.draw.pad.show_change()

    # The walk through the network

    @property
    def _is_walking(self) -> bool:
        update = update_on_screen(self.model)
        return update is not None and update.is_own

    @Slot()
    def _walk(self) -> None:
        """Have the drawing traced; what is on screen now is remembered."""
        update = update_on_screen(self.model)
        is_other = update is not None and update.kind is UpdateKind.INSPECTED
        self._before = int(update.samples[0]) if update is not None and is_other else self.model.position
        self._post_drawing()

    @Slot()
    def _follow_walk(self) -> None:
        """Trace the drawing again while it is walked through."""
        if self._is_walking:
            self._post_drawing()

    def _post_drawing(self) -> None:
        if self.source is not None and self.draw.pad.drawing is not None:
            drawn = self.source.drawing(self.draw.pad.drawing.pixels, self._targets())
            self.model.post(InspectOwn(tuple(drawn.x.tolist()), tuple(drawn.y.tolist())))

    @Slot()
    def _return(self) -> None:
        """Show again what was on screen before the walk."""
        if isinstance(self._before, int):
            self.model.post(InspectSample(self._before))
        elif self._before is not None or self.model.position is not None:
            self.model.go_to(self._before or self.model.position or Position())

    def _targets(self) -> Array:
        """Return the targets of the drawing: those of the class that is meant, or of the chosen sample."""
        assert self.source is not None
        split = self.source.split
        if not split.is_classification:
            return np.asarray(split.y_train[self._sample()])
        return np.asarray(np.eye(split.n_classes)[max(self.draw.target.currentIndex(), 0)])

    # Drawing

    def _sample(self) -> int:
        """Return the chosen sample, or else that of the current update, or the first."""
        update, chosen = update_on_screen(self.model), self.model.selection.sample
        if chosen is not None or update is None or update.is_own:
            return chosen or 0
        return int(update.samples[self.model.row])

    @Slot()
    def _choose_page(self) -> None:
        mode = Mode(chosen(self.mode))
        page = {Mode.SAMPLE: self.sample, Mode.WEIGHTS: self.weights, Mode.DRAW: self.draw}[mode]
        self.pages.setCurrentWidget(self.none if self.source is None else page)
        for button in (self.back, self.forth):
            button.setVisible(mode is Mode.SAMPLE)
            button.setEnabled(self.source is not None)
        self.mode.setEnabled(self.source is not None)
        self._show_words()

    @Slot()
    def redraw(self) -> None:
        """Draw what is shown with the parameters on screen."""
        source = self.source
        if source is None or not self.is_seen:
            return
        source.refresh()
        page = self.pages.currentWidget()
        if page is self.weights:
            selection = self.model.selection
            self.weights.show_weights(source.W, source.shape, selection.neuron if selection.layer == 1 else None)
        elif page is self.draw:
            self._draw_changed()
        else:
            self._show(self.sample, source.sample(self._sample()))
        self._show_words()

    @Slot()
    def _draw_changed(self) -> None:
        """Show what the network makes of the drawing."""
        if self.source is not None and self.draw.pad.drawing is not None and self.is_seen:
            self.draw.show_walk(on=self._is_walking)
            self._show(self.draw.body, self.source.drawing(self.draw.pad.drawing.pixels, self._targets()))
            self._show_words()

    def _show(self, body: SampleBody, picture: Picture) -> None:
        assert self.source is not None
        self._pictures[body] = picture
        gradient = picture.reading.input_gradient if picture.reading else None
        body.input.show_ink(picture.pixels.reshape(self.source.shape), self.source.ink)
        largest = 0.0 if gradient is None else float(np.abs(np.nan_to_num(gradient, posinf=0.0, neginf=0.0)).max())
        shown = None if gradient is None else gradient.reshape(self.source.shape)
        body.gradient.show_signs(shown, self._ranges[body].fit(largest))
        body.bars.show_outputs(self.source.outputs_of(picture))

    # Texts

    @Slot()
    def _show_words(self) -> None:
        page = self.pages.currentWidget()
        body = {self.sample: self.sample, self.draw: self.draw.body}.get(page)
        picture = self._pictures.get(body) if body else None
        if self.source is None or page is self.none:
            caption, readout, sentence = "", "", ""
        elif body is None or picture is None:
            caption, readout, sentence = "", _(words.WEIGHTS), ""
        else:
            caption, readout, sentence = self._words_of(body, picture)
        self.set_caption(caption)
        self.readout.setText(readout)
        self.sentence.setText(sentence)

    def _words_of(self, body: SampleBody, picture: Picture) -> tuple[str, str, str]:
        assert self.source is not None
        split = self.source.split
        label = int(picture.y.argmax()) if split.is_classification else None
        if body is self.sample:
            name, sentence = sample_name(self._sample()), _(words.SIGNS)
            label = int(split.labels_train[self._sample()]) if split.is_classification else None
        else:
            name = _("your picture")
            sentence = _(words.WALK) if self._is_walking else _(words.DRAW)
            if unlike := words.beyond(self.source.ink.count_beyond(picture.x)):
                sentence = f"{unlike}. {sentence}"
        caption = ", ".join(filter(None, (name, words.title_of(split, label))))
        cell = body.input.view.cell or body.gradient.view.cell
        pointed = words.pixel(split, picture, cell, self.source.shape[1]) if cell else ""
        return caption, pointed or words.verdict(split, picture.reading), sentence
