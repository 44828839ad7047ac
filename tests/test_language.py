"""The language of texts: how it is chosen, and that each catalogue has all of them."""

from __future__ import annotations

import ast
import errno
import os
import re
import string
from collections.abc import Iterator
from gettext import GNUTranslations, NullTranslations

import pytest

from bpviz.assets import resource
from bpviz.language import (
    ENGLISH,
    N_,
    _,
    choose,
    chosen,
    languages,
    localised,
    ngettext,
    of_system,
    preferred,
    tell_system,
)
from tests.marked_texts import Text, marked_texts

TRANSLATED = [name for name in languages() if name != ENGLISH]


@pytest.fixture
def chinese() -> Iterator[None]:
    choose("zh_CN")
    yield
    choose(ENGLISH)


def test_texts_are_english_until_a_language_is_chosen() -> None:
    assert chosen() == ENGLISH
    assert _("English") == "English"


@pytest.mark.usefixtures("chinese")
def test_texts_are_looked_up_when_they_are_asked_for() -> None:
    table = {"name": N_("English")}
    assert table["name"] == "English"
    assert _(table["name"]) == "简体中文"


@pytest.mark.usefixtures("chinese")
def test_a_text_without_a_translation_stays_as_it_is() -> None:
    assert _("a column called so by its owner") == "a column called so by its owner"
    assert _("") == ""


@pytest.mark.parametrize(("count", "text"), [(0, "things"), (1, "thing"), (2, "things")])
def test_english_has_two_forms(count: int, text: str) -> None:
    assert ngettext("thing", "things", count) == text


def test_a_language_that_is_not_there_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="there is no language tlh; there are en, zh_CN"):
        choose("tlh")
    assert chosen() == ENGLISH


def test_a_language_is_listed_by_what_it_calls_itself() -> None:
    assert languages() == {"en": "English", "zh_CN": "简体中文"}


@pytest.mark.parametrize("name", ["zh_CN", "zh_CN.UTF-8", "zh-Hans-CN", "zh-CN", "zh", "zh_CN@pinyin", "zh-Hans"])
def test_a_language_is_known_by_all_forms_of_its_name(name: str) -> None:
    assert preferred([name]) == "zh_CN"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(["de_DE", "zh_CN"], "zh_CN"), (["en_GB", "zh_CN"], "en"), (["zh_TW"], "en"), (["C"], "en"), ([], "en")],
)
def test_the_first_language_that_there_is_is_preferred(wanted: list[str], found: str) -> None:
    assert preferred(wanted) == found


def test_the_language_of_the_system_is_found_as_gettext_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert of_system() == ["zh_CN.UTF-8"]
    monkeypatch.setenv("LANGUAGE", "de:en")
    assert of_system() == ["de", "en", "zh_CN.UTF-8"]


def test_the_systems_own_messages_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    before, asked = os.strerror(errno.ENOENT), []
    monkeypatch.setenv("LANGUAGE", "en")
    for name in ("zh_CN", ENGLISH):
        choose(name)
        tell_system()
        asked.append(os.environ["LANGUAGE"])
    assert asked == ["zh_CN", "en"]
    assert os.strerror(errno.ENOENT) == before


@pytest.mark.usefixtures("chinese")
def test_a_resource_that_is_not_translated_is_the_english_one() -> None:
    assert localised("presets", "moons.json") == resource("presets", "moons.json")
    assert localised("LC_MESSAGES") == resource("languages", "zh_CN", "LC_MESSAGES")


class _Missing(NullTranslations):
    """Notes the texts that a catalogue does not have."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def gettext(self, message: str) -> str:
        self.texts.append(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.texts.append(msgid1)
        return msgid1


def catalogue(name: str) -> tuple[GNUTranslations, _Missing]:
    missing = _Missing()
    with resource("languages", name, "LC_MESSAGES", "bpviz.mo").open("rb") as file:
        texts = GNUTranslations(file)
    texts.add_fallback(missing)
    return texts, missing


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_text_is_translated(name: str) -> None:
    texts, missing = catalogue(name)
    for each in marked_texts():
        translation(texts, each, 1)
    assert [f"{marked_texts().get(text)}: {text}" for text in missing.texts] == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_page_of_the_help_is_translated_and_names_the_same_keys(name: str) -> None:
    for page in resource("help").rglob("*.md"):
        own = page.read_text(encoding="utf-8")
        translated = resource("languages", name, "help", *page.relative_to(resource("help")).parts)
        text = translated.read_text(encoding="utf-8")
        assert set(re.findall(r"\{\w+\}|help:\w+", text)) == set(re.findall(r"\{\w+\}|help:\w+", own)), page
        assert text.count("\n\n") == own.count("\n\n"), page


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_translation_has_the_placeholders_of_its_text(name: str) -> None:
    texts, _missing = catalogue(name)
    for each in marked_texts():
        for count in (0, 1, 2, 5):
            own = {frozenset(placeholders(form)) for form in ([each] if isinstance(each, str) else each)}
            assert frozenset(placeholders(translation(texts, each, count))) in own, each


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_translation_has_the_mnemonic_of_its_text(name: str) -> None:
    texts, _missing = catalogue(name)
    for each in filter(lambda text: isinstance(text, str), marked_texts()):
        assert mnemonics(translation(texts, each, 1)) == mnemonics(str(each)), each


def mnemonics(text: str) -> list[str]:
    return [letter.upper() for letter in re.findall(r"&(\w)(?!\w*;)", text)]  # but not "&nbsp;"


def translation(texts: GNUTranslations, text: Text, count: int) -> str:
    return texts.gettext(text) if isinstance(text, str) else texts.ngettext(*text, count)


def placeholders(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the format and the conversion of each placeholder."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:  # a text that is not formatted, with a brace of its own
        return
    for _text, name, form, conversion in parts:
        if name is not None:
            yield name, form or "", conversion or ""


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_file_that_is_read_has_the_translations_of_the_one_that_is_written(name: str) -> None:
    texts, _missing = catalogue(name)
    source = resource("languages", name, "LC_MESSAGES", "bpviz.po").read_text(encoding="utf-8")
    for entry in source.split("\n\n")[1:]:
        one, *_many, translated = re.findall(r'^msg\w+(?:\[0\])? ((?:"[^\n]*"\n?)+)', f"{entry}\n", re.MULTILINE)[:3]
        found = texts.ngettext(unquoted(one), "", 1) if _many else texts.gettext(unquoted(one))
        assert found == unquoted(translated)


def unquoted(lines: str) -> str:
    """Return the text of a string in a .po file, which may have several lines."""
    return "".join(ast.literal_eval(line) for line in lines.splitlines())
