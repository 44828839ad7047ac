"""The plots of an activation function and its slope."""

import numpy as np
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from bpviz.core.activations import ACTIVATIONS
from bpviz.ui.style import theme
from bpviz.ui.style.theme import Theme
from bpviz.ui.walkthrough.activation_plot import ActivationPlot


def marked(qtbot: QtBot, look: Theme) -> int:
    """Return how many pixels have the colour of the chosen neuron."""
    plot = ActivationPlot()
    qtbot.addWidget(plot)
    plot.set_theme(look)
    plot.show_neuron(ACTIVATIONS["sigmoid"], np.array([0.3, -1.0]), 0, np.empty(0))
    plot.resize(400, 300)
    image, colour = plot.grab().toImage(), QColor(look.accent)
    return sum(image.pixelColor(x, y) == colour for x in range(image.width()) for y in range(image.height()))


def test_dot_and_tick_of_the_chosen_neuron_are_larger_in_a_presentation(qtbot: QtBot) -> None:
    assert marked(qtbot, theme.for_stage(theme.LIGHT, 720)) > 3 * marked(qtbot, theme.LIGHT) > 0
