"""What makes a text valid LaTeX, as far as it can be said without LaTeX."""

import re

_BEGIN_END = re.compile(r"\\(begin|end)\{([a-z*]+)\}")


def check_syntax(text: str, commands: set[str]) -> None:
    """Check that a text is ASCII, nests its groups, environments and formulas, and uses known commands only."""
    assert text.isascii(), sorted({mark for mark in text if not mark.isascii()})
    used = set(re.findall(r"\\([A-Za-z]+)", text))
    assert used <= commands, used - commands
    depth = 0
    for mark in re.sub(r"\\[{}\\]", "", text):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        assert depth >= 0
    assert depth == 0
    opened: list[str] = []
    for kind, name in _BEGIN_END.findall(text):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []
    assert text.replace(r"\$", "").count("$") % 2 == 0
    assert len(re.findall(r"\\left(?![a-z])", text)) == len(re.findall(r"\\right(?![a-z])", text))
