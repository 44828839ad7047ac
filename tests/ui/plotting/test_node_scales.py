"""Colours of neurons where layers have different activation functions."""

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.ui.plotting import cell_colours as cells
from bpviz.ui.plotting.cell_colours import Scale
from bpviz.ui.plotting.node_scales import NodeScales, ranges_in_words, ticks
from bpviz.ui.style import colour_maps as colours
from bpviz.ui.style.theme import LIGHT

RELU_SOFTMAX = ("relu", "relu", "softmax")
LAYERS: list[Array | None] = [np.array([0.0, 9.0]), np.array([2.0, 4.0]), np.array([0.2, 0.8])]


def test_outputs_are_not_dark_because_a_hidden_layer_is_unbounded() -> None:
    scales = NodeScales().of("a", "a", LAYERS, RELU_SOFTMAX)
    assert [scale.top for scale in scales] == [10.0, 10.0, 1.0]
    (places,) = scales[2].places(np.array([[0.2, 0.8]]))
    assert places.tolist() == [0.2, 0.8]


def test_sigmoid_and_tanh_have_the_same_colours_and_never_those_of_signs() -> None:
    scales = NodeScales().of("a", "a", LAYERS, ("tanh", "none", "sigmoid"))
    assert all(colours.scale_map(scale.kind, LIGHT) is colours.activation_map() for scale in scales)
    low, high = (cells.shades(np.array([[scale_end]]), scales[0], LIGHT)[0, 0] for scale_end in (-1.0, 1.0))
    table = cells.table("activation", LIGHT)
    assert (low.tolist(), high.tolist()) == (table[0].tolist(), table[255].tolist())


def test_the_bar_says_the_ranges_side_by_side() -> None:
    scales = NodeScales().of("a", "a", LAYERS, RELU_SOFTMAX)
    assert ticks(scales) == [(0.0, "0"), (1.0, "10/1.0")]
    assert ranges_in_words(scales, RELU_SOFTMAX).splitlines() == [
        "layer 1, relu: 0…10",
        "layer 2, relu: 0…10",
        "layer 3, softmax: 0…1.0",
    ]
    alike = NodeScales().of("a", "a", LAYERS, ("sigmoid",) * 3)
    assert ticks(alike) == Scale("activation", 1.0).ticks()
    assert ranges_in_words(alike, ("sigmoid",) * 3) == ""
    many = [Scale("activation", 1.0), Scale("two-sided activation", 123.0), Scale("activation", 77.0)]
    assert ticks(many) == [(0.0, "lowest"), (1.0, "highest")]


def test_other_quantities_have_one_scale_for_all_layers() -> None:
    scales = NodeScales().of("z", "z", LAYERS, RELU_SOFTMAX)
    assert len(set(scales)) == 1
    assert scales[0].kind == "sign"
    assert NodeScales().of("z", "z", [None, None, None], RELU_SOFTMAX) == ()


@pytest.mark.parametrize("quantity", ["a", "y"])
def test_operands_show_activations_in_the_same_colours(quantity: str) -> None:
    assert cells.scale_of(quantity, [np.array([-0.5, 0.5])]).kind == "two-sided activation"
