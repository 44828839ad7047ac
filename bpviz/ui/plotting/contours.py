"""Class boundary lines of a decision surface, as plot data."""

from __future__ import annotations

import numpy as np
from contourpy import LineType, contour_generator

from bpviz.core.arrays import Array
from bpviz.core.surface import Grid, Outputs, boundaries


def boundary_lines(grid: Grid, outputs: Outputs) -> tuple[Array, Array]:
    """Return x and y along all class boundaries, with NaN between two lines."""
    x, y = grid.axes()
    pieces = [np.full((1, 2), np.nan)]
    with np.errstate(invalid="ignore"):  # infinity minus infinity: such a field has no boundary
        fields = boundaries(outputs)
    for field in fields:
        if np.isfinite(field).all():
            # contourpy takes 0.2 to 2.4 ms where pyqtgraph's IsocurveItem takes 5 to 48 ms.
            lines = contour_generator(x, y, field, line_type=LineType.ChunkCombinedNan).lines(0.0)[0][0]
            pieces += [] if lines is None else [np.asarray(lines), np.full((1, 2), np.nan)]
    joined = np.concatenate(pieces)
    return joined[:, 0], joined[:, 1]
