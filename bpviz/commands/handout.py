"""`bpviz handout`: a lesson, the bookmarks of a session or the operations of an update on paper."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from bpviz.commands.film_options import StepProgress, panels, position, tell_end
from bpviz.commands.interrupt import Interrupt
from bpviz.commands.parser import Parser, file
from bpviz.language import N_, _
from bpviz.session.files.lesson_file import read_lesson_file
from bpviz.session.files.safe_write import SUFFIX, ExportError
from bpviz.session.files.session_data import SavedBranch
from bpviz.session.files.session_file import read_session
from bpviz.session.film.film_plan import check_panels
from bpviz.session.handout.pages import Handout, bookmark_handout, check_file, lesson_handout, update_handout
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.shipped import NAMES, load_lesson
from bpviz.session.training.position import Position, position_text
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import operations

PROG = "bpviz handout"
_DESCRIPTION = N_("""\
Makes a handout, light on white, with a page for each step of a lesson, for each bookmark of a saved session or, with
--at, for each operation of an update: the panels, a heading, and what there is to say. Answers to a lesson's questions
come last. PDF has lines and letters; HTML is one file that opens in any browser without a network.

lessons: {lessons}, or a file that ends in .json""")
_EXAMPLES = N_("""\
examples:
  bpviz handout chain-rule --out chain-rule.pdf
  bpviz handout run.bpviz --out bookmarks.html
  bpviz handout run.bpviz --at 40,12 --out update.pdf""")


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    given = parser.parse(argv)
    try:
        check_file(given.out)
        handout = _handout(given)
    except (ValueError, ExportError) as fault:  # of the lesson, the session, the position or the file
        parser.error(str(fault))
    with Interrupt() as interrupt, StepProgress(_("page")) as progress:
        from bpviz.offscreen import Watcher, make_handout

        session = given.what if given.what.suffix == SUFFIX else None
        problem = make_handout(handout, given.out, session, Watcher(progress.show, lambda: interrupt.requested))
    return tell_end(PROG, problem, given.out)


def _parser() -> Parser:
    parser = Parser(
        PROG,
        _("{prog} LESSON|FILE.bpviz --out FILE.pdf|html [options]").format(prog=PROG),
        _(_DESCRIPTION).format(lessons=", ".join(NAMES)),
        _(_EXAMPLES),
    )
    parser.add_argument("what", metavar="LESSON|FILE.bpviz", type=file, help=_("a lesson, or a saved session"))
    parser.add_argument(
        "--out", metavar="FILE.pdf|html", type=file, required=True, help=_("the handout; the suffix decides the format")
    )
    parser.add_argument(
        "--at", metavar="EPOCH[,SAMPLES]", type=position, help=_("of a session: the update that is begun there")
    )
    parser.add_argument(
        "--panels", metavar="NAME[,NAME...]", type=panels, default=(), help=_("of a session [those that suit the page]")
    )
    return parser


def _handout(given: Namespace) -> Handout:
    path: Path = given.what
    if path.suffix != SUFFIX:
        if given.at or given.panels:
            raise ValueError(_("--at and --panels are for a saved session: a lesson has its own"))
        return lesson_handout(read_lesson_file(path) if path.suffix == ".json" else _shipped(str(path)))
    session = read_session(path)
    check_panels(given.panels, has_watches=bool(session.watches), is_compared=session.compared is not None)
    if given.at:
        branch = next(each for each in session.branches if each.number == session.active)
        return _of_update(path.stem, branch, given.at, given.panels)
    if not session.bookmarks:
        raise ValueError(
            _("{path} has no bookmarks: give --at EPOCH,SAMPLES for the operations of an update").format(path=path)
        )
    return bookmark_handout(path.stem, tuple(sorted(session.bookmarks)), given.panels)


def _shipped(name: str) -> Lesson:
    if name not in NAMES:
        raise ValueError(
            _("no lesson is called {name}; choose {names}, or a file that ends in .json or {suffix}").format(
                name=name, names=", ".join(NAMES), suffix=SUFFIX
            )
        )
    return load_lesson(name)


def _of_update(title: str, branch: SavedBranch, at: Position, shown: tuple[str, ...]) -> Handout:
    experiment = branch.first
    n_samples = len(Training(experiment).split.X_train)
    if at.operation or at.sample % min(experiment.batch_size, n_samples) or at.sample >= n_samples:
        raise ValueError(_("no update begins at {place}").format(place=position_text(at)))
    if at > branch.furthest:
        raise ValueError(
            _("training has come to {furthest}, not to {asked}").format(
                furthest=position_text(branch.furthest), asked=position_text(at)
            )
        )
    count = len(operations(len(experiment.sizes) - 1, experiment.rule.extra_operations))
    is_made = at < branch.furthest
    title = _("{name}, {place}").format(name=title, place=position_text(at))
    return update_handout(title, at, count if is_made else count - 1, shown)
