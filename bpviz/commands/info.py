"""`bpviz info`: what is in a session file."""

from __future__ import annotations

from bpviz.commands.parser import Parser, file
from bpviz.session.files.session_file import SessionFileError, read_session
from bpviz.session.files.session_summary import describe

PROG = "bpviz info"
_DESCRIPTION = """\
Tells what is in a session that bpviz saved: its experiment, its branches with what was changed by hand, how far
each has come, its bookmarks. It exits with 2 where the file is none, damaged, or of a newer bpviz."""
_EXAMPLES = """\
examples:
  bpviz train --preset moons --epochs 100 --save run.bpviz
  bpviz info run.bpviz"""


def run(argv: list[str]) -> int:
    """Tell about a file; returns the exit code."""
    parser = Parser(PROG, f"{PROG} FILE.bpviz", _DESCRIPTION, _EXAMPLES)
    parser.add_argument("session", metavar="FILE.bpviz", type=file, help="what the window or bpviz train saved")
    path = parser.parse_args(argv).session
    try:
        session = read_session(path)
    except SessionFileError as fault:
        parser.error(str(fault))
    print(f"{path}: {path.stat().st_size:,} bytes")
    print("\n".join(describe(session)))
    return 0
