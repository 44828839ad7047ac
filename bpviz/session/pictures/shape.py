"""Whether the inputs of an experiment form a picture, and of which shape."""

from __future__ import annotations

import math

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.own_data import TABLE

Shape = tuple[int, int]


def picture_shape(experiment: Experiment, *, as_square: bool = False) -> Shape | None:
    """Return rows and columns of the picture that the inputs form, or None.

    The data say whether they are pictures (`Dataset.picture`). The inputs of a user's own table are shown as one only
    where the user asks for that, by `as_square`.
    """
    return experiment.data.picture or (square_of(experiment) if as_square else None)


def square_of(experiment: Experiment) -> Shape | None:
    """Return the square picture that the inputs of a user's own table could be, or None."""
    if experiment.dataset != TABLE:
        return None
    n_inputs = experiment.data.n_inputs
    side = math.isqrt(n_inputs)
    return (side, side) if side > 1 and side * side == n_inputs else None
