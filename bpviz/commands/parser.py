"""The parser that all commands share, and how text becomes values."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from bpviz.session.experiment.presets import DEFAULT, load_preset, preset_names
from bpviz.session.experiment.validation import Rule
from bpviz.session.files.experiment_file import ExperimentFile, read_experiment_file


class Parser(argparse.ArgumentParser):
    """Keeps the line breaks of its texts, takes no shortened options, and refuses in one line."""

    def __init__(self, prog: str, usage: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where the help is; exit with 2."""
        self.exit(2, f"{self.prog}: error: {message}\nTry “{self.prog} --help”.\n")


def add_preset(parser: argparse._ActionsContainer) -> None:
    """Add the option that names an experiment."""
    parser.add_argument(
        "--preset", metavar="NAME", default=DEFAULT, help=f"the experiment to begin with, see below [{DEFAULT}]"
    )


def add_source(parser: Parser) -> None:
    """Add the two options that say what to begin with, a preset or a file."""
    group = parser.add_mutually_exclusive_group()
    add_preset(group)
    group.add_argument(
        "--experiment", metavar="FILE", type=file, help="begin with what the window saved in a file, instead"
    )


def source(given: argparse.Namespace) -> ExperimentFile:
    """Return what to begin with.

    Raises
    ------
    ValueError
        If there is no such preset, or the file holds no experiment.
    """
    path = getattr(given, "experiment", None)
    return read_experiment_file(path) if path else ExperimentFile(load_preset(given.preset).experiment)


def source_name(given: argparse.Namespace) -> str:
    """Return how what it began with is called."""
    return given.experiment.stem if given.experiment else str(given.preset)


def presets_text() -> str:
    """Return the list of presets, each with what it is there to show."""
    names = preset_names()
    width = max(map(len, names))
    lines = "\n".join(f"  {name:{width}}  {load_preset(name).about}" for name in names)
    pairs = ", ".join(name for name in names if load_preset(name).against)
    return f"presets:\n{lines}\n\nthe window shows both experiments of {pairs};\nwithout a window it is the first."


def number(text: str) -> int | float | str:
    """Read a number; what is none stays as it is, for the rules to refuse with the others."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            pass
    return text


def words(text: str) -> tuple[str, ...]:
    """Read words with commas between them; no text, no words."""
    return tuple(word.strip() for word in text.split(",")) if text.strip() else ()


def numbers(text: str) -> tuple[int | float | str, ...]:
    """Read numbers with commas between them, each as `number` does."""
    return tuple(number(word) for word in words(text))


def keeping(rule: Rule, read: Callable[[str], object] = str) -> Callable[[str], object]:
    """Return what argparse needs to read one value that must keep a rule."""

    def checked(text: str) -> object:
        value = read(text)
        if problem := rule.problem(value):
            raise argparse.ArgumentTypeError(problem)
        return value

    return checked


def file(text: str) -> Path:
    """Read a file's name; `~` is the home folder where no shell has seen to it."""
    return Path(text).expanduser()
