"""Writing and reading of `session.json`: everything in a session except its arrays."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from bpviz.language import _
from bpviz.session.debugging import breakpoints, watches
from bpviz.session.experiment.experiment import LIVE, RULES, Experiment
from bpviz.session.experiment.json_fields import AnyValue, Nullable, check_amount, read_list, read_members
from bpviz.session.experiment.own_data import NO_TABLE
from bpviz.session.experiment.validation import Boolean, Integer, Real, Rule, TextLine
from bpviz.session.files.session_arrays import learning_size
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.stroke_json import read_stroke, stroke_values
from bpviz.session.tables.table import Table
from bpviz.session.time_travel import bookmarks
from bpviz.session.time_travel.bookmarks import read_position
from bpviz.session.time_travel.history import HistoryCheckpoint
from bpviz.session.time_travel.timeline import MOST_BRANCHES
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.interventions import Edit, Intervention

#: The latest version of the format; this and earlier ones can be read.
FORMAT = 6
# From this one on, checkpoints have what the optimiser remembers, and small batches are compiled.
_FORMAT_WITH_LEARNING = 4
# From this one on, the records of epochs have the losses that are minimised.
_FORMAT_WITH_LOSSES = 5
# This one has a lesson beside it; without a lesson the one before is written, which an earlier bpviz can open.
_FORMAT_WITH_LESSON = 6
MOST_JSON_BYTES, MOST_INTERVENTIONS = 64_000_000, 50_000
# An intervention has three objects: itself, its position and its change. All the rest of a session has few.
_MOST_CONTAINERS = 3 * MOST_INTERVENTIONS * MOST_BRANCHES + 10_000
_NUMBER, _LINE = Integer(0, 2**53), TextLine(60)


class NewerFormatError(ValueError):
    """The file has a newer format than this version of bpviz can read."""


@dataclass(frozen=True)
class BranchHead:
    """A branch without its arrays, and the lengths of these.

    Attributes
    ----------
    branch : SavedBranch
        With empty `epochs` and `checkpoints`.
    n_epochs, n_checkpoints : int
    epochs_per_delta_row : int
        See `bpviz.session.training.epochs.layout`.
    n_learning : int
    has_losses : bool
        See `bpviz.session.files.session_arrays.layout`.
    """

    branch: SavedBranch
    n_epochs: int
    n_checkpoints: int
    epochs_per_delta_row: int
    n_learning: int
    has_losses: bool = True


def format_of(session: SavedSession) -> int:
    """Return the version of the format in which a session is written: the earliest that can hold it."""
    return _FORMAT_WITH_LESSON if session.lesson else _FORMAT_WITH_LOSSES


def to_json(session: SavedSession) -> bytes:
    """Return `session.json` for a session."""
    values = {
        "format": format_of(session),
        "version": session.version,
        "made_with": session.made_with,
        "saved_at": session.saved_at,
        "active": session.active,
        "compared": session.compared,
        "branches": [_branch_values(branch) for branch in session.branches],
        "bookmarks": bookmarks.to_values(session.bookmarks),
        "breakpoints": breakpoints.to_values(session.breakpoints),
        "watches": watches.to_values(session.watches),
    }
    return json.dumps(values, indent=1, default=_plain).encode()


def _plain(number: np.generic) -> Any:
    """Return a numpy number as a Python number."""
    return number.item()


def _branch_values(branch: SavedBranch) -> dict[str, Any]:
    return {
        "number": branch.number,
        "name": branch.name,
        "parent": branch.parent,
        "forked_at": dataclasses.asdict(branch.forked_at),
        "by_change": branch.by_change,
        "n_inherited": branch.n_inherited,
        "first": branch.first.to_values(),
        "interventions": [_intervention_values(each, branch.first) for each in branch.interventions],
        "furthest": dataclasses.asdict(branch.furthest),
        "place": dataclasses.asdict(branch.place),
        "numpy_epochs": branch.numpy_epochs,
        "n_epochs": len(branch.epochs),
        "n_checkpoints": len(branch.checkpoints),
        "epochs_per_delta_row": branch.epochs.deltas.epochs_per_row,
    }


def _intervention_values(change: Intervention, first: Experiment) -> dict[str, Any]:
    values: dict[str, Any] = {"at": dataclasses.asdict(change.at)}
    if change.experiment is not None:  # the other fields cannot change during training
        fields = {name: getattr(change.experiment, name) for name in sorted(LIVE)}
        # What format 1 did not have is left out where it is as at the start: there may be very many changes.
        values["experiment"] = {
            name: value for name, value in fields.items() if name not in _LATER_FIELDS or value != getattr(first, name)
        }
    if change.sample is not None:
        values["sample"] = change.sample
    if change.edit is not None:
        values["edit"] = {name: getattr(change.edit, name) for name in _EDIT}
    if change.stroke is not None:
        values["stroke"] = stroke_values(change.stroke)
    return values


_SESSION: dict[str, Rule] = {
    "format": Integer(1, FORMAT),
    "version": _LINE,
    "made_with": _LINE,
    "saved_at": _LINE,
    "active": _NUMBER,
    "compared": Nullable(_NUMBER),
    "branches": AnyValue(),
    "bookmarks": AnyValue(),
    "breakpoints": AnyValue(),
    "watches": AnyValue(),
}
_BRANCH: dict[str, Rule] = {
    "number": _NUMBER,
    "name": _LINE,
    "parent": Nullable(_NUMBER),
    "forked_at": AnyValue(),
    "by_change": Boolean(),
    "n_inherited": Nullable(_NUMBER),
    "first": AnyValue(),
    "interventions": AnyValue(),
    "furthest": AnyValue(),
    "place": AnyValue(),
    "numpy_epochs": _NUMBER,
    "n_epochs": _NUMBER,
    "n_checkpoints": Integer(1, 2**53),
    "epochs_per_delta_row": Integer(1, 2**53),
}
_LATER = ("n_inherited", "epochs_per_delta_row")  # which formats 1 and 2 do not have
_NEEDED = tuple(name for name in _BRANCH if name not in _LATER)
# An experiment file may omit fields, which then have their defaults; in a session all are required that format 1 had.
_EVERY_FIELD: dict[str, Rule] = dict.fromkeys(RULES, AnyValue())
_LATER_FIELDS = frozenset(
    {"mistakes", "optimiser", "momentum", "beta1", "beta2", "epsilon", "l1", "l2", "weight_decay", "clip_norm"}
    | {
        "schedule",
        "schedule_epochs",
        "schedule_factor",
        "warm_up",
        "patience",
        "scale",
        "leak",
        "parameters",
        *NO_TABLE,
    }
)
_NEEDED_FIELDS = tuple(name for name in _EVERY_FIELD if name not in _LATER_FIELDS)
_INTERVENTION: dict[str, Rule] = {
    "at": AnyValue(),
    "experiment": AnyValue(),
    "sample": _NUMBER,
    "edit": AnyValue(),
    "stroke": AnyValue(),
}
_EDIT: dict[str, Rule] = {
    "layer": _NUMBER,
    "source": Nullable(_NUMBER),
    "neuron": _NUMBER,
    "value": Real(-sys.float_info.max, sys.float_info.max),
}


def from_json(
    content: bytes, table_of: Callable[[str], Table] | None = None
) -> tuple[SavedSession, tuple[BranchHead, ...]]:
    """Return the session of a `session.json`, without branches, and its branches, without arrays.

    Parameters
    ----------
    content : bytes
    table_of : callable, optional
        ``table_of(digest)`` -> the table of a branch that is trained on one.

    Raises
    ------
    NewerFormatError
        If the format is newer than this version of bpviz can read.
    ValueError
        If a value is invalid; the message says which one and why.
    """
    values = _loaded(content)
    _check_format(values)
    given = read_members(values, "session.json", _SESSION, tuple(_SESSION))
    _check_time(given["saved_at"])
    number = given["format"]
    heads = read_list(given["branches"], "branches", MOST_BRANCHES, lambda each, _: _head(each, number, table_of))
    session = SavedSession(
        (),
        given["active"],
        given["compared"],
        bookmarks.from_values(given["bookmarks"]),
        breakpoints.from_values(given["breakpoints"]),
        watches.from_values(given["watches"]),
        given["made_with"],
        given["saved_at"],
        given["version"],
    )
    return session, heads


def _loaded(content: bytes) -> Any:
    check_amount(content, "session.json", _MOST_CONTAINERS)
    try:
        return json.loads(content.decode())
    except UnicodeDecodeError as fault:
        raise ValueError(_("session.json is not text in UTF-8")) from fault
    except json.JSONDecodeError as fault:
        raise ValueError(_("session.json is not JSON: {fault}").format(fault=fault)) from fault
    except RecursionError as fault:
        raise ValueError(_("session.json is nested too deeply")) from fault


def _check_format(values: Any) -> None:
    """Check the format first: a newer one may have members that would be refused with a misleading message."""
    found = values.get("format") if isinstance(values, dict) else None
    if isinstance(found, int) and found > FORMAT:
        raise NewerFormatError(_("it was written by a newer bpviz (format {found})").format(found=found))


def _check_time(text: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError as fault:
        raise ValueError(_("session.json: saved_at must be a time in ISO 8601 format")) from fault


def _head(values: Any, format_number: int, table_of: Callable[[str], Table] | None) -> BranchHead:
    given = read_members(values, _("a branch"), _BRANCH, _NEEDED)
    what = _("branch {given}").format(given=given["number"])
    fields = read_members(given["first"], what, _EVERY_FIELD, _NEEDED_FIELDS)
    first = Experiment.from_values(fields, _tables(fields.get("table"), table_of))
    branch = SavedBranch(
        given["number"],
        given["name"],
        given["parent"],
        read_position(given["forked_at"], what),
        given["by_change"],
        first,
        _interventions(given["interventions"], first, what),
        read_position(given["furthest"], what),
        read_position(given["place"], what),
        given["numpy_epochs"],
        EpochTable(),
        (),
        given.get("n_inherited"),
    )
    has_learning = format_number >= _FORMAT_WITH_LEARNING
    if not has_learning:
        branch = _in_numpy(branch)
    return BranchHead(
        branch,
        given["n_epochs"],
        given["n_checkpoints"],
        given.get("epochs_per_delta_row", 1),
        learning_size(first) if has_learning else 0,
        format_number >= _FORMAT_WITH_LOSSES,
    )


def _tables(digest: object, table_of: Callable[[str], Table] | None) -> dict[str, Table]:
    """Return the table of this digest by it; none where there is nothing to look it up in."""
    return {digest: table_of(digest)} if isinstance(digest, str) and table_of else {}


def _in_numpy(branch: SavedBranch) -> SavedBranch:
    """Return a branch of an older format; mini-batches took the numpy path there, whatever their size."""
    changes = [change.experiment for change in branch.interventions if change.experiment]
    if all(each.batch_size == 1 for each in (branch.first, *changes)):
        return branch
    return dataclasses.replace(branch, numpy_epochs=branch.furthest.epoch + 1)


def _interventions(values: Any, first: Experiment, what: str) -> tuple[Intervention, ...]:
    return read_list(
        values,
        _("interventions of {what}").format(what=what),
        MOST_INTERVENTIONS,
        lambda each, number: _intervention(
            each, first, _("{what}, intervention {number}").format(what=what, number=number)
        ),
    )


def _intervention(values: Any, first: Experiment, what: str) -> Intervention:
    given = read_members(values, what, _INTERVENTION, ("at",))
    if len(given) != 2:
        raise ValueError(_("{what}: it must have exactly one change").format(what=what))
    return Intervention(
        read_position(given["at"], what),
        _live(given["experiment"], first, what) if "experiment" in given else None,
        given.get("sample"),
        _edit(given["edit"], what) if "edit" in given else None,
        read_stroke(given["stroke"], first.data.n_inputs, what) if "stroke" in given else None,
    )


def _live(values: Any, first: Experiment, what: str) -> Experiment:
    rules: Mapping[str, Rule] = {name: RULES[name] for name in LIVE}
    return dataclasses.replace(
        first, **read_members(values, what, rules, tuple(sorted(LIVE - _LATER_FIELDS)))
    ).checked()


def _edit(values: Any, what: str) -> Edit:
    given = read_members(values, what, _EDIT, tuple(_EDIT))
    return Edit(given["layer"], given["source"], given["neuron"], float(given["value"]))


def with_arrays(head: BranchHead, epochs: EpochTable, checkpoints: tuple[HistoryCheckpoint, ...]) -> SavedBranch:
    """Return a branch with its arrays."""
    return dataclasses.replace(head.branch, epochs=epochs, checkpoints=checkpoints)
