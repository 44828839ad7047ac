"""LaTeX with Chinese texts: words in formulas are texts, and documents load the fonts."""

import re
from collections.abc import Iterator

import numpy as np
import pytest

from bpviz.language import ENGLISH, IDEOGRAPH, choose
from bpviz.session.sharing.formula_latex import numbers_as_latex, update_as_latex
from bpviz.session.sharing.tikz import network_as_tikz
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL

_CTEX = "\\usepackage{ctex}\n\\begin{document}"


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    choose("zh_CN")
    yield
    choose(ENGLISH)


@pytest.fixture
def update() -> TracedUpdate:
    return trace_update(Training(SMALL), np.array([0, 1, 2]), UpdateKind.INSPECTED, index=1)


def test_a_document_loads_the_fonts(update: TracedUpdate) -> None:
    text = update_as_latex(update, 0)
    assert _CTEX in text
    assert r"\section*{一次更新：样本 0}" in text
    assert r"\subsection*{第 1 层的 $\delta$}" in text


def test_formulas_have_words_only_as_texts(update: TracedUpdate) -> None:
    formulas = re.findall(r"\\\[.*?\\\]", update_as_latex(update, 0), re.DOTALL)
    assert re.search(IDEOGRAPH, "".join(formulas))
    without_texts = re.sub(r"\\text\{[^}]*\}|\\parbox.*", "", "".join(formulas))
    assert re.search(IDEOGRAPH, without_texts) is None


def test_a_sentence_is_a_paragraph_and_a_remark_a_text() -> None:
    assert numbers_as_latex("b<sub>0</sub> 仍为 0.5：偏置不训练。").startswith(r"\parbox")
    assert numbers_as_latex("= 0.5（3 个较小的项）") == r"= 0.5\text{（}3\text{ 个较小的项）}"


def test_a_picture_of_a_network_loads_the_fonts() -> None:
    text = network_as_tikz([np.ones((2, 3))], ["tanh"])
    assert _CTEX in text
    assert r"{第 1 层\\3 tanh}" in text
