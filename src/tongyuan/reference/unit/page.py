"""The page of units: every spelling and what it means, and every spelling with two readings.

Made from the shelves ``unit``, ``unit_base`` and ``unit_reading``, so that it says what the code does.
"""

from __future__ import annotations

from collections.abc import Iterable

from tongyuan.reference import units
from tongyuan.reference.shelf import shelf


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def spellings_page() -> str:
    """Return the Markdown table of every accepted spelling, one row for each meaning."""
    meanings: dict[tuple[str, str, str], list[str]] = {}
    for row in shelf("unit").to_dicts():
        key = (row["unit"], row["title_zh"], row["title_en"])
        meanings.setdefault(key, []).append(f"`{row['spelling']}`")
    rows = []
    for (_, title_zh, title_en), words in meanings.items():
        factor, unit = units.canonical(words[0].strip("`"))
        meaning = "" if unit == "fraction" and factor == 1 else f"{factor:.10g} {unit}"
        rows.append((" ".join(words), title_zh, title_en, meaning))
    return _grid(("写法 Spelling", "含义", "Meaning", "折算 In canonical units"), rows)


def metric_page() -> str:
    """Return the Markdown table of the units that metric prefixes may stand before, with their source."""
    rows = []
    for row in shelf("unit_base").filter(shelf("unit_base")["prefixes"] != "").to_dicts():
        words = [f"`{prefix}{row['unit']}`" for prefix in row["prefixes"].split()]
        factor, unit = units.canonical(row["unit"])
        source = f"{row['source']}, {row['locator']}"
        rows.append((f"`{row['unit']}`", " ".join(words), f"{factor:.10g} {unit}", source))
    return _grid(("单位 Unit", "词头 With prefix", "折算 In canonical units", "来源 Source"), rows)


def readings_page() -> str:
    """Return the Markdown table of the spellings with two readings and what happens to them."""
    rows = []
    for row in shelf("unit_reading").to_dicts():
        deed = "读作前者，并提示 read as the first, with a notice" if row["unit"] else "拒绝 refused"
        first, other = (f"{row[f'{word}_zh']} {row[f'{word}_en']}" for word in ("read", "other"))
        rows.append((f"`{row['spelling']}`", first, other, deed))
    return _grid(("写法 Spelling", "读法一 First", "读法二 Second", "处理 What happens"), rows)
