"""A long run of unlimited training with all panels on screen: memory, descriptors and objects must not grow.

    python -m tests.benchmarks.soak --minutes 60 [--log FILE]

Every minute one line is printed, or appended to the file. At the end the last minute is compared with the tenth: the
exit code is 1 if a figure has grown by more than 5 %. The records of epochs do grow, since every epoch is kept, once in
the session and once in the window: their size is printed, and the memory compared is that without them.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QGraphicsView

from bpviz.app import Program, make_application
from bpviz.session.engine.commands import Run
from bpviz.session.engine.events import State
from bpviz.session.experiment.presets import load_preset
from bpviz.ui.window.settings import Settings
from bpviz.ui.window.workspaces import Workspace, arrange

_ENDLESS = 10_000_000  # the most that an experiment can have
_MINUTE_MILLISECONDS = 60_000
_SETTLED_MINUTE, _MOST_GROWTH = 10, 0.05
# Offscreen no screen limits the window: no panel has to share its place with another as a tab.
_SIZE, _ROWS = (3600, 1800), 3
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclasses.dataclass(frozen=True)
class Usage:
    """What the process holds at one moment; all but records and blocks must not grow."""

    memory: float
    records: float
    descriptors: int
    threads: int
    objects: int
    items: int
    blocks: int

    def growth_since(self, other: Usage) -> dict[str, float]:
        """Return the relative growth of each figure but the count of Python's blocks, which swings."""
        names = ("descriptors", "threads", "objects", "items")
        growth = {name: getattr(self, name) / max(getattr(other, name), 1) - 1 for name in names}
        return growth | {"memory": (self.memory - self.records) / (other.memory - other.records) - 1}

    def __str__(self) -> str:
        return (
            f"memory {self.memory:.1f} MiB, of it records {self.records:.1f} MiB, descriptors {self.descriptors}, "
            f"threads {self.threads}, objects {self.objects}, items {self.items}, blocks {self.blocks}"
        )


def usage(root: Program) -> Usage:
    """Return what the process holds: resident memory, descriptors, threads, Qt objects, graphics items, blocks."""
    tops = QApplication.topLevelWidgets()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    scenes = {id(view.scene()): view.scene() for top in tops for view in top.findChildren(QGraphicsView)}
    return Usage(
        memory=pages * _PAGE_BYTES / 2**20,
        records=2 * sum(array.nbytes for array in root.model.epochs.arrays().values()) / 2**20,
        descriptors=len(os.listdir("/proc/self/fd")),
        threads=threading.active_count(),
        objects=sum(1 + len(each.findChildren(QObject)) for each in (root, *tops)),
        items=len([item for scene in scenes.values() if scene for item in scene.items()]),
        blocks=sys.getallocatedblocks(),
    )


class Soak(QObject):
    """Trains for a number of minutes with all panels on screen, and records the usage of each minute."""

    def __init__(self, minutes: int, log: Path | None) -> None:
        super().__init__()
        self._minutes, self._log, self._started = minutes, log, time.monotonic()
        self.found: list[Usage] = []
        self.failures: list[object] = []
        experiment = dataclasses.replace(load_preset("moons").experiment, epochs=_ENDLESS)
        self.program = Program(experiment, Settings(None), preset="moons", size=_SIZE)
        self.program.model.failed.connect(self._fail)
        self.program.model.experiment_prepared.connect(self._begin)
        self._timer = QTimer(self, interval=_MINUTE_MILLISECONDS)
        self._timer.timeout.connect(self._record)

    @Slot()
    def _begin(self) -> None:
        window, model = self.program.window, self.program.model
        keys = [panel.objectName() for panel in window.docks.all]
        columns = tuple(tuple((key,) for key in keys[first : first + _ROWS]) for first in range(0, len(keys), _ROWS))
        arrange(window, window.docks.all, Workspace(columns, (1,) * len(columns), ((1,) * _ROWS,) * len(columns), True))
        model.set_speed(None)
        model.step("sample")  # so that the panels of one update have something to show
        model.post(Run())
        self._timer.start()

    @Slot(object)
    def _fail(self, failure: object) -> None:
        self.failures.append(failure)
        self.program.window.close()

    @Slot()
    def _record(self) -> None:
        self.found.append(usage(self.program))
        model, minutes = self.program.model, len(self.found)
        seen = sum(panel.is_seen for panel in self.program.window.docks.all)
        line = (
            f"minute {minutes}: {self.found[-1]}, epochs {len(model.epochs)}, panels seen {seen} of "
            f"{len(self.program.window.docks.all)}, state {model.status.state.name}, failures {len(self.failures)}"
        )
        if self._log:
            with self._log.open("a", encoding="utf-8") as file:
                print(line, file=file)
        else:
            print(line, flush=True)
        if minutes >= self._minutes or model.status.state is not State.RUNNING:
            self.program.window.close()

    def verdict(self) -> list[str]:
        """Return one sentence for each thing that went wrong."""
        wrong = [str(failure) for failure in self.failures]
        if len(self.found) < self._minutes:
            wrong.append(f"training ended after {len(self.found)} minutes")
        if len(self.found) > _SETTLED_MINUTE:
            growth = self.found[-1].growth_since(self.found[_SETTLED_MINUTE - 1])
            wrong += [f"{name} grew by {share:.1%}" for name, share in growth.items() if share > _MOST_GROWTH]
        return wrong


def main(arguments: list[str]) -> int:
    """Run the soak and print its verdict."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--log", type=Path)
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    soak = Soak(options.minutes, options.log)
    soak.program.show()
    app.exec()
    wrong = soak.verdict()
    print("\n".join(wrong) or "nothing grew")
    soak.program.delete()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
