"""Handle Ctrl-C as a flag that is checked between two updates.

As an exception it could occur in the middle of an update, or while a file is written.
"""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Self

#: The exit code of a command that Ctrl-C has ended.
INTERRUPTED = 130


class Interrupt:
    """Context manager that records Ctrl-C; the former signal handler is restored on exit.

    Attributes
    ----------
    requested : bool
        Whether Ctrl-C was pressed.
    """

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.requested = True
