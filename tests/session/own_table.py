"""A user's table for tests: 30 rows, two inputs of numbers, one of texts, a class and a number to learn."""

from __future__ import annotations

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.table_experiment import on_table
from bpviz.session.tables.reading import read_table_text
from bpviz.session.tables.table import Table

KINDS = ("märz", "冬", "c")


def text(rows: int = 30) -> str:
    """Return the table as CSV."""
    lines = ["a,b,colour,kind,height"]
    for n in range(rows):
        a, b = n % 3 + 0.01 * n, (n % 3) ** 2 - 0.02 * n
        lines.append(f"{a:.2f},{b:.2f},{('red', 'blue')[n % 2]},{KINDS[n % 3]},{2 * a - b:.4f}")
    return "\n".join(lines) + "\n"


def table(name: str = "mine.csv", rows: int = 30) -> Table:
    """Return the table."""
    return read_table_text(text(rows), name).table


def classes(like: Experiment | None = None) -> Experiment:
    """Return an experiment that learns the class."""
    return on_table(like or Experiment(hidden=(4,), activations=("tanh", "softmax")), table(), ("a", "b", "colour"),
                    "kind", "classification")  # fmt: skip


def regression() -> Experiment:
    """Return an experiment that learns the number."""
    return on_table(Experiment(hidden=(4,), activations=("tanh", "sigmoid")), table(), ("a", "b"), "height",
                    "regression")  # fmt: skip
