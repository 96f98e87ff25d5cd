"""Questions about what the software knows: its accounting methods and its index systems."""

from __future__ import annotations

import polars as pl

from tongyuan.flows.ask import Answer


def methods(text: str = "") -> Answer:
    """Return the accounting methods, those with `text` in any column, with their sources."""
    from tongyuan.inventory.methods.registry import methods as every

    within = pl.any_horizontal(pl.col(pl.String).str.to_lowercase().str.contains(text.lower(), literal=True))
    return Answer({"method": every().filter(within)})


def indexes(name: str = "") -> Answer:
    """Return the index systems shipped, or the indicators of the one named; fact ``note`` by language."""
    from tongyuan.synergy.index.index import load, names

    if not name:
        listed = [
            (i.id, i.title("zh"), i.title("en"), i.level, i.status, len(i.indicator))
            for i in map(load, names())
        ]
        heads = ["id", "title_zh", "title_en", "level", "status", "indicators"]
        return Answer({"index": pl.DataFrame(listed, schema=heads, orient="row")})
    system = load(name)
    lines = [
        (
            i.criterion, i.id, i.title("zh"), i.title("en"), i.formula, i.unit, i.direction, i.lower, i.upper,
            i.weight,
        )
        for i in system.indicator
    ]  # fmt: skip
    heads = [
        "criterion", "id", "title_zh", "title_en", "formula", "unit", "direction", "lower", "upper", "weight",
    ]  # fmt: skip
    note = {"zh": system.note_zh, "en": system.note_en}
    return Answer({"indicator": pl.DataFrame(lines, schema=heads, orient="row")}, (), {"note": note})


OFFICE = ("sqlalchemy", "alembic", "argon2", "pyotp", "fastapi", "uvicorn")
"""Packages that the shared system needs."""


def doctor() -> dict[str, str]:
    """Return what this computer has: Python, font, optional parts, disk, rights; empty where it has not."""
    import os
    import platform
    import shutil
    from importlib.util import find_spec

    from tongyuan.reference.shelf import shelf
    from tongyuan.report.picture.figure import family

    return {
        "python": f"{platform.python_version()} ({platform.system()} {platform.machine()})",
        "font": family() or "",
        "spark": "pyspark" if find_spec("pyspark") else "",
        "office": "" if any(find_spec(part) is None for part in OFFICE) else ", ".join(OFFICE),
        "mcp": "mcp" if find_spec("mcp") else "",
        "client": "httpx" if find_spec("httpx") else "",
        "write": os.getcwd() if os.access(".", os.W_OK) else "",
        "disk": f"{shutil.disk_usage('.').free / 2**30:.1f} GiB",
        "species": str(shelf("species").height),
    }
