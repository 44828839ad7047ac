import numpy as np
import pytest

from bpviz.ui.network.layout import NetworkLayout, lay_out

ARTICLE = (2, 25, 50, 25, 2)
NETWORKS = [(2, 2), (2, 4, 3, 2), ARTICLE, (2, 200, 200, 2), (2, *(30,) * 8, 6)]


def boxes(layout: NetworkLayout) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return left, top, right and bottom of every neuron."""
    places, half = np.concatenate(layout.centres), np.array(layout.box) / 2
    return np.hstack((places - half, places + half))


@pytest.mark.parametrize("sizes", NETWORKS)
@pytest.mark.parametrize(("width", "height"), [(700, 420), (480, 260), (1200, 700)])
def test_every_neuron_is_inside_and_none_overlap(sizes: tuple[int, ...], width: int, height: int) -> None:
    layout = lay_out(sizes, width, height)
    assert [len(places) for places in layout.centres] == list(sizes)
    left, top, right, bottom = boxes(layout).T
    assert left.min() >= 0
    assert top.min() >= -1
    assert right.max() <= width + 1
    assert bottom.max() <= height + 1
    apart = np.abs(np.concatenate(layout.centres)[:, None] - np.concatenate(layout.centres)[None])
    overlaps = (apart < np.array(layout.box) - 0.6).all(axis=-1)
    np.testing.assert_array_equal(overlaps, np.eye(sum(sizes), dtype=bool))


@pytest.mark.parametrize("sizes", NETWORKS)
def test_layers_are_in_order_with_space_for_weights_between(sizes: tuple[int, ...]) -> None:
    layout = lay_out(sizes, 700, 420)
    for layer in range(1, len(sizes)):
        left, right = layout.gap(layer)
        assert right - left >= 20


def test_the_article_s_neurons_are_large_enough_to_be_read() -> None:
    width, height = lay_out(ARTICLE, 620, 320).box
    assert min(width, height) >= 22


def test_neurons_are_found_at_their_positions() -> None:
    layout = lay_out(ARTICLE, 700, 420)
    for layer, neuron in [(0, 1), (1, 24), (2, 37), (4, 0)]:
        assert layout.neuron_at(*layout.centres[layer][neuron]) == (layer, neuron)
    assert layout.neuron_at(-50, -50) is None


def test_a_zoomed_layout_keeps_its_proportions() -> None:
    plain = lay_out(ARTICLE, 700, 420)
    seen = plain.seen(2.0, 10.0, -5.0)
    np.testing.assert_allclose(seen.centres[2], 2 * plain.centres[2] + (10, -5))
    assert seen.cell == (2 * plain.cell[0], 2 * plain.cell[1])


def test_the_nearest_weight_is_the_one_whose_line_passes() -> None:
    centres = (np.array([[0.0, 0.0], [0.0, 100.0]]), np.array([[100.0, 0.0], [100.0, 100.0]]))
    layout = NetworkLayout(centres, (10.0, 10.0))
    sources, targets = np.array([0, 0, 1]), np.array([0, 1, 1])
    assert layout.nearest_edge(1, sources, targets, 50, 3) == (0, 3.0)
    number, distance = layout.nearest_edge(1, sources, targets, 50, 52)
    assert (number, round(distance, 3)) == (1, round(2 / 2**0.5, 3))
    assert layout.nearest_edge(1, sources[:0], targets[:0], 50, 3)[0] == -1
