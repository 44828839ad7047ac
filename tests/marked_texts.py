"""All texts that are to be translated: those marked in the code, and those of presets and lessons."""

from __future__ import annotations

import ast
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: A text, or its forms for one and for many.
Text = str | tuple[str, str]
#: The members of a preset or a lesson that are texts.
_MEMBERS = {"title", "line", "about", "called", "heading", "text", "ask", "why", "choices"}


@functools.cache
def marked_texts() -> dict[Text, list[str]]:
    """Return each text -> the files in which it stands."""
    found: dict[Text, list[str]] = {}
    for path, text in (*_texts_of_code(), *_texts_of_resources()):
        files = found.setdefault(text, [])
        if (name := path.relative_to(ROOT).as_posix()) not in files:
            files.append(name)
    return found


def _texts_of_code() -> Iterator[tuple[Path, Text]]:
    for path in sorted((ROOT / "bpviz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for text in _texts_of_call(node.func.id, node.args):
                    yield path, text


def _texts_of_call(function: str, arguments: list[ast.expr]) -> Iterator[Text]:
    given = [each.value for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if function == "ngettext" and len(given) == 2:
        yield given[0], given[1]
    elif function in ("_", "N_") and given:
        yield given[0]
    elif function == "ActionInfo":  # text, shortcut and tooltip
        yield given[0]
        yield given[2]
    elif function == "PanelDock":  # key and title
        yield given[1]


def _texts_of_resources() -> Iterator[tuple[Path, Text]]:
    for folder in ("presets", "lessons"):
        for path in sorted((ROOT / "resources" / folder).glob("*.json")):
            for text in _texts_in(json.loads(path.read_text(encoding="utf-8"))):
                yield path, text


def _texts_in(value: Any, member: str = "") -> Iterator[str]:
    """Yield the texts of a JSON value, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts_in(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner, member)
    elif isinstance(value, str) and member in _MEMBERS and value:
        yield value
