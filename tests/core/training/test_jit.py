"""The cache of compiled loops: its folder depends on the sources that they were compiled from."""

import shutil
from pathlib import Path

import pytest

import bpviz.core

pytest.importorskip("numba", reason="numba is not installed")
from bpviz.core.training import jit


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the core's sources, used in place of the real ones."""
    copy = tmp_path / "core"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(bpviz.core.__file__).parent, copy, ignore=ignored)
    monkeypatch.setattr(jit, "_CORE", copy)
    return copy


def test_the_folder_stays_as_long_as_the_sources_do(sources: Path) -> None:
    folder = Path(jit._cache_folder())
    assert folder.parent == sources / "training" / "__pycache__"
    (sources / "activations.py").touch()
    assert Path(jit._cache_folder()) == folder


@pytest.mark.parametrize(
    "name",
    ["training/numba_loops.py", "training/numba_readings.py", "training/numba_exp.py", "activations.py", "losses.py"],
)
def test_a_change_in_any_source_that_is_compiled_changes_the_folder(sources: Path, name: str) -> None:
    before, source = jit._cache_folder(), sources / name
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "\n", encoding="utf-8")
    assert jit._cache_folder() != before
    source.write_text(text, encoding="utf-8")
    assert jit._cache_folder() == before


def test_a_change_in_a_package_below_core_changes_the_folder(sources: Path) -> None:
    (sources / "deeper").mkdir()
    source = sources / "deeper" / "inlined.py"
    source.write_text("FACTOR = 1.0\n", encoding="utf-8")
    before = jit._cache_folder()
    source.write_text("FACTOR = 2.0\n", encoding="utf-8")
    assert jit._cache_folder() != before
