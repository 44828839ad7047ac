"""`bpviz`: open the window, or save a screenshot of it."""

from __future__ import annotations

import argparse
import dataclasses
import os
import re
from argparse import Namespace
from pathlib import Path

from bpviz.commands.options import experiment_from
from bpviz.commands.own_table import add_own_table, check_own_table, with_own_table
from bpviz.commands.parser import (
    Parser,
    add_network,
    add_source,
    checked_by,
    file,
    number,
    presets_text,
    source,
    words,
)
from bpviz.language import N_, _
from bpviz.quick_imports import quick_imports
from bpviz.session.experiment.presets import DEFAULT
from bpviz.session.experiment.validation import Integer, OneOf
from bpviz.session.files.experiment_file import ExperimentFile
from bpviz.session.files.safe_write import SUFFIX, ExportError, check_target
from bpviz.session.recovery.crash_log import log_folder
from bpviz.session.recovery.crash_reports import CrashReports
from bpviz.session.sharing.share_text import ShareError, read_position, with_shared
from bpviz.session.training.position import Position
from bpviz.versions import versions

PROG = "bpviz"
_DESCRIPTION = N_("""\
bpviz shows backpropagation while it happens: a small network learns to classify points of the plane, with its loss,
decision surface and deltas on screen. Stop at any update, and step forward or back through its operations.

commands:
  bpviz                    open the window
  bpviz FILE.bpviz         open the window with a saved session, or a recording by bpviz.record
  bpviz train              train without a window and write the results to files
  bpviz gradcheck          compare the gradients with central differences
  bpviz check FILE.npz     find the mistake in your own backpropagation
  bpviz info FILE.bpviz    print a summary of a saved session or a recording
  bpviz film FILE.bpviz    make a film of a saved session, as WebP, GIF or MP4
  bpviz handout LESSON     print a lesson, bookmarks or an update as PDF or HTML
Each command has its own --help.""")
_EXAMPLES = N_("""\
examples:
  bpviz --preset spirals --run
  bpviz --screenshot moons.png --epochs 300 --theme dark --size 1280x720
  bpviz train --preset article --figure article.svg

""")
_MIN_SIZE, _MAX_SIZE = (640, 480), (7680, 4320)


def run(argv: list[str]) -> int:
    """Open the window, or save a screenshot; return the exit code."""
    parser = _parser()
    given = parser.parse(argv)
    if given.version:
        print("\n".join(f"{name} {found}" for name, found in versions().items()))
        return 0
    if given.log:
        print(_where_the_log_is())
        return 0
    try:
        _check(given)
        is_session = given.session is not None and not _is_checked_recording(given.session)
        experiment_file = _session(given.session) if is_session else _source(given)
    except (ValueError, ExportError) as fault:  # of the preset, the files, or the picture
        parser.error(str(fault))

    with quick_imports():
        from bpviz.app import open_window

    return open_window(
        experiment_file,
        preset="" if given.experiment or given.data or is_session or given.network or given.share else given.preset,
        session=given.session,
        run=given.run,
        screenshot=given.screenshot,
        epochs=given.epochs,
        theme=given.theme,
        size=given.size,
        go_to=given.go_to,
        language=given.language,
    )


def _parser() -> Parser:
    parser = Parser(
        PROG,
        "bpviz [FILE.bpviz] [options]\n       bpviz train | gradcheck | info [options]",
        _(_DESCRIPTION),
        _(_EXAMPLES) + presets_text(),
    )
    add_source(parser)
    add_network(parser)
    parser.add_argument(
        "--activation",
        dest="activations",
        metavar="NAME[,NAME...]",
        type=words,
        help=_("of --network, if it does not say: one for all hidden layers, or one per layer, the output's last"),
    )
    add_own_table(parser, with_scale=True)
    _add_shared(parser)
    parser.add_argument("--run", action="store_true", help=_("start training at once"))
    parser.add_argument(
        "--theme",
        metavar="NAME",
        type=checked_by(OneOf(("light", "dark"))),
        help=_("light | dark [the one chosen last, or the system's]"),
    )
    parser.add_argument("--version", action="store_true", help=_("print versions and exit"))
    parser.add_argument("--log", action="store_true", help=_("print where the log of faults is and exit"))
    group = parser.add_argument_group(_("screenshot: train, save a picture of the window, and exit; needs no display"))
    group.add_argument("--screenshot", metavar="FILE.png", type=file, help=_("where to save it"))
    group.add_argument(
        "--epochs",
        metavar="N",
        type=checked_by(Integer(0, 10_000_000), number),
        help=_("train N epochs first [0]"),
    )
    group.add_argument("--size", metavar="WIDTHxHEIGHT", type=_size, help=_("of the window, in pixels [1440x900]"))
    parser.add_argument(
        "session", metavar="FILE.bpviz", nargs="?", type=file, help=_("continue a saved session, or see a recording")
    )
    return parser


