"""A recording in a few lines."""

from __future__ import annotations

from bpviz.core.diagnosis.layouts import words
from bpviz.core.mistakes.program import keys_in_order
from bpviz.language import _
from bpviz.session.recording.recording import Recording


def describe(recording: Recording) -> tuple[str, ...]:
    """Return the network, how much was recorded and what of each update, one line each."""
    sizes = "-".join(map(str, recording.sizes))
    activations = ", ".join(recording.activations or (_("activations to be inferred"),))
    given = {key for update in recording.updates for key in update.raw.numbers}
    keys = [words(key) for key in keys_in_order(len(recording.sizes) - 1) if key in given]
    return (
        _("recording of a training that is not bpviz's: {sizes}, {activations}").format(
            sizes=sizes, activations=activations
        ),
        *recording.sentences(),
        _("recorded of an update: {what}").format(what=", ".join(keys) or _("its parameters alone")),
    )
