"""`bpviz info`: print a summary of a session file, or of a recording."""

from __future__ import annotations

from bpviz.commands.parser import Parser, file
from bpviz.language import N_, _
from bpviz.session.files.session_file import SessionFileError, read_session
from bpviz.session.files.session_summary import describe
from bpviz.session.recording.recording_file import RecordingFileError, is_recording, read_recording
from bpviz.session.recording.summary import describe as describe_recording

PROG = "bpviz info"
_DESCRIPTION = N_("""\
Prints a summary of a session file: its experiment, its branches with their progress and your changes, its bookmarks.
Of a recording of your own training, made by bpviz.record, it prints what was recorded.
It exits with 2 if the file is neither, is damaged, or was saved by a newer version of bpviz.""")
_EXAMPLES = N_("""\
examples:
  bpviz train --preset moons --epochs 100 --save run.bpviz
  bpviz info run.bpviz""")


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    path = parser.parse(argv).session
    try:
        lines = describe_recording(read_recording(path)) if is_recording(path) else describe(read_session(path))
    except (SessionFileError, RecordingFileError) as fault:
        parser.error(str(fault))
    print(_("{path}: {size:,} bytes").format(path=path, size=path.stat().st_size))
    print("\n".join(lines))
    return 0


def _parser() -> Parser:
    parser = Parser(PROG, f"{PROG} FILE.bpviz", _(_DESCRIPTION), _(_EXAMPLES))
    parser.add_argument(
        "session",
        metavar="FILE.bpviz",
        type=file,
        help=_("a session file saved by the window or by bpviz train, or a recording"),
    )
    return parser
