"""The encoding of a text file: UTF-8, UTF-16 with its mark, or what a spreadsheet in Chinese or German writes."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

_PIECE = 2**20
_MARKS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
# The characters of GB18030: of four bytes, of two bytes, and bytes that are none.
_UNITS = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
_COMMON_CHINESE = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_RARER_CHINESE = re.compile(rb"[\xd8-\xf7][\xa1-\xfe]")


def guess_encoding(file: BinaryIO) -> str:
    """Return the probable encoding of a file, a key of `CODECS`. The file is read from its beginning."""
    file.seek(0)
    start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    file.seek(0)
    other = _first_piece_not_in_utf8(file)
    if other is None:
        return "UTF-8"
    return "Chinese (GB18030)" if _is_chinese(other) else "Western (cp1252)"


def _first_piece_not_in_utf8(file: BinaryIO) -> bytes | None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    while piece := file.read(_PIECE):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            return piece
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return decoder.getstate()[0]
    return None


def _is_chinese(piece: bytes) -> bool:
    """Return whether bytes above 127 come in pairs as Chinese characters do.

    In German and French most stand alone before an ASCII letter, which GB18030 would take for the second byte of a
    character hardly anybody uses; pairs of theirs, as in "Größe", are not among the common characters.
    """
    units = _UNITS.findall(piece)
    common = sum(_COMMON_CHINESE.fullmatch(unit) is not None for unit in units)
    rarer = sum(_RARER_CHINESE.fullmatch(unit) is not None for unit in units)
    return common > 0 and common + rarer >= 4 * (len(units) - common - rarer)
