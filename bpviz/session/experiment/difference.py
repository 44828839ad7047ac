"""What tells two experiments apart, in words; and whether they can be compared at all."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from bpviz.session.experiment.experiment import Experiment, label

#: The fields that say which samples there are. Two trainings are compared on the same ones only.
OF_SAMPLES = ("dataset", "samples", "noise", "classes", "data_seed", "test_share", "split_seed")


@dataclass(frozen=True)
class Difference:
    """One field in which two experiments differ, with both values as they are read."""

    field: str
    first: str
    second: str

    def describe(self) -> str:
        """Return both, as in "learning rate 0.01 | 0.1"."""
        return f"{label(self.field)} {self.first} | {self.second}"

    def change(self) -> str:
        """Return the second alone, as in "learning rate 0.1"."""
        return f"{label(self.field)} {self.second}"


def differences(first: Experiment, second: Experiment) -> tuple[Difference, ...]:
    """Return every field in which two experiments differ, in the order of the fields; where they stop says nothing."""
    ours, theirs = _values(first), _values(second)
    return tuple(
        Difference(name, _written(ours[name]), _written(theirs[name])) for name in ours if ours[name] != theirs[name]
    )


def other_samples(first: Experiment, second: Experiment) -> tuple[str, ...]:
    """Return in which of the fields that make the samples two experiments differ; none where they can be compared."""
    return tuple(each.field for each in differences(first, second) if each.field in OF_SAMPLES)


def _values(experiment: Experiment) -> dict[str, Any]:
    return {name: value for name, value in dataclasses.asdict(experiment).items() if name != "epochs"}


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return _runs(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text.replace("_", "-")


def _runs(values: tuple[object, ...]) -> str:
    """Write the layers one after another, and what follows itself once, as in "relu ×3, sigmoid"."""
    counted: list[tuple[object, int]] = []
    for value in values:
        times = counted.pop()[1] + 1 if counted and counted[-1][0] == value else 1
        counted.append((value, times))
    return ", ".join(f"{value} ×{times}" if times > 1 else str(value) for value, times in counted) or "none"
