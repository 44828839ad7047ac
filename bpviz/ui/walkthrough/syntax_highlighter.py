"""Syntax highlighting of Python by the interpreter's own tokenizer."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections import defaultdict

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from bpviz.ui.style.theme import LIGHT, Theme

# Line number from 0 -> (start, length, kind) of each coloured token.
_Spans = dict[int, list[tuple[int, int, str]]]


class SyntaxHighlighter(QSyntaxHighlighter):
    """Highlights a document that does not change.

    Parameters
    ----------
    document : QTextDocument
        Contains Python code.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        # The document never changes, so all of it is tokenized once instead of line by line.
        self._spans = _spans(document.toPlainText())
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme."""
        colours = {"keyword": theme.accuracy, "number": theme.mse, "muted": theme.muted, "defined": theme.ink}
        self._formats = {kind: _format(colour) for kind, colour in colours.items()}
        self._formats["defined"].setFontWeight(QFont.Weight.Bold)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Set the formats of one line."""
        for start, length, kind in self._spans.get(self.currentBlock().blockNumber(), ()):
            self.setFormat(start, length, self._formats[kind])


def _format(colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    return made


def _spans(text: str) -> _Spans:
    spans: _Spans = defaultdict(list)
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = _kind(token, before)
        before = token.string
        for line in range(token.start[0], token.end[0] + 1) if kind else ():
            start = token.start[1] if line == token.start[0] else 0
            end = token.end[1] if line == token.end[0] else len(text.splitlines()[line - 1])
            spans[line - 1].append((start, end - start, kind))
    return spans


def _kind(token: tokenize.TokenInfo, before: str) -> str:
    name = tokenize.tok_name[token.type]
    if name in ("COMMENT", "STRING") or name.startswith("FSTRING"):
        return "muted"
    if name == "NUMBER":
        return "number"
    if name == "NAME" and before in ("def", "class"):
        return "defined"
    return "keyword" if name == "NAME" and keyword.iskeyword(token.string) else ""
