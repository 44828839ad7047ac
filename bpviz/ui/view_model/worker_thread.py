"""The worker thread that runs the session's loop, its start and its end."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread, Signal, Slot

from bpviz.session.engine.events import Event
from bpviz.session.engine.runner import Runner
from bpviz.session.recovery.command_journal import CommandJournal

# The first import of scikit-learn cannot be interrupted, and takes seconds on a slow disk.
_END_MILLISECONDS = 30_000


class Worker(QObject):
    """Runs a `Runner`, and emits its events as a signal."""

    happened = Signal(object)

    def __init__(self, journal: CommandJournal | None = None) -> None:
        super().__init__()
        self.runner = Runner(self._hand_on, journal)

    def _hand_on(self, event: Event) -> None:
        self.happened.emit(event)

    @Slot()
    def work(self) -> None:
        """Run the loop until it is closed, then end the thread."""
        self.runner.loop()
        # Called directly: a queued signal would need the GUI thread, which waits for this thread to end.
        QThread.currentThread().quit()


class WorkerThread(QObject):
    """A worker and its thread, which are started and ended once; `journal` keeps the last commands.

    `happened` is relayed on the thread that this object lives in, the GUI's.
    """

    happened = Signal(object)

    def __init__(self, parent: QObject | None = None, journal: CommandJournal | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("bpviz worker")
        self._worker = Worker(journal)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.work)
        self._worker.happened.connect(self._relay)

    @property
    def runner(self) -> Runner:
        """The runner; its `post` and `close` may be called from any thread."""
        return self._worker.runner

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def end(self) -> bool:
        """Close the runner and wait for the thread; return whether it has ended."""
        self.runner.close()
        # Waits also if the loop has ended: a QThread that is destroyed before it has finished aborts the process.
        return self._thread.wait(_END_MILLISECONDS)

    @Slot(object)
    def _relay(self, event: Event) -> None:
        self.happened.emit(event)
