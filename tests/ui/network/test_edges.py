"""Selection of the weights to draw, and highlights of operations."""

import numpy as np
import pytest

from bpviz.session.walkthrough.operations import Operation
from bpviz.ui.network.edges import all_edges, edges_of, strongest
from bpviz.ui.network.flow_animation import highlight_of


def test_a_hovered_neuron_has_only_its_own_weights() -> None:
    edges = all_edges((2, 4, 3), [np.arange(8.0).reshape(2, 4), np.arange(12.0).reshape(4, 3)])
    own = edges_of(edges, 1, 2)
    assert sorted(zip(own.layer.tolist(), own.source.tolist(), own.target.tolist(), strict=True)) == [
        *((1, source, 2) for source in range(2)),
        *((2, 2, target) for target in range(3)),
    ]


def test_the_number_of_drawn_weights_is_limited() -> None:
    edges = all_edges((10, 10), [np.arange(100.0).reshape(10, 10)])
    assert sorted(strongest(edges, 1.0, most=7).value.tolist()) == [93, 94, 95, 96, 97, 98, 99]
    assert len(strongest(all_edges((), []), 0.5)) == 0


@pytest.mark.parametrize(
    ("quantity", "layer", "edges", "nodes", "back"),
    [
        ("z", 2, 2, 2, False),
        ("a", 2, None, 2, False),
        ("loss", 3, None, 3, False),
        ("error", 3, None, 3, False),
        ("error", 1, 2, 1, True),
        ("delta", 1, None, 1, False),
        ("dW", 1, 1, None, False),
        ("update", 3, 3, 3, False),
    ],
)
def test_each_operation_highlights_what_it_works_on(
    quantity: str, layer: int, edges: int | None, nodes: int | None, back: bool
) -> None:
    highlight = highlight_of(Operation(quantity, layer), 3)
    assert (highlight.edges_into, highlight.nodes_of, highlight.is_backward) == (edges, nodes, back)


def test_edges_are_equal_only_with_equal_indices_and_values() -> None:
    zeros, none = np.zeros((2, 3)), np.full((2, 3), np.nan)
    edges = all_edges((2, 3, 2), [zeros, None])
    assert edges.same_as(all_edges((2, 3, 2), [zeros.copy(), None]))
    assert all_edges((2, 3), [none]).same_as(all_edges((2, 3), [none]))
    assert not edges.same_as(all_edges((2, 3, 2), [None, zeros.T]))
    assert not edges.same_as(all_edges((2, 3, 2), [zeros, zeros.T]))
    assert not edges.same_as(all_edges((2, 3, 2), [zeros + 1, None]))


def test_weights_keep_their_index_if_others_have_no_value() -> None:
    edges = all_edges((2, 3, 2), [None, np.arange(6.0).reshape(3, 2)])
    assert edges.number.tolist() == list(range(6, 12))
    assert (edges.layer == 2).all()
    assert edges.source.tolist() == [0, 0, 1, 1, 2, 2]
    assert edges.target.tolist() == [0, 1, 0, 1, 0, 1]
