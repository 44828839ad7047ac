"""The fields in which two experiments differ, as text, and whether they can be compared."""

from __future__ import annotations

import dataclasses
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpviz.language import _
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.session.experiment.labels import label
from bpviz.session.experiment.own_data import NO_TABLE
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import quoted

#: Fields that repeat the same experiment with other random numbers.
SEEDS = frozenset({"seed", "data_seed", "split_seed"})
#: The fields that determine the samples. Two branches can be compared only if these are equal.
OF_SAMPLES = ("dataset", "samples", "noise", "classes", "data_seed", "test_share", "split_seed", "scale", *NO_TABLE)

_NOT_COMPARED = ("epochs", "mistakes")


@dataclass(frozen=True)
class Difference:
    """A field in which two experiments differ, with both values as text."""

    field: str
    first: str
    second: str

    def describe(self) -> str:
        """Return field and both values, e.g. "learning rate 0.01 | 0.1"."""
        return f"{label(self.field)} {self.first} | {self.second}"

    def change(self) -> str:
        """Return field and second value, e.g. "learning rate 0.1"."""
        return f"{label(self.field)} {self.second}"


def differences(first: Experiment, second: Experiment) -> tuple[Difference, ...]:
    """Return every difference of two experiments, in the order of the fields.

    The number of epochs is ignored, and so are planted mistakes, which are to be found and not to be read.
    """
    ours, theirs = _values(first), _values(second)
    return tuple(
        Difference(name, _format(name, ours[name]), _format(name, theirs[name]))
        for name in ours
        if ours[name] != theirs[name]
    )


def differing_sample_fields(first: Experiment, second: Experiment) -> tuple[str, ...]:
    """Return the fields in which the samples of two experiments differ; empty if they can be compared."""
    return tuple(each.field for each in differences(first, second) if each.field in OF_SAMPLES)


def is_another(first: Experiment, second: Experiment) -> bool:
    """Return whether two experiments differ in more than their seeds and what may change while training."""
    if first.mistakes != second.mistakes:
        return True
    return any(each.field not in LIVE | SEEDS for each in differences(first, second))


def _values(experiment: Experiment) -> dict[str, Any]:
    names = (field.name for field in dataclasses.fields(experiment))
    return {name: getattr(experiment, name) for name in names if name not in _NOT_COMPARED}


def _format(name: str, value: Any) -> str:
    """Return a value as text: given names shortened, of given parameters, which may be many, only a checksum."""
    if name == "parameters" and value:
        return f"{zlib.crc32(np.array(value).tobytes()):08x}"
    if name not in NO_TABLE:
        return _format_value(value)
    if isinstance(value, tuple):
        return quoted(", ".join(value)) or _("none")
    return quoted(value.name if isinstance(value, Table) else value or _("none"))


def _format_value(value: object) -> str:
    if isinstance(value, tuple):
        return _format_list(value)
    if isinstance(value, bool):
        return _("on") if value else _("off")
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text.replace("_", "-")


def _format_list(values: tuple[object, ...]) -> str:
    """Return a list as text, with repeated entries counted, e.g. "relu ×3, sigmoid"."""
    counted: list[tuple[object, int]] = []
    for value in values:
        times = counted.pop()[1] + 1 if counted and counted[-1][0] == value else 1
        counted.append((value, times))
    return ", ".join(f"{value} ×{times}" if times > 1 else str(value) for value, times in counted) or _("none")
