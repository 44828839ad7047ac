"""The source of `bpviz.core.backprop` as it is installed, and which of its lines computes an operation."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from bpviz.core import backprop
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD, GRADIENTS, Operation

MODULE = "bpviz.core.backprop"
#: Which function computes a quantity.
FUNCTIONS = {
    **dict.fromkeys(FORWARD, "forward"),
    "loss": "trace",
    **dict.fromkeys(BACKWARD, "backward"),
    **dict.fromkeys(GRADIENTS, "gradients"),
    "update": "update",
}
Holds = Callable[[ast.expr], bool]
_WEIGHTS, _BIAS = "layer.weights[...]", "layer.bias[...]"


def _always(test: ast.expr) -> bool:
    return True


class SourceError(LookupError):
    """The source is not there, or has no line that computes an operation."""


@dataclass(frozen=True)
class Expression:
    """A name, a dotted name or a subscript in the source.

    Attributes
    ----------
    text : str
        As Python writes it: "layer_next.weights", "deltas[0]".
    function : str
        Where it stands; empty outside of functions.
    line : int
        Counted from 1.
    start, end : int
        Its first column and the one after its last, counted from 0.
    """

    text: str
    function: str
    line: int
    start: int
    end: int


class Source:
    """A text of Python and what stands where in it.

    Parameters
    ----------
    text : str
        The functions that `FUNCTIONS` names, with a line for each operation.

    Raises
    ------
    SourceError
        If the text is not Python.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            tree = ast.parse(text)
        except SyntaxError as fault:
            raise SourceError(f"the source of {MODULE} is not Python: {fault}") from fault
        self._functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    def statement(self, operation: Operation, holds: Holds = _always) -> ast.stmt:
        """Return the assignment that computes an operation; for an update that of the weights.

        Of several assignments to one name in a function it is the last that is reached: those before it prepare it, as
        ``a = x`` does.

        Parameters
        ----------
        operation : Operation
        holds : callable
            Tells how the condition of an ``if`` comes out.

        Raises
        ------
        SourceError
            If there is none.
        """
        target = _WEIGHTS if operation.quantity == "update" else operation.quantity
        return self._assignment(FUNCTIONS[operation.quantity], target, holds)

    def lines(self, operation: Operation, holds: Holds = _always, *, train_biases: bool = True) -> tuple[int, ...]:
        """Return the numbers, from 1, of the lines that compute an operation: for an update also that of the biases.

        Raises
        ------
        SourceError
            If there are none.
        """
        statements = [self.statement(operation, holds)]
        if operation.quantity == "update" and train_biases:
            statements.append(self._assignment(FUNCTIONS["update"], _BIAS, _always))
        return tuple(line for each in statements for line in range(each.lineno, (each.end_lineno or each.lineno) + 1))

    def expressions_at(self, line: int, column: int) -> list[Expression]:
        """Return the names and dotted names that a place is in, the widest first.

        Parameters
        ----------
        line : int
            Counted from 1.
        column : int
            Counted from 0.
        """
        here = [found for found in self._expressions if found.line == line and found.start <= column < found.end]
        return sorted(here, key=lambda found: found.start - found.end)

    @cached_property
    def _expressions(self) -> list[Expression]:
        return [
            self._expression(node, name)
            for name, function in self._functions.items()
            for statement in function.body
            for node in ast.walk(statement)
            if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and node.lineno == node.end_lineno
        ]

    def _expression(self, node: ast.expr, function: str) -> Expression:
        written = self.text.splitlines()[node.lineno - 1].encode()
        start, end = (len(written[:column].decode()) for column in (node.col_offset, node.end_col_offset))
        return Expression(ast.unparse(node), function, node.lineno, start, end)

    def _assignment(self, function: str, target: str, holds: Holds) -> ast.stmt:
        if function not in self._functions:
            raise SourceError(f"{MODULE} has no function {function!r}, which computes {target!r}")
        reached = _reached(self._functions[function].body, holds)
        statements = [node for node in reached if target in _targets(node)]
        if not statements:
            raise SourceError(f"the function {function!r} of {MODULE} has no line that assigns {target!r}")
        return statements[-1]


def _reached(body: list[ast.stmt], holds: Holds) -> Iterator[ast.stmt]:
    """Yield the statements that run, one pass of each loop."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _reached(node.body if holds(node.test) else node.orelse, holds)
        elif isinstance(node, ast.For | ast.With):
            yield from _reached(node.body, holds)
        else:
            yield node


@cache
def backprop_source() -> Source:
    """Return the source that runs.

    Raises
    ------
    SourceError
        If it is not installed beside what was compiled from it.
    """
    try:
        return Source(inspect.getsource(backprop))
    except OSError as fault:
        raise SourceError(f"the source of {MODULE} is not installed: {fault}") from fault


def _targets(node: ast.AST) -> Iterator[str]:
    """Return what a statement assigns to, as Python writes it."""
    if isinstance(node, ast.Assign):
        targets = [part for target in node.targets for part in _parts(target)]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    else:
        targets = []
    return map(ast.unparse, targets)


def _parts(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
