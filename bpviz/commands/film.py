"""`bpviz film`: make a film of a session."""

from __future__ import annotations

import argparse
import re
from argparse import Namespace

from bpviz.commands.film_options import StepProgress, panels, position, tell_end
from bpviz.commands.interrupt import Interrupt
from bpviz.commands.parser import Parser, checked_by, file, number
from bpviz.language import N_, _
from bpviz.session.experiment.validation import Integer, OneOf, Real
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_file import SessionFileError, read_session
from bpviz.session.film.film_plan import (
    LEAST_RATE,
    LEAST_SIZE,
    LEVELS,
    MOST_PANELS,
    MOST_RATE,
    MOST_SIZE,
    PANELS,
    FilmError,
    FilmPlan,
    check_panels,
)
from bpviz.session.film.film_writing import check_format
from bpviz.session.training.position import Position

PROG = "bpviz film"
_DESCRIPTION = N_("""\
Makes a film of a saved session: panels of the window at positions that follow each other, each picture drawn for
exactly its position. It goes by epochs, by the samples of one epoch, or by the operations of one update. WebP and GIF
need nothing more; MP4 needs the extra video. It needs no display; Ctrl-C ends it and leaves no file.""")
_EXAMPLES = N_("""\
examples:
  bpviz train --preset moons --epochs 500 --save run.bpviz
  bpviz film run.bpviz --from 0 --to 500 --out run.webp
  bpviz film run.bpviz --by operation --from 40,12 --out update.gif --panels network,formula,operands
  bpviz film run.bpviz --every 5 --rate 25 --size 1920x1080 --theme dark --out run.mp4""")
_WHERE = "EPOCH[,SAMPLES[,OPERATIONS]]"


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    given = parser.parse(argv)
    plan = _plan(given)
    try:
        plan.check_file()
        check_format(plan.path)
        session = read_session(given.session)
        check_panels(plan.panels, has_watches=bool(session.watches), is_compared=session.compared is not None)
    except (FilmError, ExportError, SessionFileError) as fault:
        parser.error(str(fault))
    with Interrupt() as interrupt, StepProgress(_("picture")) as progress:
        from bpviz.offscreen import Watcher, make_film

        problem = make_film(plan, given.session, given.theme, Watcher(progress.show, lambda: interrupt.requested))
    return tell_end(PROG, problem, plan.path)


def _plan(given: Namespace) -> FilmPlan:
    return FilmPlan(
        given.out,
        given.panels,
        given.by,
        given.begin,
        given.end,
        given.every,
        given.rate,
        given.size,
        given.captions == "on",
    )


def _parser() -> Parser:
    parser = Parser(
        PROG, _("{prog} FILE.bpviz --out FILE.webp|gif|mp4 [options]").format(prog=PROG), _(_DESCRIPTION), _(_EXAMPLES)
    )
    parser.add_argument("session", metavar="FILE.bpviz", type=file, help=_("a saved session"))
    parser.add_argument(
        "--out",
        metavar="FILE.webp|gif|mp4",
        type=file,
        required=True,
        help=_("the film; the suffix decides the format"),
    )
    _add_way(parser)
    _add_looks(parser)
    return parser


def _add_way(parser: Parser) -> None:
    parser.add_argument(
        "--by",
        metavar="LEVEL",
        type=checked_by(OneOf(LEVELS)),
        default="epoch",
        help=f"{' | '.join(LEVELS)} [{LEVELS[0]}]",
    )
    parser.add_argument(
        "--from", dest="begin", metavar=_WHERE, type=position, default=Position(), help=_("the first position [0]")
    )
    parser.add_argument(
        "--to",
        dest="end",
        metavar=_WHERE,
        type=position,
        help=_("the last position [the end of the run, epoch or update]"),
    )
    parser.add_argument(
        "--every",
        metavar="N",
        type=checked_by(Integer(1, 10_000_000), number),
        help=_("a picture for N epochs, updates or operations [so that there are at most 200 pictures]"),
    )
    parser.add_argument(
        "--rate",
        metavar="X",
        type=checked_by(Real(LEAST_RATE, MOST_RATE), number),
        help=_("pictures a second [20 of epochs, 4 of samples, 0.5 of operations]"),
    )


def _add_looks(parser: Parser) -> None:
    parser.add_argument(
        "--panels",
        metavar="NAME[,NAME...]",
        type=panels,
        default=(),
        help=_(
            "up to {most} of {panels} [three that suit the level]; they look as in a new window; check is left out, "
            "since a gradient check is made for one moment"
        ).format(most=MOST_PANELS, panels=", ".join(PANELS)),
    )
    parser.add_argument(
        "--size", metavar="WIDTHxHEIGHT", type=_size, default=(1280, 720), help=_("in pixels [1280x720]")
    )
    parser.add_argument(
        "--captions", metavar="on|off", type=checked_by(OneOf(("on", "off"))), default="on", help="on | off [on]"
    )
    parser.add_argument(
        "--theme",
        metavar="NAME",
        type=checked_by(OneOf(("light", "dark"))),
        default="light",
        help="light | dark [light]",
    )


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    width, height = map(int, found.groups()) if found else (0, 0)
    if not (LEAST_SIZE[0] <= width <= MOST_SIZE[0] and LEAST_SIZE[1] <= height <= MOST_SIZE[1]):
        least, most = "x".join(map(str, LEAST_SIZE)), "x".join(map(str, MOST_SIZE))
        raise argparse.ArgumentTypeError(
            _("must be like 1280x720, from {least} to {most}, not {value}").format(
                least=least, most=most, value=text or _("nothing")
            )
        )
    return width, height
