from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.assess import measure
from tongyuan.flows.deploy import deploy
from tongyuan.flows.deploy.folder import PROGRAMME as FOLDER
from tongyuan.flows.deploy.tasks import deploy_tables, period_of, place_of, year_of
from tongyuan.flows.run import run
from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.flows.step import of_flows
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform, empty
from tongyuan.ledger.workspace import Workspace
from tongyuan.ledger.write.write import write_csv
from tongyuan.programme.collect import COLLECTED

MEASURES = pl.DataFrame(
    {
        "scenario": ["plan"],
        "measure": ["scr"],
        "year": [2030],
        "value": [4.0],
        "baseline": [1.0],
        "change": [3.0],
    }
)


def report(folder: Path, **row: object) -> None:
    """Write what one department reported, as a merge leaves it."""
    folder.mkdir()
    row |= {"task": "04.01", "department": "environment"}
    for name in COLLECTED:
        frame = conform(name, pl.DataFrame([row])) if name == "progress" else empty(name)
        frame.write_parquet(folder / f"{name}.parquet")


def deployed(workspace: Workspace, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return `made` with what the steps of the flow deploy make of it."""
    chosen = [step for step in of_flows(["deploy"]) if step.name in ("deploy", "track", "assessment")]
    tables = dict(made)
    for step in chosen:
        if not step.needs <= set(workspace.tables) | set(tables):
            continue
        inputs = Inputs(workspace.settings, workspace.tables, {}, tables)
        tables |= step.run(inputs, lambda _: None).tables
    return tables


def test_a_workspace_without_a_programme_gets_the_national_plan_for_its_region(province, shandong):
    made = deployed(province, shandong.tables)
    assert place_of(made, province.settings) == ("370000", 2024)
    tasks = made["task"]
    assert tasks.height == 130
    assert tasks["start"].unique().to_list() == [2022]
    assert "mee" not in set(tasks["lead"])
    assert set(made["programme_target"]["region"]) == {"370000"}
    assert set(made["target_status"]["plan"]) == {"national", "national_other", "370000"}
    score = made["assessment"].filter(pl.col("unit_kind") == "region").row(0, named=True)
    assert score["period"] == "2024"
    assert 0 < score["coverage"] < 0.1


def test_measures_of_the_least_cost_plan_become_tasks(province, shandong):
    tables, findings = deploy_tables(
        province.tables, {**shandong.tables, "plan_measure": MEASURES}, province.settings
    )
    assert tables["task"].filter(pl.col("measure") == "scr")["adoption"].to_list() == ["added"]
    assert {f.check for f in findings} >= {"missing_owner"}


def test_a_programme_folder_goes_before_the_derived_plan(minimal):
    folder = minimal / FOLDER
    deploy.init(folder, "370000", plan="own", start=2022)
    report(folder / "merged", plan="own", year=2021, completion=0.5)
    done = run(minimal, only=("deploy", "assess"))
    assert done.tables["task"]["plan"].unique().to_list() == ["own"]
    assert done.tables["progress"]["completion"].to_list() == [0.5]
    line = done.tables["assessment_line"].filter(
        (pl.col("subject") == "04.01") & (pl.col("rule") == "task") & (pl.col("unit_kind") == "region")
    )
    assert line["points"].to_list() == [1.5]
    assert "own" in set(done.tables["target_status"]["plan"])
    assert not (folder / "assessment").exists()


def of_kind(folder, kind):
    """Return the workspace in `folder` as one of another kind."""
    settings = folder / "tongyuan.toml"
    settings.write_text(settings.read_text("utf-8").replace('"enterprise"', f'"{kind}"'), encoding="utf-8")
    return folder


def test_only_deploy_leaves_documents_and_links_to_them(minimal):
    of_kind(minimal, "province")
    done = run(minimal, only=("deploy",))
    made = sorted(p.name for p in (done.folder / "documents").iterdir())
    assert made == sorted(
        f"{name}.{lang}.{kind}"
        for name in ("plan", "bulletin", "assessment")
        for lang in ("zh", "en")
        for kind in ("docx", "xlsx")
    )
    for lang, other in (("zh", "en"), ("en", "zh")):
        page = done.reports[lang].read_text("utf-8")
        assert f'href="documents/plan.{lang}.docx"' in page
        assert f"plan.{other}.docx" not in page
    assert not (run(minimal, only=("assess",)).tables.keys() & {"task", "assessment"})


def test_the_period_is_the_last_observed_year_else_that_of_the_inventory():
    status = conform(
        "target_status",
        pl.DataFrame(
            {"plan": ["p"], "target": ["t"], "indicator": ["i"], "region": ["r"], "year": [2030]}
            | {"comparator": ["at_least"], "state": ["no_data"]}
        ),
    )
    summary = {"summary": pl.DataFrame({"year": [2020]})}
    assert period_of(status.with_columns(observed_year=pl.lit(2022, pl.Int64)), "r", summary) == 2022
    assert period_of(status, "r", summary) == 2020
    assert period_of(status, "r", {}) == 2030
    with pytest.raises(FindingError, match="no year to assess"):
        period_of(status.clear(), "r", {})


def test_a_region_nobody_knows_is_a_park_without_targets(minimal):
    path = of_kind(minimal, "park") / "tongyuan.toml"
    path.write_text(path.read_text("utf-8").replace("山东省", "某某园区"), "utf-8")
    workspace = open_workspace(minimal)
    made = deployed(workspace, {})
    assert set(made["task"]["plan"]) == {"某某园区"}
    assert not {"programme_target", "target_status", "assessment"} & set(made)
    summed = made | {"summary": pl.DataFrame({"year": [2021]})}
    assert place_of(summed, workspace.settings) == ("某某园区", 2021)


def test_a_table_of_tasks_in_the_workspace_is_its_plan(minimal):
    own = {
        "plan": ["own"] * 2,
        "task": ["1", "2"],
        "text_zh": ["推广岸电", "淘汰锅炉"],
        "lead": ["transport", "energy"],
    }
    of_kind(minimal, "province")
    write_csv(conform("task", pl.DataFrame(own)), minimal / "tables" / "task.csv")
    made = run(minimal, only=("deploy",))
    assert made.tables["task"]["task"].to_list() == ["1", "2"]
    assert made.tables["assessment"]["period"].unique().to_list() == [
        str(made.tables["summary"]["year"].max())
    ]


def test_a_target_on_the_synergy_score_is_tracked_with_the_score_of_the_run(province, shandong):
    target = conform(
        "programme_target",
        pl.DataFrame(
            {
                "target": ["t"], "plan": ["own"], "indicator": ["synergy_score"], "region": ["370000"],
                "year": [2021], "comparator": ["at_least"], "value": [0.4], "unit": ["fraction"],
                "document": ["本地方案"], "status": ["official"],
            }
        ),
    )  # fmt: skip
    measured = measure(shandong.tables, province.settings)
    own = replace(province, tables={**province.tables, "programme_target": target})
    made = deployed(own, {**shandong.tables, **measured.tables})
    (row,) = made["target_status"].filter(pl.col("region") == "370000").to_dicts()
    score = (
        measured.tables["score"]
        .filter((pl.col("level") == "index") & (pl.col("year") == 2021))["score"]
        .item()
    )
    assert (row["indicator"], row["state"]) == ("synergy_score", "met")
    assert row["observed"] == pytest.approx(score)


def test_the_year_is_that_of_the_reports_of_the_run_or_the_calendar(tmp_path):
    deploy.init(tmp_path, "370000", start=2022, deadline=2025)
    assert year_of(tmp_path, today=date(2027, 1, 1)) == 2026
    results = tmp_path / "results"
    results.mkdir()
    seen = {
        "region": "370000",
        "period": "2023",
        "indicator": "PM2.5年均浓度",
        "value": 37.0,
        "unit": "µg/m3",
    }
    conform("observation", pl.DataFrame([seen | {"source": "s", "confidence": "read"}])).write_parquet(
        results / "observation.parquet"
    )
    assert year_of(tmp_path, results) == 2023
    report(tmp_path / "merged", plan="370000", year=2024)
    assert year_of(tmp_path, results) == 2024


def test_a_park_has_its_own_tasks_and_no_targets_of_the_nation(minimal):
    settings = open_workspace(minimal).settings
    park = settings.model_copy(update={"kind": "park", "region": "示例园区"})
    tables, findings = deploy_tables({}, {"plan_measure": MEASURES}, park)
    texts = "".join(tables["task"]["text_zh"])
    assert "programme_target" not in tables
    assert "串联用水" in texts
    assert not [word for word in ("清洁取暖", "农药", "生态保护", "国民教育") if word in texts]
    assert not [f for f in findings if f.check == "dropped_task"]


def test_no_tasks_of_a_government_are_derived_for_an_enterprise(minimal):
    settings = open_workspace(minimal).settings
    works = settings.model_copy(update={"kind": "enterprise", "region": "山东省"})
    assert deploy_tables({}, {"plan_measure": MEASURES}, works) == ({}, ())
    own = deploy.begin("370000")
    tables, _ = deploy_tables(own, {}, works)
    assert tables["task"].height == own["task"].height


@pytest.mark.parametrize("name", ["芜湖市", "潍坊市", "安徽省"])
def test_what_is_derived_is_held_against_what_it_derives_from(minimal, name):
    """A city adopts the words of its province, not those of the State: nothing is wrong in them."""
    place = {"kind": "city" if name.endswith("市") else "province", "region": name}
    settings = open_workspace(minimal).settings.model_copy(update=place)
    tables, found = deploy_tables({}, {}, settings)
    assert tables["task"].filter(pl.col("adoption") == "adopted").height > 50
    assert [f.check for f in found if f.check == "adopted_but_changed"] == []
