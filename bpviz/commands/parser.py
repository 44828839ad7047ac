"""The argument parser of all commands, and conversions of option texts to values."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import NoReturn

from bpviz.language import _, languages
from bpviz.session.experiment.presets import DEFAULT, load_preset, preset_names
from bpviz.session.experiment.validation import Rule, shown
from bpviz.session.files.experiment_file import ExperimentFile, read_experiment_file


class Parser(argparse.ArgumentParser):
    """Argument parser that keeps line breaks, refuses abbreviated options, and reports errors in one line."""

    def __init__(self, prog: str, usage: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        # Read before the parser is made: its texts are in that language already.
        self.add_argument(
            "--language",
            metavar="NAME",
            choices=languages(),
            help=_("of all texts: {languages} [the system's]").format(languages=" | ".join(languages())),
        )

    def parse(self, argv: list[str]) -> argparse.Namespace:
        """Return the values of the arguments; refuse `--option=--`, which argparse reads as an empty list."""
        for text in takewhile(lambda text: text != "--", argv):
            if text.startswith("--") and text.endswith("=--"):
                self.error(_("argument {text}: expected a value, not --").format(text=text.removesuffix("=--")))
        return self.parse_args(argv, argparse.Namespace(prog=self.prog))

    def error(self, message: str) -> NoReturn:
        """Print the error and how to get help; exit with 2."""
        self.exit(2, _("{prog}: error: {message}\nTry “{prog} --help”.\n").format(prog=self.prog, message=message))


def add_preset(parser: argparse._ActionsContainer) -> None:
    """Add the option `--preset`."""
    parser.add_argument(
        "--preset",
        metavar="NAME",
        default=DEFAULT,
        help=_("the experiment to start with, see below [{default}]").format(default=DEFAULT),
    )


def add_source(parser: Parser) -> None:
    """Add the options for the experiment to start with: a preset or a file."""
    group = parser.add_mutually_exclusive_group()
    add_preset(group)
    group.add_argument(
        "--experiment", metavar="FILE", type=file, help=_("start with an experiment file saved by the window instead")
    )


def add_network(parser: Parser) -> None:
    """Add the option for a file with the network to start from."""
    parser.add_argument(
        "--network",
        metavar="FILE",
        type=file,
        help=_("start from the network in an npz, safetensors, ONNX or Keras file"),
    )


def source(given: argparse.Namespace) -> ExperimentFile:
    """Return the experiment to start with, and its breakpoints and watches.

    Raises
    ------
    ValueError
        If there is no such preset, or the file is not a valid experiment file.
    """
    path = getattr(given, "experiment", None)
    return read_experiment_file(path) if path else ExperimentFile(load_preset(given.preset).experiment)


def source_name(given: argparse.Namespace) -> str:
    """Return the name of the table, the preset or the experiment file."""
    if getattr(given, "data", None):
        return str(given.data.stem)
    return given.experiment.stem if given.experiment else str(given.preset)


def presets_text() -> str:
    """Return the list of presets with their descriptions."""
    names = preset_names()
    width = max(map(len, names))
    lines = "\n".join(f"  {name:{width}}  {_(load_preset(name).about)}" for name in names)
    pairs = ", ".join(name for name in names if load_preset(name).against)
    return _(
        "presets:\n{lines}\n\nthe window shows both experiments of {pairs};\nwithout one only the first is trained."
    ).format(lines=lines, pairs=pairs)


def number(text: str) -> int | float | str:
    """Return a text as a number, or unchanged if it is none: the validation rules then refuse it."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            pass
    return text


def words(text: str) -> tuple[str, ...]:
    """Return the words of a comma-separated list; none for an empty text."""
    return tuple(word.strip() for word in text.split(",")) if text.strip() else ()


def numbers(text: str) -> tuple[int | float | str, ...]:
    """Return the numbers of a comma-separated list, each as `number` returns it."""
    return tuple(number(word) for word in words(text))


def checked_by(rule: Rule, read: Callable[[str], object] = str) -> Callable[[str], object]:
    """Return an argparse type that converts a text and checks it with a rule."""

    def checked(text: str) -> object:
        value = read(text)
        if problem := rule.problem(value):
            raise argparse.ArgumentTypeError(problem)
        return value

    return checked


def file(text: str) -> Path:
    """Return a path; a leading `~`, if the shell has not replaced it, is the home folder."""
    if "\0" in text:
        raise argparse.ArgumentTypeError(_("the name of a file cannot contain a null character"))
    try:
        return Path(text).expanduser()
    except RuntimeError as fault:  # there is no such user, or this user has no home folder
        begin = shown(text.partition("/")[0])
        raise argparse.ArgumentTypeError(
            _("the home folder {begin} is not known; give the full path").format(begin=begin)
        ) from fault
