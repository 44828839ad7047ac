"""`--language`, and the language of the system, on the command line."""

from __future__ import annotations

import gettext
from collections.abc import Iterator

import pytest

from bpviz.language import ENGLISH, choose, chosen, tell_system
from tests.commands.helpers import exit_code

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    domain = gettext.textdomain()
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", "en")
    yield
    gettext.textdomain(domain)
    choose(ENGLISH)
    tell_system()


@pytest.mark.parametrize("given", [("--language", "zh_CN"), ("--language=zh_CN",)])
@pytest.mark.parametrize("command", [(), ("train",), ("gradcheck",), ("check",), ("info",), ("film",), ("handout",)])
def test_the_help_of_every_command_is_in_the_given_language(
    command: tuple[str, ...], given: tuple[str, ...], capsys: Output
) -> None:
    assert exit_code(*command, *given, "--help") == 0
    text = capsys.readouterr().out
    assert text.startswith("用法：bpviz")
    assert "显示此帮助并退出" in text
    assert "所有文字的语言：en | zh_CN" in text


def test_the_help_is_in_the_language_of_the_system(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert exit_code("--help") == 0
    assert "bpviz 展示反向传播的过程" in capsys.readouterr().out


def test_the_option_is_stronger_than_the_system(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert exit_code("--language", "en", "--help") == 0
    assert capsys.readouterr().out.startswith("usage: bpviz")


def test_errors_are_in_the_given_language_also_those_of_argparse(capsys: Output) -> None:
    assert exit_code("train", "--language", "zh_CN", "--foo") == 2
    assert "bpviz train：错误：无法识别的参数：--foo" in capsys.readouterr().err
    assert exit_code("train", "--language", "zh_CN", "--epochs", "0") == 2
    assert "必须是 1 到 10,000,000 之间的整数，而不是 0" in capsys.readouterr().err


def test_a_language_that_is_not_there_is_refused(capsys: Output) -> None:
    assert exit_code("train", "--language", "tlh") == 2
    assert "argument --language: invalid choice: 'tlh'" in capsys.readouterr().err
    assert chosen() == ENGLISH
