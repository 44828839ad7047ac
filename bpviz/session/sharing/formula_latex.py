"""Formulas as LaTeX, for documents: with symbols, with the numbers of a neuron, and all operations of an update."""

from __future__ import annotations

import dataclasses
import re

from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.formula import Formula, formula
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate

_PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath}
\begin{document}
"""
_END = "\\end{document}\n"
#: Characters of the calculations, and how LaTeX writes them in formulas.
_SYMBOLS = {
    "−": "-",
    "×": r"\times ",
    "·": r"\cdot ",
    "½": r"\tfrac{1}{2}",
    "←": r"\leftarrow ",
    "√": r"\sqrt",
    "‖": r"\|",
    "…": r"\dots ",
    "∞": r"\infty ",
    "δ": r"\delta ",
    "Φ": r"\Phi ",
    "φ": r"\varphi ",
    "σ": r"\sigma ",
    "π": r"\pi ",
    "λ": r"\lambda ",
    "η": r"\eta ",
    "ε": r"\varepsilon ",
    "Σ": r"\sum ",
    "≈": r"\approx ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "²": "^{2}",
    "′": "'",
    "∂": r"\partial ",
    "⊙": r"\odot ",
    "ᵀ": r"^{\top}",
    "|": r"\vert ",
    "%": r"\%",
}
_WORDS = {
    **{name: rf"\{name} " for name in ("ln", "exp", "max", "min", "tanh", "sin", "cos")},
    **{name: rf"\mathrm{{{name}}}" for name in ("error", "slope", "erf", "sign")},
    "dW": r"\mathrm{d}W",
    "db": r"\mathrm{d}b",
}
_TAG = re.compile(r"<(/?)(su[bp])>")
_WORD = re.compile(r"[A-Za-z]{2,}")
_SPACES = re.compile(" {2,}")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_ESCAPED = {"\\": r"\textbackslash{}", **{mark: f"\\{mark}" for mark in "&#_{}$"}, "^": r"\textasciicircum{}"}
_QUOTES = {"“": "``", "”": "''", "’": "'", "–": "--", "—": "---"}


def numbers_as_latex(line: str) -> str:
    """Return a line of a calculation, with the tags `sub` and `sup`, for the inside of a formula.

    A line with other words than functions and quantities is a sentence, and becomes text.
    """
    words = set(_WORD.findall(_TAG.sub(" ", line)))
    return _calculation(line) if words <= _WORDS.keys() else rf"\text{{{_sentence(line)}}}"


def formula_as_latex(shown: Formula) -> str:
    """Return a formula with symbols, and below it with the numbers of a neuron, as lines of an `aligned`."""
    lines = [shown.latex, *map(numbers_as_latex, shown.numbers)]
    return "\\[\n\\begin{aligned}\n" + " \\\\\n".join(map(_aligned, lines)) + "\n\\end{aligned}\n\\]"


def update_as_latex(update: TracedUpdate, row: int, chosen: tuple[int, int] | None = None) -> str:
    """Return a document with all operations of an update.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        The sample, as a row of the trace's arrays.
    chosen : (int, int), optional
        Layer and neuron whose numbers are shown; in other layers those of neuron 0 are.
    """
    parts = []
    for index, operation in enumerate(update.operations, start=1):
        done = dataclasses.replace(update, index=index)
        neuron = chosen[1] if chosen and chosen[0] == operation.layer else 0
        shown = formula_as_latex(formula(done, row, neuron))
        parts.append(f"\\subsection*{{{_title(operation)}}}\n{_sentence(caption(done, row))}\n{shown}\n")
    sample = _sentence(update.sample_name(row))
    return f"{_PREAMBLE}\\section*{{One update: {sample}}}\n" + "".join(parts) + _END


def _title(operation: Operation) -> str:
    return "Loss" if operation.quantity == "loss" else f"{operation.quantity} of layer {operation.layer}"


def _aligned(line: str) -> str:
    """Return a line with the mark at which lines are aligned before its first sign of equality or assignment."""
    found = re.search(r"=|\\leftarrow", line)
    if line.startswith(r"\text{") or found is None:
        return rf"& {line}"
    return f"{line[: found.start()]}&{line[found.start() :]}"


def _calculation(line: str) -> str:
    line = _TAG.sub(lambda tag: "}" if tag[1] else {"sub": "_{", "sup": "^{"}[tag[2]], line)
    line = _WORD.sub(lambda word: _WORDS[word[0]], line)
    written = "".join(_SYMBOLS.get(mark, mark) for mark in _with_roots(line))
    return _THOUSANDS.sub("{,}", _SPACES.sub(" ", written))


def _with_roots(line: str) -> str:
    """Replace the brackets after each root by the group that LaTeX draws the root over."""
    while (start := line.find("√(")) >= 0:
        end = _closing(line, start + 1)
        line = f"{line[:start]}\\sqrt{{{line[start + 2 : end]}}}{line[end + 1 :]}"
    return line


def _closing(line: str, opening: int) -> int:
    """Return the place of the bracket that closes the one at a place."""
    depth = 0
    for place in range(opening, len(line)):
        depth += {"(": 1, ")": -1}.get(line[place], 0)
        if not depth:
            return place
    raise ValueError(f"the bracket at {opening} is not closed: {line}")


def _sentence(line: str) -> str:
    """Return a sentence for text outside of formulas; symbols and raised or lowered parts are small formulas."""
    out, end = [], 0
    for tagged in re.finditer(r"<(su[bp])>(.*?)</\1>", line):
        sign = {"sub": "_", "sup": "^"}[tagged[1]]
        out += [_words(line[end : tagged.start()]), f"${sign}{{{_calculation(tagged[2])}}}$"]
        end = tagged.end()
    return "".join((*out, _words(line[end:])))


def _words(text: str) -> str:
    return "".join(_letter(mark) for mark in text)


def _letter(mark: str) -> str:
    if mark in _ESCAPED:
        return _ESCAPED[mark]
    if mark == "%":
        return r"\%"
    return _QUOTES.get(mark) or (f"${_SYMBOLS[mark].strip()}$" if mark in _SYMBOLS else mark)
