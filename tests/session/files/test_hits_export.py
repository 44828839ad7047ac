import csv
import math
from pathlib import Path

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import Breakpoint, Condition, Hit
from bpviz.session.files.csv_export import HIT_COLUMNS, write_hits
from bpviz.session.files.safe_write import ExportError
from bpviz.session.training.position import Position

SMALL, LATE = Condition(Metric("abs_delta", 1), "<", 1e-5), Condition(Metric("epoch"), "≥", 1)
HITS = (
    Hit(Position(1, 4, 9), 17, Breakpoint((SMALL,)), (0.1 + 0.2,)),
    Hit(Position(2, 0, 12), 3, Breakpoint((SMALL, LATE)), (math.nan, 2.0)),
)


def test_every_condition_of_every_hit_is_a_row_with_all_digits(tmp_path: Path) -> None:
    write_hits(tmp_path / "hits.csv", HITS)
    with (tmp_path / "hits.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        list(HIT_COLUMNS),
        ["1", "1", "4", "9", "17", "largest |delta| of layer 1 < 1e-05", "0.30000000000000004"],
        ["2", "2", "0", "12", "3", "largest |delta| of layer 1 < 1e-05", "nan"],
        ["2", "2", "0", "12", "3", "epoch ≥ 1", "2.0"],
    ]


def test_a_log_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="that is a folder"):
        write_hits(tmp_path, HITS)
