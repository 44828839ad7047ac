"""A row of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measurement, its target, and whether it is met; None if it was not measured."""

    name: str
    value: float | None
    bound: str
    target: float
    note: str = ""
    unit: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return f"| {self.name} | not measured: {self.note} | {self.bound} {self.target:g}{self.unit} | |"
        met = self.value >= self.target if self.bound == "at least" else self.value <= self.target
        verdict = "yes" if met else "no"
        return f"| {self.name} | {self.value:.2f}{self.unit} | {self.bound} {self.target:g}{self.unit} | {verdict} |"
