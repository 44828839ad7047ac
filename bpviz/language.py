"""The language of all texts that users read: gettext's catalogues, the same for the window and the command line.

A text is looked up when it is asked for, so a module marks its tables of texts with `N_` and looks up at the place of
use. Until a language is chosen, as in somebody's own program that imports bpviz, all texts are English.
"""

from __future__ import annotations

import functools
import locale
import os
import re
import sys
from collections.abc import Iterable
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from bpviz.assets import resource

ENGLISH = "en"
# In the order in which gettext asks them.
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
#: A regular expression for one ideograph, or one of the punctuation marks among them.
IDEOGRAPH = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_GAP = re.compile(f"(?<={IDEOGRAPH}) (?={IDEOGRAPH})")


class _Chosen:
    """The language in use, and its texts."""

    name: str = ENGLISH
    texts: NullTranslations = NullTranslations()
    of_system: str = ""


def _(text: str) -> str:
    """Return a text in the chosen language."""
    return _Chosen.texts.gettext(text) if text else text  # the translation of "" is the catalogue's header


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a text for a number of things, in the chosen language."""
    return _Chosen.texts.ngettext(one, many, count)


def N_(text: str) -> str:
    """Return a text as it is: it stands in a table, is marked for the catalogue, and is looked up where it is used."""
    return text


def choose(name: str) -> None:
    """Choose the language of all texts from now on.

    Parameters
    ----------
    name : str
        One of `languages`.
    """
    if name not in languages():
        raise ValueError(f"there is no language {name}; there are {', '.join(languages())}")
    _Chosen.texts = _catalogue(name) if name != ENGLISH else NullTranslations()
    _Chosen.name = name


def chosen() -> str:
    """Return the name of the chosen language, such as "zh_CN"."""
    return _Chosen.name


@functools.cache
def languages() -> dict[str, str]:
    """Return the name of each language -> what it calls itself, as {"zh_CN": "简体中文"}; English first."""
    names = sorted(path.parts[-3] for path in resource("languages").glob("*/LC_MESSAGES/bpviz.mo"))
    own_name = N_("English")  # the translation is what the language calls itself
    return {ENGLISH: own_name} | {name: _catalogue(name).gettext(own_name) for name in names}


def preferred(wanted: Iterable[str]) -> str:
    """Return the first language that there is.

    Parameters
    ----------
    wanted : iterable of str
        Names of languages, the best first, in any form: "zh_CN.UTF-8", "zh-Hans-CN", "zh".

    Returns
    -------
    str
        One of `languages`; English if there is none of them.
    """
    return next(filter(None, map(_present, wanted)), ENGLISH)


def of_system() -> list[str]:
    """Return the languages of the system, the best first, as `preferred` takes them."""
    named = [name for variable in _VARIABLES for name in os.environ.get(variable, "").split(":") if name]
    if not named and sys.platform == "win32":
        import ctypes

        named = [locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")]
    return named


def remember_system() -> None:
    """Remember the system's language, before the program sets an environment variable that names another."""
    _Chosen.of_system = preferred(of_system())


def tell_system() -> None:
    """Have the operating system's own messages, as of a file that is missing, in the chosen language as well."""
    os.environ["LANGUAGE"] = chosen()
    if sys.platform != "win32":
        # The C library keeps the messages that it has looked up until another locale is set.
        here = locale.setlocale(locale.LC_MESSAGES)
        for name in ("C", here):
            locale.setlocale(locale.LC_MESSAGES, name)


def system_language() -> str:
    """Return the language of the system, one of `languages`."""
    return _Chosen.of_system or preferred(of_system())


def text_in(name: str, text: str) -> str:
    """Return a text in a language that need not be the chosen one."""
    return text if name == ENGLISH else _catalogue(name).gettext(text)


def localised(*parts: str) -> Path:
    """Return the path of a resource in the chosen language, or of the English one if it is not translated."""
    translated = resource("languages", chosen(), *parts)
    return translated if translated.exists() else resource(*parts)


def _present(wanted: str) -> str | None:
    """Return the language that is meant by a name; None if there is no such language."""
    language, *rest = re.split("[-_.@]", wanted)
    territory = next((part.upper() for part in rest if len(part) == 2), "")
    found = [name for name in (f"{language}_{territory}", language) if name in languages()]
    if not found and not territory:
        found = [name for name in languages() if name.startswith(f"{language}_")]
    return found[0] if found else None


@functools.cache
def _catalogue(name: str) -> GNUTranslations:
    with resource("languages", name, "LC_MESSAGES", "bpviz.mo").open("rb") as file:
        return GNUTranslations(file)


def without_gaps(text: str) -> str:
    """Return a text without spaces between ideographs, as they come about where a word is put into a text."""
    return _GAP.sub("", text)
