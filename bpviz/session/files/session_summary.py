"""Summary of a session file as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.given_parameters import GIVEN
from bpviz.session.experiment.own_data import table_text
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.session_json import FORMAT
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import position_text

_MAX_LISTED = 10


def describe(session: SavedSession) -> tuple[str, ...]:
    """Return lines about a session: its origin, experiments, branches, bookmarks, breakpoints and watches."""
    return (
        f"format {FORMAT}, saved {_time(session.saved_at)} by bpviz {session.version}, made with {session.made_with}",
        *_experiments(session),
        *(line for branch in session.branches for line in _branch(branch, session)),
        *_bookmarks(session),
        f"{_many(len(session.breakpoints), 'breakpoint')}, {_many(len(session.watches), 'watch', 'watches')}",
    )


def describe_experiment(experiment: Experiment) -> str:
    """Return an experiment as one line of text."""
    many = f", {experiment.samples:,} samples" if experiment.data.is_drawn else ""
    own = f" {table_text(experiment)}" if experiment.table else ""
    scaled = "" if experiment.scale == "none" else f", {experiment.scale} scaling"
    sizes = "-".join(map(str, experiment.sizes))
    order = "shuffled" if experiment.shuffle else "in the given order"
    is_given = experiment.initializer == GIVEN
    start = "given parameters" if is_given else f"{experiment.initializer} from seed {experiment.seed}"
    frozen = "" if experiment.train_biases else ", frozen biases"
    planted = "; not backpropagation: a mistake is planted" if experiment.mistakes else ""
    return (
        f"{experiment.dataset}{own}{many}{scaled}; {sizes}, {'/'.join(experiment.activations)}, {start}; "
        f"{experiment.loss}, learning rate {experiment.learning_rate:g}, "
        f"batches of {experiment.batch_size}, {order}{frozen}{planted}"
    )


def _experiments(session: SavedSession) -> Iterator[str]:
    """Yield the experiment of each branch that differs from its parent's."""
    firsts = {branch.number: branch.first for branch in session.branches}
    for branch in session.branches:
        if branch.parent is None or firsts[branch.parent] != branch.first:
            yield f"experiment of branch {branch.number}: {describe_experiment(branch.first)}"


def _branch(branch: SavedBranch, session: SavedSession) -> Iterator[str]:
    roles = {session.active: "on screen", session.compared: "compared"}
    role = f" ({roles[branch.number]})" if branch.number in roles else ""
    origin = "" if branch.parent is None else f", from branch {branch.parent} at {position_text(branch.forked_at)}"
    mses = branch.epochs.column("mse_train")
    mse = f", MSE {mses[-1]:.6f}" if len(mses) else ""
    yield (
        f"branch {branch.number}, {branch.name}{role}{origin}: trained to {position_text(branch.furthest)}{mse}, "
        f"now at {position_text(branch.place)}, {_many(len(branch.checkpoints), 'checkpoint')}"
    )
    yield from _interventions(branch)


def _interventions(branch: SavedBranch) -> Iterator[str]:
    before = branch.first
    for change in branch.interventions[:_MAX_LISTED]:
        yield f"  {position_text(change.at)}: {change.describe(before)}"
        before = change.experiment or before
    yield from _rest(len(branch.interventions))


def _bookmarks(session: SavedSession) -> Iterator[str]:
    yield from (f"bookmark {_bookmark(each)}" for each in session.bookmarks[:_MAX_LISTED])
    yield from _rest(len(session.bookmarks))


def _bookmark(bookmark: Bookmark) -> str:
    return f"“{bookmark.name}” at {position_text(bookmark.position)} of branch {bookmark.branch}"


def _rest(count: int) -> Iterator[str]:
    if count > _MAX_LISTED:
        yield f"  and {count - _MAX_LISTED:,} more"


def _time(saved_at: str) -> str:
    """Return a time in UTC, or unchanged if it has no time zone."""
    time = datetime.fromisoformat(saved_at)
    return f"{time:%Y-%m-%d %H:%M:%S}" if time.tzinfo is None else f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"
