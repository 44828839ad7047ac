"""What is known of a recording, in words."""

from __future__ import annotations

from bpviz.language import _
from bpviz.ui.view_model.recording_model import RecordingModel


def status_sentence(model: RecordingModel) -> str:
    """Return how much was recorded, how much of it is compared, and how many updates differ."""
    understood = model.understood
    if understood is None:
        return ""
    sizes = "-".join(map(str, understood.recording.sizes))
    return " ".join(
        (f"{sizes}, {', '.join(understood.activations)}.", *understood.recording.sentences(), _found(model))
    )


def _found(model: RecordingModel) -> str:
    assert model.understood is not None
    wrong = sum(not row.is_right for row in model.rows)
    if not model.is_surveyed:
        return _("{n_rows:,} compared so far, {wrong:,} differ.").format(n_rows=len(model.rows), wrong=wrong)
    if model.first_wrong is None:
        return _("No update differs.")
    return _("{wrong:,} differ, the first is update {number:,}.").format(
        wrong=wrong, number=model.understood.number(model.first_wrong)
    )
