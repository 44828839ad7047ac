"""Which versions are at work, found without importing them."""

import os
import platform
import sys

from bpviz import __version__

_PACKAGES = ("numpy", "scikit-learn", "PySide6-Essentials", "pyqtgraph", "matplotlib", "numba")
_SUFFIX = ".dist-info"


def versions() -> dict[str, str]:
    """Return name -> version of bpviz, Python and what bpviz is built on."""
    found = _installed()
    named = {name: found.get(_normalized(name)) or _version(name) for name in _PACKAGES}
    return {"bpviz": __version__, "Python": platform.python_version()} | named


def _installed() -> dict[str, str]:
    """Return name -> version of all packages, read off the folders that installers leave: NAME-VERSION.dist-info."""
    found: dict[str, str] = {}
    for folder in filter(os.path.isdir, sys.path):
        for entry in os.listdir(folder):
            if entry.endswith(_SUFFIX):
                name, _, version = entry.removesuffix(_SUFFIX).partition("-")
                found.setdefault(_normalized(name), version)
    return found


def _normalized(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_")


def _version(name: str) -> str:
    # For packages installed in other ways; it takes much longer, and a window writes the versions into its log at once.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
