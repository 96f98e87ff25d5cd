import polars as pl
import pytest

from tongyuan.flows.plan import base_point
from tongyuan.ledger.table import conform
from tongyuan.pathway.coalition import coordinates, macc_expert, macc_system
from tongyuan.pathway.diagnose import diagnose
from tongyuan.pathway.dividend import dividend
from tongyuan.pathway.example import steel
from tongyuan.pathway.sweep import alternatives, pareto
from tongyuan.report.block import ChartBlock, Heading, Note, Paragraph, TableBlock
from tongyuan.report.html import write_html
from tongyuan.report.sections.plan import (
    Titles,
    coordinate_chart,
    coverage,
    dividend_blocks,
    emission_chart,
    front_chart,
    measure_table,
    pathway_charts,
    price_blocks,
    section,
)


@pytest.fixture(scope="module")
def planned() -> dict[str, pl.DataFrame]:
    """Tables as the plan flow makes them, of the illustrative world with steel and power."""
    case = steel()
    shared = dividend(case)
    together = shared.plans["together"]
    base = {k: v.with_columns(year=pl.lit(2021, dtype=pl.Int64)) for k, v in base_point(case).items()}
    made = {}
    for name in ("plan_activity", "plan_capacity", "plan_emission", "plan_cost"):
        scenarios = [shared.plans[s][name] for s in ("none", "pollution", "carbon")]
        plan = together[name].with_columns(scenario=pl.lit("plan"))
        made[name] = pl.concat([*([base[name]] if name in base else []), *scenarios, plan])
    none = shared.plans["none"]["plan_measure"].select("measure", "year", baseline="value")
    measure = (
        together["plan_measure"].drop("baseline", "change").join(none, on=["measure", "year"], how="left")
    )
    notes = {
        "kind": ["assumption", "not_carried"],
        "subject": ["demand", "voc"],
        "sentence_zh": ["需求不变。", "没有成本。"],
        "sentence_en": ["Demand stays.", "No cost."],
        "source": ["", "plan"],
    }
    return {
        **{k: case[k] for k in ("target", "measure", "technology_option", "control_option")},
        **made,
        "plan_measure": conform(
            "plan_measure", measure.with_columns(change=pl.col("value") - pl.col("baseline"))
        ),
        "shadow_price": together["shadow_price"],
        "dividend": shared.dividend,
        "cross_effect": shared.cross_effect,
        "coordinate": coordinates(case, together),
        "macc": pl.concat([macc_expert(case, together), macc_system(case, steps=3)]),
        "front": pareto(case, [("emission", "CO2e")], 3),
        "alternative": alternatives(case, 0.02),
        "plan_note": conform("plan_note", pl.DataFrame(notes)),
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chapter_is_whole_in_both_languages(planned, language, tmp_path):
    made = section(planned, language)
    assert made is not None
    charts = [b for b in made.blocks if isinstance(b, ChartBlock)]
    assert len(charts) >= 8
    assert all(c.table is not None and c.description for c in charts)
    headings = [b.text for b in made.blocks if isinstance(b, Heading)]
    assert len(headings) == len(set(headings)) == 8
    write_html(planned, tmp_path / "report.html", language)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert made.title in text
    assert "report_" not in "".join(b.text for b in made.blocks if isinstance(b, Paragraph | Note))


def test_years_stack_to_the_activity_of_the_plan(planned):
    first = pathway_charts(planned, Titles(planned, "en"), "en")[0]
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
    first = pathway_charts(made, Titles(made, "en"), "en")[0]
    assert [c.title for c in first.table.columns] == ["Technology", "2025", "2030"]
    assert first.table.rows[-1][1] == first.table.rows[-1][2]


def test_a_binding_target_has_its_price_in_words(planned):
    blocks = price_blocks(planned, Titles(planned, "en"), "en")
    sentences = [b.text for b in blocks if isinstance(b, Paragraph)]
    binding = planned["shadow_price"].filter(pl.col("binding"))
    assert len(sentences) == binding.height + 1
    assert any("percentage point" in s for s in sentences)
    table = blocks[-1]
    assert isinstance(table, TableBlock)
    assert len(table.rows) == planned["shadow_price"].height


@pytest.mark.parametrize(
    ("status", "kind", "word"), [("conflict", "warning", "more"), ("synergy", "note", "less")]
)
def test_a_negative_dividend_is_called_a_conflict(planned, status, kind, word):
    sign = -1.0 if status == "conflict" else 1.0
    item = pl.col("item") == "dividend"
    frame = planned["dividend"].with_columns(
        pl.when(item).then(sign * 5.0e8).otherwise("cost").alias("cost"),
        pl.when(item).then(pl.lit(status)).otherwise("status").alias("status"),
    )
    note = next(b for b in dividend_blocks({**planned, "dividend": frame}, "en") if isinstance(b, Note))
    assert note.kind == kind
    assert word in note.text
    assert "500 10⁶ yuan" in note.text


def test_measures_tell_department_and_reason(planned):
    table = measure_table(planned, Titles(planned, "zh"), "zh")
    assert len(table.rows) == planned["measure"]["measure"].n_unique()
    reasons = {row[-1] for row in table.rows}
    assert reasons <= {
        "未采用：有更省的办法", "没有治污降碳目标也会采用（更省钱或政策目标要求）",
        "同时为治污和降碳目标", "为治污目标", "为降碳目标", "随其他措施变化",
    }  # fmt: skip
    assert any(row[1] == "能源部门" for row in table.rows)


def test_coordinates_and_front_have_all_their_points(planned):
    drawn = coordinate_chart(planned, Titles(planned, "en"), "en")
    moving = planned["coordinate"].filter(pl.col("quadrant") != "no_effect").height
    assert sum(len(s["data"]) for s in drawn.option["series"]) == moving
    front = front_chart(planned, "en")
    assert front.table.rows[0][-1] == "0"


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


def test_conflicting_targets_are_all_there_is_to_say():
    case = steel()
    tight = case["target"].with_columns(
        pl.when(pl.col("target") == "CO2_cap").then(0.01).otherwise("bound").alias("bound")
    )
    conflict = diagnose(case.with_tables(target=tight))
    made = section({"conflict": conflict, "target": tight}, "zh")
    assert made is not None
    warnings = [b for b in made.blocks if isinstance(b, Note)]
    assert "CO2_cap" in "".join(w.text for w in warnings)


def test_no_plan_no_chapter():
    assert section({}, "zh") is None
