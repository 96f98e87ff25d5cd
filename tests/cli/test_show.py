from __future__ import annotations

import io

import polars as pl
import pytest
from rich.cells import cell_len
from rich.console import Console

from tongyuan.cli.show import print_findings, print_frame, print_lines, terminal
from tongyuan.ledger.finding import finding


def console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=160), out


def test_findings_are_counted_by_severity() -> None:
    shown, out = console()
    print_findings([finding("inventory", "balance_non_energy", sheet="S", row=3, column="B")], shown, "en")
    assert "S · row 3, column B" in out.getvalue()
    assert "Errors: 0, others: 1" in out.getvalue()


def test_numbers_have_four_significant_digits() -> None:
    shown, out = console()
    print_frame(pl.DataFrame({"name": ["a", None], "value": [1.23456789, 123456.7]}), shown, {"value": "v"})
    assert "1.235" in out.getvalue()
    assert "123,457" in out.getvalue()
    assert "None" not in out.getvalue()


@pytest.mark.parametrize("width", [200, 140, 80, 40])
def test_no_number_is_cut_however_narrow_the_terminal(width: int) -> None:
    out = io.StringIO()
    columns = {f"column_{i}": [123456.0 + i, 0.125] for i in range(9)}
    frame = pl.DataFrame({"name": ["最小成本方案", "a_rather_long_name"], **columns})
    print_frame(frame, Console(file=out, width=width))
    said = out.getvalue()
    assert all(f"{123456 + i:,}" in said for i in range(9))
    assert said.count("0.125") == 9
    assert "…" not in said
    assert "column_0" in said
    assert max(cell_len(line) for line in said.splitlines()) <= width


def test_what_every_row_says_alike_is_said_once_above() -> None:
    out = io.StringIO()
    columns = {f"amount_{i}": [123456789.0 + i, 98765432.0] for i in range(5)}
    frame = pl.DataFrame({"year": [2021, 2021], "unit": ["t", "t"], "name": ["a", "b"], **columns})
    print_frame(frame, Console(file=out, width=80), {"year": "年份", "unit": "单位"})
    said = out.getvalue()
    assert said.splitlines()[0] == "年份 2021 · 单位 t"
    assert said.count("2021") == 1
    assert "┃" in said
    assert all(f"{123456789 + i:,}" in said for i in range(5))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_table_is_as_wide_as_the_terminal_and_nothing_of_it_is_lost(width: int) -> None:
    out = io.StringIO()
    texts = [f"{'long_identifier_of_a_method' * 2}{i}" for i in range(3)]
    words = [
        "无公开算例；闭合恒等式与性质测试 / no published example found; identities and property tests"
    ] * 3
    frame = pl.DataFrame(
        {"编号": texts, "名称": ["可分解有机碳"] * 3, "来源": ["ipcc_2006"] * 3, "依据": words}
    )
    print_frame(frame.with_columns(pl.Series("n", [1, 2, 3])), Console(file=out, width=width))
    said = out.getvalue()
    assert max(cell_len(line) for line in said.splitlines()) <= width
    letters = "".join(said.split())
    assert letters.count("可分解") >= 1
    assert all(line.rstrip()[-1:] in "┓┃┩│┘" for line in said.splitlines() if line[:1] in "┏┃┡│└")


def test_lines_hang_below_their_beginning() -> None:
    out = io.StringIO()
    print_lines("total 507 t\n      ← factor 1 " + "word " * 30, Console(file=out, width=60))
    lines = out.getvalue().splitlines()
    assert lines[0] == "total 507 t"
    assert lines[1].startswith("      ← factor 1 word")
    assert all(line.startswith("        word") for line in lines[2:])
    assert max(map(cell_len, lines)) <= 60


def test_ids_are_text_and_not_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    terminal().print("enteric:pig:east", markup=False)
    assert "enteric:pig:east" in capsys.readouterr().out
