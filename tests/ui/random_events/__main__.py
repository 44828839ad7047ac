"""Run random events by hand: `python -m tests.ui.random_events --seeds 10 --events 20000`.

Every seed has a process of its own. A failure prints the shortest run that still fails, and its commands.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
from pathlib import Path

from tests.ui.random_events import shorten

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _one(options: argparse.Namespace) -> int:
    """Run one seed in this process."""
    import gc

    from bpviz.app import make_application
    from bpviz.core.training import kernel
    from tests.ui.random_events.run import Plan, RandomRun, report

    faulthandler.enable()
    if not options.compiled:
        kernel.HAS_NUMBA = False  # the window is the same, and each process starts half a minute earlier
    gc.disable()  # the program collects by a timer on its own thread
    app = make_application()
    numbers = tuple(range(options.events))
    if options.only:
        numbers = tuple(map(int, Path(options.only).read_text(encoding="ascii").split()))
    with tempfile.TemporaryDirectory() as folder, open(options.log or os.devnull, "w", encoding="utf-8") as log:
        os.chdir(folder)
        run = RandomRun(Plan(options.seed, numbers, Path(folder), options.go_on, options.hang), log)
        watch = run.run()
        faulthandler.cancel_dump_traceback_later()
        os.chdir("/")
    for line in report(watch):
        print(line)
    print("FAULTS:", " | ".join(fault.kind for fault in watch.faults))
    sys.stdout.flush()
    del run, app
    os._exit(1 if watch.faults else 0)  # what is left of Qt is not of interest here


def main() -> int:
    """Run the seeds one after another."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="number of seeds")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--events", type=int, default=20_000, help="events of each seed")
    parser.add_argument("--compiled", action="store_true", help="train with numba, which takes a while to compile")
    parser.add_argument("--go-on", action="store_true", help="go on after a fault, and do not shorten")
    parser.add_argument("--seed", type=int, help="run this seed alone, in this process")
    parser.add_argument("--only", help="a file with the numbers of the events to be made")
    parser.add_argument("--log", help="file for the events in words")
    parser.add_argument("--hang", type=float, default=120, help="seconds of one event after which the run is given up")
    options = parser.parse_args()
    if options.seed is not None:
        return _one(options)
    failed = 0
    for seed in range(options.first, options.first + options.seeds):
        found = shorten.run_apart(seed, tuple(range(options.events)), goes_on=options.go_on, compiled=options.compiled)
        print(f"seed {seed}: {found.made} events, {found.kind or 'nothing found'}", flush=True)
        if found.kind:
            failed += 1
            print(found.output, flush=True)
            if not options.go_on:
                print(shorten.shortest(seed, found, compiled=options.compiled), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
