"""A parser and evaluator for the lines of numbers under a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = r"−?\d+(?:\.\d+)?(?:·10<sup>−?\d+</sup>)?"
_SMALLER = re.compile(r"(\d+) smaller terms")
_KNOWN = {
    "exp": math.exp,
    "ln": math.log,
    "tanh": math.tanh,
    "max": max,
    "min": min,
    "abs": abs,
    "sin": math.sin,
    "cos": math.cos,
    "erf": math.erf,
    "sqrt": math.sqrt,
    "pi": math.pi,
    "sign": lambda value: math.copysign(value != 0, value),
}


@dataclass(frozen=True)
class Calculation:
    """One quantity: its name, the expressions for its value, and the stated value."""

    name: str
    steps: tuple[str, ...]

    @property
    def result(self) -> float:
        return worked_out(self.steps[-1])

    def worked_out(self) -> list[float]:
        """Return what each step comes to; terms not written in one step are taken from the next."""
        rest = re.search(rf"(\(?{_NUMBER}\)?) \(\d+ smaller terms\)", self.steps[1] if len(self.steps) > 1 else "")
        sign = "-" if rest and self.steps[1][: rest.start()].endswith("− ") else ""
        steps = [step.replace(rest[0], rest[1]) if rest else step for step in self.steps]
        return [worked_out(_SMALLER.sub(f"({sign}{rest[1]})" if rest else "nothing", step)) for step in steps]


def calculations(lines: Sequence[str]) -> list[Calculation]:
    """Group the lines of each quantity; sentences are skipped."""
    found: list[Calculation] = []
    for line in lines:
        if line.startswith("= "):
            found[-1] = Calculation(found[-1].name, (*found[-1].steps, line[2:]))
        elif " ← " in line:
            name, _, steps = line.partition(" ← ")
            found.append(Calculation(plain(name), tuple(steps.split(" = "))))
        elif " = " in line:
            name, _, step = line.partition(" = ")
            found.append(Calculation(plain(name), (step,)))
    return found


def plain(text: str) -> str:
    """Remove the tags."""
    return re.sub("<[^>]*>", "", text)


def worked_out(text: str) -> float:
    """Evaluate one line."""
    text = re.sub(r"·10<sup>(−?\d+)</sup>", r"e\1", text)
    text = re.sub(r"e<sup>(.*?)</sup>", r"exp(\1)", text)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text).replace("√(2π)", "sqrt(2 × pi)").replace("√2", "sqrt(2)")
    text = re.sub(r"<sup>(\d+)</sup>", r"**\1", text)
    text = re.sub(r"√([\d.e−]+)", r"sqrt(\1)", text).replace("√(", "sqrt(")
    text = text.replace("½", "0.5").replace("×", "*").replace("−", "-")
    return float(eval(text, {"__builtins__": {}}, _KNOWN))
