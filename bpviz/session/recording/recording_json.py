"""Writing and reading of `recording.json`: everything in a recording except its numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeAlias

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.diagnosis.numbers import QUANTITIES
from bpviz.language import _
from bpviz.session.experiment.json_fields import AnyValue, Nullable, read_members
from bpviz.session.experiment.validation import Boolean, Integer, ListOf, OneOf, Real, Rule, TextLine
from bpviz.session.recording.recording import RecordedUpdate, Recording

FORMAT = 1
#: Of all updates together.
MOST_ARRAYS = 8_000_000
_MOST_FORMS, _MOST_LAYERS, _MOST_SIZE, _MOST_TEXT = 10_000, 200, 10**9, 400
_TYPES = ("<f8", "<f4", "<f2")
#: Of each array of an update: its name, layer, type and shape.
Form: TypeAlias = tuple[tuple[str, int, str, tuple[int, ...]], ...]
#: Number, form and learning rate of an update.
Row: TypeAlias = tuple[int, int, float | None]
_COUNT = Integer(0, 2**53)
_MEMBERS: dict[str, Rule] = {
    "format": Integer(1, FORMAT),
    "version": TextLine(60),
    "total": Integer(1, 2**53),
    "stride": Integer(1, 2**53),
    "activations": Nullable(ListOf(OneOf(tuple(ACTIVATIONS)), _MOST_LAYERS)),
    "loss": Nullable(TextLine(60)),
    "train_biases": Boolean(),
    "tolerance": Nullable(Real(0.0, 1.0, above=True)),
    "unread": _COUNT,
    "fault": Nullable(TextLine(_MOST_TEXT)),
    "ended_by": Nullable(TextLine(_MOST_TEXT)),
    "forms": AnyValue(),
    "updates": AnyValue(),
}
_RATE = Nullable(Real(0.0, 1e300, above=True))


@dataclass(frozen=True)
class Heading:
    """A recording without its numbers.

    Attributes
    ----------
    recording : Recording
        Without updates.
    train_biases : bool
    forms : tuple of Form
    rows : tuple of Row
    """

    recording: Recording
    train_biases: bool
    forms: tuple[Form, ...]
    rows: tuple[Row, ...]

    def size_of(self, kind: str) -> int:
        """Return how many numbers there are of a type."""
        of_form = [sum(math.prod(shape) for _, _, each, shape in form if each == kind) for form in self.forms]
        return sum(of_form[form] for _, form, _ in self.rows)

    def with_updates(self, updates: tuple[RecordedUpdate, ...]) -> Recording:
        """Return the recording."""
        return replace(self.recording, updates=updates)


def to_json(recording: Recording, forms: Sequence[Form], rows: Iterable[Row], version: str) -> bytes:
    """Return the `recording.json` of a recording."""
    values = {
        "format": FORMAT,
        "version": version,
        "total": recording.total,
        "stride": recording.stride,
        "activations": None if recording.activations is None else list(recording.activations),
        "loss": recording.loss,
        "train_biases": recording.updates[0].raw.train_biases,
        "tolerance": recording.tolerance,
        "unread": recording.unread,
        "fault": _line(recording.fault),
        "ended_by": _line(recording.ended_by),
        "forms": forms,
        "updates": list(rows),
    }
    return json.dumps(values, allow_nan=False, separators=(",", ":")).encode()


def _line(text: str) -> str | None:
    """Return a text as one line of limited length; None if there is none."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(line.split())[:_MOST_TEXT].strip() or None


