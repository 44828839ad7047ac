"""The curves of *Loss and accuracy*: their columns of the epoch table, and which of them an experiment has."""

from __future__ import annotations

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.style.theme import Theme

LOSS, MSE, PENALTY, SCORE = "loss", "mse", "penalty", "score"
#: What is minimised where it is not the squared error.
_MINIMISED = {
    "cross_entropy": N_("cross-entropy"),
    "huber": N_("Huber loss"),
    "mae": N_("absolute error"),
    "mse": N_("squared error"),
}
_FAINT, _OF_MSE = 110, 170


@dataclass(frozen=True)
class Curve:
    """One column of the epoch table: its name, that in a regression, and what it is.

    Attributes
    ----------
    kind : str
        LOSS for the loss that is minimised, MSE, PENALTY, or SCORE for accuracy or R².
    """

    column: str
    column_of_regression: str
    kind: str
    is_test: bool

    @property
    def is_score(self) -> bool:
        """Whether it is drawn on the right axis."""
        return self.kind == SCORE

    def pen(self, theme: Theme, width: float, *, has_losses: bool) -> QPen:
        """Return the pen of its line; beside the loss that is minimised, MSE is grey and thin."""
        if self.kind == MSE and has_losses:
            width = 1.0
        pen: QPen = pg.mkPen(self.colour(theme, has_losses=has_losses), width=width)
        if self.kind == PENALTY:
            pen.setStyle(Qt.PenStyle.DotLine)
        return pen

    def colour(self, theme: Theme, *, has_losses: bool) -> QColor:
        """Return the colour of its line, faint for training samples."""
        if self.kind == MSE and has_losses:
            colour = QColor(theme.muted)
            colour.setAlpha(_OF_MSE if self.is_test else _FAINT)
            return colour
        colour = QColor(theme.accuracy if self.is_score else theme.mse)
        colour.setAlpha(_FAINT if not self.is_test and self.kind != PENALTY else 255)
        return colour


CURVES = (
    Curve("loss_train", "loss_train", LOSS, False),
    Curve("loss_test", "loss_test", LOSS, True),
    Curve("penalty", "penalty", PENALTY, False),
    Curve("mse_train", "mse_train", MSE, False),
    Curve("mse_test", "mse_test", MSE, True),
    Curve("accuracy_train", "r2_train", SCORE, False),
    Curve("accuracy_test", "r2_test", SCORE, True),
)


def has_losses(experiment: Experiment) -> bool:
    """Return whether something else is minimised than what MSE shows up to a factor."""
    return experiment.loss != "mse" or experiment.rule.has_penalty


def curves_of(experiment: Experiment) -> list[Curve]:
    """Return the curves of an experiment."""
    kinds = {MSE, SCORE}
    if has_losses(experiment):
        kinds.add(LOSS)
    if experiment.rule.has_penalty:
        kinds.add(PENALTY)
    return [curve for curve in CURVES if curve.kind in kinds]


def description(experiment: Experiment) -> str:
    """Return what is drawn beside MSE, in words; empty if nothing is."""
    if not has_losses(experiment):
        return ""
    penalty = _(", penalty dotted") if experiment.rule.has_penalty else ""
    return _("minimised: L ({minimised}){penalty} · MSE grey · ").format(
        minimised=_(_MINIMISED[experiment.loss]), penalty=penalty
    )