def _add_shared(parser: Parser) -> None:
    parser.add_argument("--share", metavar="TEXT", help=_("values of an experiment, as “Copy as command” writes them"))
    parser.add_argument(
        "--go-to",
        metavar="EPOCH[,SAMPLES[,OPERATIONS]]",
        type=_position,
        help=_("train up to this position, and show it"),
    )


def _where_the_log_is() -> str:
    """Return the path of the newest log, or of the folder in which one would be."""
    folder = log_folder()
    if folder is None:
        return _("There is no home folder, so bpviz keeps no log.")
    return str(CrashReports(folder).newest() or folder)


def _check(given: Namespace) -> None:
    if given.share and (given.session or given.experiment or given.data or given.network):
        raise ValueError(_("--share has values for a preset: give it with --preset alone"))
    if given.go_to and (given.session or given.run or given.screenshot):
        raise ValueError(_("--go-to trains by itself: leave out --run, --screenshot and the file of a session"))
    if given.session:
        _check_session(given)
    if given.screenshot:
        check_target(given.screenshot, (".png",))
        return
    for name in ("epochs", "size"):
        if getattr(given, name) is not None:
            raise ValueError(_("--{name} is for a screenshot: give --screenshot FILE.png as well").format(name=name))


def _check_session(given: Namespace) -> None:
    path: Path = given.session
    if path.suffix != SUFFIX and not os.path.exists(path):  # unlike Path.exists, it never raises
        commands = "train, gradcheck, check, info, film, handout"
        raise ValueError(
            _("{path} is not a command, or does not come first; the commands are {commands}").format(
                path=path, commands=commands
            )
        )
    if given.network:
        raise ValueError(_("{path} has its own network: leave out --network").format(path=path))
    if given.data:
        raise ValueError(
            _("{path} has its own experiment: leave out --data, or open the table without it").format(path=path)
        )
    if given.experiment or given.preset != DEFAULT or given.epochs is not None:
        raise ValueError(
            _("{path} has its own experiment: leave out --experiment, --preset and --epochs").format(path=path)
        )


def _is_checked_recording(path: Path) -> bool:
    """Return whether a file is a recording; one that cannot be opened is refused before a window opens."""
    from bpviz.session.recording.recording_file import is_recording, read_recording  # which other starts do not need

    if not is_recording(path):
        return False
    read_recording(path)
    return True


def _source(given: Namespace) -> ExperimentFile:
    """Return the experiment to start with: that of the preset or file, on the given table, with the given network."""
    found = source(given)
    if given.data is None and given.scale:
        raise ValueError(_("--scale is for a table: give --data FILE as well"))
    if given.activations and not given.network:
        raise ValueError(_("--activation is for a network from a file: give --network FILE as well"))
    if given.share:
        return ExperimentFile(with_shared(found.experiment, given.share))
    if given.network:
        return dataclasses.replace(found, experiment=experiment_from(given))
    if given.data is None:
        return found
    return ExperimentFile(check_own_table(with_own_table(found.experiment, given), given))


def _session(path: Path) -> ExperimentFile:
    """Return the experiment of a session file; a file that cannot be opened is thus refused before a window opens."""
    from bpviz.session.files.session_file import read_session  # which a new session does not need

    session = read_session(path)
    first = next(branch.first for branch in session.branches if branch.number == session.active)
    return ExperimentFile(first, session.breakpoints, session.watches)


def _position(text: str) -> Position:
    try:
        return read_position(text)
    except ShareError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    width, height = map(int, found.groups()) if found else (0, 0)
    if not (_MIN_SIZE[0] <= width <= _MAX_SIZE[0] and _MIN_SIZE[1] <= height <= _MAX_SIZE[1]):
        least, most = "x".join(map(str, _MIN_SIZE)), "x".join(map(str, _MAX_SIZE))
        raise argparse.ArgumentTypeError(
            _("must be like 1440x900, from {least} to {most}, not {value}").format(
                least=least, most=most, value=text or _("nothing")
            )
        )
    return width, height
