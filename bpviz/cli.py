"""The door from the command line. It loads without Qt; only a window that opens needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from bpviz.commands import gradcheck, info, train, window

_COMMANDS: dict[str, Callable[[list[str]], int]] = {"train": train.run, "gradcheck": gradcheck.run, "info": info.run}
# What a shell reports of a program that Ctrl-C, or a closed pipe, ended.
_INTERRUPTED, _PIPE_CLOSED = 130, 141


def main(argv: list[str] | None = None) -> int:
    """Do what the command line asks for.

    Parameters
    ----------
    argv : list of str, optional
        The arguments, without the program's name; by default those of the process.

    Returns
    -------
    int
        The exit code: 0 for done, 1 for a failure that was told, 130 for Ctrl-C.

    Raises
    ------
    SystemExit
        With 2 where an option has a wrong value, with 0 after ``--help``.
    """
    given = sys.argv[1:] if argv is None else argv
    command = _COMMANDS.get(given[0]) if given else None
    try:
        return command(given[1:]) if command else window.run(given)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; at exit Python would fail once more on what is left to write.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
