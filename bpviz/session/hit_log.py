"""Writes where breakpoints held, for other programs to read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from bpviz.session.breakpoints import Hit
from bpviz.session.files import write_whole

COLUMNS = ("hit", "epoch", "samples_done", "operations_done", "sample", "condition", "value")


def write_hits(path: Path, hits: Iterable[Hit]) -> None:
    """Write one row of CSV for each condition of each hit, oldest first, each value with all its digits.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """

    def write(file: BinaryIO) -> None:
        with io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
            rows = csv.writer(text, lineterminator="\n")
            rows.writerow(COLUMNS)
            for number, hit in enumerate(hits, start=1):
                rows.writerows(_rows(number, hit))

    write_whole(path, write)


def _rows(number: int, hit: Hit) -> Iterator[tuple[object, ...]]:
    where = (number, hit.position.epoch, hit.position.sample, hit.position.operation, hit.sample)
    for condition, value in zip(hit.breakpoint.conditions, hit.values, strict=True):
        yield (*where, condition.words(), float(value))
