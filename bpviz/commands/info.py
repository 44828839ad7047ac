"""`bpviz info`: print a summary of a session file."""

from __future__ import annotations

from bpviz.commands.parser import Parser, file
from bpviz.session.files.session_file import SessionFileError, read_session
from bpviz.session.files.session_summary import describe

PROG = "bpviz info"
_DESCRIPTION = """\
Prints a summary of a session file: its experiment, its branches with their progress and your changes, its bookmarks.
It exits with 2 if the file is not a session, is damaged, or was saved by a newer version of bpviz."""
_EXAMPLES = """\
examples:
  bpviz train --preset moons --epochs 100 --save run.bpviz
  bpviz info run.bpviz"""


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    path = parser.parse(argv).session
    try:
        session = read_session(path)
    except SessionFileError as fault:
        parser.error(str(fault))
    print(f"{path}: {path.stat().st_size:,} bytes")
    print("\n".join(describe(session)))
    return 0


def _parser() -> Parser:
    parser = Parser(PROG, f"{PROG} FILE.bpviz", _DESCRIPTION, _EXAMPLES)
    parser.add_argument(
        "session", metavar="FILE.bpviz", type=file, help="a session file saved by the window or by bpviz train"
    )
    return parser
