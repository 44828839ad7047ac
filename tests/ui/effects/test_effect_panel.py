"""The panel that shows how a step changes the loss of every sample."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QAbstractItemModelTester

from bpviz.core.arrays import Array
from bpviz.session.effects.effect import Effect, Movers, effect_of_epoch, effect_of_update, movers_in_pieces
from bpviz.session.engine.commands import FindMovers, GoTo, InspectSample, MeasureEpoch, MeasureUpdate, SetFrameOptions
from bpviz.session.engine.events import Failed, State, Status
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from bpviz.ui.effects import effect_hints as hints
from bpviz.ui.effects.effect_panel import EffectPanel, Mode
from bpviz.ui.effects.effect_table import CHANGE, SAMPLE, extremes
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import DARK, LIGHT
from tests.session.effects.by_hand import change_by, trained
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, click_at, hover, lay_out_and_paint, leave, press

READY = len(operations(3)) - 3


@pytest.fixture
def panel(stage: Stage, show: Show) -> EffectPanel:
    made = EffectPanel(stage.model)
    show(made, 640, 340)
    stage.prepare()
    stage.tell_timeline()
    stage.train(3)
    stage.frame()
    return made


def choose(panel: EffectPanel, mode: Mode) -> None:
    panel.mode.setCurrentText(mode)


def answer(stage: Stage) -> Effect:
    """Measure the current update, and tell it."""
    update, prepared = stage.model.current_update, stage.model.prepared
    assert update is not None
    assert prepared is not None
    effect = list(effect_of_update(update, prepared.split, prepared.shown.train))[-1]
    assert effect is not None
    stage.tell(effect)
    return effect


def answer_epoch(stage: Stage, epoch: int) -> Effect:
    assert stage.model.prepared is not None
    made = list(effect_of_epoch(trained().copy(), epoch, stage.model.prepared.shown.train))[-1]
    assert made is not None
    stage.tell(made)
    return made


def answer_movers(stage: Stage, epoch: int, sample: int) -> Movers:
    made = list(movers_in_pieces(trained().copy(), epoch, sample))[-1]
    assert made is not None
    stage.tell(made)
    return made


def shown_samples(panel: EffectPanel) -> list[int]:
    assert panel.model.prepared is not None
    return [int(sample) for sample in panel.model.prepared.shown.train]


def place_of(panel: EffectPanel, sample: int) -> QPointF:
    """Return where a sample is in the scene of the plot."""
    lay_out_and_paint(panel)
    x, y = panel.plot.points.places[shown_samples(panel).index(sample)]
    return QPointF(panel.plot.plot.getPlotItem().vb.mapViewToScene(QPointF(x, y)))


def listed(panel: EffectPanel) -> list[int]:
    return [int(panel.table.text(row, SAMPLE)) for row in range(panel.table.rowCount())]


def largest(changes: Array, samples: list[int]) -> list[int]:
    """Return the ten samples that are hurt most, then the ten that are helped most."""
    order = sorted(range(len(changes)), key=lambda row: -changes[row])
    hurt = [row for row in order if changes[row] > 0][:10]
    helped = [row for row in order[::-1] if changes[row] < 0][:10]
    return [samples[row] for row in (*hurt, *helped)]


def drawn_colours(panel: EffectPanel) -> dict[int, tuple[int, int, int]]:
    """Return the colour in which each sample is drawn."""
    places, samples = panel.plot.points.places, shown_samples(panel)
    found = {}
    for item in panel.plot.points.spots:
        brush = item.opts["brush"].color()
        for x, y in zip(item.data["x"], item.data["y"], strict=True):
            row = int(np.flatnonzero((places[:, 0] == x) & (places[:, 1] == y))[0])
            found[samples[row]] = (brush.red(), brush.green(), brush.blue())
    return found


# This update


def test_the_current_update_is_measured_once_and_shown(panel: EffectPanel, stage: Stage) -> None:
    update = stage.step()
    assert stage.commands.of(MeasureUpdate) == [None]
    effect = answer(stage)
    changes = change_by(update, stage.training)[effect.samples]
    np.testing.assert_allclose(panel.shown.changes, changes, rtol=1e-9, atol=1e-15)
    assert listed(panel) == largest(panel.shown.changes, shown_samples(panel))
    helped, hurt = np.sum(changes < 0), np.sum(changes > 0)
    assert panel.readout.text().startswith(f"Update with sample 0: {helped} helped, {hurt} hurt, ")
    stage.tell(dataclasses.replace(update))  # the same one again
    assert len(stage.commands.of(MeasureUpdate)) == 1


def test_its_operations_change_only_what_is_said_of_it(panel: EffectPanel, stage: Stage) -> None:
    stage.show_update(0)
    answer(stage)
    assert panel.readout.text().startswith("Update with sample 0 (not made yet): ")
    stage.show_update(9)
    assert len(stage.commands.of(MeasureUpdate)) == 1
    stage.show_update(READY, sample=4)
    assert len(stage.commands.of(MeasureUpdate)) == 2
    answer(stage)
    assert panel.readout.text().startswith("Update with sample 4 (inspected, not made): ")


def test_an_update_of_a_batch_is_named_by_its_size(stage: Stage, show: Show) -> None:
    made = EffectPanel(stage.model)
    show(made, 640, 340)
    stage.prepare(dataclasses.replace(SMALL, batch_size=5))
    stage.step()
    answer(stage)
    assert made.readout.text().startswith("Update with 5 samples: ")
    assert len(made.plot.points.step.data) == 5


def test_an_answer_about_an_earlier_update_makes_it_ask_again(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    second = stage.step()
    assert len(stage.commands.of(MeasureUpdate)) == 1  # one at a time
    answer(stage)
    assert len(stage.commands.of(MeasureUpdate)) == 2
    answer(stage)
    changes = change_by(second, stage.training)[shown_samples(panel)]
    np.testing.assert_allclose(panel.shown.changes, changes, rtol=1e-9, atol=1e-15)


def test_helped_samples_have_the_colour_below_zero_and_hurt_ones_the_colour_above(
    panel: EffectPanel, stage: Stage
) -> None:
    stage.step()
    effect = answer(stage)
    for theme in (LIGHT, DARK):
        stage.model.set_theme(theme)
        drawn = drawn_colours(panel)
        assert sorted(drawn) == sorted(effect.samples.tolist())
        table = colours.lookup(colours.sign_map(theme)).astype(int)
        for row, sample in enumerate(effect.samples.tolist()):
            share = np.clip(effect.change[row] / panel.plot.scale.top, -1, 1)
            expected = table[round((share + 1) / 2 * 255)]
            assert np.abs(expected - drawn[sample]).max() <= 16
        texts = [panel.table.ink(row, CHANGE) for row in (0, panel.table.rowCount() - 1)]
        assert [ink.name() for ink in texts if ink] == [theme.positive.lower(), theme.negative.lower()]


def test_the_colour_bar_says_the_range_and_what_its_ends_mean(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    answer(stage)
    texts = [text for _, text in sorted(panel.plot.bar.ticks)]
    assert [texts[1], texts[3]] == ["helped", "hurt"]
    assert texts[0] == f"−{texts[4]}"
    panel.plot.resize(400, 60)
    assert len(panel.plot.bar.ticks) == 2


def test_pointing_at_a_sample_tells_its_losses(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    effect = answer(stage)
    summary = panel.readout.text()
    hover(panel.plot.plot, place_of(panel, 9))
    row = shown_samples(panel).index(9)
    label = stage.training.split.labels_train[9]
    assert panel.readout.text().startswith(f"Sample 9 of class {label}: loss {effect.before[row]:.4f}"[:28])
    assert f"→ {effect.after[row]:.4f}"[:6] in panel.readout.text()
    leave(panel.plot.plot)
    assert panel.readout.text() == summary


def test_rows_and_points_select_their_sample_and_nothing_else(panel: EffectPanel, stage: Stage) -> None:
    QAbstractItemModelTester(panel.table, QAbstractItemModelTester.FailureReportingMode.Warning, panel.table)
    stage.step()
    answer(stage)
    click(panel.view.viewport(), panel.view.visualRect(panel.table.index(2, SAMPLE)).center())
    assert stage.model.selection.sample == listed(panel)[2]
    panel.view.setCurrentIndex(panel.table.index(4, SAMPLE))
    press(panel.view, Qt.Key.Key_Return)
    assert stage.model.selection.sample == listed(panel)[4]
    click_at(panel.plot.plot, place_of(panel, 13))
    assert stage.model.selection.sample == 13
    press(panel.plot.plot, Qt.Key.Key_Right)
    samples = shown_samples(panel)
    assert stage.model.selection.sample == samples[(samples.index(13) + 1) % 28]
    assert stage.commands.of(InspectSample) == []


def test_while_training_runs_it_says_what_to_do(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    answer(stage)
    stage.become(State.RUNNING)
    assert panel.readout.text() == hints.RUNNING
    assert panel.table.rowCount() == 0


def test_a_hidden_panel_asks_for_nothing(panel: EffectPanel, stage: Stage) -> None:
    panel.hide()
    stage.step()
    assert stage.commands.of(MeasureUpdate) == []
    panel.show()
    assert stage.commands.of(MeasureUpdate) == [None]


def test_after_a_failure_another_update_is_measured(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    stage.tell(Failed("No sample has been traced yet."))
    stage.step()
    assert len(stage.commands.of(MeasureUpdate)) == 2


def test_another_network_forgets_what_was_measured(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    effect = answer(stage)
    stage.prepare(dataclasses.replace(SMALL, samples=60))
    assert len(panel.shown.changes) == 42
    stage.tell(effect)  # was on its way
    assert panel.readout.text() == hints.NO_UPDATE
    assert panel.caption() == "42 training samples"


# Last epoch


def test_the_last_complete_epoch_is_measured(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.EPOCH)
    assert stage.commands.of(MeasureEpoch) == [2]
    effect = answer_epoch(stage, 2)
    np.testing.assert_array_equal(panel.shown.changes, effect.change)
    assert panel.readout.text().startswith("Epoch 2 to 3: ")
    assert not len(panel.plot.points.step.data)
    stage.tell(Status(State.PAUSED, Position(2, 5), is_live=False, furthest=Position(3)))
    assert stage.commands.of(MeasureEpoch) == [2, 1]


def test_without_a_complete_epoch_it_says_what_to_do(stage: Stage, show: Show) -> None:
    made = EffectPanel(stage.model)
    show(made, 640, 340)
    stage.prepare()
    choose(made, Mode.EPOCH)
    assert made.readout.text() == hints.NO_EPOCH
    assert stage.commands.of(MeasureEpoch) == []


def test_while_training_runs_epochs_are_measured_now_and_then(panel: EffectPanel, stage: Stage) -> None:
    stage.become(State.RUNNING)
    choose(panel, Mode.EPOCH)
    answer_epoch(stage, 2)
    for epoch in (4, 5, 6):
        stage.tell(Status(State.RUNNING, Position(epoch), furthest=Position(epoch)))
    assert stage.commands.of(MeasureEpoch) == [2]
    panel.requests._pause.stop()
    panel.requests.answered.emit()
    assert stage.commands.of(MeasureEpoch) == [2, 5]
    panel.requests._pause.stop()


# A step


def exact_step(stage: Stage, sample: int) -> Array:
    """Return the true changes of all losses by a small step on a sample, scaled to the learning rate."""
    training, small = stage.training, 1e-6
    training.trainer.learning_rate = small
    update = trace_update(training, np.array([sample]), UpdateKind.INSPECTED)
    training.trainer.learning_rate = training.experiment.learning_rate
    return np.asarray(change_by(update, training) * training.experiment.learning_rate / small)


def test_it_predicts_a_step_on_the_selected_sample_and_then_on_the_one_under_the_pointer(
    panel: EffectPanel, stage: Stage
) -> None:
    stage.model.select(sample=5)
    choose(panel, Mode.STEP)
    assert panel.readout.text() == hints.NO_DELTAS
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(activations=True)
    stage.frame()
    for sample in (5, 17):
        if sample == 17:
            hover(panel.plot.plot, place_of(panel, sample))
        expected = exact_step(stage, sample)[shown_samples(panel)]
        np.testing.assert_allclose(panel.shown.changes, expected, rtol=1e-3, atol=1e-4 * np.abs(expected).max())
        assert panel.readout.text().startswith(f"A step on sample {sample}, to first order: ")
        assert listed(panel) == largest(panel.shown.changes, shown_samples(panel))
    leave(panel.plot.plot)
    assert panel.readout.text().startswith("A step on sample 5, to first order: ")


def test_it_follows_the_learning_rate_and_whether_biases_are_trained(panel: EffectPanel, stage: Stage) -> None:
    stage.model.select(sample=5)
    choose(panel, Mode.STEP)
    stage.frame()
    before = panel.shown.changes
    stage.model.change_hyperparameters(dataclasses.replace(stage.model.experiment, learning_rate=0.2))
    np.testing.assert_allclose(panel.shown.changes, 2 * before, rtol=1e-6)
    stage.model.change_hyperparameters(dataclasses.replace(stage.model.experiment, train_biases=False))
    assert np.abs(panel.shown.changes - 2 * before).max() > 1e-3 * np.abs(before).max()


def test_without_a_sample_it_asks_for_one(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.STEP)
    stage.frame()
    assert panel.readout.text() == hints.NO_SAMPLE


def test_activations_are_requested_only_while_a_step_is_predicted(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.STEP)
    choose(panel, Mode.UPDATE)
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions()
    choose(panel, Mode.STEP)
    panel.hide()
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions()


# Past updates


def test_it_shows_what_each_update_of_the_epoch_did_to_the_selected_sample(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.MOVERS)
    assert panel.readout.text() == hints.NO_SUBJECT
    stage.model.select(sample=8)
    assert stage.commands.of(FindMovers) == [(2, 8)]
    movers = answer_movers(stage, 2, 8)
    by_sample = {int(trained[0]): change for trained, change in zip(movers.trained, movers.change, strict=True)}
    assert panel.shown.changes.tolist() == [by_sample[sample] for sample in shown_samples(panel)]
    assert listed(panel) == largest(movers.change, [int(each[0]) for each in movers.trained])
    assert panel.readout.text().startswith("Sample 8, epoch 2 to 3: ")
    hover(panel.plot.plot, place_of(panel, 9))
    label = stage.training.split.labels_train[9]
    assert panel.readout.text().startswith(
        f"The update with sample 9 of class {label} changed the loss of sample 8 by "
    )


def test_a_row_goes_to_its_update_and_the_sample_stays_the_same(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.MOVERS)
    stage.model.select(sample=8)
    movers = answer_movers(stage, 2, 8)
    press(panel.view, Qt.Key.Key_Down)
    press(panel.view, Qt.Key.Key_Return)
    row = extremes(movers.change)[panel.view.currentIndex().row()][1]
    there = Position(2, int(movers.starts[row]), READY)
    assert stage.commands.of(GoTo) == [there]
    arrive(stage, there, int(movers.trained[row][0]))
    assert stage.model.selection.sample == movers.trained[row][0] != 8
    assert panel.readout.text().startswith("Sample 8, epoch 2 to 3: ")
    assert stage.commands.of(FindMovers) == [(2, 8)]
    stage.model.select(sample=20)
    assert stage.commands.of(FindMovers)[-1] == (2, 20)


def arrive(stage: Stage, there: Position, sample: int) -> TracedUpdate:
    """Tell what a session tells when it has gone to an update."""
    traced = trace_update(stage.training, np.array([sample]), UpdateKind.IN_TURN, index=there.operation)
    update = dataclasses.replace(traced, position=there)
    stage.tell(update)
    stage.tell(Status(State.PAUSED, there, is_live=False, furthest=Position(3)))
    return update


def test_updates_that_are_made_since_are_measured_too(panel: EffectPanel, stage: Stage) -> None:
    choose(panel, Mode.MOVERS)
    stage.model.select(sample=8)
    stage.tell(Status(State.PAUSED, Position(3, 4), furthest=Position(3, 4)))
    answer_movers(stage, 2, 8)
    assert stage.commands.of(FindMovers)[-1] == (3, 8)
    stage.tell(movers_of_three := Movers(8, 3, np.arange(4), (np.array([0]),) * 4, np.zeros(4), 4))
    assert movers_of_three.n_updates == 4
    count = len(stage.commands.of(FindMovers))
    stage.tell(Status(State.PAUSED, Position(3, 5), furthest=Position(3, 5)))
    assert len(stage.commands.of(FindMovers)) == count + 1


# Other data, and sizes


def test_samples_without_a_plane_have_a_table_only(stage: Stage, show: Show) -> None:
    made = EffectPanel(stage.model)
    show(made, 640, 340)
    prepared = stage.prepare()
    split = prepared.split
    wide = dataclasses.replace(split, X_train=np.hstack([split.X_train, split.X_train[:, :1]]))
    made.begin(dataclasses.replace(prepared, split=wide))
    assert not made.plot.isVisible()
    update = stage.step()
    effect = list(effect_of_update(update, split, prepared.shown.train))[-1]
    assert effect is not None
    stage.tell(effect)
    assert listed(made) == largest(effect.change, shown_samples(made))


def test_numbers_that_are_not_finite_are_drawn_and_listed_without_a_fault(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    effect = answer(stage)
    after = effect.after.copy()
    after[:3] = np.nan, np.inf, -np.inf
    stage.tell(dataclasses.replace(effect, after=after))
    assert panel.table.rows[0].change == np.inf
    assert len(drawn_colours(panel)) == 27


@pytest.mark.parametrize(("size", "is_beside"), [((900, 300), True), ((300, 500), False)])
def test_plot_and_table_are_side_by_side_where_that_leaves_more_room(
    stage: Stage, show: Show, size: tuple[int, int], is_beside: bool
) -> None:
    made = EffectPanel(stage.model)
    show(made, *size)
    lay_out_and_paint(made)
    assert (made.view.x() > made.plot.x()) is is_beside
    assert (made.view.y() > made.plot.y()) is not is_beside


def test_all_samples_are_seen_at_every_size_until_the_user_zooms(panel: EffectPanel) -> None:
    view = panel.plot.plot.getPlotItem().vb
    for size in ((300, 500), (900, 260)):
        panel.window().resize(*size)
        lay_out_and_paint(panel)
        assert all(view.viewRect().contains(QPointF(x, y)) for x, y in panel.plot.points.places)
    view.setRange(xRange=(0.0, 0.5), yRange=(0.0, 0.5))
    view.sigRangeChangedManually.emit([True, True])
    panel.window().resize(700, 400)
    lay_out_and_paint(panel)
    assert view.viewRect().width() < 2
    panel.plot.fit()
    assert view.viewRect().width() > 2
