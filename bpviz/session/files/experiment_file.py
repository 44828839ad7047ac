"""Experiment files: an experiment with its breakpoints and watches, and its table if it is a user's own.

The table is in the file, as in a session file but in base64, so that the file is complete wherever it is sent.
"""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bpviz.language import _
from bpviz.session.debugging import breakpoints as breakpoint_values
from bpviz.session.debugging import watches as watch_values
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.json_fields import check_amount
from bpviz.session.files.safe_write import ExportError, open_regular_file, reason, write_atomically
from bpviz.session.files.table_member import read_table_member, table_bytes, write_table
from bpviz.session.tables.table import Table

_MEMBERS = ("experiment", "breakpoints", "watches", "table")
# A hundred breakpoints and a hundred watches take 100 kB, the most parameters that can be given 3.2 MB.
_MAX_BYTES, _MAX_CONTAINERS = 5_000_000, 5000
# A table in base64 takes 4/3 of its bytes. One that is larger belongs into a session file.
_MAX_TABLE_BYTES = 24_000_000
_MAX_ENCODED_BYTES = _MAX_TABLE_BYTES * 4 // 3


class ExperimentFileError(ValueError):
    """A text or a file is not a valid experiment file. The message says why."""


@dataclass(frozen=True)
class ExperimentFile:
    """An experiment with its breakpoints and watches.

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
        """Return a JSON object with the members "experiment", "breakpoints", "watches" and, for a table, "table"."""
        values = {
            "experiment": self.experiment.to_values(),
            "breakpoints": breakpoint_values.to_values(self.breakpoints),
            "watches": watch_values.to_values(self.watches),
        }
        table = self.experiment.table
        return json.dumps(values | ({"table": _encoded(table)} if table else {}), indent=2)

    @classmethod
    def from_json(cls, text: str) -> ExperimentFile:
        """Return the content of a JSON text made by `to_json` or by `Experiment.to_json`.

        Raises
        ------
        ExperimentFileError
            If the text is invalid; the message says where and why.
        """
        try:
            return cls._from_values(json.loads(text))
        except json.JSONDecodeError as fault:
            raise ExperimentFileError(_("this is not JSON: {fault}").format(fault=fault)) from fault
        except RecursionError as fault:
            raise ExperimentFileError(_("this is not an experiment: the JSON is nested too deeply")) from fault
        except ValueError as fault:
            raise ExperimentFileError(str(fault)) from fault

    @classmethod
    def _from_values(cls, values: Any) -> ExperimentFile:
        if not isinstance(values, dict) or "experiment" not in values:
            return cls(Experiment.from_values(values))
        if unknown := sorted(values.keys() - set(_MEMBERS)):
            raise ExperimentFileError(
                _("{unknown} is not a member of an experiment file; remove it").format(unknown=unknown[0])
            )
        return cls(
            Experiment.from_values(values["experiment"], _tables(values)),
            breakpoint_values.from_values(values.get("breakpoints", [])),
            watch_values.from_values(values.get("watches", [])),
        )


def _encoded(table: Table) -> str:
    content = io.BytesIO()
    write_table(table, content)
    return base64.b64encode(content.getvalue()).decode()


def _tables(values: dict[str, Any]) -> dict[str, Table]:
    """Return the table in a file by its digest; none if there is none."""
    if "table" not in values:
        return {}
    experiment, text = values["experiment"], values["table"]
    digest = experiment.get("table") if isinstance(experiment, dict) else None
    if not isinstance(text, str) or not isinstance(digest, str):
        raise ExperimentFileError(_("its table is not one that bpviz has written; remove it, or use another copy"))
    return {digest: read_table_member(base64.b64decode(text, validate=True), digest)}


def write_experiment_file(path: Path, experiment_file: ExperimentFile) -> None:
    """Write an experiment file.

    Raises
    ------
    ExportError
        If the file cannot be written, or the table is too large for it; an existing file is then unchanged.
    """
    table = experiment_file.experiment.table
    if table and table_bytes(table) > _MAX_TABLE_BYTES:
        most = _MAX_TABLE_BYTES // 1_000_000
        raise ExportError(
            _("{path} cannot be written: its table has more than {most} MB; save the session instead").format(
                path=path, most=most
            )
        )
    content = f"{experiment_file.to_json()}\n".encode()
    write_atomically(path, lambda file: file.write(content))


def read_experiment_file(path: Path) -> ExperimentFile:
    """Read an experiment file.

    Raises
    ------
    ExperimentFileError
        If the file cannot be read or is invalid; the message names the file and says why.
    """
    try:
        return ExperimentFile.from_json(_content(path).decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise ExperimentFileError(_("{path} cannot be read: it is not text in UTF-8").format(path=path)) from fault
    except OSError as fault:
        raise ExperimentFileError(
            _("{path} cannot be read: {reason}").format(path=path, reason=reason(fault))
        ) from fault
    except ExperimentFileError as fault:
        raise ExperimentFileError(_("{path} cannot be read: {fault}").format(path=path, fault=fault)) from fault


def _content(path: Path) -> bytes:
    with open_regular_file(path) as file:
        content = file.read(_MAX_BYTES + _MAX_ENCODED_BYTES + 1)
    if len(content) > _MAX_BYTES + _MAX_ENCODED_BYTES:
        most = (_MAX_BYTES + _MAX_ENCODED_BYTES) // 1_000_000
        raise ExperimentFileError(_("it is larger than {most} MB, which no experiment file is").format(most=most))
    try:
        check_amount(content, _("the file"), _MAX_CONTAINERS, _MAX_BYTES + _MAX_ENCODED_BYTES)
    except ValueError as fault:
        raise ExperimentFileError(str(fault)) from fault
    return content
