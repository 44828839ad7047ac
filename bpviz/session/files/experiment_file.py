"""Setup: an experiment with the breakpoints and watches that belong to it, as it is kept in a file."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpviz.session.debugging import breakpoints as breakpoint_values
from bpviz.session.debugging import watches as watch_values
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.safe_write import open_ordinary, reason, write_whole

_MEMBERS = ("experiment", "breakpoints", "watches")
_MOST_BYTES = 10_000_000


class ExperimentFileError(ValueError):
    """A text or a file that holds no setup. The message says what is wrong with it."""


@dataclass(frozen=True)
class ExperimentFile:
    """What is needed to go on looking at an experiment where somebody left off.

    Attributes
    ----------
    experiment : Experiment
    breakpoints : tuple of Breakpoint
    watches : tuple of Watch
    """

    experiment: Experiment
    breakpoints: tuple[Breakpoint, ...] = ()
    watches: tuple[Watch, ...] = ()

    def to_json(self) -> str:
        """Write it as one JSON object with the members "experiment", "breakpoints" and "watches"."""
        values = {
            "experiment": dataclasses.asdict(self.experiment),
            "breakpoints": breakpoint_values.to_values(self.breakpoints),
            "watches": watch_values.to_values(self.watches),
        }
        return json.dumps(values, indent=2)

    @classmethod
    def from_json(cls, text: str) -> ExperimentFile:
        """Read what `to_json` wrote, or what `Experiment.to_json` did.

        Raises
        ------
        SetupError
            If the text is anything else; the sentence says what is wrong and where.
        """
        try:
            return cls._from_values(json.loads(text))
        except json.JSONDecodeError as fault:
            raise ExperimentFileError(f"this is not JSON: {fault}") from fault
        except RecursionError as fault:
            raise ExperimentFileError("this is not JSON that bpviz writes: it is nested too deeply") from fault
        except ValueError as fault:
            raise ExperimentFileError(str(fault)) from fault

    @classmethod
    def _from_values(cls, values: Any) -> ExperimentFile:
        if not isinstance(values, dict) or "experiment" not in values:
            return cls(Experiment.from_values(values))
        if unknown := sorted(values.keys() - set(_MEMBERS)):
            raise ExperimentFileError(
                f"{unknown[0]} does not belong beside an experiment, only breakpoints and watches do"
            )
        return cls(
            Experiment.from_values(values["experiment"]),
            breakpoint_values.from_values(values.get("breakpoints", [])),
            watch_values.from_values(values.get("watches", [])),
        )


def write_experiment_file(path: Path, experiment_file: ExperimentFile) -> None:
    """Write a setup to a file.

    Raises
    ------
    ExportError
        If the file cannot be written; what stood there before is still there.
    """
    content = f"{experiment_file.to_json()}\n".encode()
    write_whole(path, lambda file: file.write(content))


def read_experiment_file(path: Path) -> ExperimentFile:
    """Read a setup from a file.

    Raises
    ------
    SetupError
        If there is no such file, or it holds no setup; the sentence says what is wrong and names the file.
    """
    try:
        return ExperimentFile.from_json(_content(path).decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise ExperimentFileError(f"{path} cannot be read: it is not text in UTF-8") from fault
    except OSError as fault:
        raise ExperimentFileError(f"{path} cannot be read: {reason(fault)}") from fault
    except ExperimentFileError as fault:
        raise ExperimentFileError(f"{path} cannot be read: {fault}") from fault


def _content(path: Path) -> bytes:
    with open_ordinary(path) as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ExperimentFileError(f"it is larger than {_MOST_BYTES // 1_000_000} MB, and no experiment is")
    return content
