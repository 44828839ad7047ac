"""Print the table of all benchmarks: `python -m tests.benchmarks [algorithm] [window] [startup]`."""

import os
import sys

# One core for everybody; read by the libraries when they are first imported.
os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")})

from tests.benchmarks import algorithm, startup, window

PARTS = {"algorithm": algorithm.rows, "window": window.rows, "startup": startup.rows}


def main(names: list[str]) -> None:
    """Measure the parts that are named, or all, and print each row when it is known."""
    print("| measure | found | target | met |\n|---|---|---|---|")
    for name in names or PARTS:
        for row in PARTS[name]():
            print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
