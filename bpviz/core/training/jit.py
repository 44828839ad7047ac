"""How numba compiles the loops: without the interpreter's lock, and once for an installation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit

import bpviz.core

# Sums may be taken in any order, a product and a sum in one instruction. NaN and infinity keep their meaning.
SUMS = {"reassoc", "contract", "nsz"}
EXACT = {"contract"}
_CORE = Path(bpviz.core.__file__).parent


def _cache_folder() -> str:
    """Return a cache folder named by a hash of all sources of `bpviz.core`, at any depth.

    numba looks only at the file of the outermost loop when it decides whether compiled code is stale. The loops inline
    functions of other files and packages, whose changes it would miss.
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_CORE.rglob("*.py"))))
    return str(_CORE / "training" / "__pycache__" / f"compiled-{digest.hexdigest()[:16]}")


config.CACHE_DIR = config.CACHE_DIR or _cache_folder()


def compiled(fastmath: set[str]) -> Callable[[Callable[..., Any]], Any]:
    """Compile without the interpreter's lock, with a cache on disk where there is a place for one."""

    def decorate(function: Callable[..., Any]) -> Any:
        options: dict[str, Any] = {"nogil": True, "fastmath": fastmath, "error_model": "numpy"}
        try:
            return njit(cache=True, **options)(function)
        except RuntimeError:  # numba found no folder that can be written
            return njit(**options)(function)

    return decorate
