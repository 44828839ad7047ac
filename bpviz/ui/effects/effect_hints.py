"""What the panel *Effect of a step* says while there is nothing to show, and of how many samples."""

from __future__ import annotations

from bpviz.ui.style import formats

NO_NETWORK = "Press F5 to train, or F10 to take one sample."
NO_UPDATE = "Press F10 to take one sample, or F11 to take one operation."
RUNNING = "Training runs: pause it to see an update, or choose “Last epoch”."
NO_EPOCH = "No epoch is complete yet: press F5 to train."
NO_SAMPLE = "Point at a sample, or select one, to see what a step on it would do."
NO_DELTAS = "Waiting for the deltas…"
NO_SUBJECT = "Select a sample to see which updates moved it."
NO_PAST = "No update has been made yet: press F5 to train, or F10 to take one sample."
MEASURING = "Measuring…"

SELECTS = "Click or press Enter to select this sample"
GOES_THERE = "Click or press Enter to go to this update"


def samples_text(n_shown: int, n_training: int) -> str:
    """Return how many training samples are shown, and of how many."""
    total = formats.count(n_training)
    count = total if n_shown == n_training else f"{formats.count(n_shown)} of {total}"
    return f"{count} training {'sample' if n_training == 1 else 'samples'}"
