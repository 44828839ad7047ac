import dataclasses
import re

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.session.engine.commands import GoLive, GoTo
from bpviz.session.engine.events import EpochsDone, EpochTablesReplaced, State, Status
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.position import Position
from bpviz.ui.plotting.epoch_line import EpochLine
from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.training.curves_panel import CurvesPanel
from bpviz.ui.training.epoch_curves import Curve
from tests.session.helpers import epoch_record
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, click_at, drag_to, hover, lay_out_and_paint, leave


@pytest.fixture
def panel(show: Show, stage: Stage) -> CurvesPanel:
    made = CurvesPanel(stage.model)
    show(made, 560, 360)
    return made


def lines_of(panel: CurvesPanel, lines: dict[Curve, EpochLine]) -> dict[Curve, EpochLine]:
    """Return the lines of the curves that the experiment has."""
    return {curve: lines[curve] for curve in panel._curves}


def drawn(panel: CurvesPanel) -> dict[str, tuple[list[float], list[float]]]:
    """Return x and y of the drawn curves by column of the epoch table."""
    found = {curve.column: item.getOriginalDataset() for curve, item in lines_of(panel, panel._items).items()}
    return {name: ([], []) if x is None else (list(x), list(y)) for name, (x, y) in found.items()}


def tell(stage: Stage, mses: list[float]) -> None:
    """Send epochs with given MSEs and with accuracies of 0.5."""
    start = len(stage.model.epochs)
    records = tuple(epoch_record(start + index, mse=mse) for index, mse in enumerate(mses))
    stage.tell(EpochsDone(records, 30.0))


def place(panel: CurvesPanel, epoch: float) -> QPointF:
    """Return the scene position of an epoch, halfway up the plot."""
    lay_out_and_paint(panel)  # the plot fits its range to the curves when it is painted
    view = panel.plot.getPlotItem().vb
    x = view.mapViewToScene(QPointF(epoch, 0)).x()
    return QPointF(x, view.sceneBoundingRect().center().y())


def text_of(panel: CurvesPanel) -> str:
    return re.sub(r"( ?&nbsp;)+", " ", re.sub(r"<.*?>", "", panel.readout.text()))


def test_before_the_first_epoch_there_is_a_hint(panel: CurvesPanel) -> None:
    assert panel.readout.text() == "Press F5 to train, F10 to take one step"


def test_every_epoch_is_in_every_curve(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    records = [*stage.train(1), *stage.train(700), *stage.train(2)]
    for name, (x, y) in drawn(panel).items():
        scale = 100 if name.startswith("accuracy") else 1
        assert x == list(range(1, 704))
        np.testing.assert_allclose(y, [scale * getattr(record, name) for record in records])


def test_a_single_epoch_is_visible(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(1)
    assert {item.opts["symbol"] for item in lines_of(panel, panel._items).values()} == {"o"}
    stage.train(1)
    assert {item.opts["symbol"] for item in lines_of(panel, panel._items).values()} == {None}


def test_a_new_network_clears_the_curves(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(3)
    stage.prepare()
    assert all(len(x) == 0 for x, _ in drawn(panel).values())
    assert panel.readout.text().startswith("Press F5")


def test_the_latest_epoch_is_in_the_readout(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.25, 0.125])
    assert text_of(panel) == ("epoch 2 MSE 0.125000 · test 0.125000 accuracy 50.00 % · test 50.00 %")
    assert "MSE&nbsp;0.125000 ·" in panel.readout.text(), "a name has to stay on the line of its number"


def test_the_epoch_under_the_pointer_is_in_the_readout(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    hover(panel.plot, place(panel, 2.2))
    assert "epoch 2 " in text_of(panel)
    assert "MSE 0.250000" in text_of(panel)
    assert panel._cursor.isVisible()
    assert panel._cursor.value() == 2


@pytest.mark.parametrize(("at", "epoch"), [(-0.1, 1), (4.1, 4)])
def test_outside_the_curve_the_nearest_epoch_is_in_the_readout(
    panel: CurvesPanel, stage: Stage, at: float, epoch: int
) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    hover(panel.plot, place(panel, at))
    assert f"epoch {epoch} " in text_of(panel)


def test_outside_the_plot_the_latest_epoch_is_in_the_readout(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25])
    hover(panel.plot, place(panel, 0))
    hover(panel.plot, QPointF(1, 1))
    assert "epoch 2 " in text_of(panel)
    assert not panel._cursor.isVisible()


def test_after_the_pointer_has_left_the_latest_epoch_is_in_the_readout(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25])
    hover(panel.plot, place(panel, 0))
    leave(panel.plot)
    tell(stage, [0.125])
    assert "MSE 0.125000" in text_of(panel)
    assert not panel._cursor.isVisible()


def test_hovering_over_an_empty_plot_is_harmless(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    hover(panel.plot, place(panel, 0.5))
    assert panel.readout.text().startswith("Press F5")
    assert not panel._cursor.isVisible()


def test_a_log_axis_transforms_the_loss_and_not_the_accuracy(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.1, 0.01, 0.001])
    click(panel.log)
    shown = {curve.column: item.getData()[1] for curve, item in lines_of(panel, panel._items).items()}
    np.testing.assert_allclose(shown["mse_test"], [-1, -2, -3], atol=1e-9)
    np.testing.assert_allclose(shown["accuracy_test"], [50, 50, 50])
    assert not panel.plot.getPlotItem().getAxis("right").logMode
    click(panel.log)
    np.testing.assert_allclose(next(iter(lines_of(panel, panel._items).values())).getData()[1], [0.1, 0.01, 0.001])


def test_a_loss_of_zero_is_not_drawn_on_a_log_axis(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.log)
    tell(stage, [0.1, 0.0, 0.001])
    panel.grab()
    (low, high) = panel.plot.getPlotItem().vb.viewRange()[1]
    assert -4 < low < -3
    assert -1 < high < 0


def test_the_readout_is_linear_on_a_log_axis(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.1, 0.01, 0.001])
    lay_out_and_paint(panel)
    click(panel.log)
    hover(panel.plot, place(panel, 2))
    assert "MSE 0.010000" in text_of(panel)


