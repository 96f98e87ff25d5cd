"""Every table has its page of documentation, made from the schema."""

from __future__ import annotations

import pytest

from tongyuan.ledger.table import names, table
from tongyuan.ledger.write.page import table_page, tables_page


@pytest.mark.parametrize("name", names())
def test_a_page_shows_every_column(name: str) -> None:
    page = table_page(name)
    definition = table(name)
    assert page.splitlines()[1].startswith(f"## {definition.title_zh}")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(definition.columns)
    for column, row in zip(definition.columns, rows, strict=True):
        assert f"`{column.name}`" in row
        assert column.title_zh in row
        assert row.replace("\\|", "").count("|") == 11


def test_pages_by_role() -> None:
    everything = tables_page()
    assert all(f"(`{name}`)" in everything for name in names())
    assert "(`emission`)" not in tables_page("input")


def test_the_page_of_tables_is_made_when_the_documentation_is_built(checkout) -> None:  # type: ignore[no-untyped-def]
    text = (checkout / "docs" / "tables.md").read_text("utf-8")
    assert "tables_page" in text
