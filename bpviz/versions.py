"""Which versions are at work, found without importing them."""

import platform
from importlib.metadata import PackageNotFoundError, version

from bpviz import __version__

_PACKAGES = ("numpy", "scikit-learn", "PySide6-Essentials", "pyqtgraph", "matplotlib", "numba")


def versions() -> dict[str, str]:
    """Return name -> version of bpviz, Python and what bpviz is built on."""
    return {"bpviz": __version__, "Python": platform.python_version()} | {name: _version(name) for name in _PACKAGES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
