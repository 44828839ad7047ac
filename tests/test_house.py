"""The rules of the house that no other tool holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import bpviz
from bpviz.assets import resource
from bpviz.session.experiment.presets import DEFAULT, preset_names

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "bpviz").rglob("*.py"))
SOURCES = [ROOT / "main.py", *PACKAGE, *sorted((ROOT / "tests").rglob("*.py"))]
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 400, 40


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_only_go_down() -> None:
    # A process of its own: the linter brings a logger, a cache and a console of its own.
    done = run("from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.mark.parametrize("module", ["bpviz", "bpviz.cli", "bpviz.session.engine.runner"])
def test_what_needs_no_window_loads_no_qt(module: str) -> None:
    done = run(f"import sys, {module}; print([name for name in ('PySide6', 'pyqtgraph') if name in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_the_window_loads_nothing_that_its_first_paint_does_not_need() -> None:
    slow = ("sklearn", "scipy", "numba", "matplotlib")
    done = run(f"import sys, bpviz.app; print([name for name in {slow} if name in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_every_file_is_one_idea_long() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_every_function_is_short() -> None:
    functions = ((path, node) for path in SOURCES for node in nodes(path) if isinstance(node, ast.FunctionDef))
    lengths = {f"{name_of(path)}: {node.name}": length(node) for path, node in functions}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def length(function: ast.FunctionDef) -> int:
    """Count the lines of a function's body, without what describes it."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_every_module_says_what_it_is() -> None:
    trees = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE}
    assert [name for name, tree in trees.items() if not ast.get_docstring(tree)] == []


def test_no_test_waits_by_the_clock() -> None:
    waits = {"sleep", "qWait", "qSleep"}
    calls = ((path, node) for path in SOURCES if "tests" in path.parts for node in nodes(path))
    found = [
        name_of(path)
        for path, node in calls
        if isinstance(node, ast.Attribute) and node.attr in waits and "benchmarks" not in path.parts
    ]
    assert found == []


def test_the_version_is_one_that_packages_can_have() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|a\d+|b\d+|rc\d+)?", bpviz.__version__)


def test_every_resource_that_code_names_is_there() -> None:
    calls = (node for path in PACKAGE for node in nodes(path) if isinstance(node, ast.Call))
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "resource"]
    constant = [[part.value for part in call.args if isinstance(part, ast.Constant)] for call in named]
    found = [parts for parts, call in zip(constant, named, strict=True) if len(parts) == len(call.args)]
    assert ["icons", "bpviz.svg"] in found
    assert [parts for parts in found if not resource(*map(str, parts)).exists()] == []


def test_every_icon_is_drawn_and_every_drawn_icon_is_there() -> None:
    pytest.importorskip("PySide6")
    from bpviz.ui.window.actions import ACTIONS

    drawn = {"bpviz", *(command.icon for command in ACTIONS.values() if command.icon)}
    assert {path.stem for path in resource("icons").glob("*.svg")} == drawn


def test_the_default_preset_is_there() -> None:
    assert preset_names()[0] == DEFAULT


def test_every_licence_that_the_package_names_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [name for name in project["license-files"] if not (ROOT / name).is_file()] == []
    for folder in ("icons", "fonts"):
        assert resource(folder, "LICENSE").read_text(encoding="utf-8").strip()
