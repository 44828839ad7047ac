"""Damaged and malicious files are read or refused with one sentence, never with another error."""

from __future__ import annotations

import io
import random
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bpviz.session.tables.reading import read_table
from bpviz.session.tables.roles import guess_roles
from bpviz.session.tables.selection import select
from bpviz.session.tables.table_error import TableError
from tests.session.tables.workbooks import Cell, sheet_xml, workbook, workbook_of_xml

ROWS = [(n / 7, n % 5, f"text {n % 3}", "größer" if n % 2 else "鸢尾") for n in range(40)]
TEXT = "a,b,c,d\n" + "".join(f'{a:.3f},{b},"{c}",{d}\n' for a, b, c, d in ROWS)
GERMAN = "a;b;c\n" + "".join(f"{a:.2f};{b};größer\n".replace(".", ",") for a, b, *_ in ROWS)
SHEET: list[list[Cell]] = [["a", "b", "c"]]
SHEET += [[a, b, c] for a, b, c, _ in ROWS]
NASTY = [
    *(
        b'"',
        b'""',
        b'"""',
        b"\0",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n\n",
        b",",
        b";",
        b"\t",
        b",,,,",
        b" ",
        b"'",
        b"\\",
        b"#",
    ),
    *(b"nan", b"inf", b"-inf", b"1e999", b"-1e999", b"1e-999", b"NA", b"1_0", b"0x1p3", b"1,234.5,6", b"\xef\xbc\x91"),
    *(
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\x81",
        b"\xf0\x9f\x98\x80",
        b"\xe2\x80\xae",
        b"sep=;\n",
    ),
    *(b"x" * 200_000, b"1," * 3000, b"a\n" * 3000, b"9" * 5000, b"PK\3\4", b"\x93NUMPY", b"(9999999999, 99)", b"(-1,)"),
    *(b"|O", b">U9", b"<c16", b"True", b"}", b"<", b"</c>", b'r="XFD1048576"', b'r="A0"', b'r=""', b't="s"', b't="d"'),
    *(
        b"<row>",
        b"<c>",
        b"<v>",
        b"&lt;",
        b"&#0;",
        b"&bomb;",
        b"<!DOCTYPE x>",
        b"<![CDATA[",
        b"<!--",
        b'r="A99999999999"',
    ),
]


def array_file(several: bool) -> bytes:
    buffer = io.BytesIO()
    numbers = np.array([(a, b) for a, b, *_ in ROWS])
    if several:
        np.savez(buffer, X=numbers, y=np.array([c for *_, c, _ in ROWS]))
    else:
        np.save(buffer, numbers)
    return buffer.getvalue()


GOOD: dict[str, bytes] = {
    "UTF-8": TEXT.encode(),
    "UTF-16": TEXT.replace(",", "\t").encode("utf-16"),
    "GB18030": TEXT.replace("größer", "玫瑰").encode("gb18030"),
    "German": GERMAN.encode("cp1252"),
    "spaces": b"".join(b"%.4f %d\n" % (a, b) for a, b, *_ in ROWS),
    "npy": array_file(several=False),
    "npz": array_file(several=True),
    "xlsx": workbook(SHEET),
    "sheet": sheet_xml(SHEET).encode(),
}


def mutated(name: str, seed: int) -> bytes:
    """Return a good file with one to four faults; of a workbook's sheet, packed again."""
    rng = random.Random(f"{name} {seed}")
    content = bytearray(GOOD[name])
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(content) + 1) if rng.random() < 0.8 else rng.randrange(min(len(content), 120) + 1)
        end = min(place + rng.choice([1, 1, 5, 100]), len(content))
        match rng.randrange(5):
            case 0:
                content[place:end] = rng.randbytes(end - place)
            case 1:
                del content[place:end]
            case 2:
                del content[place:]
            case 3:
                content[place:place] = rng.choice(NASTY)
            case 4:
                content[place:place] = content[place:end] * rng.choice([1, 3, 50])
    return packed(bytes(content)) if name == "sheet" else bytes(content)


def packed(sheet: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook_of_xml(""))) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.namelist():
            new.writestr(member, sheet if member.startswith("xl/worksheets/") else old.read(member))
    return buffer.getvalue()


def use(path: Path) -> str:
    """Read and select as the program does, and return the sentence of a refusal."""
    try:
        read = read_table(path)
        assert None not in (read.table.digest, read.table.first_rows(5))
        roles = guess_roles(read.table)
        table = read.table.without_rows(read.table.faulty_rows(roles.inputs, roles.target))
        found = select(table, roles.inputs, roles.target, roles.task)
        assert np.isfinite(found.X).all()
        assert np.isfinite(found.y).all()
    except TableError as refusal:
        return str(refusal)
    return ""


def check(name: str, seeds: range, folder: Path) -> None:
    path = folder / "hostile"
    for seed in seeds:
        path.write_bytes(mutated(name, seed))
        sentence = use(path)
        assert re.fullmatch(r"([A-Z][^\n]{10,400}\.)?", sentence), (name, seed, sentence)


@pytest.mark.parametrize("name", GOOD)
def test_the_good_files_are_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / "good"
    path.write_bytes(packed(GOOD[name]) if name == "sheet" else GOOD[name])
    assert use(path) == ""


@pytest.mark.parametrize("name", GOOD)
def test_a_damaged_file_is_read_or_refused_with_one_sentence(name: str, tmp_path: Path) -> None:
    check(name, range(20), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", GOOD)
def test_500_damaged_files_are_read_or_refused_with_one_sentence(name: str, tmp_path: Path) -> None:
    check(name, range(20, 520), tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b'"' * 100_001,
        b"\n" * 100_000,
        b"," * 9_000,
        b"a" * 11_000_000,
        b"x" + b",x" * 9_999 + b"\n" + b"1" + b",1" * 9_999,
        b"a\n" + b"1\n" * 3,
        b"a,b\n1,2",
        "\ufeff".encode(),
        b"\xff\xfe",
        b"\xff\xfea",
        b"?,?\nNA,NA\n",
        b"nan,inf\ninf,nan\n",
    ],
    ids=range(12),
)
def test_an_extreme_file_is_read_or_refused_with_one_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(content)
    assert re.fullmatch(r"([A-Z][^\n]{10,400}\.)?", use(path))
