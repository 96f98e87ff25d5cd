from __future__ import annotations

import io

import polars as pl
import pytest
from rich.cells import cell_len
from rich.console import Console

from tongyuan.cli.show import print_findings, print_frame, terminal
from tongyuan.ledger.finding import finding


def console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=160), out


def test_findings_are_counted_by_severity() -> None:
    shown, out = console()
    print_findings([finding("inventory", "balance_non_energy", sheet="S", row=3, column="B")], shown, "en")
    assert "S · row 3, column B" in out.getvalue()
    assert "0 errors, 1 others" in out.getvalue()


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


def test_ids_are_text_and_not_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    terminal().print("enteric:pig:east", markup=False)
    assert "enteric:pig:east" in capsys.readouterr().out
