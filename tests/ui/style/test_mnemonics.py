"""Texts without the marks of their mnemonics."""

import pytest

from bpviz.ui.style.mnemonics import without_mnemonic


@pytest.mark.parametrize(
    ("marked", "plain"),
    [("&Open…", "Open…"), ("打开(&O)…", "打开…"), ("A && B", "A & B"), ("E&xit (now)", "Exit (now)"), ("Run", "Run")],
)
def test_a_mark_is_left_out_and_a_doubled_one_is_an_ampersand(marked: str, plain: str) -> None:
    assert without_mnemonic(marked) == plain
