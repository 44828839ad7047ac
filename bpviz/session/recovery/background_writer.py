"""A thread that writes what it is given and ends when nothing is left."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")


class BackgroundWriter(Generic[Item]):
    """Writes on a thread of its own, so that training never waits for a slow disk.

    The thread exists only while there is something to write.

    Parameters
    ----------
    write : callable
        Called on that thread with one item after another; must not raise.
    name : str
        Name of the thread.
    most_waiting : int, optional
        Only so many of the latest items wait while one is being written; all by default.
    """

    def __init__(self, write: Callable[[Item], None], name: str, most_waiting: int | None = None) -> None:
        self._write, self._name = write, name
        self._lock = Lock()  # guards the next two attributes
        self._waiting: deque[Item] = deque(maxlen=most_waiting)
        self._thread: Thread | None = None

    def write(self, item: Item) -> None:
        """Write an item, which must not be changed afterwards."""
        with self._lock:
            self._waiting.append(item)
            if self._thread is None:
                # Not a daemon thread: Python would stop that in the middle of a write when the program ends.
                self._thread = Thread(target=self._write_what_waits, name=self._name)
                self._thread.start()

    def drop_waiting(self) -> None:
        """Forget the items that are not being written yet."""
        with self._lock:
            self._waiting.clear()

    def wait(self) -> None:
        """Wait until nothing is left to write."""
        with self._lock:
            thread = self._thread
        if thread:
            thread.join()

    def _write_what_waits(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                item = self._waiting.popleft()
            self._write(item)
