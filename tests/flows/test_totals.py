"""No number of an example changes unnoticed: what its tables add up to stands in ``data/totals.csv``.

A test that fails here says that a result changed. Is it meant to? Then name it in the changelog under
**Behaviour change** and write the totals anew with ``python tools/totals.py WORLD``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from tongyuan.ledger.example import examples

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import totals

sys.path.pop(0)

CLOSE, SOLVED = 1e-9, 1e-6
"""How near a sum of the account, and one of a plan (its solver stops near the optimum), is the same."""
KEY = ["world", "table", "column"]


def differences(made: pl.DataFrame, kept: pl.DataFrame) -> list[str]:
    """Return every table and column whose rows or total are not those that are kept."""
    both = made.join(kept, on=KEY, how="full", coalesce=True, suffix="_kept", maintain_order="left_right")
    close = pl.when(pl.col("table").str.contains("plan|price|front|macc|credit|regret")).then(SOLVED)
    apart = (pl.col("total") - pl.col("total_kept")).abs() > close.otherwise(CLOSE) * pl.col(
        "total_kept"
    ).abs()
    wrong = both.filter(apart.fill_null(True) | (pl.col("rows") != pl.col("rows_kept")).fill_null(True))
    return [f"{w} {t}.{c}: {r} rows, {v!r}; was {k} rows, {o!r}" for w, t, c, r, v, k, o in wrong.iter_rows()]


def kept(world: str) -> pl.DataFrame:
    return pl.read_csv(totals.FILE, schema=totals.SCHEMA).filter(world=world).fill_null("")


@pytest.mark.parametrize("world", examples())
def test_an_account_adds_up_to_what_it_did(world: str) -> None:
    made = totals.totals(world, ("account",))
    assert (
        differences(made, kept(world).filter(pl.col("table").is_in(made["table"].unique().implode()))) == []
    )


def test_a_plan_adds_up_to_what_it_did() -> None:
    assert differences(totals.totals("minimal"), kept("minimal")) == []


@pytest.mark.soak
@pytest.mark.parametrize("world", examples())
def test_a_whole_run_adds_up_to_what_it_did(world: str) -> None:
    assert differences(totals.totals(world), kept(world)) == []


def test_a_changed_number_a_lost_row_and_a_new_column_are_seen() -> None:
    before = kept("minimal").head(3)
    one = before["column"].to_list()[1]
    changed = before.with_columns(
        total=pl.when(pl.col("column") == one).then(pl.col("total") * 1.0001 + 1e-9).otherwise("total")
    )
    assert differences(before, before) == []
    assert len(differences(changed, before)) == 1
    assert len(differences(before.head(2), before)) == 1
    assert len(differences(before, before.head(2))) == 1
    assert len(differences(before.with_columns(rows=pl.col("rows") + 1), before)) == 3
