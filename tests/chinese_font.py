"""Makes the font for Chinese: `python -m tests.chinese_font NotoSansCJK-Regular.ttc`, with the extra `languages`.

It has the characters of GB2312 and those of the catalogue. Lines are as high as those of Inter, beside which it stands,
and its outlines are TrueType's, as Inter's are: others are drawn bolder, most of all light on dark.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

from bpviz.assets import resource

_FROM, _NAME = "Noto Sans CJK SC", "Noto Sans SC"
_FILE = "NotoSansSC-Regular.ttf"
# In units of a thousandth of the size, as in Inter.
_ASCENT, _DESCENT = 969, 241
_BEFORE_HAN = 0x2000  # letters below it are Inter's
# How far an outline may lie from the original, in the same units.
_NEAR = 1.5


def main(collection: Path) -> None:
    """Write the font's file among the resources."""
    fonts = TTCollection(collection).fonts
    font = next(each for each in fonts if each["name"].getDebugName(1) == _FROM)
    options = subset.Options(layout_features=[], hinting=False, glyph_names=False)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted({*_gb2312(), *_of_catalogue()}))
    subsetter.subset(font)
    _rename(font)
    _set_height(font)
    _make_truetype(font)
    font.save(resource("fonts", _FILE))


def _gb2312() -> Iterator[int]:
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            letter = bytes([row, cell]).decode("gb2312", errors="ignore")
            if letter and ord(letter) >= _BEFORE_HAN:
                yield ord(letter)


def _of_catalogue() -> Iterator[int]:
    text = resource("languages", "zh_CN", "LC_MESSAGES", "bpviz.po").read_text(encoding="utf-8")
    yield from (ord(letter) for letter in text if 0x3000 <= ord(letter) <= 0xFFEF)


def _rename(font: TTFont) -> None:
    """Give the part a name of its own: the whole font may be installed."""
    for record in font["name"].names:
        plain = record.toUnicode().replace(_FROM, _NAME)
        record.string = plain.replace("NotoSansCJKsc", "NotoSansSC")


def _set_height(font: TTFont) -> None:
    head, os2 = font["hhea"], font["OS/2"]
    head.ascent, head.descent, head.lineGap = _ASCENT, -_DESCENT, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = _ASCENT, -_DESCENT, 0
    os2.usWinAscent, os2.usWinDescent = _ASCENT, _DESCENT


def _make_truetype(font: TTFont) -> None:
    drawn, glyphs = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, _NEAR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], outlines = newTable("loca"), newTable("glyf")
    font["glyf"], outlines.glyphOrder, outlines.glyphs = outlines, font.getGlyphOrder(), glyphs
    for table in {"CFF ", "VORG"} & set(font.keys()):
        del font[table]
    outlines.compile(font)
    most = font["maxp"]
    most.tableVersion, most.maxZones = 0x00010000, 1
    for name in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements", "SizeOfInstructions"):
        setattr(most, f"max{name}", 0)
    most.maxComponentElements = 0
    font["post"].formatType, font.sfntVersion = 3.0, "\0\1\0\0"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
