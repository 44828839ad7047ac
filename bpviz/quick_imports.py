"""Imports at full speed while the window starts."""

from __future__ import annotations

import builtins
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import without garbage collection, and from then on without PySide6's search for its name in every module.

    PySide6 replaces `__import__` for the sake of ``from __feature__ import``, which bpviz does not use: its own reads
    the source of each module, also of all those of scikit-learn and numba.
    """
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
