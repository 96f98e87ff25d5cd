from __future__ import annotations

import ast
from pathlib import Path

import polars as pl
import pytest

from tongyuan.ledger.check.own_factor import own_factor_findings, own_value_findings
from tongyuan.ledger.read.read import read_frame
from tongyuan.ledger.table import read_resource, table
from tongyuan.reference import units
from tongyuan.reference.factors.library import library
from tongyuan.reference.shelf import shelf

LETTERS = {"f.xlsx|本地因子": {"value": "I", "lower": "K", "upper": "L", "record_id": "A"}}


def factors(**cells: object) -> pl.DataFrame:
    row = {
        "record_id": "m1",
        "kind": "emission_factor",
        "process": "energy.power",
        "product": "raw_coal",
        "region": "370000",
        "species": "SO2",
        "value": 10.0,
        "unit": "kg/t",
        "status": "measured",
        "source": "x",
        "locator": "x",
    }
    frame, _ = read_frame("factor", pl.DataFrame([row | cells]))
    return frame.with_columns(pl.lit("f.xlsx|本地因子|5").alias("_place"))


@pytest.mark.parametrize(
    ("cells", "check", "place"),
    [
        ({"value": -1.0}, "negative_value", "f.xlsx · 本地因子 · I5"),
        ({"lower": 12.0, "upper": 9.0}, "interval_order", "f.xlsx · 本地因子 · K5"),
        ({"lower": 12.0, "upper": 15.0}, "outside_interval", "f.xlsx · 本地因子 · I5"),
        ({"species": "CO2", "value": 5000.0}, "stoichiometric_bound", "f.xlsx · 本地因子 · I5"),
        ({"value": 2e5}, "factor_absurd", "f.xlsx · 本地因子 · I5"),
        (
            {"kind": "parameter", "species": "oxidation", "value": 98.0, "unit": "fraction"},
            "stoichiometric_bound",
            "f.xlsx · 本地因子 · I5",
        ),
    ],
)
def test_a_wrong_record_is_named_at_its_cell(cells: dict[str, object], check: str, place: str) -> None:
    found = own_factor_findings(factors(**cells), LETTERS)
    assert [(f.check, f.place()) for f in found if f.check != "parameter_range"] == [(check, place)]
    assert all(f.message(language) and f.next_step(language) for f in found for language in ("zh", "en"))


def test_a_sound_record_says_nothing() -> None:
    assert own_factor_findings(factors(lower=8.0, upper=12.0), LETTERS) == []
    assert own_factor_findings(factors().clear(), LETTERS) == []


def test_cells_that_could_not_be_read_are_left_to_the_reader() -> None:
    assert own_factor_findings(factors(unit="furlongs"), LETTERS) == []


def test_every_rule_names_a_column_and_a_shelf_whose_unit_fits() -> None:
    for rule in read_resource("own_column.csv").to_dicts():
        column = next(c for c in table(rule["table"]).columns if c.name == rule["column"])
        frame = shelf(rule["shelf"])
        if rule["parameter"]:
            frame = frame.filter(pl.col("parameter") == rule["parameter"])
        assert frame.height, rule
        for unit in frame["unit"].unique():
            assert units.factor(unit, column.unit) > 0, rule


def test_every_own_value_of_a_method_is_a_share_or_has_a_rule() -> None:
    """`own=` in the methods names the columns in which a user types a coefficient."""
    source = Path(__file__).parents[2] / "src" / "tongyuan" / "inventory" / "methods"
    ruled = {(r["table"], r["column"]) for r in read_resource("own_column.csv").to_dicts()}
    named = {
        keyword.value.value
        for path in source.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "own" and isinstance(keyword.value, ast.Constant) and keyword.value.value
    }
    free = {"days"}  # bounded by the days of the year
    for name in named - free:
        homes = [
            (t, c)
            for t in read_resource("table.csv")["table"]
            for c in table(t).columns
            if c.name == name and (c.type != "share" or c.maximum not in (1.0, None))
            if table(t).role == "input" and t not in ("technology_flow", "emission_coefficient")
        ]
        assert all((t, c.name) in ruled for t, c in homes), homes


def test_the_range_is_that_of_the_animal() -> None:
    """Table C.4: a dairy cow excretes 3.5 kg VS a day, poultry 0.02: 0.05 is odd for the one only."""
    head = {"region": "370000", "year": 2021, "heads": 1.0, "source": "x"}
    rows = [head | {"animal": a, "volatile_solid": 0.05} for a in ("dairy_cattle", "poultry")]
    frame, _ = read_frame("livestock", pl.DataFrame(rows))
    found = own_value_findings("livestock", frame, {})
    assert [f.check for f in found] == ["own_value_doubtful"]
    assert found[0].values["ratio"] == "70"


def test_the_id_of_a_record_of_the_library_is_taken() -> None:
    """Two records of one id would share a row of factor_used, and with it limits and draws."""
    name = library()["record_id"][0]
    (found,) = own_factor_findings(factors(record_id=name), LETTERS)
    assert (found.check, found.severity, found.place()) == ("own_id_taken", "error", "f.xlsx · 本地因子 · A5")
    assert name in found.message("zh")
