"""Combinations of values for tests, of which the quick run takes a part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def combinations(first: Iterable[Any], second: Iterable[Any], every: int = 5) -> list[Any]:
    """Return every pair of two lists as parameters; a pair of the second list may itself be a tuple of parameters.

    Each value of both lists is in some of the pairs that are not marked slow: every fifth along the diagonals.
    """
    found = []
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            values = (one, *other) if isinstance(other, tuple) else (one, other)
            found.append(pytest.param(*values, marks=pytest.mark.slow if (row + column) % every else ()))
    return found
