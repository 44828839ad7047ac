"""Export of a ledger as CSV."""

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bpviz.session.files.csv_export import LEDGER_COLUMNS, LEDGER_SCORES, write_ledger
from bpviz.session.files.safe_write import ExportError
from tests.session.effects.by_hand import trained
from tests.session.effects.test_ledger import ledger_of
from tests.session.helpers import SMALL


def test_the_rows_are_written_in_the_given_order_and_in_full_precision(tmp_path: Path) -> None:
    ledger = ledger_of(trained(dataclasses.replace(SMALL, batch_size=5)), 2)
    write_ledger(tmp_path / "ledger.csv", ledger, np.array([4, 0]))
    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == [*LEDGER_COLUMNS, "delta_rms_1", "delta_rms_2", "delta_rms_3", *LEDGER_SCORES]
    assert [row[:3] for row in rows] == [["2", "20", "20 21 22 23 24"], ["2", "0", "0 1 2 3 4"]]
    named = dict(zip(head, rows[0], strict=True))
    assert (int(named["n_samples"]), int(named["n_right"])) == (5, ledger.n_right[4])
    for name in ("loss_before", "loss_after", "update_norm", "mse_before", "mse_after"):
        assert float(named[name]) == getattr(ledger, name)[4]
    assert [float(named[f"delta_rms_{layer}"]) for layer in (1, 2, 3)] == ledger.delta_rms[4].tolist()


def test_a_file_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        write_ledger(tmp_path, ledger_of(trained(), 2), np.array([0]))
