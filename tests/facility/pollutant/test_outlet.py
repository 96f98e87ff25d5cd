"""Figures of installations at outlets: divided, never multiplied."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.pollutant.outlet import elsewhere, to_outlets
from tongyuan.ledger.table import table


def make(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = table(name).dtypes
    return pl.DataFrame([{**dict.fromkeys(schema), "facility": "F", **row} for row in rows], schema=schema)


def figure(*installations: str, month: str = "2026-03", mass: float = 10.0) -> pl.DataFrame:
    return pl.DataFrame(
        [{"facility": "F", "month": month, "installation": i, "mass": mass} for i in installations]
    )


AIR = make("outlet", {"outlet": "A", "medium": "air"}, {"outlet": "B", "medium": "air"})


def test_links_of_the_month_share_a_figure() -> None:
    link = make(
        "outlet_link",
        {"installation": "U", "outlet": "A", "month_from": "2026-01", "share": 0.75},
        {"installation": "U", "outlet": "B", "month_from": "2026-01", "month_to": "2026-02", "share": 0.25},
        {"installation": "U", "outlet": "B", "month_from": "2026-03", "share": 0.25},
    )
    got = to_outlets(figure("U"), link, AIR, make("installation", {"installation": "U"}))
    assert dict(got.select("outlet", "mass").iter_rows()) == {"A": 7.5, "B": 2.5}


def test_shares_above_one_are_in_proportion_and_what_is_left_has_no_outlet() -> None:
    rows = [{"installation": "U", "outlet": o, "month_from": "2026-01", "share": 1.0} for o in ("A", "B")]
    works = make("installation", {"installation": "U"})
    got = to_outlets(figure("U"), make("outlet_link", *rows), AIR, works)
    assert dict(got.select("outlet", "mass").iter_rows()) == {"A": 5.0, "B": 5.0}
    rows[0]["share"] = 0.6
    got = to_outlets(figure("U"), make("outlet_link", rows[0]), AIR, works)
    assert dict(got.select("outlet", "mass").iter_rows()) == {"A": 6.0, "": 4.0}


def test_the_only_stack_serves_what_has_no_link_and_water_serves_nothing() -> None:
    works = make("installation", {"installation": "U"})
    one = make("outlet", {"outlet": "A", "medium": "air"}, {"outlet": "W", "medium": "water"})
    assert to_outlets(figure("U"), make("outlet_link"), one, works)["outlet"].to_list() == ["A"]
    assert to_outlets(figure("U"), make("outlet_link"), AIR, works)["outlet"].to_list() == [""]


def test_what_a_stack_without_a_link_measures_is_not_added_again() -> None:
    at = {"facility": "F", "month": "2026-03", "species": "SO2", "fault": ""}
    rows = pl.DataFrame(
        [
            {**at, "method": "monitored", "outlet": "A", "mass": 1.0},
            {**at, "method": "coefficient", "outlet": "", "mass": 2.0},
            {**at, "method": "coefficient", "outlet": "", "mass": 2.0, "species": "NOx"},
        ]
    )
    assert elsewhere(rows, make("outlet_link"))["fault"].to_list() == ["", "elsewhere", ""]
    link = make("outlet_link", {"installation": "U", "outlet": "A", "month_from": "2026-01"})
    assert elsewhere(rows, link)["fault"].to_list() == ["", "", ""]


@given(st.lists(st.floats(0.01, 1), max_size=2), st.floats(0, 1e6))
def test_mass_is_kept(shares: list[float], mass: float) -> None:
    rows = [
        {"installation": "U", "outlet": o, "month_from": "2026-01", "share": s}
        for o, s in zip("AB", shares, strict=False)
    ]
    works = make("installation", {"installation": "U"})
    got = to_outlets(figure("U", mass=mass), make("outlet_link", *rows), AIR, works)
    assert got["mass"].sum() == pytest.approx(mass)
