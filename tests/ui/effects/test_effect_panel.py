"""The panel that shows how a step changes the loss of every sample."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QAbstractItemModelTester

from bpviz.session.engine.commands import InspectSample, MeasureEpoch, MeasureUpdate
from bpviz.session.engine.events import Failed, State, Status
from bpviz.session.training.position import Position
from bpviz.ui.effects import effect_hints as hints
from bpviz.ui.effects.effect_panel import EffectPanel, Mode
from bpviz.ui.effects.effect_table import CHANGE, SAMPLE
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.view_model.plane_model import Kind, PlaneChoice
from tests.session.effects.by_hand import change_by
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.effects.measured import (
    READY,
    answer,
    answer_epoch,
    choose,
    drawn_colours,
    largest,
    listed,
    open_panel,
    place_of,
    shown_samples,
)
from tests.ui.stage import GRID, Stage
from tests.ui.user_input import click, click_at, hover, lay_out_and_paint, leave, press


@pytest.fixture
def panel(stage: Stage, show: Show) -> EffectPanel:
    return open_panel(stage, show)


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
        texts = [table.ink(0, CHANGE) for table in (panel.hurt, panel.helped)]
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
    QAbstractItemModelTester(panel.hurt, QAbstractItemModelTester.FailureReportingMode.Warning, panel.hurt)
    stage.step()
    answer(stage)
    view = panel.hurt_view
    click(view.viewport(), view.visualRect(panel.hurt.index(2, SAMPLE)).center())
    assert stage.model.selection.sample == listed(panel)[2]
    panel.helped_view.setCurrentIndex(panel.helped.index(4, SAMPLE))
    press(panel.helped_view, Qt.Key.Key_Return)
    assert stage.model.selection.sample == listed(panel)[panel.hurt.rowCount() + 4]
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
    assert listed(panel) == []


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


# Other data, and sizes


def test_samples_of_a_single_input_have_a_table_only(stage: Stage, show: Show) -> None:
    made = EffectPanel(stage.model)
    show(made, 640, 340)
    stage.prepare(dataclasses.replace(SMALL, samples=60))  # whose points the plot must forget
    stage.prepare(dataclasses.replace(SMALL, dataset="sine", samples=40))
    assert not made.plot.isVisible()
    stage.step()
    effect = answer(stage)
    assert listed(made) == largest(effect.change, shown_samples(made))


def test_samples_of_many_inputs_are_on_the_plane_that_the_surface_is_drawn_on(stage: Stage, show: Show) -> None:
    made = EffectPanel(stage.model)
    show(made, 640, 340)
    experiment = dataclasses.replace(SMALL, dataset="iris", samples=150, scale="standard")
    split, plane = stage.prepare(experiment).split, stage.model.plane
    stage.step()
    effect = answer(stage)
    stage.frame(plane.grid_of(GRID))
    assert made.plot.isVisible()
    np.testing.assert_array_equal(made.plot.points.places, plane.places(split.X_train[effect.samples]))
    assert sum(len(item.data) for item in made.plot.points.spots) == len(effect.samples)
    assert made.plot.axes["bottom"].labelText == plane.axis_names()[0]
    assert made.caption().startswith(f"{len(split.X_train)} training samples · other inputs")
    assert len(made.plot.boundary.getData()[0])

    across, up = plane.choice.across, plane.choice.up
    plane.choose(PlaneChoice(Kind.AT_MEAN, up, across))
    np.testing.assert_array_equal(made.plot.points.places, plane.places(split.X_train[effect.samples]))
    assert sum(len(item.data) for item in made.plot.points.spots) == len(effect.samples)
    assert made.plot.axes["bottom"].labelText == split.input_names[up]
    low, high = made.plot.plot.getPlotItem().viewRange()[0]
    assert low < made.plot.points.places[:, 0].min() <= made.plot.points.places[:, 0].max() < high
    assert made.plot.boundary.getData()[0] is None or not len(made.plot.boundary.getData()[0])  # of the plane before


def test_a_hidden_panel_takes_another_network_and_another_theme(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    answer(stage)
    panel.hide()
    stage.prepare(dataclasses.replace(SMALL, samples=60))
    stage.model.set_theme(DARK)
    panel.show()
    assert len(drawn_colours(panel)) == 42


def test_numbers_that_are_not_finite_are_drawn_and_listed_without_a_fault(panel: EffectPanel, stage: Stage) -> None:
    stage.step()
    effect = answer(stage)
    after = effect.after.copy()
    after[:3] = np.nan, np.inf, -np.inf
    stage.tell(dataclasses.replace(effect, after=after))
    assert (panel.hurt.rows[0].change, panel.helped.rows[0].change) == (np.inf, -np.inf)
    assert len(drawn_colours(panel)) == 27


@pytest.mark.parametrize(
    ("size", "is_beside", "has_two_columns"),
    [((900, 300), True, False), ((480, 500), False, True), ((300, 600), False, False)],
)
def test_the_lists_are_where_they_leave_the_plot_more_room(
    stage: Stage, show: Show, size: tuple[int, int], is_beside: bool, has_two_columns: bool
) -> None:
    made = EffectPanel(stage.model)
    show(made, *size)
    lay_out_and_paint(made)
    plot, hurt, helped = (each.mapTo(made, QPoint()) for each in (made.plot, made.hurt_view, made.helped_view))
    assert ((hurt.x() > plot.x()), (hurt.y() > plot.y())) == (is_beside, not is_beside)
    assert ((helped.x() > hurt.x()), (helped.y() > hurt.y())) == (has_two_columns, not has_two_columns)


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
