"""Effect of a step: how an update, an epoch or a step that is not made changes the loss of every sample."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QModelIndex, Qt, Slot

from bpviz.language import N_, _
from bpviz.session.effects.effect import Effect, Movers
from bpviz.session.effects.first_order import FirstOrder, Floats
from bpviz.session.effects.replay import epoch_of
from bpviz.session.engine.commands import FindMovers, MeasureEpoch, MeasureUpdate
from bpviz.session.engine.events import NetworkReady
from bpviz.session.frames.frame import Frame, FrameOptions
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.effects import effect_hints as hints
from bpviz.ui.effects.effect_body import EffectBody
from bpviz.ui.effects.effect_list import EffectList, widest_class
from bpviz.ui.effects.effect_plot import EffectPlot
from bpviz.ui.effects.effect_requests import EffectRequests, Wish
from bpviz.ui.effects.effect_table import EffectTable
from bpviz.ui.effects.effect_views import (
    EffectView,
    ShownLabels,
    nothing,
    view_of_effect,
    view_of_movers,
    view_of_step,
)
from bpviz.ui.effects.run_key import run_until
from bpviz.ui.style.theme import Theme
from bpviz.ui.view_model.playhead import update_on_screen
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.compact_editors import chosen
from bpviz.ui.widgets.layout_barrier import ElidedLabel
from bpviz.ui.widgets.panel import Panel

_NO_SAMPLES = ShownLabels(np.empty(0, dtype=np.intp), ())


class Mode(StrEnum):
    """What the panel shows; the values are on screen."""

    UPDATE = N_("This update")
    EPOCH = N_("Last epoch")
    STEP = N_("A step")
    MOVERS = N_("Past updates")


_TIPS = {
    Mode.UPDATE: N_("What the current update does to the loss of every sample"),
    Mode.EPOCH: N_("What the last complete epoch did to the loss of every sample"),
    Mode.STEP: N_("What a step on the sample under the pointer, or on the selected one, would do, to first order"),
    Mode.MOVERS: N_("What each update of this epoch did to the loss of the selected sample"),
}


class EffectPanel(Panel):
    """Colours every sample by the change of its loss, and lists those that change most.

    Updates and epochs are measured by the session, when they are wanted and the panel is seen. A step that is not made
    is predicted here, from the deltas and activations of the frame.
    """

    def __init__(self, model: ViewModel) -> None:
        super().__init__("effect", _("Effect of a step"), model)
        self.mode = self.add_choice(list(Mode), _("What is shown"))
        for index, mode in enumerate(Mode):
            self.mode.setItemData(index, _(_TIPS[mode]), Qt.ItemDataRole.ToolTipRole)
        fit = self.add_button(N_("Fit"), _("Show all samples"))
        self.plot = EffectPlot()
        self.hurt, self.helped = EffectTable(_("Hurt"), model, self), EffectTable(_("Helped"), model, self)
        self.hurt_view = EffectList(_("Hurt most"), self.hurt)
        self.helped_view = EffectList(_("Helped most"), self.helped)
        self.body = EffectBody(self.plot, self.hurt_view, self.helped_view)
        self.layout_.addWidget(self.body, 1)
        self.readout = self.add_readout(ElidedLabel())
        self.requests = EffectRequests(model, self)
        self.shown: EffectView = nothing(0, _(hints.NO_NETWORK))
        self._samples = _NO_SAMPLES
        self._subject: int | None = None
        self._keeps_subject = False
        self._pointed, self._has_plane = -1, True
        self._is_measuring = False
        self._first_order: tuple[Frame, bool, FirstOrder] | None = None
        fit.clicked.connect(self.plot.fit)
        self._connect()
        self._restyle(model.theme)
        self._redraw()

    def _connect(self) -> None:
        for view in (self.hurt_view, self.helped_view):
            view.clicked.connect(self._open_clicked)
        self.hurt_view.chosen.connect(self._open_hurt)
        self.helped_view.chosen.connect(self._open_helped)
        self.mode.currentIndexChanged.connect(self._change_mode)
        self.plot.pointed.connect(self._point_at)
        self.plot.picked.connect(self._choose_row)
        self.seen_changed.connect(self._request_frame_options)
        self.requests.answered.connect(self._redraw)
        self.model.status_changed.connect(self._redraw)
        self.model.time.timeline_changed.connect(self._redraw)
        self.model.experiment_changed.connect(self._redraw)
        self.model.frame_changed.connect(self._on_frame)
        self.model.plane.changed.connect(self._change_plane)
        self.model.theme_changed.connect(self._restyle)

    # Model signals

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Show another network."""
        split, samples = prepared.split, prepared.shown.train
        self._samples = ShownLabels.of(samples, split)
        for part in (self.body, self.hurt_view, self.helped_view):
            part.name_classes(widest_class(split.class_names))
        self._subject, self._pointed, self._first_order = None, -1, None
        self.shown, self._has_plane = nothing(len(samples), ""), not self.model.plane.is_line
        self.plot.setVisible(self._has_plane)
        if self._has_plane:
            self.plot.show_plane(split, self.model.plane)
            self.plot.begin(self.model.plane.places(split.X_train[samples]))
        self._describe_samples()
        self._redraw()

    @Slot()
    def _change_plane(self) -> None:
        """Show the samples on another plane."""
        prepared = self.model.prepared
        if prepared is not None and self._has_plane:
            self.plot.show_plane(prepared.split, self.model.plane)
            self.plot.move_to(self.model.plane.places(prepared.split.X_train[self._samples.samples]))
            self._describe_samples()
            self.catch_up()

    def _describe_samples(self) -> None:
        """Say how many samples are shown, and on which plane."""
        if self.model.prepared is not None:
            count = hints.samples_text(len(self._samples.samples), len(self.model.prepared.split.X_train))
            self.set_caption(" · ".join(filter(None, (count, self.model.plane.describe()))))

    @Slot(object)
    def show_update(self, update: TracedUpdate) -> None:
        """Show another update, or the same one with other operations done."""
        self._keeps_subject = False
        self._redraw()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Mark the selected sample; it is also the one whose past updates are shown."""
        if not self._keeps_subject:
            self._subject = selection.sample
        self._redraw()

    def catch_up(self) -> None:
        """Redraw the panel."""
        self._draw_boundary()
        self._redraw()

    @Slot()
    def _on_frame(self) -> None:
        self.draw_in_turn(self.catch_up)

    @Slot(object)
    def _restyle(self, theme: Theme) -> None:
        self.plot.restyle(theme)
        self.hurt.touch()
        self.helped.touch()
        self._draw_plot()

    @Slot()
    def _request_frame_options(self) -> None:
        """Request activations only while a step is predicted from them."""
        is_wanted = self.is_seen and self._mode() is Mode.STEP
        self.model.request_frame_options(self.objectName(), FrameOptions(activations=is_wanted))

    # User actions

    @Slot()
    def _change_mode(self) -> None:
        self._subject = self.model.selection.sample
        self.plot.release()
        self._request_frame_options()
        self._redraw()

    @Slot(int)
    def _point_at(self, row: int) -> None:
        self._pointed = row
        if self._mode() is Mode.STEP:
            self._redraw()
        else:
            self._show_readout()

    @Slot(int)
    def _choose_row(self, row: int) -> None:
        # Also where the sample is selected already, since a row has led to the update with it.
        self._keeps_subject, self._subject = False, int(self._samples.samples[row])
        self.model.select(sample=self._subject)
        self._redraw()

    @Slot(QModelIndex)
    def _open_clicked(self, index: QModelIndex) -> None:
        table = index.model()
        assert isinstance(table, EffectTable)
        self._open(table, index.row())

    @Slot(int)
    def _open_hurt(self, row: int) -> None:
        self._open(self.hurt, row)

    @Slot(int)
    def _open_helped(self, row: int) -> None:
        self._open(self.helped, row)

    def _open(self, table: EffectTable, row: int) -> None:
        """Select the sample of a row, or go to its update, where the gradients are known."""
        number = table.rows[row].number
        if self._mode() is not Mode.MOVERS:
            self._choose_row(number)
            return
        found = self._measured()
        if isinstance(found, Movers):
            # The sample of that update is selected there: what moved the present one stays on screen.
            self._keeps_subject = True
            n_layers = len(self.model.experiment.sizes) - 1
            done = len(operations(n_layers, self.model.experiment.rule.extra_operations)) - n_layers
            self.model.go_to(Position(found.epoch, int(found.starts[number]), done))

    # What is shown

    @property
    def is_complete(self) -> bool:
        """Whether no effect is being measured, and no deltas are waited for."""
        return not self.is_seen or not self._is_measuring

    def _mode(self) -> Mode:
        return Mode(chosen(self.mode))

    def _measured(self) -> Effect | Movers | str:
        """Return what the session has measured, or a hint why there is nothing yet."""
        position, furthest = self.model.position, self.model.status.furthest
        if position is None or furthest is None:
            return _(hints.NO_NETWORK)
        match self._mode():
            case Mode.UPDATE:
                return self._measured_update()
            case Mode.EPOCH:
                if not position.epoch:
                    return _(hints.NO_EPOCH)
                epoch = position.epoch - 1
                return self._result_of(MeasureEpoch(epoch), run_until(self.model, epoch))
        return self._measured_movers(epoch_of(position, furthest), furthest)

    def _measured_update(self) -> Effect | Movers | str:
        update = update_on_screen(self.model)
        if update is None:
            return _(hints.RUNNING) if self.model.is_running else _(hints.NO_UPDATE)
        # Whether operations are done or not, the effect is the same; updates with equal losses are the same.
        losses = update.losses_before.tobytes(), update.losses_after.tobytes()
        key = update.kind, update.samples.tobytes(), losses
        return self._result_of(MeasureUpdate(), key)

    def _measured_movers(self, epoch: int | None, furthest: Position) -> Effect | Movers | str:
        if self._subject is None:
            return _(hints.NO_SUBJECT)
        if self.model.is_running:
            return _(hints.RUNNING)
        if epoch is None:
            return _(hints.NO_PAST)
        so_far = furthest if furthest.epoch == epoch else None
        key = so_far, run_until(self.model, epoch)
        return self._result_of(FindMovers(epoch, self._subject), key)

    def _result_of(self, wish: Wish, key: object) -> Effect | Movers | str:
        found = self.requests.result_of(wish, key)
        return found or self.requests.problem_of(wish, key) or _(hints.MEASURING)

    def _view(self) -> EffectView:
        if self.model.prepared is None:
            return nothing(0, _(hints.NO_NETWORK))
        if self._mode() is Mode.STEP:
            return self._predicted()
        found = self._measured()
        if isinstance(found, Effect):
            return view_of_effect(found, self._samples, self.model.current_update)
        if isinstance(found, Movers):
            return view_of_movers(found, self._samples)
        return nothing(len(self._samples.samples), found)

    def _predicted(self) -> EffectView:
        row = self._pointed if self._pointed >= 0 else self._samples.row_of(self.model.selection.sample)
        if row is None:
            return nothing(len(self._samples.samples), _(hints.NO_SAMPLE))
        predictor = self._predictor()
        if predictor is None:
            return nothing(len(self._samples.samples), _(hints.NO_DELTAS))
        changes = predictor.change(row, self.model.experiment.learning_rate).astype(np.float64)
        return view_of_step(row, changes, self._samples)

    def _predictor(self) -> FirstOrder | None:
        """Return what predicts from the numbers of the latest frame; None if it has no activations."""
        frame, prepared = self.model.frame, self.model.prepared
        if frame is None or prepared is None or not frame.activations:
            return None
        biases = self.model.experiment.train_biases
        if self._first_order is None or self._first_order[0] is not frame or self._first_order[1] != biases:
            inputs: list[Floats] = [prepared.split.X_train[self._samples.samples], *frame.activations[:-1]]
            self._first_order = frame, biases, FirstOrder(inputs, frame.deltas, train_biases=biases)
        return self._first_order[2]

    # Drawing

    @Slot()
    def _redraw(self) -> None:
        if not self.is_seen:
            return
        view = self._view()
        self._is_measuring = view.sentence in (_(hints.MEASURING), _(hints.NO_DELTAS))
        self._draw(view)
        self.completed.emit()

    def _draw(self, view: EffectView) -> None:
        if view.sentence == _(hints.MEASURING) and len(view.changes) == len(self.shown.changes):
            self.readout.setText(view.sentence)  # the picture before stays for these milliseconds
            return
        self.shown = view
        does = _(hints.GOES_THERE) if self._mode() is Mode.MOVERS else _(hints.SELECTS)
        self.hurt.tell(tuple(row for row in view.rows if row.change > 0), does)
        self.helped.tell(tuple(row for row in view.rows if row.change < 0), does)
        self._draw_plot()
        self._show_readout()

    def _draw_plot(self) -> None:
        if self._has_plane:
            chosen = self._subject if self._mode() is Mode.MOVERS else self.model.selection.sample
            self.plot.draw(self.shown.changes)
            self.plot.mark(self._samples.row_of(chosen), self.shown.step)

    def _show_readout(self) -> None:
        has_row = 0 <= self._pointed < len(self.shown.changes)
        self.readout.setText((self.shown.describe(self._pointed) if has_row else "") or self.shown.sentence)

    def _draw_boundary(self) -> None:
        frame = self.model.frame
        if frame is not None and self._has_plane and frame.grid.plane == self.model.plane.plane:
            self.plot.show_boundary(frame)
