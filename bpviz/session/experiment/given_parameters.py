"""Parameters that an experiment starts from, in place of drawn ones: their rule, and how a JSON text holds them."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass

import numpy as np

from bpviz.language import _

#: The initializer of an experiment that has its own parameters.
GIVEN = "given"
#: Weights and biases that an experiment may have.
MOST_PARAMETERS = 300_000


@dataclass(frozen=True)
class FiniteNumbers:
    """A list of at most `most` finite numbers."""

    most: int

    def problem(self, value: object) -> str | None:
        """See `bpviz.session.experiment.validation.Rule`."""
        if not isinstance(value, tuple | list):
            return _("must be a list of numbers")
        if len(value) > self.most:
            return _("may have at most {most:,} entries, not {count:,}").format(most=self.most, count=len(value))
        # Each entry by itself would take a third of a second for the longest list.
        if not set(map(type, value)) <= {float, int}:
            return _("must be a list of numbers")
        try:
            return None if all(map(math.isfinite, value)) else _("must be finite numbers")
        except OverflowError:
            return _("must be finite numbers")


def to_text(parameters: tuple[float, ...]) -> str:
    """Return numbers as a JSON file holds them: base64 of 8 bytes each, little-endian; all their digits are kept."""
    return base64.b64encode(np.array(parameters, dtype="<f8").tobytes()).decode()


def from_text(text: str) -> tuple[float, ...]:
    """Return the numbers of a text made by `to_text`.

    Raises
    ------
    ValueError
        If it is another text, or longer than the longest list; the message is the rest of a sentence.
    """
    if len(text) > 4 * (8 * MOST_PARAMETERS // 3 + 1):
        raise ValueError(_("may have at most {most_parameters:,} entries").format(most_parameters=MOST_PARAMETERS))
    try:
        return tuple(np.frombuffer(base64.b64decode(text, validate=True), "<f8").tolist())
    except (binascii.Error, ValueError) as fault:
        raise ValueError(_("must be numbers of 8 bytes each, in base64")) from fault
