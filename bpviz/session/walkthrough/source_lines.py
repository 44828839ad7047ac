"""The source code of `bpviz.core.backprop`, and the lines that compute each operation."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from bpviz.core import backprop
from bpviz.core.optimisers.rule import PLAIN_SGD, LearningRule
from bpviz.language import _
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD, GRADIENTS, Operation
from bpviz.session.walkthrough.rule_code import is_of_rule, rule_source, rule_targets

MODULE = "bpviz.core.backprop"
#: Quantity -> the function that computes it.
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
    """The source code is not available, or has no line that computes an operation."""


@dataclass(frozen=True)
class Expression:
    """A name, a dotted name or a subscript in the source.

    Attributes
    ----------
    text : str
        Its normalised source, e.g. "layer_next.weights", "deltas[0]".
    function : str
        The function that contains it; "" outside of functions.
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
    """Parsed Python source code, to find statements and expressions by line.

    Parameters
    ----------
    text : str
        It must contain the functions in `FUNCTIONS`, with a line for each operation, and those of the rule.
    rule : LearningRule, optional
        By default plain SGD.

    Raises
    ------
    SourceError
        If the text is not Python.
    """

    def __init__(self, text: str, rule: LearningRule = PLAIN_SGD) -> None:
        self.text, self._rule = text, rule
        try:
            tree = ast.parse(text)
        except SyntaxError as fault:
            raise SourceError(
                _("the source of {module} is not Python: {fault}").format(module=MODULE, fault=fault)
            ) from fault
        self._functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    def statement(self, operation: Operation, holds: Holds = _always) -> ast.stmt:
        """Return the assignment that computes an operation; for "update", that of the weights.

        If a function assigns a name several times, this is the last assignment that is executed; earlier ones, such as
        ``a = x``, only initialise it.

        Parameters
        ----------
        operation : Operation
        holds : callable
            ``holds(test)`` -> whether the condition of an ``if`` is true.

        Raises
        ------
        SourceError
            If there is none.
        """
        if is_of_rule(operation, self._rule):
            return self._assignment(*rule_targets(operation, self._rule)[-1], holds)
        target = _WEIGHTS if operation.quantity == "update" else operation.quantity
        return self._assignment(FUNCTIONS[operation.quantity], target, holds)

    def lines(self, operation: Operation, holds: Holds = _always, *, train_biases: bool = True) -> tuple[int, ...]:
        """Return the numbers, from 1, of the lines that compute an operation; "update" has one for the biases too.

        Raises
        ------
        SourceError
            If there are none.
        """
        if is_of_rule(operation, self._rule):
            targets = rule_targets(operation, self._rule)
            statements = [self._assignment(function, target, holds) for function, target in targets]
        else:
            statements = [self.statement(operation, holds)]
            if operation.quantity == "update" and train_biases:
                statements.append(self._assignment(FUNCTIONS["update"], _BIAS, _always))
        return tuple(line for each in statements for line in range(each.lineno, (each.end_lineno or each.lineno) + 1))

    def expressions_at(self, line: int, column: int) -> list[Expression]:
        """Return the expressions that contain a position in the text, the longest first.

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
            text = _("{module} has no function {function!r}, which computes {target!r}")
            raise SourceError(text.format(module=MODULE, function=function, target=target))
        executed = _executed(self._functions[function].body, holds)
        statements = [node for node in executed if target in _targets(node)]
        if not statements:
            text = _("the function {function!r} of {module} has no line that assigns {target!r}")
            raise SourceError(text.format(module=MODULE, function=function, target=target))
        return statements[-1]


def _executed(body: list[ast.stmt], holds: Holds) -> Iterator[ast.stmt]:
    """Yield the statements that are executed, with one iteration of each loop."""
    for node in body:
        if isinstance(node, ast.If):
            yield from _executed(node.body if holds(node.test) else node.orelse, holds)
        elif isinstance(node, ast.For | ast.With):
            yield from _executed(node.body, holds)
        else:
            yield node


@cache
def backprop_source(rule: LearningRule = PLAIN_SGD) -> Source:
    """Return the source of the running `bpviz.core.backprop`, and after it that of the functions of a rule.

    Raises
    ------
    SourceError
        If only compiled code is installed, without its source.
    """
    try:
        text, more = inspect.getsource(backprop), rule_source(rule)
        return Source(f"{text}\n\n{more}" if more else text, rule)
    except OSError as fault:
        raise SourceError(
            _("the source of {module} is not installed: {fault}").format(module=MODULE, fault=fault)
        ) from fault


def _targets(node: ast.AST) -> Iterator[str]:
    """Yield the normalised source of each target of an assignment."""
    if isinstance(node, ast.Assign):
        targets = [part for target in node.targets for part in _parts(target)]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    else:
        targets = []
    return map(ast.unparse, targets)


def _parts(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
