from __future__ import annotations

import polars as pl
import pytest

from tongyuan.report.html.document import render_html
from tongyuan.report.inventory.doubt import components, marks, missing, ratio_text, ratios, short


def compared(*ratios_of: float | None, parts: list[float] | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "year": [2021] * len(ratios_of),
            "species": ["SO2"] * len(ratios_of),
            "ratio": pl.Series(ratios_of, dtype=pl.Float64),
            "computed": [9.0 - part for part in parts or [0.0] * len(ratios_of)],
        }
    )


GAP = pl.DataFrame(
    {
        "year": [2021, 2021, 2014, 2021],
        "kind": ["no_activity", "no_control", "no_activity", "no_activity"],
        "process": ["industry.cement", "energy.power", "solvent", "waste.wastewater"],
        "species": [["CO2", "SO2"], ["SO2"], ["SO2"], ["COD", "N2O"]],
    }
)


@pytest.mark.parametrize(
    ("ratio", "minded"), [(0.669, True), (0.67, False), (1.0, False), (1.5, False), (1.501, True)]
)
def test_a_ratio_outside_the_band_is_minded(ratio: float, minded: bool) -> None:
    mark = marks({"comparison": compared(ratio)}, "SO2", (2021,), "en")[0]
    assert mark.warning is minded
    assert mark.chapter == "comparison"
    assert bool(short({"comparison": compared(ratio)}, "SO2", 2021, "en")) is minded


def test_every_published_total_is_told_never_the_kindest() -> None:
    tables = {"comparison": compared(3.564, 1.79, None)}
    assert ratios(tables, "SO2", 2021) == [1.79, 3.564]
    assert ratio_text([1.79, 3.564]) == "1.79–3.56"
    assert marks(tables, "SO2", (2021,), "zh")[0].text == "2021 年核算值为公布值的 1.79–3.56 倍"
    assert marks(tables, "SO2", (2014,), "zh") == ()


def test_a_total_of_a_part_is_told_only_where_nothing_else_is_known() -> None:
    assert ratios({"comparison": compared(0.86, 1.05, 1.38, parts=[0.0, 0.0, 7.0])}, "SO2", 2021) == [
        0.86,
        1.05,
    ]
    assert ratios({"comparison": compared(1.38, parts=[7.0])}, "SO2", 2021) == [1.38]


def test_what_is_known_to_be_missing_makes_a_total_partial() -> None:
    assert missing({"gap": GAP}, "SO2", 2021) == ["industry.cement"]
    told = marks({"gap": GAP}, "COD", (2014, 2021), "en")
    assert [m.text for m in told] == ["Partial: without Wastewater treatment"]
    assert told[0].chapter == "gap"
    assert missing({"gap": GAP}, "NH3", 2021) == []


def test_a_sum_lacks_what_its_parts_lack() -> None:
    assert missing({"gap": GAP}, "CO2e", 2021) == ["industry.cement", "waste.wastewater"]
    assert missing({"gap": GAP}, "AP_equivalent", 2021) == ["industry.cement"]
    assert missing({"gap": GAP}, "WP_equivalent", 2021) == ["waste.wastewater"]
    assert components("SO2") == ["SO2"]


def test_the_page_links_a_remark_to_its_reason(tables) -> None:
    page = render_html(tables, "en")
    assert 'class="card-mark warning"><a href="#comparison">' in page
    assert 'id="comparison"' in page
