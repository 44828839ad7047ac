"""An experiment and a position as one line of the command line, or as a few lines of text, and back."""

from __future__ import annotations

import dataclasses
import shlex
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.experiment.own_data import NO_TABLE
from bpviz.session.experiment.presets import load_preset, preset_names
from bpviz.session.training.position import Position

_TITLE = "bpviz experiment"
_PRESET, _GO_TO = "preset", "go-to"
#: Fields that do not fit into a line, or are to be found and not to be read.
_LEFT_OUT = frozenset({"parameters", "mistakes", *NO_TABLE})
_MOST_CHARACTERS = 10_000
_WRONG = N_("This is no experiment of bpviz: paste a line like “bpviz --preset moons --share seed=3”, or a copied text")


class ShareError(ValueError):
    """A text is no shared experiment, or an experiment cannot be shared. The message says why."""


@dataclass(frozen=True)
class Shared:
    """An experiment, and the position to go to, None for none."""

    experiment: Experiment
    position: Position | None = None


def as_command(shared: Shared) -> str:
    """Return the line of the command line that opens the experiment and goes to the position.

    Raises
    ------
    ShareError
        If the experiment has a table or parameters of its own.
    """
    preset, pairs = _written(shared.experiment)
    share = ("--share", " ".join(f"{name}={value}" for name, value in pairs.items())) if pairs else ()
    go_to = ("--go-to", _position_text(shared.position)) if shared.position else ()
    return shlex.join(("bpviz", "--preset", preset, *share, *go_to))


def as_text(shared: Shared) -> str:
    """Return a few lines for an e-mail; raises as `as_command`."""
    preset, pairs = _written(shared.experiment)
    lines = {_PRESET: preset} | pairs | ({_GO_TO: _position_text(shared.position)} if shared.position else {})
    return "\n".join((_TITLE, *(f"{name}: {value}" for name, value in lines.items()))) + "\n"


def read_shared(text: str) -> Shared:
    """Return the experiment and position of a line or a text.

    Raises
    ------
    ShareError
        With a sentence about the first thing that is wrong.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ShareError(_(_WRONG))
    lines = [line.strip(" >\t") for line in text.splitlines() if line.strip(" >\t")]
    if lines and lines[0] == _TITLE:
        return _of_values(_pairs(lines[1:], ":"))
    if len(lines) == 1:
        return _of_values(_of_command(lines[0]))
    raise ShareError(_(_WRONG))


def with_shared(experiment: Experiment, text: str) -> Experiment:
    """Return an experiment with the values of the option `--share`; raises as `read_shared`."""
    return _changed(experiment, _pairs(text.split(), "="))


def read_position(text: str) -> Position:
    """Return the position of the option `--go-to`: epoch, samples and operations done; raises as `read_shared`."""
    parts = text.split(",")
    if not (1 <= len(parts) <= len(dataclasses.fields(Position)) and all(part.isdecimal() for part in parts)):
        raise ShareError(
            _("a position must be like 12 or 12,30,4 (epoch, samples, operations), not {value}").format(
                value=text or _("nothing")
            )
        )
    if any(len(part) > len(str(10_000_000)) for part in parts):
        raise ShareError(_("the position {text} is too far").format(text=text))
    return Position(*map(int, parts))


def _written(experiment: Experiment) -> tuple[str, dict[str, str]]:
    """Return the preset that is nearest to an experiment, and the fields in which it differs."""
    if experiment.table or experiment.parameters:
        raise ShareError(_("a table or parameters of your own do not fit into a line: save the session instead"))
    found = {name: _differences(load_preset(name).experiment, experiment) for name in preset_names()}
    preset = min(found, key=lambda name: len(found[name]))
    return preset, found[preset]


def _differences(base: Experiment, experiment: Experiment) -> dict[str, str]:
    names = [each.name for each in dataclasses.fields(Experiment) if each.name not in _LEFT_OUT]
    values = {name: getattr(experiment, name) for name in names}
    return {name: _value_text(value) for name, value in values.items() if value != getattr(base, name)}


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _position_text(position: Position) -> str:
    parts = [position.epoch, position.sample, position.operation]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return ",".join(map(str, parts))


def _of_command(line: str) -> dict[str, str]:
    try:
        words = [part for word in shlex.split(line.removeprefix("$ ")) for part in _parted(word)]
    except ValueError as fault:
        raise ShareError(_("{wrong}; a quotation mark is not closed").format(wrong=_(_WRONG))) from fault
    if not words or PurePath(words[0]).stem != "bpviz" or len(words) % 2 == 0:
        raise ShareError(_(_WRONG))
    options = dict(zip(words[1::2], words[2::2], strict=True))
    if unknown := [name for name in options if name not in ("--preset", "--share", "--go-to")]:
        raise ShareError(
            _("“{unknown}” cannot be pasted: give the line to a terminal instead").format(unknown=unknown[0])
        )
    share = _pairs(options.pop("--share", "").split(), "=")
    return {name.removeprefix("--"): value for name, value in options.items()} | share


def _parted(word: str) -> list[str]:
    return word.split("=", 1) if word.startswith("--") and "=" in word else [word]


def _pairs(parts: list[str], sign: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in parts:
        name, found, value = part.partition(sign)
        if not found or name.strip() in pairs:
            raise ShareError(
                _("“{part}” is not a field, “{sign}” and its value, each field once").format(part=part[:60], sign=sign)
            )
        pairs[name.strip()] = value.strip()
    return pairs


def _of_values(values: dict[str, str]) -> Shared:
    go_to = values.pop(_GO_TO, None)
    try:
        base = load_preset(values.pop(_PRESET, "moons")).experiment
    except ExperimentError as fault:
        raise ShareError(str(fault)) from fault
    return Shared(_changed(base, values), read_position(go_to) if go_to is not None else None)


def _changed(base: Experiment, values: dict[str, str]) -> Experiment:
    names = {each.name for each in dataclasses.fields(Experiment)} - _LEFT_OUT
    if unknown := [name for name in values if name not in names]:
        raise ShareError(
            _("an experiment has no field called {unknown} that can be shared").format(unknown=unknown[0][:60])
        )
    changes = {name: _value(name, getattr(base, name), text) for name, text in values.items()}
    try:
        return dataclasses.replace(base, **changes).checked()
    except ExperimentError as fault:
        raise ShareError(str(fault)) from fault


def _value(name: str, like: object, text: str) -> Any:
    """Return a value of the kind of another; what cannot be read is refused by the rules of the experiment."""
    if isinstance(like, bool):
        return {"on": True, "off": False}.get(text, text)
    if isinstance(like, tuple):
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return tuple(_number(part, int) if name == "hidden" else part for part in parts)
    return _number(text, type(like)) if isinstance(like, int | float) else text


def _number(text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        return text
