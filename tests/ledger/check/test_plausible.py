from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
import pytest

from tongyuan.ledger.check.plausible import (
    beyond_intensity,
    beyond_totals,
    future,
    implausible,
    jumps,
    process_units,
)
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.read.read import read_frame

LETTERS = {"f|": {"value": "G", "unit": "H", "year": "C", "electricity": "D", "amount": "E"}}
HEAD = {"region": "370000", "year": 2021, "source": "x"}


def table(name: str, *rows: dict[str, Any]) -> pl.DataFrame:
    frame, findings = read_frame(name, pl.DataFrame([HEAD | row for row in rows], infer_schema_length=None))
    assert [f for f in findings if f.severity == "error"] == []
    return frame.with_columns(pl.format("f||{}", pl.int_range(2, pl.len() + 2)).alias("_place"))


def coal(value: float, unit: str = "万吨", **more: Any) -> dict[str, Any]:
    return {"process": "energy.power", "product": "raw_coal", "value": value, "unit": unit} | more


def said(found: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(f.check, f.place()) for f in found]


NATION_COAL = 290_159.3 * 29.3076 / 20.908
"""Raw coal China had in 2020: 290,159.3 万吨标准煤, of 20.908 GJ/t (fuel set C) [万吨]."""


@pytest.mark.parametrize(
    ("row", "check"),
    [
        (coal(NATION_COAL * 0.999), None),
        (coal(NATION_COAL * 1.001), "more_than_nation"),
        (coal(NATION_COAL * 0.999e4, "t"), None),
        (coal(NATION_COAL * 1.01e4, "t"), "more_than_nation"),
        (coal(290_158, "万吨标准煤"), None),
        (coal(290_160, "万吨标准煤"), "more_than_nation"),
        (coal(NATION_COAL * 1.5, region="100000"), None),
        (coal(8.1e9, "t", region="100000"), "more_than_world"),
        (coal(8.1e9, "t"), "more_than_world"),
        (coal(2.4e5, product="cement", process="industry.cement"), "more_than_nation"),
        (coal(2.3e5, product="cement", process="industry.cement"), None),
        (coal(0.5, "万吨", product="rice", process="agriculture"), None),
    ],
)
def test_more_than_the_nation_or_the_world(row: dict[str, Any], check: str | None) -> None:
    found = list(beyond_totals({"activity": table("activity", row)}, LETTERS))
    assert said(found) == ([(check, "f · G2")] if check else [])
    assert all(f.severity == "error" for f in found)


def test_people_and_product_of_a_region() -> None:
    """China of 2020: 101.5986 trillion yuan, 1.40238 billion people."""
    rows = [
        {"period": "2021", "indicator": "常住人口", "value": v, "unit": u}
        for v, u in ((10170, "万人"), (1.5e9, "人"))
    ] + [
        {
            "period": "2021",
            "indicator": "地区生产总值",
            "value": 831_000_000,
            "unit": "亿元",
            "region": "370100",
        }
    ]
    frame = table("observation", *({k: v for k, v in r.items() if k != "year"} for r in rows[:1]), *rows[2:])
    assert said(beyond_totals({"observation": frame}, LETTERS)) == [("more_than_nation", "f · G3")]
    people = table("observation", rows[1])
    assert said(beyond_totals({"observation": people}, LETTERS)) == [("more_than_nation", "f · G2")]


@pytest.mark.parametrize(("value", "count"), [(1000.0, 0), (2000.0, 0), (60_000.0, 1), (200_000.0, 2)])
def test_per_person_and_per_product(value: float, count: int) -> None:
    """1 % of the people, 2 % of the product: 20 times the mean is 20 % and 40 % of the coal (406,724)."""
    people = [
        {"period": "2021", "indicator": "常住人口", "value": 1402.38, "unit": "万人"},
        {"period": "2021", "indicator": "地区生产总值", "value": 20319.72, "unit": "亿元"},
    ]
    tables = {"activity": table("activity", coal(value * 1.5)), "observation": table("observation", *people)}
    found = list(beyond_intensity(tables, LETTERS))
    assert [f.check for f in found] == ["odd_intensity"] * count
    assert all(f.severity == "warning" for f in found)


@pytest.mark.parametrize(
    ("years", "odd"),
    [
        ([(2020, 100.0, "万吨"), (2021, 120.0, "万吨")], None),
        ([(2020, 100.0, "万吨"), (2021, 1000.0, "万吨")], "f · G3"),
        ([(2020, 100.0, "万吨"), (2021, 99.0e4, "t")], None),
        ([(2020, 100.0, "万吨"), (2021, 100.0, "t")], "f · G3"),
        ([(2021, 10.0, "万吨"), (2019, 100.0, "万吨")], "f · G2"),
        ([(2014, 100.0, "万吨"), (2021, 1000.0, "万吨")], None),
        ([(2020, 0.0, "万吨"), (2021, 1000.0, "万吨")], None),
    ],
)
def test_tenfold_between_years(years: list[tuple[int, float, str]], odd: str | None) -> None:
    rows = [coal(value, unit, year=year) for year, value, unit in years]
    found = list(jumps({"activity": table("activity", *rows)}, LETTERS))
    assert [f.place() for f in found] == ([odd] if odd else [])


