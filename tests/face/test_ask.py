"""Questions of a notebook against numbers worked by hand and against each other."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import tongyuan as ty


def test_settings_in_place_of_those_of_the_workspace_act(results: ty.Results) -> None:
    again = ty.account(results, settings={"account.gwp_set": "AR6"})
    assert again.settings.account.gwp_set == "AR6"
    assert results.settings.account.gwp_set == "AR5"
    one, other = (r.summary.where(species="CO2e").total()["value"][0] for r in (results, again))
    assert one != other


def test_a_sweep_is_the_inventories_one_below_the_other(results: ty.Results) -> None:
    swept = ty.sweep(results, "account.gwp_set", ["AR5", "AR6"])
    five = swept.where(setting="AR5").frame.drop("setting")
    assert five.equals(results.summary.frame)
    assert swept["setting"].unique(maintain_order=True).to_list() == ["AR5", "AR6"]
    with pytest.raises(ty.FindingError, match="AR9"):
        ty.sweep(results, "account.gwp_set", ["AR9"])
    with pytest.raises(ty.FindingError):
        ty.sweep(results, "account.gwp_set", [])


def test_effects_of_a_difference_sum_to_it(results: ty.Results) -> None:
    own = {"process": "energy.power", "product": "bituminous", "species": "CO2", "value": 2.0, "unit": "t/t"}
    why = ty.diff(results, results.with_factor(own)).frame.filter(species="CO2")
    effects = ["activity", "factor", "control", "factor_and_control", "method", "presence", "other"]
    assert why["change"][0] == pytest.approx(sum(why[effect][0] for effect in effects))
    assert why["activity"][0] == 0.0
    assert why["after"][0] - why["before"][0] == pytest.approx(why["change"][0])
    assert ty.diff(results, results).frame.is_empty()


def test_the_steel_plan_meets_its_targets_and_a_higher_rate_is_another_plan() -> None:
    found = ty.plan(ty.example("steel"))
    # target NOx_cap: at most 60 t in 2030
    nox = found.plan_emission.where(species="NOx", year=2030).total()["value"][0]
    assert nox <= 60.0 * (1 + 1e-9)
    assert found.conflict.frame.is_empty()
    dear = ty.plan(ty.example("steel"), settings={"plan.discount_rate": 0.15})
    assert dear.plan_cost.frame["value"].sum() != pytest.approx(found.plan_cost.frame["value"].sum())


def test_targets_that_conflict_are_told() -> None:
    steel = ty.example("steel")
    target = steel.tables["target"].with_columns(
        bound=pl.when(pl.col("target") == "NOx_cap").then(0.0).otherwise("bound")
    )
    found = ty.plan(
        {**steel.tables, "target": target}, settings={"plan.discount_rate": 0.05, "plan.base_year": 2025}
    )
    assert set(found) == {"conflict"}
    assert found.conflict.frame.height


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    ty.init(tmp_path, "enterprise", name="w", region="山东省")
    (tmp_path / "tables" / "a.csv").write_text(
        "地区,年份,工艺过程,燃料或产品,数值,单位,来源\n山东省,2021,火力发电,烟煤,100,万吨,账\n", "utf-8"
    )
    for book in (tmp_path / "tables").glob("*.xlsx"):
        book.unlink()
    done = ty.run(str(tmp_path), only=["account"])
    assert done.folder is not None
    assert done.folder.parent == tmp_path / "results"
    again = ty.read(tmp_path)
    assert again.record == done.record
    assert again.emission.frame.equals(done.emission.frame)
    computed = ty.account(tmp_path)
    assert again.summary.frame["value"].to_list() == computed.summary.frame["value"].to_list()
    assert "a.csv" in ty.explain(again, "SO2", language="en")


def test_scores_of_a_panel_follow_the_smaller_emitter() -> None:
    panel = {
        "region": ["A", "B", "C"] * 2, "year": [2020] * 3 + [2021] * 3,
        "SO2": [10.0, 8.0, 6.0, 9.0, 8.0, 2.0],
        "CO2": [900.0, 700.0, 500.0, 870.0, 720.0, 300.0],
    }  # fmt: skip
    found = ty.score_panel(panel, ["SO2"], draws=100)
    best = found.score.frame.filter(year=2021, rank=1)["region"].unique().to_list()
    assert best == ["C"]
    # A: SO2 −10 %, CO2 −3.3 %: both fall; B: SO2 as before, CO2 +2.9 %
    seen = dict(found.co_control.where(pollutant="SO2").frame.select("region", "quadrant").iter_rows())
    assert seen["A"] == "co_reduction"
    assert seen["B"] != "co_reduction"


def test_a_bulletin_is_a_document_or_a_workbook(results: ty.Results, tmp_path: Path) -> None:
    for name in ("b.docx", "b.xlsx"):
        assert ty.bulletin(results, tmp_path / name, "en").stat().st_size > 5_000
    with pytest.raises(ty.FindingError, match="docx"):
        ty.bulletin(results, tmp_path / "b.pdf")


def test_a_held_plan_answers_a_slider() -> None:
    held = ty.hold(ty.example("steel"))
    before = held.plan()
    assert before.cost == pytest.approx(ty.plan(ty.example("steel")).plan_cost.frame["discounted"].sum())
    held.bound("NOx_cap", 40.0)
    assert held.plan().cost > before.cost
    held.back()
    assert held.plan().cost == pytest.approx(before.cost)
