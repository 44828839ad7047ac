"""What a ledger is about, in words."""

from __future__ import annotations

import numpy as np

from bpviz.language import _, ngettext
from bpviz.session.effects.ledger import Ledger, LedgerProgress
from bpviz.ui.style import formats


def progress_sentence(progress: LedgerProgress) -> str:
    """Return how far a replay has come."""
    if not progress.total:
        return _("Replaying the epoch…")
    return _("Replaying: {part} of {whole} updates…").format(
        part=formats.count(progress.done), whole=formats.count(progress.total)
    )


def changed_sentence() -> str:
    """Return why there is no ledger any more."""
    return _("The run was changed after this ledger had been made: list the updates again.")


def summary(ledger: Ledger, n_shown: int, *, is_classification: bool) -> str:
    """Return of which epoch a ledger is, what its rows add up to, and what was left out."""
    parts = [
        _("Epoch {first} to {last}").format(first=formats.count(ledger.epoch), last=formats.count(ledger.epoch + 1)),
        _updates(ledger, n_shown),
    ]
    if is_classification:
        n_samples, n_right = int(ledger.sizes.sum()), int(ledger.n_right.sum())
        parts.append(
            _("{part} of {whole} samples wrong").format(
                part=formats.count(n_samples - n_right), whole=formats.count(n_samples)
            )
        )
    with np.errstate(all="ignore"):
        parts.append(_("MSE moved by {number} in all").format(number=formats.number(float(ledger.mse_change.sum()))))
    if ledger.n_scored < ledger.n_training:
        parts.append(
            _("MSE of {part} of {whole} training samples").format(
                part=formats.count(ledger.n_scored), whole=formats.count(ledger.n_training)
            )
        )
    if ledger.n_changes:
        parts.append(_("your {count} changes in between are in no row").format(count=formats.count(ledger.n_changes)))
    return " · ".join(parts)


def _updates(ledger: Ledger, n_shown: int) -> str:
    """Return how many updates there are, how many of them have rows, and how many of these are shown."""
    rows = ngettext("{count} update", "{count} updates", ledger.n_rows).format(count=formats.count(ledger.n_rows))
    if ledger.n_rows < ledger.n_updates:
        rows = _("the first {shown} of {total} updates").format(
            shown=formats.count(ledger.n_rows), total=formats.count(ledger.n_updates)
        )
    rows += "" if ledger.is_complete else _(" so far")
    return (
        rows
        if n_shown == ledger.n_rows
        else _("{count} shown of {rows}").format(count=formats.count(n_shown), rows=rows)
    )
