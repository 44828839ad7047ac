"""What holds for all tests. Nothing here imports Qt: the mathematics and the sessions are tested without it."""

import gc
import os
from collections.abc import Generator

import pytest

from bpviz.core.training import kernel

# Before anything makes a QApplication: tests need no display, and open no windows over somebody's work.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests read English texts, in whatever language the machine is.
os.environ["LANGUAGE"] = "en"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the garbage collector rest while tests are collected, which leaves no garbage, and pass over them later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile once for all processes that pytest-xdist starts, while they collect: the cache on disk is theirs too."""
    if session.config.getoption("dist", "no") != "no" and not hasattr(session.config, "workerinput"):
        kernel.start_compiling()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished() -> None:
    """Give no process a test before the cache is there."""
    kernel.wait_until_compiled()


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