def test_accuracy_always_ranges_from_0_to_100(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.1, 0.01, 0.001])
    low, high = panel._accuracy.viewRange()[1]
    assert -5 < low <= 0
    assert 100 <= high < 105


def test_fit_shows_all_epochs_after_zooming(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(50)
    panel.plot.setXRange(10, 12, padding=0)
    (fit,) = [button for button in panel.title_line.findChildren(type(panel.log)) if button.text() == "Fit"]
    click(fit)
    panel.grab()
    low, high = panel.plot.getPlotItem().vb.viewRange()[0]
    assert low <= 0
    assert high >= 49


def test_a_zoomed_view_stays_when_epochs_are_added(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(50)
    panel.plot.setXRange(10, 12, padding=0)
    stage.train(20)
    assert panel.plot.getPlotItem().vb.viewRange()[0] == [10, 12]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_loss_and_accuracy_have_the_colours_of_their_axes(panel: CurvesPanel, stage: Stage, theme: object) -> None:
    stage.model.set_theme(theme)  # type: ignore[arg-type]
    for curve, item in lines_of(panel, panel._items).items():
        token = "accuracy" if curve.is_score else "mse"
        axis = panel.plot.getPlotItem().getAxis("right" if curve.is_score else "left")
        assert item.opts["pen"].color().rgb() == QColor(getattr(theme, token)).rgb()
        assert axis.textPen().color().rgb() == QColor(getattr(theme, token)).rgb()


# Time travel


def go_to(stage: Stage, epoch: int, live: int) -> None:
    stage.tell(Status(State.PAUSED, Position(epoch), is_live=epoch == live, furthest=Position(live)))


def compare(stage: Stage, mses: list[float]) -> None:
    """Compare the branches "main" and "fork & go"."""
    main = stage.tell_timeline().branches[0]
    fork = dataclasses.replace(main, number=1, name="fork & go", parent=0)
    stage.tell_timeline(main, fork, compared=1)
    table = EpochTable()
    table.extend(epoch_record(epoch, mse=mse) for epoch, mse in enumerate(mses))
    stage.tell(EpochTablesReplaced(stage.model.epochs.copy(), table))


def test_the_line_is_at_the_current_epoch_whose_values_are_shown(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    assert not panel._position_line.isVisible()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    go_to(stage, 2, live=4)
    assert panel._position_line.isVisible()
    assert panel._position_line.value() == 2
    assert text_of(panel).startswith("epoch 2 MSE 0.250000")
    go_to(stage, 0, live=4)
    assert text_of(panel) == "epoch 0, before the first update"


def test_the_line_follows_training_that_repeats_epochs_of_the_past(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    for epoch in (1, 3):
        stage.tell(Status(State.RUNNING, Position(epoch), is_live=False, furthest=Position(4)))
        assert panel._position_line.value() == epoch


def test_dragging_the_line_seeks(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    go_to(stage, 2, live=4)
    for x in (3.2, 0.1, 4.0):
        panel._position_line.setPos(x)
        panel._position_line.sigDragged.emit(panel._position_line)
        go_to(stage, 2, live=4)
    assert stage.commands.of(GoTo) == [Position(3), Position(0)]
    assert stage.commands.of(GoLive) == [None]


def test_the_line_stays_at_the_pointer_during_a_drag(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    panel._position_line.moving = True
    panel._position_line.setPos(1)
    go_to(stage, 3, live=4)
    assert panel._position_line.value() == 1
    panel._position_line.moving = False
    panel._position_line.sigPositionChangeFinished.emit(panel._position_line)
    assert panel._position_line.value() == 3


def test_a_real_drag_moves_the_line_and_not_the_view(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    go_to(stage, 3, live=4)
    view = panel.plot.viewport()
    start, end = (panel.plot.mapFromScene(place(panel, epoch)) for epoch in (3, 2))
    before = panel.plot.getPlotItem().vb.viewRange()
    hover(panel.plot, place(panel, 3))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for share in (0.3, 0.6, 1.0):
        at = QPointF(start + (end - start) * share)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            at,
            QPointF(view.mapToGlobal(at.toPoint())),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, event)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert stage.commands.of(GoTo)[:1] == [Position(2)]
    assert panel.plot.getPlotItem().vb.viewRange() == before


def test_a_click_on_the_curve_goes_to_its_epoch(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    for epoch, after in ((2.2, 2), (3, 3)):
        click_at(panel.plot, place(panel, epoch))
        go_to(stage, after, live=4)
    assert stage.commands.of(GoTo) == [Position(2), Position(3)]
    click_at(panel.plot, place(panel, 4))
    assert stage.commands.of(GoLive) == [None]


def test_a_drag_of_the_view_and_a_click_outside_the_curve_go_nowhere(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    go_to(stage, 4, live=4)
    before = panel.plot.getPlotItem().vb.viewRange()
    start, end = (panel.plot.mapFromScene(place(panel, epoch)) for epoch in (1, 2))
    hover(panel.plot, place(panel, 1))
    drag_to(panel.plot.viewport(), start, end, press=True, release=True)
    assert panel.plot.getPlotItem().vb.viewRange() != before
    click_at(panel.plot, QPointF(3, 3))
    click_at(panel.plot, place(panel, 1), Qt.MouseButton.MiddleButton)
    assert stage.commands.of(GoTo) == []
    assert stage.commands.of(GoLive) == []


def test_the_compared_branch_is_drawn_dashed_in_the_same_colours(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125])
    compare(stage, [0.5, 0.3])
    stage.tell(EpochsDone((epoch_record(2, mse=0.2),), 30.0, of_compared=True))
    go_to(stage, 3, live=3)
    for curve, item in lines_of(panel, panel._compared).items():
        x, y = item.getOriginalDataset()
        assert list(x) == [1, 2, 3]
        if not curve.is_score:
            assert list(y) == [0.5, 0.3, 0.2]
        assert item.opts["pen"].width() == 1
        assert item.opts["pen"].style() is not Qt.PenStyle.SolidLine
        assert item.opts["pen"].color() == panel._items[curve].opts["pen"].color()
    stage.model.time.take_compared(None)
    assert all(item.getOriginalDataset()[0] is None or not len(item.xData) for item in panel._compared.values())


def test_the_readout_names_both_branches(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125])
    compare(stage, [0.5, 0.3])
    go_to(stage, 2, live=3)
    ours, theirs = panel.readout.text().split("<br>")
    assert ours.startswith("epoch 2 ")
    assert ours.endswith("main")
    assert "0.250000" in ours
    assert theirs.startswith("dashed: ")
    assert theirs.endswith("fork &amp; go")
    assert "0.300000" in theirs
    go_to(stage, 3, live=3)
    assert "no such epoch yet" in panel.readout.text()


def test_the_view_fits_both_branches(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125])
    compare(stage, [0.9] * 40)
    (_, right), (_, top) = panel.plot.getPlotItem().vb.viewRange()
    assert right >= 39
    assert top >= 0.9


def test_lines_have_width_1_while_training_runs(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(2)
    strong = [item.opts["pen"].widthF() for item in lines_of(panel, panel._items).values()]
    colours = [item.opts["pen"].color() for item in lines_of(panel, panel._items).values()]
    stage.become(State.RUNNING)
    assert {item.opts["pen"].widthF() for item in lines_of(panel, panel._items).values()} == {1.0}
    assert [item.opts["pen"].color() for item in lines_of(panel, panel._items).values()] == colours
    stage.become(State.PAUSED)
    assert [item.opts["pen"].widthF() for item in lines_of(panel, panel._items).values()] == strong
    assert min(strong) > 1


def test_during_training_curves_are_drawn_through_the_paint_queue(
    panel: CurvesPanel, stage: Stage, qtbot: QtBot
) -> None:
    stage.prepare()
    stage.train(2)
    before = drawn(panel)
    stage.become(State.RUNNING)
    stage.tell(EpochsDone((stage.training.run_epoch(),), 30.0))
    assert drawn(panel) == before
    qtbot.waitUntil(lambda: len(drawn(panel)["mse_train"][0]) == 3)
