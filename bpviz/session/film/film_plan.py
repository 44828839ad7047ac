"""FilmPlan: which positions a film shows, for how long, in what size; and why one cannot be made."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from bpviz.language import N_, _
from bpviz.session.files.safe_write import check_target
from bpviz.session.training.position import Position, position_text

#: What a film goes on by from picture to picture.
LEVELS = ("epoch", "sample", "operation")
#: Keys of the panels that can be shown at any position without a user.
PANELS = (
    *("surface", "network", "curves", "deltas", "operations", "formula", "operands", "code", "explain"),
    *("hidden_space", "confusion", "weights", "pictures", "effect", "ledger", "comparison", "watch"),
)
#: Why a panel that one might look for is not among them.
LEFT_OUT = {
    "check": N_("Gradient check is left out: it is made for one moment, when its button is pressed"),
}
SUFFIXES = (".webp", ".gif", ".mp4")
MOST_PICTURES = 5_000
LEAST_SIZE, MOST_SIZE = (320, 180), (3840, 2160)
LEAST_RATE, MOST_RATE = 0.1, 50.0
#: Pictures a second where nothing else is asked for: operations need time to be read.
USUAL_RATE = {"epoch": 20.0, "sample": 4.0, "operation": 0.5}
USUAL_PANELS = {
    "epoch": ("surface", "curves", "deltas"),
    "sample": ("surface", "network", "deltas"),
    "operation": ("network", "formula", "operands"),
}
MOST_PANELS = 6
# A film of a whole run is thinned to so many pictures where nothing else is asked for.
_USUAL_PICTURES = 200


class FilmError(ValueError):
    """A film cannot be made as it was asked for; the message is a sentence without its full stop."""


@dataclass(frozen=True)
class Reach:
    """How far training has come, and what its epochs and updates consist of.

    Attributes
    ----------
    furthest : Position
    n_samples : int
        Training samples.
    batch_size : int
    n_operations : int
        Of an update.
    """

    furthest: Position
    n_samples: int
    batch_size: int
    n_operations: int


@dataclass(frozen=True)
class FilmPlan:
    """What a film shows.

    Attributes
    ----------
    path : Path
        The suffix decides the format.
    panels : tuple of str
        Keys of panels, the first one largest; those of `USUAL_PANELS` if there are none.
    level : str
        One of `LEVELS`.
    begin : Position
    end : Position or None
        The last position; None for the end of training, of the epoch or of the update.
    every : int or None
        A picture for so many epochs, samples or operations; None for at most `_USUAL_PICTURES`.
    rate : float or None
        Pictures a second; None for that of `USUAL_RATE`.
    size : (int, int)
        In pixels.
    has_captions : bool
    """

    path: Path
    panels: tuple[str, ...] = ()
    level: str = "epoch"
    begin: Position = field(default_factory=Position)
    end: Position | None = None
    every: int | None = None
    rate: float | None = None
    size: tuple[int, int] = (1280, 720)
    has_captions: bool = True

    @property
    def shown_panels(self) -> tuple[str, ...]:
        """The panels, also where none are chosen."""
        return self.panels or USUAL_PANELS[self.level]

    @property
    def pictures_a_second(self) -> float:
        """Pictures a second, also where no number is chosen."""
        return self.rate or USUAL_RATE[self.level]

    def check_file(self) -> None:
        """Check that the file can be written, and has the size that its format allows.

        Raises
        ------
        ExportError
            If it cannot be written.
        FilmError
            If its format does not allow the size.
        """
        check_target(self.path, SUFFIXES)
        if self.path.suffix.lower() == ".mp4" and (self.size[0] % 2 or self.size[1] % 2):
            raise FilmError(_("width and height of an MP4 film must be even numbers"))


def check_panels(panels: Collection[str], *, has_watches: bool, is_compared: bool) -> None:
    """Check that a session has something for the panels to show; raises a FilmError that says what is missing."""
    if "watch" in panels and not has_watches:
        raise FilmError(_("there is nothing to watch: add a metric in the panel Watch, or leave the panel out"))
    if "comparison" in panels and not is_compared:
        raise FilmError(_("no branches are compared: tick “Compare” for a branch, or leave Side by side out"))


def positions_of(plan: FilmPlan, reach: Reach) -> tuple[Position, ...]:
    """Return the positions of all pictures, the last position included.

    Raises
    ------
    FilmError
        If training has not reached them, or there are too many.
    """
    begin = _begin(plan, reach)
    end = _end(plan, begin, reach)
    if (beyond := max(begin, end)) > _last(plan, begin, reach):
        raise FilmError(
            _("training has come to {furthest}, not to {asked}").format(
                furthest=position_text(reach.furthest), asked=position_text(beyond)
            )
        )
    if end < begin:
        raise FilmError(
            _("the film ends before it begins: {end} comes before {begin}").format(
                end=position_text(end), begin=position_text(begin)
            )
        )
    steps = _number(end, plan.level) - _number(begin, plan.level)
    unit = reach.batch_size if plan.level == "sample" else 1
    every = unit * (plan.every or max(1, math.ceil(steps / unit / _USUAL_PICTURES)))
    count = math.ceil(steps / every) + 1
    if count > MOST_PICTURES:
        raise FilmError(
            _("{count:,} pictures are too many: at most {most:,} make a film").format(count=count, most=MOST_PICTURES)
        )
    numbers = range(_number(begin, plan.level), _number(end, plan.level), every)
    return (*(_at(begin, plan.level, number) for number in numbers), end)


def _begin(plan: FilmPlan, reach: Reach) -> Position:
    begin = plan.begin
    if plan.level == "epoch" and begin != Position(begin.epoch):
        raise FilmError(
            _("a film of epochs begins at an epoch, like 12; choose samples or operations for other places")
        )
    if plan.level == "sample" and begin.operation:
        raise FilmError(_("a film of samples begins between two of them, like 12,30"))
    if begin.sample >= reach.n_samples or begin.sample % reach.batch_size:
        raise FilmError(
            _("no update begins at {place}").format(place=position_text(Position(begin.epoch, begin.sample)))
        )
    return begin


def _end(plan: FilmPlan, begin: Position, reach: Reach) -> Position:
    """Return the last position: the one that was asked for, or that of the whole run, epoch or update."""
    end = plan.end
    if end is None:
        return _last(plan, begin, reach)
    if plan.level == "epoch":
        if end != Position(end.epoch):
            raise FilmError(
                _("a film of epochs ends at an epoch, like 40; choose samples or operations for other places")
            )
        return end
    if plan.level == "sample":
        if end.operation or end.sample % reach.batch_size or end.sample >= reach.n_samples:
            raise FilmError(_("no update begins at {place}").format(place=position_text(end)))
        if end.epoch != begin.epoch:
            raise FilmError(_("a film of samples stays within an epoch; a film of epochs can be longer"))
        return end
    if (end.epoch, end.sample) != (begin.epoch, begin.sample) or end.operation > reach.n_operations:
        raise FilmError(
            _("a film of operations stays within an update, which has {count} operations").format(
                count=reach.n_operations
            )
        )
    return end


def _last(plan: FilmPlan, begin: Position, reach: Reach) -> Position:
    """Return the last position that a film can have."""
    furthest = reach.furthest
    if plan.level == "epoch":
        return Position(furthest.epoch)
    if plan.level == "sample":
        last = (reach.n_samples - 1) // reach.batch_size * reach.batch_size
        reached = furthest.sample if furthest.epoch == begin.epoch else last if furthest.epoch > begin.epoch else 0
        return Position(begin.epoch, min(last, reached)) if furthest.epoch >= begin.epoch else furthest
    done = Position(begin.epoch, begin.sample) < Position(furthest.epoch, furthest.sample)
    # The update after the live end is only looked at: its last operation would be training.
    if done:
        return Position(begin.epoch, begin.sample, reach.n_operations)
    at_end = (begin.epoch, begin.sample) == (furthest.epoch, furthest.sample)
    return Position(begin.epoch, begin.sample, reach.n_operations - 1) if at_end else furthest


def _number(position: Position, level: str) -> int:
    return int(getattr(position, level))


def _at(begin: Position, level: str, number: int) -> Position:
    if level == "epoch":
        return Position(number)
    if level == "sample":
        return Position(begin.epoch, number)
    return Position(begin.epoch, begin.sample, number)
