"""All mistakes by name, the most likely first."""

from __future__ import annotations

from types import MappingProxyType

from bpviz.core.mistakes.in_backward import IN_BACKWARD
from bpviz.core.mistakes.in_forward import IN_FORWARD
from bpviz.core.mistakes.in_gradients import IN_GRADIENTS, IN_UPDATE
from bpviz.core.mistakes.in_slope import IN_SLOPE
from bpviz.core.mistakes.scaled import SCALED

MISTAKES = MappingProxyType(
    {mistake.name: mistake for mistake in (*IN_SLOPE, *IN_BACKWARD, *IN_GRADIENTS, *SCALED, *IN_UPDATE, *IN_FORWARD)}
)
