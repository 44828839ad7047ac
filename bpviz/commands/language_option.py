"""The language of the command line: that of `--language`, or of the system."""

from __future__ import annotations

import gettext
from itertools import pairwise

from bpviz.assets import resource
from bpviz.language import N_, choose, languages, remember_system, system_language, tell_system

_OPTION = "--language"
#: The texts of argparse, which looks them up by itself.
ARGPARSE_TEXTS = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("unrecognized arguments: %s"),
    N_("the following arguments are required: %s"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)


def speak(argv: list[str]) -> None:
    """Choose the language of all texts, before a parser with texts in it is made."""
    remember_system()
    given = [value for option, value in pairwise(argv) if option == _OPTION]
    given += [text.partition("=")[2] for text in argv if text.startswith(f"{_OPTION}=")]
    known = [name for name in given if name in languages()]
    choose(known[-1] if known else system_language())
    gettext.bindtextdomain("bpviz", resource("languages"))
    gettext.textdomain("bpviz")
    tell_system()  # gettext's own domain follows as well
