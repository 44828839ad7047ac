"""Progress of a long command: a bar on the terminal, and how long it will take in words."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, NoReturn

from bpviz.language import N_, _

if TYPE_CHECKING:
    from tqdm import tqdm

_UNITS = (
    (86_400, N_("about {count:,} days")),
    (3600, N_("about {count:,} hours")),
    (60, N_("about {count:,} minutes")),
    (1, N_("about {count:,} seconds")),
)


def progress_bar(total: int, unit: str) -> tqdm[NoReturn]:
    """Return a progress bar on standard error; it draws nothing where that is not a terminal."""
    from tqdm import tqdm

    # Pass the size: tqdm draws nothing on a terminal that does not report one.
    columns, lines = shutil.get_terminal_size()
    quiet = not sys.stderr.isatty()
    return tqdm(total=total, unit=unit, file=sys.stderr, disable=quiet, ncols=columns, nrows=lines)


def about(seconds: float) -> str:
    """Return a duration in words, rounded: "about 20 seconds", "about 3 minutes", "about 15 hours"."""
    if seconds < 2:
        return _("about 1 second")
    size, text = next(unit for unit in _UNITS if seconds >= 2 * unit[0])
    return _(text).format(count=round(seconds / size))
