"""The formula of an operation in mathematical setting, and the same with the numbers of one neuron put in."""

from __future__ import annotations

from dataclasses import dataclass

from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.latex import latex
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.session.walkthrough.worked_numbers import numbers


@dataclass(frozen=True)
class Formula:
    """What an operation computes.

    Attributes
    ----------
    latex : str
        The same for all neurons and samples.
    numbers : tuple of str
        Lines of text with the tags `sub` and `sup`: each number is the trace's, and what is written adds up to it.
    """

    latex: str
    numbers: tuple[str, ...]


def formula(update: TracedUpdate, row: int, neuron: int = 0) -> Formula:
    """Return the formula of the operation just done.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        The sample, as a row of the trace's arrays.
    neuron : int
        In the layer of the operation, counted from 0; it plays no part in a loss.
    """
    return Formula(latex(update.operation, FormulaContext.of_update(update)), tuple(numbers(update, row, neuron)))
