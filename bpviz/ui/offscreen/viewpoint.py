"""Viewpoint: what the user has chosen to look at, which pictures of the session take over."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpviz.session.conventions.conventions import OWN, Conventions
from bpviz.ui.view_model.plane_model import PlaneChoice
from bpviz.ui.view_model.selection import Selection
from bpviz.ui.view_model.view_model import ViewModel


@dataclass(frozen=True)
class Viewpoint:
    """Choices that belong to no session; the default is that of a window that has just been opened.

    Attributes
    ----------
    selection : Selection
    plane : PlaneChoice or None
        The plane through more than two inputs; None for the one that suits the data.
    conventions : Conventions
    """

    selection: Selection = field(default_factory=Selection)
    plane: PlaneChoice | None = None
    conventions: Conventions = OWN

    @classmethod
    def of(cls, model: ViewModel) -> Viewpoint:
        """Return what is chosen in a window."""
        return cls(model.selection, model.plane.choice if model.plane.can_be_chosen else None, model.conventions.chosen)

    @classmethod
    def on_another(cls, model: ViewModel) -> Viewpoint:
        """Return what of it applies to another experiment too."""
        return cls(conventions=model.conventions.chosen)

    def take(self, model: ViewModel) -> None:
        """Look at the network of a model so."""
        if self.plane is not None and model.plane.can_be_chosen:
            model.plane.choose(self.plane)
        chosen = self.selection
        model.select(sample=chosen.sample, layer=chosen.layer, neuron=chosen.neuron)
