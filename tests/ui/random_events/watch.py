"""What a run of random events watches for: exceptions, Qt messages, reported faults, a silent loop, and growth."""

from __future__ import annotations

import gc
import os
import re
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from pyqtgraph import debug
from PySide6.QtCore import QCoreApplication, QEvent, QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QComboBox, QGraphicsView, QWidget

from bpviz.session.engine.commands import Command, RequestFrame, SetFrameOptions
from bpviz.session.engine.events import Failed
from bpviz.session.engine.runner import Runner

# Only Qt's offscreen platform says the first, and only QTest the second, of a drag that leaves the window.
_OF_TEST = re.compile(
    r"^This plugin does not support (propagateSizeHints|raise|grabbing the (mouse|keyboard))"
    r"|^Mouse event at .* occurs outside target window"
)
_FAULTS = re.compile(r"fault of bpviz|internal error|does not go with|not be saved", re.IGNORECASE)
SILENT_SECONDS = 5.0
# Other programs on the machine may take so many times the share of this one.
_BUSY_MACHINE = 6.0
# QMainWindow makes new ones, hidden and empty, at each arrangement of nested docks, and keeps the old ones.
_SEPARATOR = "qt_qmainwindow_extended_splitter"
# New objects that the program keeps for good after its first use: caches of Qt and of pyqtgraph.
_MOST_GROWTH, _ALLOWED_DESCRIPTORS = 0.05, 3


@dataclass(frozen=True)
class Fault:
    """What went wrong after how many events; `kind` is equal for the same fault in another run."""

    kind: str
    details: str
    number: int

    def __str__(self) -> str:
        return f"after event {self.number}: {self.kind}\n{self.details}"


class Watch:
    """Collects faults, and the commands given to the session.

    Attributes
    ----------
    faults : list of Fault
        One of each kind.
    commands : list of str
        All but those for drawing, each with the number of its event.
    number : int
        The number of the present event.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.commands: list[str] = []
        self.number = 0

    def add(self, kind: str, details: str = "") -> None:
        """Add a fault, unless one of its kind is known."""
        if all(fault.kind != kind for fault in self.faults):
            self.faults.append(Fault(kind, details, self.number))

    def add_exception(self, fault: BaseException) -> None:
        """Add an exception, named after its kind and the innermost line of the program."""
        frames = traceback.extract_tb(fault.__traceback__)
        own = [frame for frame in frames if "bpviz" in frame.filename and "tests" not in frame.filename] or frames
        where = f"{os.path.basename(own[-1].filename)}:{own[-1].name}" if own else "nowhere"
        self.add(f"{type(fault).__name__} in {where}", "".join(traceback.format_exception(fault)))

    def take_failure(self, failed: Failed) -> None:
        """Add a failure that the program shows if it is one of its own."""
        if failed.details:
            last = failed.details.strip().splitlines()[-1]
            found = re.findall(r'File ".*?(\w+\.py)", line \d+, in (\w+)', failed.details)
            where = ":".join(found[-1]) if found else "nowhere"
            self.add(f"{last.split(':')[0]} in {where}", failed.details)
        elif _FAULTS.search(failed.sentence):
            self.add(f"failure: {re.sub('[0-9]+', 'n', failed.sentence)[-90:]}", failed.sentence)

    @contextmanager
    def on(self) -> Iterator[None]:
        """Collect until the end of the context."""
        hook, post = sys.excepthook, Runner.post
        handler = qInstallMessageHandler(self._take_message)
        self.take_exceptions()

        def record(runner: Runner, command: Command) -> None:
            if not isinstance(command, RequestFrame | SetFrameOptions):
                self.commands.append(f"{self.number}: {command}")
            post(runner, command)

        Runner.post, printed = record, debug.printExc  # type: ignore[method-assign, assignment]
        debug.printExc = self._take_printed
        try:
            yield
        finally:
            Runner.post = post  # type: ignore[method-assign]
            debug.printExc = printed
            sys.excepthook = hook
            qInstallMessageHandler(handler)

    def take_exceptions(self) -> None:
        """Take unhandled exceptions, in place of the program that has just been made."""
        sys.excepthook = self._take_exception

    def _take_exception(self, kind: type[BaseException], fault: BaseException, where: TracebackType | None) -> None:
        self.add_exception(fault.with_traceback(where))

    def _take_printed(self, *_: object, **__: object) -> None:
        """Take an exception in a mouse event of a plot, which pyqtgraph would only print."""
        fault = sys.exception()
        if fault is not None:
            self.add_exception(fault)

    def _take_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if not _OF_TEST.match(message):
            stack = "".join(traceback.format_stack(limit=12))
            self.add(f"Qt says: {re.sub('0x[0-9a-f]+|[0-9]+', 'n', message)}", f"{message}\n{stack}")

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        """Add a fault if the event loop is silent for too long."""
        started, worked = time.monotonic(), time.thread_time()
        yield
        seconds, busy = time.monotonic() - started, time.thread_time() - worked
        if max(busy, seconds / _BUSY_MACHINE) > SILENT_SECONDS:
            self.add(
                f"the event loop was silent during {what.split(' ')[0]}",
                f"{seconds:.1f} s, {busy:.1f} s at work: {what}",
            )


def n_threads() -> int:
    """Return how many threads of Python's own there are."""
    return sum(not isinstance(each, threading._DummyThread) for each in threading.enumerate())


@dataclass(frozen=True)
class Usage:
    """How much of everything that must not grow."""

    threads: int
    descriptors: int
    widgets: int
    objects: int
    items: int
    classes: Counter[str] = field(default_factory=Counter, compare=False)

    @classmethod
    def now(cls, root: QObject) -> Usage:
        """Count, after everything deleted has gone."""
        for _ in range(2):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            gc.collect()
        for combo in [each for top in QApplication.topLevelWidgets() for each in top.findChildren(QComboBox)]:
            combo.view()  # made at its first use otherwise
        tops = QApplication.topLevelWidgets()
        found: list[Any] = [root, *tops, *(child for each in (root, *tops) for child in each.findChildren(QObject))]
        objects = [each for each in found if each.objectName() != _SEPARATOR]
        scenes = {id(each.scene()): each.scene() for each in objects if isinstance(each, QGraphicsView)}
        return cls(
            threads=n_threads(),
            descriptors=len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0,
            widgets=sum(isinstance(each, QWidget) for each in objects),
            objects=len(objects),
            items=len([item for scene in scenes.values() if scene for item in scene.items()]),
            classes=Counter(each.metaObject().className() for each in objects),
        )

    def growth_since(self, before: Usage) -> list[str]:
        """Return a sentence for each count that has grown by more than chance."""
        allowed = {
            "threads": before.threads,
            "descriptors": before.descriptors + _ALLOWED_DESCRIPTORS,
            **{name: (1 + _MOST_GROWTH) * getattr(before, name) for name in ("widgets", "objects", "items")},
        }
        return [
            f"{name} grew from {getattr(before, name)} to {getattr(self, name)}: "
            f"more of {dict((self.classes - before.classes).most_common(8))}"
            for name, most in allowed.items()
            if getattr(self, name) > most
        ]
