"""Rules for the source code that no other tool checks."""

from __future__ import annotations

import ast
import functools
import importlib
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bpviz
from bpviz.assets import resource
from bpviz.session.experiment.presets import DEFAULT, preset_names

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "bpviz").rglob("*.py"))
SOURCES = [ROOT / "main.py", *PACKAGE, *sorted((ROOT / "tests").rglob("*.py"))]
PACKAGES = sorted(path.parent for path in PACKAGE if path.name == "__init__.py" and path.parent.name != "bpviz")
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION, MOST_MODULES_OF_A_PACKAGE = 400, 40, 16


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(tree_of(path))


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_only_go_down() -> None:
    # A process of its own: the linter sets up its own logger, cache and console.
    done = run("from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_the_contract_of_the_panels_names_every_module_that_defines_one() -> None:
    pytest.importorskip("PySide6")
    import bpviz.ui
    from bpviz.ui.widgets.panel import Panel

    for module in pkgutil.walk_packages(bpviz.ui.__path__, "bpviz.ui."):
        importlib.import_module(module.name)
    contracts = project()["tool"]["importlinter"]["contracts"]
    (named,) = (each["modules"] for each in contracts if each["name"] == "A panel never imports another")
    assert sorted({panel.__module__ for panel in below(Panel)}) == sorted(named)


def below(kind: type[Any]) -> Iterator[type[Any]]:
    """Yield the program's own subclasses of a class, at any depth; tests have some of their own."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("bpviz."):
            yield each
        yield from below(each)


@pytest.mark.parametrize("module", ["bpviz", "bpviz.cli", "bpviz.session.engine.runner"])
def test_modules_without_a_window_import_no_qt(module: str) -> None:
    done = run(f"import sys, {module}; print([name for name in ('PySide6', 'pyqtgraph') if name in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_the_window_imports_nothing_slow_before_its_first_paint() -> None:
    slow = ("sklearn", "scipy", "numba", "matplotlib", "PIL")
    done = run(f"import sys, bpviz.app; print([name for name in {slow} if name in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_every_file_has_at_most_400_lines() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_every_function_has_at_most_40_lines() -> None:
    functions = ((path, node) for path in SOURCES for node in nodes(path) if isinstance(node, ast.FunctionDef))
    lengths = {f"{name_of(path)}: {node.name}": length(node) for path, node in functions}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def length(function: ast.FunctionDef) -> int:
    """Count the lines of a function's body, without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_every_module_has_a_docstring() -> None:
    assert [name_of(path) for path in PACKAGE if not ast.get_docstring(tree_of(path))] == []


def test_no_package_has_too_many_modules() -> None:
    counts = {name_of(folder): len([*folder.glob("*.py")]) - 1 for folder in PACKAGES}
    assert len(counts) > 20
    assert {name: count for name, count in counts.items() if count > MOST_MODULES_OF_A_PACKAGE} == {}


@pytest.mark.parametrize("folder", PACKAGES, ids=name_of)
def test_the_init_file_of_a_package_is_one_sentence(folder: Path) -> None:
    tree = tree_of(folder / "__init__.py")
    sentence = ast.get_docstring(tree) or ""
    assert len(tree.body) == 1
    assert re.fullmatch(r"[^\n]+[^.\n]\.", sentence)
    assert re.search(r"[.!?]\s", sentence) is None


def test_hardly_a_widget_sees_every_event() -> None:
    """Such an override runs for a widget that is being destroyed, too: tooltips and keys have handlers of their own.

    Those that stay have no other way: Qt tells of layout requests and of keys before shortcuts in no other handler.
    """
    overrides = {"event", "viewportEvent", "eventFilter", "sceneEvent", "sceneEventFilter", "nativeEvent"}
    functions = ((path, node) for path in PACKAGE if "ui" in path.parts for node in nodes(path))
    found = [name_of(path) for path, node in functions if isinstance(node, ast.FunctionDef) and node.name in overrides]
    assert found == [
        "bpviz/ui/network/parameter_editor.py",
        "bpviz/ui/timeline/bookmark_editor.py",
        "bpviz/ui/widgets/layout_barrier.py",
    ]


def test_no_test_sleeps() -> None:
    waits = {"sleep", "qWait", "qSleep"}
    calls = ((path, node) for path in SOURCES if name_of(path).startswith("tests") for node in nodes(path))
    found = [
        name_of(path)
        for path, node in calls
        if isinstance(node, ast.Attribute) and node.attr in waits and "benchmarks" not in path.parts
    ]
    assert found == []


def test_the_version_is_a_valid_package_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|a\d+|b\d+|rc\d+)?", bpviz.__version__)


def test_every_resource_in_the_code_exists() -> None:
    calls = (node for path in PACKAGE for node in nodes(path) if isinstance(node, ast.Call))
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "resource"]
    constant = [[part.value for part in call.args if isinstance(part, ast.Constant)] for call in named]
    found = [parts for parts, call in zip(constant, named, strict=True) if len(parts) == len(call.args)]
    assert ["icons", "bpviz.svg"] in found
    assert [parts for parts in found if not resource(*map(str, parts)).exists()] == []


def test_icons_in_the_code_and_icon_files_are_the_same() -> None:
    pytest.importorskip("PySide6")
    from bpviz.ui.window.actions import ACTIONS

    drawn = {"bpviz", *(command.icon for command in ACTIONS.values() if command.icon)}
    assert {path.stem for path in resource("icons").glob("*.svg")} == drawn


def test_the_default_preset_exists() -> None:
    assert preset_names()[0] == DEFAULT


def test_every_licence_file_of_the_package_exists() -> None:
    assert [name for name in project()["project"]["license-files"] if not (ROOT / name).is_file()] == []
    for folder in ("icons", "fonts"):
        assert resource(folder, "LICENSE").read_text(encoding="utf-8").strip()
