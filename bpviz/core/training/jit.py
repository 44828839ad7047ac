"""Settings with which numba compiles the training loops: GIL released, results cached on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit

import bpviz.core

# fastmath flags. `reassoc` lets the compiler reorder sums, without which it cannot vectorise a dot product; `contract`
# allows fused multiply-add. `nnan` and `ninf` are left out on purpose: with them the compiler may assume that no NaN or
# infinity occurs, and the check for non-finite numbers would be optimised away.
FAST_SUMS = {"reassoc", "contract", "nsz"}
# For code whose order of operations matters: the range reduction of exp, comparisons with NaN.
STRICT = {"contract"}
_CORE = Path(bpviz.core.__file__).parent


def _cache_folder() -> str:
    """Return a cache folder whose name contains a hash of all sources of `bpviz.core`.

    numba checks only the file of the compiled function for changes. The loops call functions of other files, whose
    changes it would miss and so run stale code.
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_CORE.rglob("*.py"))))
    return str(_CORE / "training" / "__pycache__" / f"compiled-{digest.hexdigest()[:16]}")


config.CACHE_DIR = config.CACHE_DIR or _cache_folder()


def compiled(fastmath: set[str], allocates: bool = True, is_part: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator that compiles a function to release the GIL, cached on disk if a folder is writable.

    Parameters
    ----------
    fastmath : set of str
        `FAST_SUMS` or `STRICT`.
    allocates : bool
        Whether the function may make arrays. If it may, numba counts the references to all of its arrays, whenever it
        takes a slice or calls a function: this took up to half of the time of a small network.
    is_part : bool
        Whether it becomes part of each compiled function that calls it; see `inlined`.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        # nogil: the window keeps painting while a slice of training runs. error_model "numpy": a division by zero gives
        # infinity or NaN as in numpy; the default raises, and its check in every division prevents vectorising.
        options: dict[str, Any] = {"nogil": True, "fastmath": fastmath, "error_model": "numpy"}
        options |= {"_nrt": allocates, "forceinline": is_part}
        try:
            return njit(cache=True, **options)(function)
        except RuntimeError:  # numba found no writable cache folder
            return njit(**options)(function)

    return decorate


def inlined(fastmath: set[str]) -> Callable[[Callable[..., Any]], Any]:
    """Return a decorator for functions that become part of each compiled function that calls them, and make no array.

    A function that is called has two copies of machine code: its own, and one with its caller in the cache, which is
    optimised twice and may add up in another order. The process that compiles them uses the first, later ones the
    second, and so the same training would differ in the last bits.
    """
    return compiled(fastmath, allocates=False, is_part=True)
