"""Check for a display: without one Qt aborts the process, instead of raising an error."""

from __future__ import annotations

import os
import re
import socket
import sys

_X_SOCKET = "/tmp/.X11-unix/X{}"
_LOCAL = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")


def has_display() -> bool:
    """Return whether a window can open: False on Linux without a display, or with one that does not respond."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY")) or _x_answers(os.environ.get("DISPLAY", ""))


def _x_answers(display: str) -> bool:
    local = _LOCAL.fullmatch(display)
    if local is None:
        return bool(display)  # a display on another machine: Qt reports whether it can be opened
    path = _X_SOCKET.format(local[1])
    # Some X servers listen only on a socket in Linux's abstract namespace, with the same name.
    return _listens(path) or _listens(f"\0{path}")


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(address) == 0
