"""A month of enterprises accounted: every row once, problems at their cells, order without meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongyuan.facility.carbon.account import carbon, unknown_guides
from tongyuan.facility.carbon.table import emission_table
from tongyuan.ledger.table import PLACE

Make = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


@pytest.fixture
def works(make: Make) -> Tables:
    """Return a power unit, a clinker line and a steel works in January 2026."""
    own = {"region": "370100"}
    return {
        "facility": make(
            "facility",
            {"facility": "P", "kind": "power", **own},
            {"facility": "C", "kind": "cement", **own},
            {"facility": "S", "kind": "steel", **own},
        ),
        "installation": make(
            "installation",
            {"facility": "P", "installation": "1号机组", "kind": "power_unit"},
            {"facility": "C", "installation": "1号窑", "kind": "kiln_line"},
            {"facility": "S", "installation": "炼铁", "kind": "blast_furnace"},
        ),
        "fuel_use": make(
            "fuel_use",
            {"facility": "P", "installation": "1号机组", "product": "bituminous", "value": 60_000.0,
             "unit": "t", "carbon": 55.0},
            {"facility": "C", "installation": "1号窑", "product": "bituminous", "value": 10_000.0,
             "unit": "t", "ncv": 23.0},
            {"facility": "S", "installation": "全厂", "product": "coke", "state": "net_bought",
             "value": 100_000.0, "unit": "t"},
            {"facility": "S", "installation": "炼铁", "product": "coke", "value": 90_000.0, "unit": "t"},
            {"facility": "S", "installation": "炼铁", "product": "blast_furnace_gas", "state": "given_out",
             "value": 10_000.0, "unit": "10^4 m3"},
        ),
        "output": make(
            "output",
            {"facility": "C", "installation": "1号窑", "product": "clinker", "value": 100_000.0, "unit": "t"},
        ),
        "material_use": make(
            "material_use",
            {"facility": "C", "installation": "1号窑", "material": "carbide_slag", "direction": "in",
             "value": 1000.0},
            {"facility": "S", "installation": "全厂", "material": "crude_steel", "direction": "out",
             "value": 200_000.0},
        ),
    }  # fmt: skip


def counted(tables: Tables, **chosen: Any) -> dict[str, float]:
    lines = carbon(tables, **chosen).lines.filter("counted")
    return dict(lines.group_by("facility").agg(pl.col("emission").sum()).iter_rows())


def test_three_works_by_hand(works: Tables) -> None:
    got = counted(works)
    assert got["P"] == pytest.approx(60_000 * 0.55 * 0.99 * 44 / 12)
    coal = 10_000 * 23.0 * 0.02618 * 0.99 * 44 / 12
    assert got["C"] == pytest.approx(coal + 100_000 * 0.535 - 1000 * 0.48)
    coke = 28.435 * 0.02942 * 44 / 12
    assert got["S"] == pytest.approx(100_000 * coke - 200_000 * 0.037)


def test_a_steel_works_is_closed_and_its_ironmaking_stands_by_itself(works: Tables) -> None:
    lines = carbon(works).lines.filter(pl.col("facility") == "S")
    iron = lines.filter(pl.col("installation") == "炼铁")
    by_hand = (90_000 * 28.435 * 0.02942 - 10_000 * 33.0 * 0.0708) * 44 / 12
    assert float(iron["emission"].sum()) == pytest.approx(by_hand)
    assert lines.filter(pl.col("table").is_null() | (pl.col("table") == "")).height == 1


def test_rows_of_strangers_are_named_at_their_cell(works: Tables, make: Make) -> None:
    rows = make(
        "fuel_use",
        {"facility": "X", "product": "coke", "value": 1.0, "unit": "t"},
        {"facility": "P", "installation": "9号", "product": "coke", "value": 1.0, "unit": "t"},
    ).with_columns(pl.Series(PLACE, ["a.xlsx|燃料消耗|5", "a.xlsx|燃料消耗|6"]))
    letters = {"a.xlsx|燃料消耗": {"facility": "A", "installation": "C"}}
    found = carbon({**works, "fuel_use": rows}, letters=letters).findings
    assert [(f.check, f.place()) for f in found] == [
        ("facility_unknown", "a.xlsx · 燃料消耗 · A5"), ("installation_unknown", "a.xlsx · 燃料消耗 · C6"),
    ]  # fmt: skip


def test_rows_that_cannot_be_accounted_are_named_and_do_not_count(works: Tables, make: Make) -> None:
    rows = make(
        "fuel_use",
        {"facility": "P", "installation": "1号机组", "product": "bituminous", "value": 1.0, "unit": "t",
         "month": "2025-06"},
        {"facility": "P", "installation": "1号机组", "product": "wood", "value": 1.0, "unit": "kWh"},
    )  # fmt: skip
    made = carbon({**works, "fuel_use": rows})
    assert [f.check for f in made.findings] == ["carbon_carbon_missing", "carbon_unit"]
    assert not made.lines.filter(pl.col("facility") == "P")["counted"].any()
    for found in made.findings:
        assert found.message("zh") != found.message("en")


def test_power_bought_counts_until_2025_and_is_shown_beside_from_2026(works: Tables, make: Make) -> None:
    rows = [
        {"facility": "P", "month": month, "kind": kind, "value": value, "unit": "MWh"}
        for month, kind, value in (("2025-01", "power_buy", 1000.0), ("2025-01", "power_sell", 400.0),
                                   ("2026-01", "power_buy", 1000.0))
    ]  # fmt: skip
    lines = carbon({**works, "energy_trade": make("energy_trade", *rows)}).lines
    got = lines.filter(pl.col("scope") == "indirect")
    assert got["counted"].to_list() == [True, True, False]
    assert got["emission"].to_list() == pytest.approx([530.6, -212.24, 530.6])


def test_a_guide_named_in_the_settings_acts_and_an_unknown_one_is_refused(works: Tables) -> None:
    made = carbon(works, chosen=["power_2022"]).lines
    assert set(made.filter(pl.col("facility") == "P")["guide"]) == {"power_2022"}
    assert [f.check for f in unknown_guides(["power_1999"])] == ["guide_unknown"]
    assert unknown_guides(["power_2026"]) == []


def test_every_emission_says_why_its_method_was_chosen(works: Tables) -> None:
    table = emission_table(carbon(works).lines)
    assert table.filter(pl.col("reason_zh") == "").is_empty()
    assert table.filter(pl.col("facility") == "P")["method"].to_list() == ["measured_carbon"]
    whole = table.filter(pl.col("installation") == "全厂")
    assert not whole["counted"].any()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)
@given(st.randoms())
def test_the_order_of_rows_has_no_meaning(works: Tables, random: Any) -> None:
    mixed = {name: frame[random.sample(range(frame.height), frame.height)] for name, frame in works.items()}
    assert counted(mixed) == pytest.approx(counted(works))
