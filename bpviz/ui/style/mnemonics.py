"""Texts without the marks of their mnemonics, where no key underlines a letter."""

from __future__ import annotations

import re

# In Chinese the letter follows the text in brackets.
_MARK = re.compile(r"\(&\w\)|&(.)")


def without_mnemonic(text: str) -> str:
    """Return "Open" for "&Open", "打开" for "打开(&O)", and "A & B" for "A && B"."""
    return _MARK.sub(lambda found: found[1] or "", text)
