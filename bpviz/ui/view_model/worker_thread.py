"""The session's loop on a thread of its own, and that thread's orderly end."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread, Signal, Slot

from bpviz.session.engine.events import Event
from bpviz.session.engine.runner import Runner

# The first import of scikit-learn cannot be interrupted, and takes seconds on a slow disk.
_END_MILLISECONDS = 30_000


class Worker(QObject):
    """Runs a `Runner` and hands its events on as a signal."""

    happened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.runner = Runner(self._hand_on)

    def _hand_on(self, event: Event) -> None:
        self.happened.emit(event)

    @Slot()
    def work(self) -> None:
        """Run until the runner is closed; this is the thread's whole life."""
        self.runner.loop()
        # Called, not signalled: the thread object lives on the GUI thread, which waits for this very end.
        QThread.currentThread().quit()


class WorkerThread(QObject):
    """A worker and its thread, together: started once, ended once.

    `happened` is relayed on the thread that this object lives in, the GUI's.
    """

    happened = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("bpviz worker")
        self._worker = Worker()
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.work)
        self._worker.happened.connect(self._relay)

    @property
    def runner(self) -> Runner:
        """Takes commands from any thread."""
        return self._worker.runner

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def end(self) -> bool:
        """Ask the loop to end and wait for the thread; returns whether it has ended."""
        self.runner.close()
        # Also where it does not run: it may be finishing, and must not be destroyed before it has finished.
        return self._thread.wait(_END_MILLISECONDS)

    @Slot(object)
    def _relay(self, event: Event) -> None:
        self.happened.emit(event)
