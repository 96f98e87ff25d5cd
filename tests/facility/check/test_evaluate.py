import sys
from pathlib import Path

import polars as pl
import pytest

from tongyuan.facility.check.evaluate import FINDING, Relations, evaluate, without_tables
from tongyuan.facility.check.shelf import checks, chosen
from tongyuan.ledger.table import table

sys.path.insert(0, str(Path(__file__).parent))
from change import changed, changes, frames, written
from world import C, P, World, build


@pytest.fixture(scope="module")
def world() -> World:
    return build()


@pytest.fixture(scope="module")
def base(world: World) -> dict[str, pl.DataFrame]:
    return frames(world)


def test_every_check_has_something_to_look_at_and_is_silent(base: dict[str, pl.DataFrame]) -> None:
    found, counted = evaluate(base, checks().values())
    assert found.is_empty(), found
    assert counted.filter((pl.col("applied") == 0) | (pl.col("missing") > 0)).is_empty()
    assert counted.height == len(checks()) >= 400


def test_every_check_speaks_when_its_rule_is_broken(world: World, base: dict[str, pl.DataFrame]) -> None:
    """One change of the world for each check (``firing.csv`` and the families); the check names a row."""
    known = Relations(base)
    plain = {name: known(name) for name in base}
    silent, steps = [], changes()
    assert set(steps) == set(checks())
    assert all(steps.values())
    assert set(written()) <= set(checks())
    for code, change in steps.items():
        other = changed(world, change)
        names = {target.lstrip("+-=") for target, _, _ in change}
        relations = Relations({**base, **frames({name: other[name] for name in names})})
        relations.keep({name: frame for name, frame in plain.items() if name not in names})
        found, counted = evaluate(relations, [checks()[code]])
        if found.is_empty() or set(found["code"]) != {code}:
            silent.append((code, counted.row(0)))
    assert not silent


def test_a_finding_says_what_was_seen_and_expected(world: World, base: dict[str, pl.DataFrame]) -> None:
    """Opening 9200 + received − closing gives used; 5,000 t more at the end leave 5,000 t unexplained."""
    other = changed(world, [("fuel_stock", "facility=P,month=2025-03", "closing=+5000")])
    found, _ = evaluate({**base, **frames({"fuel_stock": other["fuel_stock"]})}, [checks()["FUE-01"]])
    assert found.columns == list(FINDING)
    row = found.row(0, named=True)
    assert (row["facility"], row["subject"], row["period"]) == (P, "bituminous", "2025-03")
    assert row["expected"] - row["observed"] == pytest.approx(5000)
    assert row["severity"] == "critical_1"
    assert "期初" in row["text_zh"]
    assert "Opening stock" in row["text_en"]


def test_missing_data_are_neither_passed_nor_failed() -> None:
    """A kiln without its carbon source: the check of defaults cannot say."""
    use = pl.DataFrame(
        [
            {
                "facility": C,
                "month": "2025-01",
                "installation": "K1",
                "product": "bituminous",
                "state": "fired",
                "value": 1.0,
                "unit": "t",
            }
        ],
        schema_overrides=table("fuel_use").dtypes,
    )
    found, counted = evaluate({"fuel_use": use}, [checks()["LAB-08"]])
    assert found.is_empty()
    assert counted.row(0, named=True)["missing"] == 1
    assert counted.row(0, named=True)["passed"] == 0


def test_without_rows_nothing_is_said() -> None:
    found, counted = evaluate({})
    assert found.is_empty()
    assert counted["applied"].sum() == 0
    assert counted.height == len(chosen())


def test_facilities_do_not_disturb_one_another(world: World, base: dict[str, pl.DataFrame]) -> None:
    """The order of rows does not matter, and the findings of one plant are those it has alone."""
    other = changed(world, [("fuel_use", "installation=U1,product=bituminous,month=2025-05", "value=*1.3")])
    tables = {**base, **frames({"fuel_use": other["fuel_use"]})}
    keys = ["code", "subject", "period"]
    every, _ = evaluate(tables)
    mixed, _ = evaluate({n: f.sample(fraction=1, shuffle=True, seed=1) for n, f in tables.items()})
    assert every.select(keys).sort(keys).equals(mixed.select(keys).sort(keys))
    alone, _ = evaluate(
        {n: f.filter(pl.col("facility") == P) if "facility" in f.columns else f for n, f in tables.items()}
    )
    assert alone.select(keys).sort(keys).equals(every.filter(pl.col("facility") == P).select(keys).sort(keys))


def test_views_stand_on_tables_that_exist() -> None:
    assert without_tables() == []
