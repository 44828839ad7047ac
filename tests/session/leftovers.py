"""Sessions as killed programs leave them."""

from __future__ import annotations

import os
from pathlib import Path

from bpviz.session.recovery.autosave_slot import make_shelf


def leave_over(folder: Path, text: str, at: float) -> str:
    """Leave a text for a session, written at a time in seconds; returns the name of its shelf."""
    shelf = make_shelf(folder)
    shelf.fresh.write_text(text, encoding="utf-8")
    os.utime(shelf.fresh, (at, at))
    shelf.leave()  # as the system does when a process ends
    return shelf.name
