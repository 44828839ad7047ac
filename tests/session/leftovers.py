"""Sessions as killed programs leave them."""

from __future__ import annotations

import os
from pathlib import Path

from bpviz.session.recovery.autosave_slot import make_slot


def leave_over(folder: Path, text: str, at: float) -> str:
    """Leave a text for a session, written at a time in seconds; returns the name of its shelf."""
    slot = make_slot(folder)
    slot.fresh.write_text(text, encoding="utf-8")
    os.utime(slot.fresh, (at, at))
    slot.leave()  # as the system does when a process ends
    return slot.name
