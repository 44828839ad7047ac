"""Stop: what a clicker goes to, with what is said about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stop:
    """A place of a presentation.

    Attributes
    ----------
    heading : str
    text : str
        What may be left out of the caption, from its end, where there is no room for it.
    asked : str
        A question with its choices, or its answer: always in the caption.
    count : str
        Which one it is of how many; "" where they are not counted.
    """

    heading: str
    text: str = ""
    asked: str = ""
    count: str = ""
