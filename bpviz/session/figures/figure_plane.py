"""The plane of a figure: where it lies in the space of inputs, and what its axes are called."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.core.data.split import Split
from bpviz.core.plane import Plane, plane_of_inputs, telling_inputs
from bpviz.language import _
from bpviz.session.diagnostics.hidden_space import principal_components

#: From so many inputs on, two of them say hardly anything: the plane is then that of the principal components.
MANY_INPUTS = 20


@dataclass(frozen=True)
class FigurePlane:
    """A plane, or a line, with the names of its axes.

    Attributes
    ----------
    plane : Plane or None
        None for two inputs, whose plane is the whole space.
    names : tuple of two str
        Of the axes.
    inputs : tuple of two int or None
        The inputs along the axes, counted from 0; None where an axis is no single input.
    note : str
        What the other inputs are; "" if there are none.
    """

    plane: Plane | None
    names: tuple[str, str]
    inputs: tuple[int | None, int | None] = (0, 1)
    note: str = ""


def usual_plane(split: Split) -> FigurePlane:
    """Return the plane that the decision surface shows at first, with all other inputs at their means."""
    names = split.input_names
    if split.n_inputs == 1:
        return FigurePlane(plane_of_inputs([0], np.zeros(1)), (names[0], "output"), (0, None))
    if split.n_inputs == 2:
        return FigurePlane(None, ("$x_1$", "$x_2$") if names == ("x₁", "x₂") else (names[0], names[1]))
    if split.n_inputs >= MANY_INPUTS and (found := principal_components(split.X_train)):
        across, up = map(tuple, found.directions.tolist())
        first, second = (
            _("component {k} ({share:.0%})").format(k=k + 1, share=share) for k, share in enumerate(found.shares)
        )
        note = _("plane of two components: {shares:.0%} of the variance").format(shares=found.shares.sum())
        return FigurePlane(Plane(tuple(found.mean.tolist()), (across, up)), (first, second), (None, None), note)
    chosen = telling_inputs(split.X_train, split.y_train)
    plane = plane_of_inputs(chosen, split.X_train.mean(axis=0))
    return FigurePlane(plane, (names[chosen[0]], names[chosen[1]]), chosen, _("other inputs at their mean"))
