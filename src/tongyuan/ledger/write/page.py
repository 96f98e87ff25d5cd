"""The documentation page of a table, made from its definition."""

from __future__ import annotations

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.ledger.table import Column, names, table


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;") or " "


def _allowed(column: Column) -> str:
    if column.choices:
        return "; ".join(f"`{c}` {choice_title(c, 'zh')}".strip() for c in column.choices)
    if column.refers_to:
        return ", ".join(f"`{name}`" for name in column.refers_to)
    low, high = column.minimum, column.maximum
    if low is None and high is None:
        return ""
    return f"{'' if low is None else format(low, 'g')} … {'' if high is None else format(high, 'g')}"


def table_page(name: str, level: int = 2) -> str:
    """Return the definition of table `name` as MyST Markdown, in Chinese and English.

    Parameters
    ----------
    name
        A table of the ledger.
    level
        Depth of the heading.
    """
    definition = table(name)
    lines = [
        f"({'table-' + name})=",
        f"{'#' * level} {definition.title_zh} {definition.title_en} (`{name}`)",
        "",
        f"{definition.description_zh}。{definition.description_en}. *{definition.role}*",
        "",
        "| column | 列名 | title | type | unit | required | key | allowed | 说明 | description |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for c in definition.columns:
        cells = (
            f"`{c.name}`", c.title_zh, c.title_en, c.type, c.unit, "yes" if c.required else "",
            "yes" if c.key else "", _allowed(c), c.description_zh, c.description_en,
        )  # fmt: skip
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def tables_page(role: str | None = None) -> str:
    """Return the definitions of all tables (of one role: ``input`` or ``result``) as MyST Markdown."""
    return "\n".join(table_page(name) for name in names() if role in (None, table(name).role))
