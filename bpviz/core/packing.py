"""Unpack the weights and biases of every layer from one packed vector."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bpviz.core.arrays import Array


def unpack(parameters: Array, sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """Return views of W, shape (n_in, n_out), and b, shape (n_out,), of layers 1..L.

    Parameters
    ----------
    parameters : ndarray
        Packed as `bpviz.core.network.Network.parameters` is.
    sizes : sequence of int
        Widths of all layers, the inputs included.
    """
    found, start = [], 0
    for n_in, n_out in pairwise(sizes):
        matrix = parameters[start : start + (n_in + 1) * n_out].reshape(n_in + 1, n_out)
        found.append((matrix[:-1], matrix[-1]))
        start += matrix.size
    return found
