"""Make the Chinese font of the pictures: a subset of Noto Sans CJK SC with outlines of TrueType.

``python tools/subset_font.py NotoSansCJK-Regular.ttc`` writes it to ``report/vendor``: GB 2312,
Latin letters and whatever else stands in the sentences of the package. Names and licence are kept.
Needs fonttools.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

SOURCE = Path(__file__).parents[1] / "src" / "tongyuan"
TARGET = SOURCE / "report" / "vendor" / "NotoSansCJKsc-Regular-subset.ttf"
SIGNS = "₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₊₋–—−≤≥≈±×÷·…‰℃µμΔΣαβγ→←↑↓■□●○△▲▼"


def characters() -> set[str]:
    """Return every character the font must have."""
    found = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180))} | set(SIGNS)
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            found |= set(bytes([high, low]).decode("gb2312", errors="ignore"))
    for path in SOURCE.rglob("*"):
        if path.suffix in (".csv", ".py", ".toml", ".html"):
            found |= set(path.read_text("utf-8"))
    return {character for character in found if character.isprintable()}


def reduced(collection: Path) -> TTFont:
    """Return the simplified-Chinese font of `collection` with those characters only."""
    fonts = TTCollection(collection).fonts
    font = next(font for font in fonts if font["name"].getDebugName(4) == "Noto Sans CJK SC")
    options = subset.Options(layout_features=[], hinting=False, recalc_timestamp=False, notdef_outline=True)
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GPOS", "GSUB", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters()])
    subsetter.subset(font)
    return font


def outlined(font: TTFont) -> TTFont:
    """Return `font` with quadratic outlines, which every writer of PDF can take in part."""
    drawn, order, glyphs = font.getGlyphSet(), font.getGlyphOrder(), {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    del font["CFF "]
    font["glyf"].compile(font)
    for name in order:
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyphs[name], "xMin", 0))
    size = font["maxp"]
    size.tableVersion, size.maxZones, size.maxComponentElements = 0x00010000, 1, 0
    for key in ("TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(size, f"max{key}", 0)
    size.maxSizeOfInstructions = 0
    size.recalc(font)
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
    return font


if __name__ == "__main__":
    outlined(reduced(Path(sys.argv[1]))).save(TARGET)
    print(TARGET, TARGET.stat().st_size)
