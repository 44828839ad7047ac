import numpy as np
import pytest

from bpviz.ui.plotting.epoch_line import MOST_POINTS, in_groups
from bpviz.ui.training.curves_panel import CurvesPanel
from tests.ui.conftest import Show
from tests.ui.stage import Stage


@pytest.fixture
def panel(stage: Stage, show: Show) -> CurvesPanel:
    made = CurvesPanel(stage.model)
    show(made, 600, 400)
    return made


@pytest.mark.parametrize("n_values", [0, 1, 7, MOST_POINTS])
def test_few_values_are_drawn_one_by_one(n_values: int) -> None:
    epochs, values = in_groups(np.arange(n_values, dtype=np.float64) ** 2, 5)
    np.testing.assert_array_equal(epochs, np.arange(n_values) + 5)
    np.testing.assert_array_equal(values, np.arange(n_values) ** 2.0)


@pytest.mark.parametrize("n_values", [MOST_POINTS + 1, 100_000, 1_234_567])
def test_of_many_values_the_extremes_of_each_group_are_drawn(n_values: int) -> None:
    given = np.random.default_rng(0).normal(size=n_values)
    given[n_values // 3], given[n_values // 2], given[77] = 50.0, -50.0, np.nan
    epochs, values = in_groups(given, 1)
    assert len(epochs) == len(values) <= MOST_POINTS + 2
    assert np.all(np.diff(epochs[::2]) > 0)
    assert (values.max(), values.min()) == (50.0, -50.0)
    size = n_values / (len(values) / 2)
    assert abs(epochs[values.argmax()] - n_values // 3) <= size


def test_zooming_in_shows_every_epoch(panel: CurvesPanel) -> None:
    line, view = next(iter(panel._items.values())), panel.plot.getPlotItem().vb
    line.show_values(np.arange(1, 100_001, dtype=np.float64))
    view.setXRange(0, 100_000)
    assert len(line.getOriginalDataset()[0]) <= MOST_POINTS + 2
    view.setXRange(50_000, 50_100, padding=0)
    epochs, values = line.getOriginalDataset()
    assert set(range(50_000, 50_101)) <= set(epochs)
    np.testing.assert_array_equal(epochs, values)
    assert len(epochs) < 110
