"""What the page on methods takes from the package: the register, and modules without a section."""

from __future__ import annotations

import pkgutil

import polars as pl

from tongyuan.inventory import methods as package
from tongyuan.inventory.methods.registry import methods

TABLE = "% register of methods"
OTHERS = "% topics without a section"


def _table() -> str:
    rows = methods().with_columns(
        pl.when(pl.col("table") == "").then(pl.lit("")).otherwise("`" + pl.col("table") + "`").alias("table")
    )
    lines = ["| method | 方法 | table | source | reproduced against |", "|---|---|---|---|---|"]
    for row in rows.to_dicts():
        cells = (f"`{row['name']}`", row["title_zh"], row["table"], row["source"], row["reproduced_against"])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _others(page: str) -> str:
    parts = []
    for module in pkgutil.iter_modules(package.__path__):
        directive = f".. automodule:: {package.__name__}.{module.name}\n"
        if directive not in page:
            title = module.name.replace("_", " ").capitalize()
            parts.append(f"### {title}\n\n```{{eval-rst}}\n{directive}   :members:\n```\n")
    return "\n".join(parts)


def fill(page: str) -> str:
    """Return a page with the register of methods, and a section for every module that has none."""
    return page.replace(TABLE, _table()).replace(OTHERS, _others(page))
