"""The formula of an operation as LaTeX, and with the numbers of one neuron inserted."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.latex import latex
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.session.walkthrough.worked_numbers import numbers


@dataclass(frozen=True)
class Formula:
    """The formula of an operation.

    Attributes
    ----------
    latex : str
        The general formula, for all neurons and samples.
    numbers : tuple of str
        The calculation for one neuron, as lines of text with the tags `sub` and `sup`. Numbers have enough digits for
        the calculation to come out right.
    """

    latex: str
    numbers: tuple[str, ...]


def formula(update: TracedUpdate, row: int, neuron: int = 0, source: int | None = None) -> Formula:
    """Return the formula of the operation just done.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        The sample, as a row of the trace's arrays.
    neuron : int
        In the layer of the operation, counted from 0; ignored for the loss.
    source : int, optional
        The neuron of the layer before whose weight is shown by dW and update; by default the one with the largest
        gradient.
    """
    lines = numbers(update, row, neuron, source)
    return Formula(latex(update.operation, FormulaContext.of_update(update)), tuple(lines))
