"""Autosave slots as killed programs leave them."""

from __future__ import annotations

import os
from pathlib import Path

from bpviz.session.recovery.autosave_slot import make_slot


def leave_over(folder: Path, text: str, at: float) -> str:
    """Write a text as the session of an unlocked slot, with a time in seconds; return the slot's name."""
    slot = make_slot(folder)
    slot.fresh.write_text(text, encoding="utf-8")
    os.utime(slot.fresh, (at, at))
    slot.leave()  # as the system does when a process ends
    return slot.name
