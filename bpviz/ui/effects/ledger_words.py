"""What a ledger is about, in words."""

from __future__ import annotations

import numpy as np

from bpviz.session.effects.ledger import Ledger, LedgerProgress
from bpviz.ui.style import formats


def progress_sentence(progress: LedgerProgress) -> str:
    """Return how far a replay has come."""
    if not progress.total:
        return "Replaying the epoch…"
    return f"Replaying: {formats.count(progress.done)} of {formats.count(progress.total)} updates…"


def changed_sentence() -> str:
    """Return why there is no ledger any more."""
    return "The run was changed after this ledger had been made: list the updates again."


def summary(ledger: Ledger, n_shown: int, *, is_classification: bool) -> str:
    """Return of which epoch a ledger is, what its rows add up to, and what was left out."""
    parts = [
        f"Epoch {formats.count(ledger.epoch)} to {formats.count(ledger.epoch + 1)}",
        _updates(ledger, n_shown),
    ]
    if is_classification:
        n_samples, n_right = int(ledger.sizes.sum()), int(ledger.n_right.sum())
        parts.append(f"{formats.count(n_samples - n_right)} of {formats.count(n_samples)} samples wrong")
    with np.errstate(all="ignore"):
        parts.append(f"MSE moved by {formats.number(float(ledger.mse_change.sum()))} in all")
    if ledger.n_scored < ledger.n_training:
        parts.append(f"MSE of {formats.count(ledger.n_scored)} of {formats.count(ledger.n_training)} training samples")
    if ledger.n_changes:
        parts.append(f"your {formats.count(ledger.n_changes)} changes in between are in no row")
    return " · ".join(parts)


def _updates(ledger: Ledger, n_shown: int) -> str:
    """Return how many updates there are, how many of them have rows, and how many of these are shown."""
    rows = f"{formats.count(ledger.n_rows)} {'update' if ledger.n_rows == 1 else 'updates'}"
    if ledger.n_rows < ledger.n_updates:
        rows = f"the first {formats.count(ledger.n_rows)} of {formats.count(ledger.n_updates)} updates"
    rows += "" if ledger.is_complete else " so far"
    return rows if n_shown == ledger.n_rows else f"{formats.count(n_shown)} shown of {rows}"
