"""The fonts of LaTeX documents with texts in ideographs."""

from __future__ import annotations

import re

from bpviz.language import IDEOGRAPH

_BEGIN = "\\begin{document}"


def with_fonts(document: str) -> str:
    """Return a document that loads ctex if it has ideographs; it is then one for XeLaTeX or LuaLaTeX."""
    if re.search(IDEOGRAPH, document) is None:
        return document
    return document.replace(_BEGIN, f"\\usepackage{{ctex}}\n{_BEGIN}", 1)
