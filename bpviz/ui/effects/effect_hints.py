"""What the panel *Effect of a step* says while there is nothing to show, and of how many samples."""

from __future__ import annotations

from bpviz.language import N_, _, ngettext
from bpviz.ui.style import formats

NO_NETWORK = N_("Press F5 to train, or F10 to take one sample.")
NO_UPDATE = N_("Press F10 to take one sample, or F11 to take one operation.")
RUNNING = N_("Training runs: pause it to see an update, or choose “Last epoch”.")
NO_EPOCH = N_("No epoch is complete yet: press F5 to train.")
NO_SAMPLE = N_("Point at a sample, or select one, to see what a step on it would do.")
NO_DELTAS = N_("Waiting for the deltas…")
NO_SUBJECT = N_("Select a sample to see which updates moved it.")
NO_PAST = N_("No update has been made yet: press F5 to train, or F10 to take one sample.")
MEASURING = N_("Measuring…")

SELECTS = N_("Click or press Enter to select this sample")
GOES_THERE = N_("Click or press Enter to go to this update")


def samples_text(n_shown: int, n_training: int) -> str:
    """Return how many training samples are shown, and of how many."""
    total = formats.count(n_training)
    count = (
        total if n_shown == n_training else _("{count} of {total}").format(count=formats.count(n_shown), total=total)
    )
    return ngettext("{count} training sample", "{count} training samples", n_training).format(count=count)
