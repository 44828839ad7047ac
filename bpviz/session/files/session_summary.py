"""Summary of a session file as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bpviz.language import _, ngettext
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.given_parameters import GIVEN
from bpviz.session.experiment.own_data import table_text
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.session_json import format_of
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.position import position_text

_MAX_LISTED = 10


def describe(session: SavedSession) -> tuple[str, ...]:
    """Return lines about a session: its origin, experiments, branches, bookmarks, breakpoints and watches."""
    n_breakpoints, n_watches = len(session.breakpoints), len(session.watches)
    return (
        _("format {format}, saved {time} by bpviz {version}, made with {made_with}").format(
            format=format_of(session),
            time=_time(session.saved_at),
            version=session.version,
            made_with=session.made_with,
        ),
        *_experiments(session),
        *(line for branch in session.branches for line in _branch(branch, session)),
        *_bookmarks(session),
        *_lesson(session),
        ", ".join(
            (
                ngettext("{count:,} breakpoint", "{count:,} breakpoints", n_breakpoints).format(count=n_breakpoints),
                ngettext("{count:,} watch", "{count:,} watches", n_watches).format(count=n_watches),
            )
        ),
    )


def describe_experiment(experiment: Experiment) -> str:
    """Return an experiment as one line of text."""
    many = _(", {samples:,} samples").format(samples=experiment.samples) if experiment.data.is_drawn else ""
    own = f" {table_text(experiment)}" if experiment.table else ""
    scaled = "" if experiment.scale == "none" else _(", {scale} scaling").format(scale=experiment.scale)
    sizes = "-".join(map(str, experiment.sizes))
    order = _("shuffled") if experiment.shuffle else _("in the given order")
    is_given = experiment.initializer == GIVEN
    start = (
        _("given parameters")
        if is_given
        else _("{initializer} from seed {seed}").format(initializer=experiment.initializer, seed=experiment.seed)
    )
    frozen = "" if experiment.train_biases else _(", frozen biases")
    planted = _("; not backpropagation: a mistake is planted") if experiment.mistakes else ""
    return _(
        "{dataset}{own}{many}{scaled}; {sizes}, {activations}, {start}; "
        "{loss}, learning rate {learning_rate:g}, "
        "batches of {batch_size}, {order}{frozen}{planted}"
    ).format(
        dataset=experiment.dataset,
        own=own,
        many=many,
        scaled=scaled,
        sizes=sizes,
        activations="/".join(experiment.activations),
        start=start,
        loss=experiment.loss,
        learning_rate=experiment.learning_rate,
        batch_size=experiment.batch_size,
        order=order,
        frozen=frozen,
        planted=planted,
    )


def _experiments(session: SavedSession) -> Iterator[str]:
    """Yield the experiment of each branch that differs from its parent's."""
    firsts = {branch.number: branch.first for branch in session.branches}
    for branch in session.branches:
        if branch.parent is None or firsts[branch.parent] != branch.first:
            yield _("experiment of branch {number}: {describe_experiment}").format(
                number=branch.number, describe_experiment=describe_experiment(branch.first)
            )


def _branch(branch: SavedBranch, session: SavedSession) -> Iterator[str]:
    roles = {session.active: _("on screen"), session.compared: _("compared")}
    role = f" ({roles[branch.number]})" if branch.number in roles else ""
    origin = (
        ""
        if branch.parent is None
        else _(", from branch {parent} at {position_text}").format(
            parent=branch.parent, position_text=position_text(branch.forked_at)
        )
    )
    mses = branch.epochs.column("mse_train")
    mse = _(", MSE {mses:.6f}").format(mses=mses[-1]) if len(mses) else ""
    n_checkpoints = len(branch.checkpoints)
    yield _("branch {number}, {name}{role}{origin}: trained to {furthest}{mse}, now at {place}, {checkpoints}").format(
        number=branch.number,
        name=branch.name,
        role=role,
        origin=origin,
        furthest=position_text(branch.furthest),
        mse=mse,
        place=position_text(branch.place),
        checkpoints=ngettext("{count:,} checkpoint", "{count:,} checkpoints", n_checkpoints).format(
            count=n_checkpoints
        ),
    )
    yield from _interventions(branch)


def _interventions(branch: SavedBranch) -> Iterator[str]:
    before = branch.first
    for change in branch.interventions[:_MAX_LISTED]:
        yield f"  {position_text(change.at)}: {change.describe(before)}"
        before = change.experiment or before
    yield from _rest(len(branch.interventions))


def _bookmarks(session: SavedSession) -> Iterator[str]:
    yield from (_("bookmark {bookmark}").format(bookmark=_bookmark(each)) for each in session.bookmarks[:_MAX_LISTED])
    yield from _rest(len(session.bookmarks))


def _bookmark(bookmark: Bookmark) -> str:
    return _("“{name}” at {position_text} of branch {branch}").format(
        name=bookmark.name, position_text=position_text(bookmark.position), branch=bookmark.branch
    )


def _lesson(session: SavedSession) -> Iterator[str]:
    if session.lesson:
        n_steps = len(session.lesson.steps)
        text = ngettext("lesson “{title}” of {count} step", "lesson “{title}” of {count} steps", n_steps)
        yield text.format(title=session.lesson.title, count=n_steps)
    if session.left_out:
        yield session.left_out


def _rest(count: int) -> Iterator[str]:
    if count > _MAX_LISTED:
        yield _("  and {count:,} more").format(count=count - _MAX_LISTED)


def _time(saved_at: str) -> str:
    """Return a time in UTC, or unchanged if it has no time zone."""
    time = datetime.fromisoformat(saved_at)
    return f"{time:%Y-%m-%d %H:%M:%S}" if time.tzinfo is None else f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
