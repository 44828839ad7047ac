"""What holds for all tests. Nothing here imports Qt: the mathematics and the sessions are tested without it."""

import os

import pytest

from bpviz.core.training import kernel

# Before anything makes a QApplication: tests need no display, and open no windows over somebody's work.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session", autouse=True)
def _compile_first() -> None:
    """Let no compiler run on its thread while tests do: they would differ in which path they take."""
    kernel.start_compiling()
    kernel.wait_until_compiled()


@pytest.fixture
def numpy_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let things be as where numba is not installed."""
    monkeypatch.setattr(kernel._compiler, "path", None)
    monkeypatch.setattr(kernel, "HAS_NUMBA", False)


@pytest.fixture(params=["numba", "numpy"])
def kernel_path(request: pytest.FixtureRequest) -> str:
    """Run a test on both paths; returns what `path_name` says of the one."""
    wanted: str = request.param
    if wanted == "numpy":
        request.getfixturevalue("numpy_only")
    elif not kernel.HAS_NUMBA:
        pytest.skip("numba is not installed")
    assert kernel.path_name() == wanted
    return wanted
