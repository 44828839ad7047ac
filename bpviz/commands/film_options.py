"""Options, progress and the last sentence that films and handouts share."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bpviz.commands.interrupt import INTERRUPTED
from bpviz.commands.parser import words
from bpviz.commands.progress import progress_bar
from bpviz.language import _
from bpviz.session.film.film_plan import LEFT_OUT, MOST_PANELS, PANELS
from bpviz.session.sharing.share_text import ShareError, read_position
from bpviz.session.training.position import Position

if TYPE_CHECKING:
    from tqdm import tqdm


def position(text: str) -> Position:
    """Return a position; an argparse type."""
    try:
        return read_position(text)
    except ShareError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


def panels(text: str) -> tuple[str, ...]:
    """Return the keys of panels; an argparse type."""
    named = words(text)
    for name in named:
        if name in LEFT_OUT:
            raise argparse.ArgumentTypeError(_(LEFT_OUT[name]))
    unknown = [name for name in named if name not in PANELS]
    if unknown or not named:
        raise argparse.ArgumentTypeError(
            _("no panel is called {name}; choose among {names}").format(
                name=(*unknown, _("nothing"))[0], names=", ".join(PANELS)
            )
        )
    if len(set(named)) < len(named) or len(named) > MOST_PANELS:
        raise argparse.ArgumentTypeError(_("must be at most {most} panels, each once").format(most=MOST_PANELS))
    return named


class StepProgress:
    """Shows a progress bar, whose length is known when the work begins; `unit` is what is counted."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._stack = ExitStack()
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> StepProgress:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def show(self, done: int, total: int) -> None:
        """Show how many of how many are made."""
        if self._bar is None:
            self._bar = self._stack.enter_context(progress_bar(total, self._unit))
        self._bar.update(done - self._bar.n)


def tell_end(program: str, problem: str | None, path: Path) -> int:
    """Say how the making of a file has ended, and return the exit code.

    Parameters
    ----------
    program : str
        The name that the sentence begins with.
    problem : str, optional
        Why there is no file; "" if it is written, None if Ctrl-C has ended it.
    path : Path
    """
    sentence, code = _("wrote {path}").format(path=path), 0
    if problem is None:
        sentence, code = _("stopped; no file was written"), INTERRUPTED
    elif problem:
        sentence, code = _("error: {fault}").format(fault=problem), 1
    print(f"{program}: {sentence}", file=sys.stderr)
    return code