def test_tenfold_in_other_tables_and_small_ones_of_a_balance() -> None:
    power = [{"year": y, "buyer": "w", "electricity": v} for y, v in ((2020, 5.0), (2021, 5000.0))]
    assert said(jumps({"purchased_energy": table("purchased_energy", *power)}, LETTERS)) == [
        ("tenfold", "f · D3")
    ]
    cells = [
        {"year": y, "item": i, "product": "raw_coal", "value": v, "unit": "万吨"}
        for y, i, v in (
            (2020, "industry", 9000.0),
            (2021, "industry", 9100.0),
            (2020, "trade", 0.5),
            (2021, "trade", 8.0),
        )
    ]
    assert said(jumps({"energy_balance": table("energy_balance", *cells)}, LETTERS)) == []


def test_tenfold_in_observations_of_whole_years() -> None:
    rows = [
        {"period": p, "indicator": i, "value": v, "unit": u}
        for p, i, v, u in (
            ("2020", "常住人口", 706.0, "万人"),
            ("2021", "常住人口", 7.1e4, "万人"),
            ("2021-03", "用电量", 5.0, "亿kWh"),
            ("2020", "用电量", 500.0, "亿kWh"),
        )
    ]
    frame = table("observation", *rows)
    assert [f.values["ratio"] for f in jumps({"observation": frame}, LETTERS)] == ["101"]


def test_many_are_counted() -> None:
    rows = [coal(float(n % 2 * 999 + 1), year=1900 + n) for n in range(120)]
    found = list(jumps({"activity": table("activity", *rows)}, LETTERS))
    assert [f.check for f in found[99:]] == ["tenfold", "more_like_this"]
    assert found[-1].values["count"] == 19


def test_two_series_are_not_one() -> None:
    rows = [coal(10.0, year=2020), coal(1000.0, year=2021, region="110000"), coal(11.0, year=2021)]
    assert said(jumps({"activity": table("activity", *rows)}, LETTERS)) == []


@pytest.mark.parametrize(("year", "odd"), [(2026, False), (2027, True), (2099, True)])
def test_a_year_still_to_come(year: int, odd: bool) -> None:
    herd = table("livestock", {"year": year, "animal": "pig", "heads": 1.0})
    found = list(future({"livestock": herd}, LETTERS, today=2026))
    assert said(found) == ([("future_year", "f · C2")] if odd else [])


@pytest.mark.parametrize(
    ("row", "odd"),
    [
        (coal(1.0), False),
        (coal(1.0, "TJ"), False),
        (coal(1.0, "亿m3"), True),
        ({"process": "agriculture.enteric", "product": "dairy_cattle", "value": 1.0, "unit": "t"}, True),
        ({"process": "agriculture.enteric", "product": "dairy_cattle", "value": 1.0, "unit": "头"}, False),
        ({"process": "industry.cement.clinker", "product": "clinker", "value": 1.0, "unit": "m3"}, True),
    ],
)
def test_a_unit_no_factor_of_the_process_knows(row: dict[str, Any], odd: bool) -> None:
    found = list(process_units({"activity": table("activity", row)}, LETTERS))
    assert said(found) == ([("process_unit", "f · H2")] if odd else [])


def test_an_own_factor_makes_the_unit_right() -> None:
    own = {
        "record_id": "m1", "kind": "emission_factor", "process": "energy.power", "product": "raw_coal",
        "region": "370000", "species": "SO2", "value": 1.0, "unit": "kg/m3", "status": "measured",
        "locator": "x",
        "source": "x",
    }  # fmt: skip
    factor, _ = read_frame("factor", pl.DataFrame([own]))
    tables = {"activity": table("activity", coal(1.0, "亿m3")), "factor": factor}
    assert list(process_units(tables, LETTERS)) == []


def test_everything_at_once_with_its_sentences() -> None:
    odd = table("activity", coal(1e9), coal(1.0, "亿m3", process="energy.heat"))
    found = implausible({"activity": odd}, LETTERS)
    assert sorted(f.check for f in found) == ["more_than_world", "process_unit"]
    assert all(f.message(language) and f.next_step(language) for f in found for language in ("zh", "en"))
    assert implausible({}, {}) == []


def test_an_empty_table_of_observations_says_nothing_of_intensity() -> None:
    """The sheet of a template that nobody filled in: no people, no product, no unit to bring to theirs."""
    people = table(
        "observation", {"period": "2021", "indicator": "常住人口", "value": 1402.38, "unit": "万人"}
    )
    tables = {"activity": table("activity", coal(200_000.0)), "observation": people.clear()}
    assert not list(beyond_intensity(tables, LETTERS))


def test_rows_of_one_source_are_one_series() -> None:
    """Two boilers of 500 and 20 in 2020, of 30 and 490 a year later: the source has hardly changed."""
    rows = [coal(500.0, year=2020), coal(30.0, year=2021)]
    first = table("activity", *rows)
    second = table("activity", coal(20.0, year=2020), coal(490.0, year=2021))
    assert said(jumps({"activity": first}, LETTERS)) == [("tenfold", "f · G3")]
    assert said(jumps({"activity": pl.concat([first, second])}, LETTERS)) == []
