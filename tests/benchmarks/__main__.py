"""Print the table of all benchmarks, or of the named ones: `python -m tests.benchmarks [algorithm] [batches] ...`."""

import os
import sys

# One core for all programs; the libraries read these variables at their first import.
os.environ.update({f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")})

from tests.benchmarks import algorithm, batches, prediction, startup, window

PARTS = {
    "algorithm": algorithm.rows,
    "batches": batches.rows,
    "prediction": prediction.rows,
    "window": window.rows,
    "startup": startup.rows,
}


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all, and print each row as soon as it is measured."""
    print("| measure | found | target | met |\n|---|---|---|---|")
    for name in names or PARTS:
        for row in PARTS[name]():
            print(row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
