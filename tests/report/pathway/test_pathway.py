import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.report.pathway.pathway import coverage, emission_chart, pathway_charts, retirement_table
from tongyuan.report.pathway.words import Titles


def test_years_stack_to_the_activity_of_the_plan(planned):
    charts = pathway_charts(planned, Titles(planned, "en"), "en")
    first = next(c for c in charts if "teel" in c.caption)
    whole = planned["plan_activity"].filter(
        (pl.col("scenario") == "plan")
        & pl.col("technology").is_in(["furnace", "arc"])
        & (pl.col("year") == 2030)
    )
    drawn = sum(one["data"][-1] or 0.0 for one in first.option["series"])
    factor = float(whole["value"].sum()) / drawn
    assert factor in (pytest.approx(1.0), pytest.approx(1e3))
    assert first.table.rows[-1][0] == "Total"


def test_emissions_start_at_a_hundred(planned):
    made = emission_chart(planned, "zh")
    assert all(one["data"][0] == 100.0 for one in made.option["series"])
    assert {row[1] for row in made.table.rows} == {"规划（全部目标）", "只有政策目标"}


def test_a_base_year_that_is_planned_is_not_counted_twice(planned):
    again = {
        k: planned[k].with_columns(
            pl.when(pl.col("scenario") == "base").then(2025).otherwise("year").alias("year")
        )
        for k in ("plan_activity", "plan_emission")
    }
    made = {**planned, **again}
    assert emission_chart(made, "en").option["xAxis"]["data"] == ["2025", "2030"]
    charts = pathway_charts(made, Titles(made, "en"), "en")
    first = next(c for c in charts if "teel" in c.caption)
    assert [c.title for c in first.table.columns] == ["Technology", "2025", "2030"]
    assert first.table.rows[-1][1] == first.table.rows[-1][2]


def test_stock_that_retires_early_is_listed(planned):
    capacity = pl.DataFrame(
        {
            "scenario": ["plan", "plan", "plan", "none"], "node": ["north", "south", "north", "north"],
            "technology": ["furnace", "furnace", "arc", "furnace"], "year": [2030] * 4,
            "existing": [9000.0, 5000.0, 50.0, 9000.0], "built": [0.0] * 4,
            "retired": [2000.0, 1500.0, 0.0, 9000.0], "capacity": [7000.0, 3500.0, 50.0, 0.0],
            "unit": ["t/a"] * 4,
        }
    )  # fmt: skip
    made = {**planned, "plan_capacity": conform("plan_capacity", capacity)}
    table = retirement_table(made, Titles(made, "en"), "en")
    assert len(table.rows) == 1
    assert table.rows[0][1] == "2030"
    assert table.rows[0][-1] == "25.0%"
    nothing = conform("plan_capacity", capacity.with_columns(retired=pl.lit(0.0)))
    assert retirement_table({**planned, "plan_capacity": nothing}, Titles(made, "en"), "en") is None


def test_coverage_says_what_part_of_the_inventory_is_planned(planned):
    base = planned["plan_emission"].filter(pl.col("scenario") == "base")
    nox = base.filter(pl.col("species") == "NOx")["value"].sum()
    summary = conform(
        "summary",
        pl.DataFrame(
            {
                "region": ["370000"], "year": [base["year"][0]], "sector": ["energy"], "species": ["NOx"],
                "value": [4.0 * nox], "unit": ["t"],
            }
        ),
    )  # fmt: skip
    assert "25.0%" in coverage({**planned, "summary": summary}, "en")


@pytest.mark.parametrize("units", [("MW", "MW"), ("兆瓦", "兆瓦"), ("GW", "万千瓦")])
def test_capacity_is_drawn_in_any_unit_and_summed_over_nodes(planned, units):
    """400 + 100 of coal beside 50 of wind; another unit is another chart."""
    rows = {
        "scenario": ["plan"] * 6, "node": ["north", "south", "north"] * 2,
        "technology": ["coal_power", "coal_power", "wind"] * 2, "year": [2030] * 6,
        "existing": [0.0] * 6, "built": [0.0] * 6, "retired": [0.0] * 6,
        "capacity": [400.0, 100.0, 50.0] * 2, "unit": [units[0]] * 3 + [units[1]] * 3,
    }  # fmt: skip
    capacity = pl.DataFrame(rows)
    if units[0] == units[1]:
        capacity = capacity.head(3)
    made = {**planned, "plan_capacity": conform("plan_capacity", capacity)}
    charts = pathway_charts(made, Titles(made, "en"), "en")
    drawn = [c for c in charts if "apacity" in c.table.caption]
    assert len(drawn) == len(set(units))
    for chart in drawn:
        total = sum(one["data"][-1] or 0.0 for one in chart.option["series"])
        assert total in (pytest.approx(550.0), pytest.approx(0.55), pytest.approx(5.5))


def test_power_counted_in_fuel_and_in_electricity_stands_in_one_chart_by_output():
    """2 TJ of coal at 0.1 GWh a TJ and 0.3 GWh of wind are 0.5 GWh; a key counted apart keeps its sector."""
    option = pl.DataFrame(
        {
            "technology": ["coal", "wind", "lamp"],
            "sector": ["energy", "power", "energy"],
            "unit": ["TJ", "GWh", "t"],
        }
        | {f"title_{g}": ["Coal", "Wind", "Lamp"] for g in ("zh", "en")}
    )
    flow = {"technology": ["coal", "wind"], "flow": ["electricity"] * 2, "role": ["output"] * 2}
    activity = {
        "scenario": ["plan"] * 3, "node": ["n"] * 3, "technology": ["coal", "wind", "lamp"],
        "control": [""] * 3, "year": [2030] * 3, "value": [2.0, 0.3, 9.0], "unit": ["TJ", "GWh", "t"],
    }  # fmt: skip
    tables = {
        "technology_option": conform("technology_option", option.with_columns(capacity=pl.lit("free"))),
        "technology_flow": pl.DataFrame(flow | {"coefficient": [0.1, 1.0]}),
        "flow": conform(
            "flow", pl.DataFrame({"flow": ["electricity"], "unit": ["GWh"], "title_en": ["Electricity"]})
        ),
        "plan_activity": conform("plan_activity", pl.DataFrame(activity)),
    }
    made = pathway_charts(tables, Titles(tables, "en"), "en")
    assert made[0].caption == "Electricity: output by technology (MWh)"
    assert [list(r[:2]) for r in made[0].table.rows] == [["Coal", "200"], ["Wind", "300"], ["Total", "500"]]
    assert [r[0] for c in made[1:] for r in c.table.rows] == ["Lamp", "Total"]
