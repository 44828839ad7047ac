"""Formulas as LaTeX, for documents: with symbols, with the numbers of a neuron, and all operations of an update."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from bpviz.language import IDEOGRAPH, _
from bpviz.session.sharing.latex_fonts import with_fonts
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.formula import Formula, formula
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate

_PREAMBLE = r"""\documentclass[fleqn]{article}
\usepackage{amsmath}
\usepackage[margin=25mm]{geometry}
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
_WORD = re.compile(f"[A-Za-z]{{2,}}|{IDEOGRAPH}+")
_WORDS_IN_TURN = re.compile(f" ?[A-Za-z]{{2,}}(?:,? [A-Za-z]+)*| ?{IDEOGRAPH}+")
_NAME = re.compile(r"^(\S* )?[=←] ")  # how a calculation begins: z = ..., W ← ..., or = ... in the lines below
_COMMAND = re.compile(r"\\[A-Za-z]+ ?|[{}$]")
#: How many characters fit into a line of the document.
_MOST_WIDE = 85
_COUNT = re.compile(r" \((?=\d+ ?\\text)")  # a remark in brackets behind a number
_SPACES = re.compile(" {2,}")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_ESCAPED = {"\\": r"\textbackslash{}", **{mark: f"\\{mark}" for mark in "&#_{}$"}, "^": r"\textasciicircum{}"}
_QUOTES = {"“": "``", "”": "''", "’": "'", "–": "--", "—": "---"}


def numbers_as_latex(line: str) -> str:
    """Return a line of a calculation, with the tags `sub` and `sup`, for the inside of a formula.

    A sentence becomes a paragraph; a few words in a calculation are text in it.
    """
    words = set(_WORD.findall(_TAG.sub(" ", line)))
    if words <= _WORDS.keys() or _NAME.match(_TAG.sub("", line)):
        return _calculation(line)
    return rf"\parbox[t]{{0.85\linewidth}}{{\raggedright {_sentence(line)}}}"


def formula_as_latex(shown: Formula) -> str:
    """Return a formula with symbols, and below it with the numbers of a neuron, as lines of an `aligned`."""
    lines = [_aligned(shown.latex)]
    for numbers in map(numbers_as_latex, shown.numbers):
        first, *others = _broken(numbers)
        lines += [_aligned(first), *(rf"& \quad {other}" for other in others)]
    return "\\[\n\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}\n\\]"


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
    title = _sentence(_("One update: {sample}").format(sample=update.sample_name(row)))
    return with_fonts(f"{_PREAMBLE}\\section*{{{title}}}\n" + "".join(parts) + _END)


def _title(operation: Operation) -> str:
    return _("Loss") if operation.quantity == "loss" else _sentence(operation.name)


def _aligned(line: str) -> str:
    """Return a line with the mark at which lines are aligned before its first sign of equality or assignment."""
    found = re.search(r"=|\\leftarrow", line)
    if line.startswith(r"\parbox") or found is None:
        return rf"& {line}"
    return f"{line[: found.start()]}&{line[found.start() :]}"


def _calculation(line: str) -> str:
    line = _TAG.sub(lambda tag: "}" if tag[1] else {"sub": "_{", "sup": "^{"}[tag[2]], line)
    line = _WORDS_IN_TURN.sub(lambda words: _text_or_names(words[0]), line)
    written = "".join(_SYMBOLS.get(mark, mark) for mark in _with_roots(line))
    return _COUNT.sub(r"\\ (", _THOUSANDS.sub("{,}", _SPACES.sub(" ", written)))


def _text_or_names(words: str) -> str:
    """Return names of functions and quantities as LaTeX writes them, and other words as text."""
    if set(_WORD.findall(words)) <= _WORDS.keys():
        return _WORD.sub(lambda word: _WORDS[word[0]], words)
    return rf"\text{{{words}}}"


def _broken(line: str) -> list[str]:
    """Return a calculation as lines that fit, broken before a plus or minus; a sentence stays as it is.

    Exponents, roots and brackets inside of brackets are not broken.
    """
    if line.startswith(r"\parbox"):
        return [line]
    lines = [""]
    for term in _terms(line):
        if lines[-1] and len(_COMMAND.sub("", lines[-1] + term)) > _MOST_WIDE:
            lines.append(term.lstrip())
        else:
            lines[-1] += term
    return lines


def _terms(line: str) -> Iterator[str]:
    """Yield the terms of a sum, each with the sign and the blank before it."""
    start, groups, brackets = 0, 0, 0
    for place, mark in enumerate(line):
        groups += {"{": 1, "}": -1}.get(mark, 0)
        brackets += {"(": 1, ")": -1}.get(mark, 0)
        if not groups and brackets < 2 and line[place : place + 3] in {" + ", " - "}:
            yield line[start:place]
            start = place
    yield line[start:]


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
