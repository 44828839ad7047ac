import re

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from bpviz.session.records import EpochsDone
from bpviz.ui.panels.curves import CurvesPanel
from bpviz.ui.theme import DARK, LIGHT
from tests.session.helpers import epoch_record
from tests.ui.conftest import Show
from tests.ui.hands import click, point_at, settle
from tests.ui.stage import Stage


@pytest.fixture
def panel(show: Show, stage: Stage) -> CurvesPanel:
    made = CurvesPanel(stage.model)
    show(made, 560, 360)
    return made


def drawn(panel: CurvesPanel) -> dict[str, tuple[list[float], list[float]]]:
    """Return x and y of what is drawn, by column of the record."""
    found = {curve.column: item.getOriginalDataset() for curve, item in panel._items.items()}
    return {name: ([], []) if x is None else (list(x), list(y)) for name, (x, y) in found.items()}


def tell(stage: Stage, mses: list[float]) -> None:
    """Tell epochs with the given MSEs and with accuracies of a half."""
    start = len(stage.model.epochs)
    records = tuple(epoch_record(start + index, mse=mse) for index, mse in enumerate(mses))
    stage.tell(EpochsDone(records, 30.0))


def place(panel: CurvesPanel, epoch: float) -> QPointF:
    """Return where an epoch lies in the scene, halfway up the plot."""
    settle(panel)  # the plot fits its range to the curves when it is painted
    view = panel.plot.getPlotItem().vb
    x = view.mapViewToScene(QPointF(epoch, 0)).x()
    return QPointF(x, view.sceneBoundingRect().center().y())


def text_of(panel: CurvesPanel) -> str:
    return re.sub(r"<.*?>|&nbsp;", "", panel.readout.text())


def test_before_the_first_epoch_it_says_what_to_do(panel: CurvesPanel) -> None:
    assert panel.readout.text() == "Press F5 to train, F10 to take one step"


def test_every_epoch_is_in_every_curve(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    records = [*stage.train(1), *stage.train(700), *stage.train(2)]
    for name, (x, y) in drawn(panel).items():
        scale = 100 if name.startswith("accuracy") else 1
        assert x == list(range(703))
        np.testing.assert_allclose(y, [scale * getattr(record, name) for record in records])


def test_a_single_epoch_can_be_seen(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(1)
    assert {item.opts["symbol"] for item in panel._items.values()} == {"o"}
    stage.train(1)
    assert {item.opts["symbol"] for item in panel._items.values()} == {None}


def test_a_new_network_empties_the_curves(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(3)
    stage.prepare()
    assert all(len(x) == 0 for x, _ in drawn(panel).values())
    assert panel.readout.text().startswith("Press F5")


def test_the_latest_epoch_is_read_out(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.25, 0.125])
    assert text_of(panel) == ("epoch 1 MSE 0.125000 · test 0.125000 accuracy 50.00\u2009% · test 50.00\u2009%")


def test_the_epoch_under_the_pointer_is_read_out(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    point_at(panel.plot, place(panel, 1.2))
    assert "epoch 1 " in text_of(panel)
    assert "MSE 0.250000" in text_of(panel)
    assert panel._cursor.isVisible()
    assert panel._cursor.value() == 1


@pytest.mark.parametrize(("at", "epoch"), [(-0.1, 0), (3.1, 3)])
def test_beside_the_curve_the_nearest_epoch_is_read_out(
    panel: CurvesPanel, stage: Stage, at: float, epoch: int
) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25, 0.125, 0.0625])
    point_at(panel.plot, place(panel, at))
    assert f"epoch {epoch} " in text_of(panel)


def test_outside_the_plot_the_latest_epoch_is_read_out_again(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.5, 0.25])
    point_at(panel.plot, place(panel, 0))
    point_at(panel.plot, QPointF(1, 1))
    assert "epoch 1 " in text_of(panel)
    assert not panel._cursor.isVisible()


def test_pointing_at_an_empty_plot_does_no_harm(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    point_at(panel.plot, place(panel, 0.5))
    assert panel.readout.text().startswith("Press F5")
    assert not panel._cursor.isVisible()


def test_a_logarithmic_axis_bends_the_loss_and_leaves_accuracy_straight(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.1, 0.01, 0.001])
    click(panel.log)
    shown = {curve.column: item.getData()[1] for curve, item in panel._items.items()}
    np.testing.assert_allclose(shown["mse_test"], [-1, -2, -3], atol=1e-9)
    np.testing.assert_allclose(shown["accuracy_test"], [50, 50, 50])
    assert not panel.plot.getPlotItem().getAxis("right").logMode
    click(panel.log)
    assert panel._items.keys()
    np.testing.assert_allclose(next(iter(panel._items.values())).getData()[1], [0.1, 0.01, 0.001])


def test_a_loss_of_nothing_is_left_out_of_a_logarithmic_axis(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.log)
    tell(stage, [0.1, 0.0, 0.001])
    panel.grab()
    (low, high) = panel.plot.getPlotItem().vb.viewRange()[1]
    assert -4 < low < -3
    assert -1 < high < 0


def test_the_readout_is_not_in_powers_of_ten_on_a_logarithmic_axis(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.1, 0.01, 0.001])
    settle(panel)
    click(panel.log)
    point_at(panel.plot, place(panel, 1))
    assert "MSE 0.010000" in text_of(panel)


def test_accuracy_always_goes_from_nothing_to_all(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    tell(stage, [0.1, 0.01, 0.001])
    low, high = panel._accuracy.viewRange()[1]
    assert -5 < low <= 0
    assert 100 <= high < 105


def test_fit_shows_all_epochs_after_zooming(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(50)
    panel.plot.setXRange(10, 12, padding=0)
    (fit,) = [button for button in panel.findChildren(type(panel.log)) if button.text() == "Fit"]
    click(fit)
    panel.grab()
    low, high = panel.plot.getPlotItem().vb.viewRange()[0]
    assert low <= 0
    assert high >= 49


def test_a_zoomed_view_stays_where_it_is_while_epochs_come(panel: CurvesPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(50)
    panel.plot.setXRange(10, 12, padding=0)
    stage.train(20)
    assert panel.plot.getPlotItem().vb.viewRange()[0] == [10, 12]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_two_measures_have_the_colours_of_their_axes(panel: CurvesPanel, stage: Stage, theme: object) -> None:
    stage.model.set_theme(theme)  # type: ignore[arg-type]
    for curve, item in panel._items.items():
        token = "accuracy" if curve.is_accuracy else "mse"
        axis = panel.plot.getPlotItem().getAxis("right" if curve.is_accuracy else "left")
        assert item.opts["pen"].color().rgb() == QColor(getattr(theme, token)).rgb()
        assert axis.textPen().color().rgb() == QColor(getattr(theme, token)).rgb()
