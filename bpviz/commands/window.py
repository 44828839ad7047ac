"""`bpviz`: opens the window, or makes a picture of it."""

from __future__ import annotations

import argparse
import os
import re
from argparse import Namespace
from pathlib import Path

from bpviz.commands.parser import Parser, add_source, file, keeping, number, presets_text, source
from bpviz.session.experiment.presets import DEFAULT
from bpviz.session.experiment.validation import OneOf, Whole
from bpviz.session.files.experiment_file import ExperimentFile
from bpviz.session.files.safe_write import ExportError, check_target
from bpviz.session.files.session_file import SUFFIX, read_session
from bpviz.versions import versions

PROG = "bpviz"
_DESCRIPTION = """\
bpviz shows backpropagation happening: a small network learns to tell points of the plane apart, while its
loss, its decision surface and its deltas move. Stop anywhere, step by one sample, see why.

commands:
  bpviz                    open the window
  bpviz FILE.bpviz         open it on a session that was saved
  bpviz train              the same training without a window, with files for what comes out
  bpviz gradcheck          backpropagation's gradients against numerical ones
  bpviz info FILE.bpviz    what is in a session that was saved
Each has a --help of its own."""
_EXAMPLES = """\
examples:
  bpviz --preset spirals --run
  bpviz --screenshot moons.png --epochs 300 --theme dark --size 1280x720
  bpviz train --preset article --figure article.svg

"""
_LEAST_SIZE, _MOST_SIZE = (640, 480), (7680, 4320)


def run(argv: list[str]) -> int:
    """Open the window as the options say; returns the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    if given.version:
        print("\n".join(f"{name} {found}" for name, found in versions().items()))
        return 0
    try:
        _check(given)
        experiment_file = _session(given.session) if given.session else source(given)
    except (ValueError, ExportError) as fault:  # of the preset, the files, or the picture
        parser.error(str(fault))

    from bpviz.app import open_window

    return open_window(
        experiment_file,
        preset="" if given.experiment or given.session else given.preset,
        session=given.session,
        run=given.run,
        screenshot=given.screenshot,
        epochs=given.epochs,
        theme=given.theme,
        size=given.size,
    )


def _parser() -> Parser:
    parser = Parser(
        PROG,
        "bpviz [FILE.bpviz] [options]\n       bpviz train | gradcheck | info [options]",
        _DESCRIPTION,
        _EXAMPLES + presets_text(),
    )
    add_source(parser)
    parser.add_argument("--run", action="store_true", help="begin to train at once")
    parser.add_argument(
        "--theme",
        metavar="NAME",
        type=keeping(OneOf(("light", "dark"))),
        help="light | dark [as chosen last, or the system's]",
    )
    parser.add_argument("--version", action="store_true", help="print versions and exit")
    group = parser.add_argument_group("picture: train, save what the window shows, and exit; needs no display")
    group.add_argument("--screenshot", metavar="FILE.png", type=file, help="where to save it")
    group.add_argument(
        "--epochs", metavar="N", type=keeping(Whole(0, 10_000_000), number), help="train so many epochs before it [0]"
    )
    group.add_argument("--size", metavar="WIDTHxHEIGHT", type=_size, help="of the window, in pixels [1440x900]")
    parser.add_argument(
        "session", metavar="FILE.bpviz", nargs="?", type=file, help="go on with a session that was saved"
    )
    return parser


def _check(given: Namespace) -> None:
    if given.session:
        _check_session(given)
    if given.screenshot:
        check_target(given.screenshot, (".png",))
        return
    for name in ("epochs", "size"):
        if getattr(given, name) is not None:
            raise ValueError(f"--{name} is for a picture: give --screenshot FILE.png as well")


def _check_session(given: Namespace) -> None:
    path: Path = given.session
    if path.suffix != SUFFIX and not os.path.exists(path):  # which takes any text
        commands = "train, gradcheck and info"
        raise ValueError(f"{path} is no command, or does not come first; the commands are {commands}")
    if given.experiment or given.preset != DEFAULT or given.epochs is not None:
        raise ValueError(f"{path} has an experiment of its own: leave out --experiment, --preset and --epochs")


def _session(path: Path) -> ExperimentFile:
    """Return what a session begins with, and make sure that it can be opened before there is a window."""
    session = read_session(path)
    first = next(branch.first for branch in session.branches if branch.number == session.active)
    return ExperimentFile(first, session.breakpoints, session.watches)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    width, height = map(int, found.groups()) if found else (0, 0)
    if not (_LEAST_SIZE[0] <= width <= _MOST_SIZE[0] and _LEAST_SIZE[1] <= height <= _MOST_SIZE[1]):
        least, most = "x".join(map(str, _LEAST_SIZE)), "x".join(map(str, _MOST_SIZE))
        raise argparse.ArgumentTypeError(f"must be like 1440x900, from {least} to {most}, not {text or 'nothing'}")
    return width, height
