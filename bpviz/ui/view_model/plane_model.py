"""The plane through the inputs over which all panels draw: which one it is, and where samples are on it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, Signal

from bpviz.core.arrays import Array
from bpviz.core.data.split import Split
from bpviz.core.plane import Plane, nearness, plane_of_inputs, telling_inputs
from bpviz.core.surface import Grid, grid_around
from bpviz.language import N_, _
from bpviz.session.diagnostics.hidden_space import Components, principal_components
from bpviz.session.figures.figure_plane import MANY_INPUTS, FigurePlane


class Kind(StrEnum):
    """How the plane lies in the space of more than two inputs."""

    AT_SAMPLE = N_("others at the sample")
    AT_MEAN = N_("others at the mean")
    COMPONENTS = N_("principal components")


@dataclass(frozen=True)
class PlaneChoice:
    """Kind of plane, and the inputs along its two axes, counted from 0; without effect for the components."""

    kind: Kind = Kind.AT_SAMPLE
    across: int = 0
    up: int = 1


class PlaneModel(QObject):
    """Holds the plane that is drawn.

    One input gives a line, two the whole plane of inputs, more a plane that the user chooses.

    Attributes
    ----------
    choice : PlaneChoice
    plane : Plane or None
        None for two inputs, whose plane is the whole space.

    Signals
    -------
    changed
        Another plane is drawn.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = PlaneChoice()
        self.plane: Plane | None = None
        self._split: Split | None = None
        self._components: Components | None = None
        self._sample: int | None = None

    @property
    def is_line(self) -> bool:
        """Whether there is a single input."""
        return self.plane is not None and self.plane.is_line

    @property
    def can_be_chosen(self) -> bool:
        """Whether there are more than two inputs."""
        return self._split is not None and self._split.n_inputs > 2

    def begin(self, split: Split) -> Grid:
        """Take the samples of another network, and return a grid round them."""
        is_same = self._split is not None and split.input_names == self._split.input_names
        self._split, self._sample = split, None
        self._components = principal_components(split.X_train) if split.n_inputs > 2 else None
        if not is_same and split.n_inputs > 2:
            kind = Kind.COMPONENTS if split.n_inputs >= MANY_INPUTS else Kind.AT_SAMPLE
            self.choice = PlaneChoice(kind, *telling_inputs(split.X_train, split.y_train))
        self.plane = self._made()
        return self.grid_of(grid_around(self.places(split.X_train)))

    def grid_of(self, grid: Grid) -> Grid:
        """Return a grid on this plane; on a line it has a single row."""
        return dataclasses.replace(grid, plane=self.plane, rows=1 if self.is_line else grid.rows)

    def follow(self, sample: int | None) -> None:
        """Take another selected sample, at which the other inputs may be held."""
        if sample != self._sample:
            self._sample = sample
            if self.can_be_chosen and self.choice.kind is Kind.AT_SAMPLE:
                self._change()

    def choose(self, choice: PlaneChoice) -> None:
        """Draw another plane."""
        if choice != self.choice:
            self.choice = choice
            self._change()

    def _change(self) -> None:
        self.plane = self._made()
        self.changed.emit()

    def _made(self) -> Plane | None:
        split, choice = self._split, self.choice
        if split is None or split.n_inputs == 2:
            return None
        if split.n_inputs == 1:
            return plane_of_inputs([0], np.zeros(1))
        if choice.kind is Kind.COMPONENTS and self._components is not None:
            across, up = self._components.directions.tolist()
            return Plane(tuple(self._components.mean.tolist()), (tuple(across), tuple(up)))
        at_sample = choice.kind is Kind.AT_SAMPLE and self._sample is not None
        held = split.X_train[self._sample] if at_sample else split.X_train.mean(axis=0)
        return plane_of_inputs([choice.across, choice.up], held)

    # What panels draw

    def places(self, X: Array) -> Array:
        """Return where samples are drawn, shape (n_samples, 2)."""
        return self.plane.places(X) if self.plane else X

    def opacity(self, X: Array) -> Array:
        """Return how strongly samples are drawn, 0 to 1: they fade with their distance from the plane."""
        if self.plane is None or self.plane.is_line or self._split is None:
            return np.ones(len(X))
        return nearness(self.plane, X, self._split.X_train)

    def axis_inputs(self) -> tuple[int | None, int | None]:
        """Return the inputs along the two axes; None where an axis is no single input."""
        if self._split is None or self._split.n_inputs == 2:
            return 0, 1
        if self.is_line:
            return 0, None
        is_single = self.choice.kind is not Kind.COMPONENTS
        return (self.choice.across, self.choice.up) if is_single else (None, None)

    def axis_names(self) -> tuple[str, str]:
        """Return the labels of the two axes."""
        split = self._split
        if split is None or (split.n_inputs == 2 and split.input_names == ("x₁", "x₂")):
            return _("input x₁"), _("input x₂")
        if self.is_line:
            return _("input {name}").format(name=split.input_names[0]), _("output")
        if self.choice.kind is Kind.COMPONENTS and self._components is not None and split.n_inputs > 2:
            shares = self._components.shares
            first, second = (
                _("component {k} ({share:.0%})").format(k=k + 1, share=share) for k, share in enumerate(shares)
            )
            return first, second
        across, up = self.axis_inputs()
        return split.input_names[across or 0], split.input_names[up or 0]

    def describe(self) -> str:
        """Return where the plane lies, for captions; "" if there are no other inputs."""
        if not self.can_be_chosen:
            return ""
        if self.choice.kind is Kind.COMPONENTS and self._components is not None:
            return _("plane of two components: {shares:.0%} of the variance").format(
                shares=self._components.shares.sum()
            )
        if self.choice.kind is Kind.AT_SAMPLE and self._sample is not None:
            return _("other inputs as in sample {sample:,}").format(sample=self._sample)
        return _("other inputs at their mean")

    def of_figure(self) -> FigurePlane | None:
        """Return the plane for a figure; None where there is nothing to choose."""
        if not self.can_be_chosen:
            return None
        return FigurePlane(self.plane, self.axis_names(), self.axis_inputs(), self.describe())
