"""Combo boxes whose items have a word, which the code and the settings know, and a text in the user's language."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox

from bpviz.language import _


def offer(combo: QComboBox, words: Iterable[str]) -> None:
    """Add an item for each word, which is its data; the text is its translation."""
    for word in words:
        combo.addItem(_(word), str(word))


def chosen(combo: QComboBox) -> str:
    """Return the word of the current item, "" if there is none."""
    return str(combo.currentData() or "")


def choose(combo: QComboBox, word: str) -> None:
    """Select the item with a word; without effect if there is none."""
    index = combo.findData(word)
    if index >= 0:
        combo.setCurrentIndex(index)
