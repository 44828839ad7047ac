"""Words that are put into Chinese texts, and lessons in Chinese."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bpviz.language import ENGLISH, choose, without_gaps
from bpviz.session.conventions.conventions import OWN, Conventions
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.walkthrough.operations import Operation


@pytest.fixture
def in_chinese() -> Iterator[None]:
    choose("zh_CN")
    yield
    choose(ENGLISH)


@pytest.mark.usefixtures("in_chinese")
def test_a_word_is_put_between_ideographs_without_spaces() -> None:
    assert without_gaps("第 1 层的 误差 与 δ") == "第 1 层的误差与 δ"
    assert Operation("error", 1).name == "第 1 层的误差"
    assert Operation("delta", 1).name == "第 1 层的 δ"


@pytest.mark.usefixtures("in_chinese")
def test_delta_is_called_the_error_signal_in_a_translation_too() -> None:
    signal = Conventions(signal=True)
    assert signal.worded("第 2 层的 δ 为 0.1") == "第 2 层的误差信号为 0.1"
    assert signal.worded("样本 1：δ 很小") == "样本 1：误差信号很小"
    assert OWN.worded("第 2 层的 δ 为 0.1") == "第 2 层的 δ 为 0.1"


def test_a_lesson_that_comes_with_bpviz_is_in_the_chosen_language() -> None:
    english = load_lesson("xor")
    choose("zh_CN")
    chinese = load_lesson("xor")
    choose(ENGLISH)
    assert load_lesson("xor") == english
    assert (english.title, chinese.title) == ("XOR, and why one layer is not enough", "异或，以及为什么一层不够")
    assert all(own.heading != other.heading for own, other in zip(english.steps, chinese.steps, strict=True))
    assert [step.scene for step in chinese.steps] == [step.scene for step in english.steps]
