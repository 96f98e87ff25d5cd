from __future__ import annotations

import io

import pytest
from rich.console import Console

from tongyuan.cli.finding_table import as_rows, grouped, place, print_findings
from tongyuan.ledger.finding import Finding, finding


def unit(row: int | None, column: str = "C", sheet: str = "活动水平", **values: object) -> Finding:
    return finding("ledger", "unknown_unit", file="a.xlsx", sheet=sheet, row=row, column=column,
                   **{"value": "万顿", "suggestion": "", **values})  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "zh", "en"),
    [
        ([5], "第 5 行 C 列", "row 5, column C"),
        ([5, 6, 9], "C 列 3 处：第 5、6、9 行", "column C, 3 rows: 5, 6, 9"),
        (list(range(5, 27)), "C 列 22 处：第 5、6、7、8、9、10、11、12 … 行",
         "column C, 22 rows: 5, 6, 7, 8, 9, 10, 11, 12 …"),
    ],
)  # fmt: skip
def test_places_are_words(rows: list[int], zh: str, en: str) -> None:
    group = [unit(row) for row in rows]
    assert place(group, "zh") == f"a.xlsx · 活动水平 · {zh}"
    assert place(group, "en") == f"a.xlsx · 活动水平 · {en}"


def test_a_row_without_a_column_is_named_as_a_row() -> None:
    assert place([unit(551, "")], "zh") == "a.xlsx · 活动水平 · 第 551 行"
    assert place([unit(None, "")], "zh") == "a.xlsx · 活动水平"


def test_only_the_same_check_in_the_same_column_is_grouped() -> None:
    found = [unit(1), unit(2, "D"), unit(3), unit(4, sheet="其他"), unit(None, ""), unit(None, "")]
    assert [len(group) for group in grouped(found)] == [2, 1, 1, 1, 1]


def test_a_group_is_printed_once_and_counted_in_full() -> None:
    out = io.StringIO()
    found = [unit(row, value=f"u{row}") for row in range(2, 9)]
    print_findings(found, Console(file=out, width=200), "en")
    said = out.getvalue()
    assert "column C, 7 rows" in said
    assert "u2" in said
    assert "u8" not in said
    assert "4 more" in said
    assert "Errors: 7, others: 0" in said


def test_every_finding_is_a_row_for_a_machine() -> None:
    rows = as_rows([unit(2), unit(3)])
    assert [r["row"] for r in rows] == [2, 3]
    assert rows[0]["message_zh"] != rows[0]["message_en"]
