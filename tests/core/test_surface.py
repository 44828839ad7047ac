import numpy as np
import pytest

from bpviz import Layer, NeuralNetwork
from bpviz.core.activations import ACTIVATIONS
from bpviz.core.surface import Grid, Outputs, activations_at, boundaries, extent, maps_over, outputs_over

GRID = Grid(left=-2.0, right=3.0, bottom=-1.0, top=1.5, columns=20, rows=10)


def network_of(output: str = "softmax", classes: int = 3) -> NeuralNetwork:
    return NeuralNetwork.build((2, 8, 8, classes), ["tanh", "tanh", output], initializer="lecun", seed=4)


def test_axes_are_the_centres_of_the_cells() -> None:
    x, y = GRID.axes()
    np.testing.assert_allclose(x, np.arange(-1.875, 3, 0.25), rtol=1e-6)
    np.testing.assert_allclose(y, np.arange(-0.875, 1.5, 0.25), rtol=1e-6)


def test_points_go_row_by_row_from_the_bottom() -> None:
    x, y = GRID.axes()
    points = GRID.points().reshape(10, 20, 2)
    assert GRID.points().dtype == np.float32
    np.testing.assert_array_equal(points[0], np.column_stack((x, np.full(20, y[0]))))
    np.testing.assert_array_equal(points[:, 3], np.column_stack((np.full(10, x[3]), y)))


@pytest.mark.parametrize("classes", [1, 2, 3])
@pytest.mark.parametrize("output", ACTIVATIONS)
def test_outputs_are_those_of_feed_forward_at_the_centres(output: str, classes: int) -> None:
    network = network_of(output, classes)
    surface = outputs_over(network, GRID)
    assert surface.shape == (10, 20, classes)
    assert surface.dtype == np.float32
    expected = network.feed_forward(GRID.points()).reshape(10, 20, classes)
    np.testing.assert_allclose(surface, expected, rtol=1e-4, atol=1e-5)


def test_row_0_is_the_bottom_and_column_0_the_left() -> None:
    network = NeuralNetwork()
    network.add_layer(Layer(2, 2, weights=np.eye(2), bias=np.zeros(2)))
    surface, (x, y) = outputs_over(network, GRID), GRID.axes()
    np.testing.assert_array_equal(surface[..., 0], np.tile(x, (10, 1)))
    np.testing.assert_array_equal(surface[..., 1], np.tile(y[:, None], (1, 20)))


def test_surface_leaves_the_network_alone() -> None:
    network = network_of()
    before = network.parameters.copy()
    outputs_over(network, GRID)
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("output", ["sigmoid", "softmax", "tanh"])
def test_saturated_outputs_come_without_warning(output: str) -> None:
    network = network_of(output, classes=2)
    network.parameters *= 1e6
    surface = outputs_over(network, GRID)
    np.testing.assert_allclose(surface, network.feed_forward(GRID.points()).reshape(10, 20, 2), atol=1e-5)
    assert set(np.round(np.abs(surface)).ravel()) <= {0.0, 1.0}


def neighbours(surface: Outputs) -> tuple[Outputs, Outputs]:
    """Return the cells of a surface and those to their right."""
    return surface[:, :-1], surface[:, 1:]


@pytest.mark.parametrize(("classes", "maps"), [(2, 1), (3, 3), (5, 5)])
def test_boundaries_cross_zero_where_the_largest_output_changes(classes: int, maps: int) -> None:
    surface = outputs_over(network_of(classes=classes), GRID)
    found = boundaries(surface)
    assert [each.shape for each in found] == [(10, 20)] * maps
    here, there = (side.argmax(axis=-1) for side in neighbours(surface))
    crossed = np.any([np.signbit(left) != np.signbit(right) for left, right in map(neighbours, found)], axis=0)
    np.testing.assert_array_equal(crossed, here != there)
    assert crossed.any()
    assert not crossed.all()


def test_for_two_classes_the_second_is_positive() -> None:
    surface = outputs_over(network_of(classes=2), GRID)
    (found,) = boundaries(surface)
    np.testing.assert_array_equal(found > 0, surface.argmax(axis=-1) == 1)


def test_for_more_classes_each_is_positive_where_it_wins() -> None:
    surface = outputs_over(network_of(classes=3), GRID)
    for k, found in enumerate(boundaries(surface)):
        np.testing.assert_array_equal(found > 0, surface.argmax(axis=-1) == k)
    np.testing.assert_array_equal(boundaries(np.array([[[1, 5, 3]]], dtype=np.float32)), [[[-4]], [[2]], [[-2]]])


def test_the_extent_of_points_is_their_bounding_box() -> None:
    low, high = extent(np.array([[0.0, 5.0], [2.0, 3.0], [1.0, 9.0]]))
    assert (low.tolist(), high.tolist()) == ([0.0, 3.0], [2.0, 9.0])


def test_points_without_width_or_height_have_room_round_them() -> None:
    low, high = extent(np.array([[0.25, 5.0]]))
    assert (low.tolist(), high.tolist()) == ([-0.25, 4.5], [0.75, 5.5])
    low, high = extent(np.array([[0.25, 5.0], [0.25, 9.0]]))
    assert (low.tolist(), high.tolist()) == ([-0.25, 5.0], [0.75, 9.0])


def test_a_coarser_grid_covers_the_same_with_a_quarter_of_the_cells() -> None:
    grid = Grid(-1.0, 2.0, 0.0, 1.0, 60, 40)
    assert grid.coarser() == Grid(-1.0, 2.0, 0.0, 1.0, 30, 20)
    assert Grid(0.0, 1.0, 0.0, 1.0, 3, 2).coarser() == Grid(0.0, 1.0, 0.0, 1.0, 2, 2)


def test_maps_are_what_a_plain_forward_pass_gives_each_neuron() -> None:
    network, (x, y) = network_of(), GRID.axes()
    maps = maps_over(activations_at(network, GRID.points()), GRID)
    assert [each.shape for each in maps] == [(8, 10, 20), (8, 10, 20), (3, 10, 20)]
    a = np.array([x[7], y[2]], dtype=np.float64)
    for layer, found in zip(network.layers[:2], maps, strict=False):
        a = np.tanh(a @ layer.weights + layer.bias)
        np.testing.assert_allclose(found[:, 2, 7], a, rtol=1e-4, atol=1e-6)
    shares = np.exp(a @ network.layers[2].weights + network.layers[2].bias)
    np.testing.assert_allclose(maps[2][:, 2, 7], shares / shares.sum(), rtol=1e-4)


def test_the_maps_of_the_last_layer_are_the_surface() -> None:
    network = network_of()
    maps = maps_over(activations_at(network, GRID.points()), GRID)
    np.testing.assert_array_equal(np.moveaxis(maps[-1], 0, -1), outputs_over(network, GRID))
