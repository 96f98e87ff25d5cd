import polars as pl
import pytest

from tongyuan.report.base.block import ChartBlock, Paragraph
from tongyuan.report.inventory.chapter.control_effect import effect_table, induced_by_control, section


def test_particle_classes_are_not_stacked_on_one_another(tables):
    made = section(tables, "en")
    chart = next(block for block in made.blocks if isinstance(block, ChartBlock))
    assert "PM₁₀" in chart.option["legend"]["data"]
    assert "PM₂.₅" not in chart.option["legend"]["data"]


def test_carbon_cost_is_said_in_a_sentence(tables):
    text = next(block for block in section(tables, "zh").blocks if isinstance(block, Paragraph)).text
    assert "112万吨" in text


def test_induced_carbon_by_device(tables):
    caption, unit, pairs = induced_by_control(tables, "en")
    assert "CO₂" in caption
    assert unit == "kt CO₂"
    assert dict(pairs)["Wet flue-gas desulphurisation"] == pytest.approx(600.0)
    assert [v for _, v in pairs] == sorted((v for _, v in pairs), reverse=True)


def test_table_sets_carbon_against_the_main_pollutant(tables):
    rows = effect_table(tables["control_effect"], 2021, "en").rows
    assert next(row for row in rows if row[0].startswith("Wet"))[-1] == "0.667 (SO₂)"


def test_a_lone_chart_takes_the_whole_width(tables):
    nothing = tables["control_effect"].with_columns(pl.lit(0.0).alias("removed"))
    charts = [b for b in section({"control_effect": nothing}, "en").blocks if isinstance(b, ChartBlock)]
    assert [chart.half for chart in charts] == [False]


def test_devices_that_cost_no_carbon(tables):
    clean = tables["control_effect"].with_columns(pl.lit(0.0).alias("induced"))
    assert induced_by_control({"control_effect": clean}, "en") is None
    made = section({"control_effect": clean}, "en")
    assert not any(isinstance(block, Paragraph) for block in made.blocks)
