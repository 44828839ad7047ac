"""Entry point of the command line. Qt is imported only to open a window."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

from bpviz.commands import check, film, gradcheck, handout, info, train, window
from bpviz.commands.interrupt import INTERRUPTED
from bpviz.commands.language_option import speak

_COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "train": train.run,
    "gradcheck": gradcheck.run,
    "check": check.run,
    "info": info.run,
    "film": film.run,
    "handout": handout.run,
}
# A shell's exit code for programs ended by a closed pipe (SIGPIPE).
_PIPE_CLOSED = 141


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : list of str, optional
        The arguments, without the program's name; by default those of the process.

    Returns
    -------
    int
        The exit code: 0 for success, 1 for a failure with a message, 130 for Ctrl-C, 141 for a closed pipe.

    Raises
    ------
    SystemExit
        With 2 if an option is invalid, with 0 after ``--help``.
    """
    _print_all_letters()
    given = sys.argv[1:] if argv is None else argv
    speak(given)
    command = _COMMANDS.get(given[0]) if given else None
    try:
        return command(given[1:]) if command else window.run(given)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of the output has ended. At exit Python flushes stdout, which would fail again: discard the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED


def _print_all_letters() -> None:
    """Print what the terminal's encoding lacks, in a bookmark or the name of a file, as its code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