def from_json(content: bytes) -> Heading:
    """Return what a `recording.json` says.

    Raises
    ------
    ValueError
        If a value is invalid; the message says which one and why.
    """
    given = read_members(_loaded(content), "recording.json", _MEMBERS, tuple(_MEMBERS))
    forms = tuple(
        _form(values, _("form {n}").format(n=n)) for n, values in enumerate(_list(given["forms"], "forms", _MOST_FORMS))
    )
    rows = tuple(_row(values, len(forms)) for values in _list(given["updates"], "updates", MOST_ARRAYS))
    if not rows:
        raise ValueError(_("it has no updates"))
    if any(later <= earlier for (earlier, _, _), (later, _, _) in pairwise(rows)):
        raise ValueError(_("its updates are not in their order"))
    if sum(len(forms[form]) for _, form, _ in rows) > MOST_ARRAYS:
        raise ValueError(_("it has more arrays than bpviz would ever write"))
    n_layers = {sum(name == "W" for name, *_ in forms[form]) for _, form, _ in rows}
    if len(n_layers) > 1 or (given["activations"] is not None and {len(given["activations"])} != n_layers):
        raise ValueError(_("its updates are of networks with different numbers of layers"))
    activations = None if given["activations"] is None else tuple(given["activations"])
    recording = Recording(
        (),
        given["total"],
        given["stride"],
        activations,
        given["loss"],
        given["tolerance"],
        given["unread"],
        given["fault"] or "",
        given["ended_by"] or "",
    )
    return Heading(recording, given["train_biases"], forms, rows)


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content.decode())
    except UnicodeDecodeError as fault:
        raise ValueError(_("recording.json is not text in UTF-8")) from fault
    except json.JSONDecodeError as fault:
        raise ValueError(_("recording.json is not JSON: {fault}").format(fault=fault)) from fault
    except RecursionError as fault:
        raise ValueError(_("recording.json is nested too deeply")) from fault


def _list(values: Any, what: str, most: int) -> list[Any]:
    if not isinstance(values, list) or len(values) > most:
        raise ValueError(_("{what} must be a list of at most {most:,} entries").format(what=what, most=most))
    return values


def _form(values: Any, what: str) -> Form:
    """Return the arrays of an update: x, y, then W and b of every layer, then others, none of them twice."""
    form = tuple(_entry(entry, what) for entry in _list(values, what, 2 + 12 * _MOST_LAYERS))
    names = [(name, layer) for name, layer, _, _ in form]
    n_layers = sum(name == "W" for name, _ in names)
    layers = range(1, n_layers + 1)
    start = [("x", 0), ("y", 0), *(("W", layer) for layer in layers), *(("b", layer) for layer in layers)]
    others = names[len(start) :]
    if not n_layers or names[: len(start)] != start or len(set(names)) < len(names):
        raise ValueError(_("{what} does not hold x, y, and W and b of every layer").format(what=what))
    known = {("loss", 0), *((name, layer) for name in QUANTITIES if name != "loss" for layer in layers)}
    if unknown := [each for each in others if each not in known]:
        raise ValueError(
            _("{what} holds {quantity} of layer {layer}, which it cannot have").format(
                what=what, quantity=unknown[0][0], layer=unknown[0][1]
            )
        )
    if any(len(shape) != 2 for name, _, _, shape in form if name == "W"):
        raise ValueError(_("{what} has weights that are no matrix").format(what=what))
    return form


def _entry(values: Any, what: str) -> tuple[str, int, str, tuple[int, ...]]:
    if not isinstance(values, list) or len(values) != 4:
        raise ValueError(_("{what} has an entry that is not an array").format(what=what))
    name, layer, kind, shape = values
    rule = Integer(1, _MOST_SIZE)
    is_shape = isinstance(shape, list) and len(shape) <= 4 and not any(rule.problem(size) for size in shape)
    is_named = isinstance(name, str) and isinstance(layer, int) and not isinstance(layer, bool)
    if not is_named or not 0 <= layer <= _MOST_LAYERS or kind not in _TYPES or not is_shape:
        raise ValueError(_("{what} has an entry that is not an array").format(what=what))
    return name, layer, kind, tuple(shape)


def _row(values: Any, n_forms: int) -> Row:
    if not isinstance(values, list) or len(values) != 3:
        raise ValueError(_("an update must be a list of three values"))
    number, form, rate = values
    problem = Integer(1, 2**53).problem(number) or Integer(0, n_forms - 1).problem(form) or _RATE.problem(rate)
    if problem:
        raise ValueError(_("an update {problem}").format(problem=problem))
    return number, form, None if rate is None else float(rate)
