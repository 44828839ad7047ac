import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpviz.ui.pictures.output_bars import OutputBars, Outputs

CLASSES = Outputs(np.array([0.1, 0.7, 0.2]), np.array([0.0, 0.0, 1.0]), ("cat", "dog", "eel"), True)
NUMBERS = Outputs(np.array([-3.0, 5.0]), np.array([2.0, 4.0]), ("low", "high"), False)


@pytest.fixture
def bars(qtbot: QtBot) -> OutputBars:
    made = OutputBars("Test")
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def test_bars_are_as_high_as_the_outputs(bars: OutputBars) -> None:
    bars.show_outputs(CLASSES)
    heights = [bars.bar(index).height() for index in range(3)]
    np.testing.assert_allclose(np.array(heights) / heights[1], np.array([0.1, 0.7, 0.2]) / 0.7, rtol=1e-9)
    bars.grab()


def test_the_prediction_is_the_largest_output_and_the_target_the_class_that_is_meant() -> None:
    assert (CLASSES.predicted, CLASSES.target) == (1, 2)
    assert (NUMBERS.predicted, NUMBERS.target) == (None, None)


def test_all_outputs_are_told_to_those_who_cannot_see_them(bars: OutputBars) -> None:
    bars.show_outputs(CLASSES)
    assert bars.accessibleDescription() == "cat 0.100, dog 0.700, eel 0.200"
    bars.show_outputs(None)
    assert bars.accessibleDescription() == ""
    bars.grab()


def test_numbers_have_bars_up_and_down_from_zero(bars: OutputBars) -> None:
    bars.show_outputs(NUMBERS)
    down, up = bars.bar(0), bars.bar(1)
    assert down.top() == pytest.approx(up.bottom())
    assert down.height() / up.height() == pytest.approx(3 / 5)
    bars.grab()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_outputs_that_are_not_finite_are_drawn(bars: OutputBars, bad: float) -> None:
    bars.show_outputs(Outputs(np.array([bad, 0.5]), np.array([1.0, 0.0]), ("a", "b"), True))
    bars.grab()
    assert 0 <= bars.bar(0).top() <= bars.height()
