import docx
import openpyxl
import polars as pl
import pytest

from tongyuan.flows.deploy import deploy
from tongyuan.flows.deploy.folder import PARENT, load_plan, merge_into, region_of
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform
from tongyuan.ledger.write.write import write_csv, write_excel
from tongyuan.programme.plan import NATION, national_plan

OBSERVATION = conform(
    "observation",
    pl.DataFrame(
        {
            "region": ["370000"] * 4,
            "period": ["2020", "2021", "2022", "2024"],
            "indicator": ["PM2.5年均浓度"] * 4,
            "value": [46.0, 39.0, 36.0, 35.5],
            "unit": ["微克/立方米"] * 4,
            "source": ["bulletin"] * 4,
            "confidence": ["read"] * 4,
        }
    ),
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    OBSERVATION.write_parquet(folder / "observation.parquet")
    return folder


@pytest.fixture
def folder(tmp_path):
    deploy.init(tmp_path, "370000", start=2022, deadline=2025)
    return tmp_path


def test_the_national_plan_goes_to_a_workbook_and_back(tmp_path):
    deploy.init(tmp_path)
    plan, found = load_plan(tmp_path)
    assert found == []
    for name, frame in national_plan().items():
        assert plan[name].equals(frame), name
    assert region_of(plan) == NATION
    assert deploy.check(tmp_path) == []


def test_a_province_begins_with_its_own_targets(folder):
    plan, _ = load_plan(folder)
    assert plan["programme_target"].height == 63
    assert region_of(plan) == "370000"
    assert {f.check for f in deploy.check(folder)} == {"target_conflict"}


def test_wrong_use_is_told(tmp_path, folder):
    with pytest.raises(FindingError, match="already holds"):
        deploy.init(folder)
    with pytest.raises(FindingError, match="holds no plan"):
        load_plan(tmp_path / "nothing")
    with pytest.raises(FindingError, match="no targets named"):
        deploy.init(tmp_path / "new", "370000", targets="nowhere")
    with pytest.raises(FindingError, match="no region named"):
        deploy.init(tmp_path / "new", "火星")
    with pytest.raises(FindingError, match="later than the deadline"):
        deploy.init(tmp_path / "new", "370000", start=2030, deadline=2025)
    with pytest.raises(FindingError, match="no department nfga"):
        deploy.collect(folder, 2025, departments=["nfga"])
    assert not (tmp_path / "new").exists()


def test_departments_are_named_by_id_or_title(folder):
    (made,) = deploy.collect(folder, 2025, departments=["林草部门"])
    assert made.name == "01_林草部门.xlsx"


def test_a_form_that_is_there_is_never_written_over(folder):
    """Nothing is written, neither over the filled-in form nor beside it, until it is moved away."""
    (made,) = deploy.collect(folder, 2025, departments=["forestry"])
    book = openpyxl.load_workbook(made)
    book["任务进展"].cell(2, 7).value = "filled in"
    book.save(made)
    before = made.read_bytes()
    for departments in (["forestry"], ["forestry", "agriculture"]):
        with pytest.raises(FindingError, match="nothing was changed") as caught:
            deploy.collect(folder, 2026, departments=departments)
        assert [f.check for f in caught.value.findings] == ["file_exists"]
        assert [p.read_bytes() for p in made.parent.iterdir()] == [before]
    made.rename(made.with_name("kept.xlsx"))
    assert deploy.collect(folder, 2026, departments=["forestry"]) == [made]
    assert made.with_name("kept.xlsx").read_bytes() == before


def test_a_park_has_a_name_of_its_own(tmp_path):
    deploy.init(tmp_path, "某园区", own=True, start=2022, deadline=2025)
    plan, _ = load_plan(tmp_path)
    assert region_of(plan) == "某园区"
    assert not deploy.check(tmp_path)
    assert plan["programme_target"].is_empty()


def test_a_city_derives_from_its_province_and_is_held_to_it(tmp_path, folder):
    above = folder / "plan.xlsx"
    book = openpyxl.load_workbook(above)
    sheet = book["任务"]
    at = {str(c.value).rstrip("*"): c.column for c in sheet[1]}
    row = sheet.max_row + 1
    for name, value in {
        "方案": "370000",
        "任务编号": "SD.1",
        "任务内容": "推广岸电",
        "牵头部门": "transport",
    }.items():
        sheet.cell(row, at[name]).value = value
    book.save(above)
    city = tmp_path / "qingdao"
    deploy.init(city, "370200", parent=folder, start=2023, deadline=2025)
    plan, _ = load_plan(city)
    assert plan["task"].filter(pl.col("task") == "SD.1")["parent"].to_list() == ["SD.1"]
    assert set(plan["programme_target"]["region"]) == {"370200"}
    assert {f.check for f in deploy.check(city)} == {"target_conflict"}
    less = plan | {
        "task": plan["task"].filter(pl.col("task") != "SD.1"),
        "programme_target": plan["programme_target"].with_columns(
            pl.when(pl.col("target") == "sd.pm25.2025").then(40.0).otherwise("value").alias("value")
        ),
    }
    write_excel(less, city / "plan.xlsx")
    named = {(f.check, f.values.get("task") or f.values.get("parent")) for f in deploy.check(city)}
    assert ("dropped_task", "SD.1") in named
    assert ("weaker_target", "sd.pm25.2025") in named


def test_from_workbooks_to_assessment_and_documents(folder, results):
    paths = deploy.collect(folder, 2025, departments=["forestry", "agriculture"])
    assert len(paths) == 2
    book = openpyxl.load_workbook(paths[0])
    sheet = book["任务进展"]
    at = {str(c.value).rstrip("*"): c.column for c in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, at["完成比例"]).value = 1
        sheet.cell(row, at["佐证"]).value = "E1"
    sheet.cell(2, at["存在问题"]).value = "资金不足"
    proof = book["佐证材料"]
    proof.cell(2, 1).value, proof.cell(2, 2).value, proof.cell(2, 3).value = "E1", "forestry", "proof.txt"
    book.save(paths[0])
    (folder / "proof.txt").write_text("done")
    made = merge_into(folder, paths, evidence=folder)
    assert made.tables["evidence"]["sha256"].null_count() == 0
    assert (folder / "merged" / "merged.xlsx").is_file()
    tables, _ = deploy.track(folder, results)
    status = {r["target"]: r for r in tables["target_status"].iter_rows(named=True)}
    assert status["sd.pm25.2025"]["state"] == "on_track"
    first = deploy.assess(folder, 2025, results=results)
    ecology = first.assessment.filter((pl.col("unit_kind") == "department") & (pl.col("unit") == "forestry"))
    assert ecology["score"][0] == pytest.approx(100)
    veto = pl.DataFrame(
        {
            "unit_kind": ["department"],
            "unit": ["forestry"],
            "period": ["2025"],
            "rule": ["data_fraud"],
            "finding": ["造假"],
        }
    )
    write_csv(veto, folder / "veto.csv")
    second = deploy.assess(folder, 2025, results=results)
    again = second.assessment.filter((pl.col("unit") == "forestry") & (pl.col("edition") == 2))
    assert again["score"][0] == 0
    assert second.assessment.height == 2 * first.assessment.height
    written = deploy.write_documents(folder, 2025, results=results)
    assert [p.name for p in written] == [
        f"{name}.zh.{kind}" for name in ("plan", "bulletin", "assessment") for kind in ("docx", "xlsx")
    ]
    text = "\n".join(p.text for p in docx.Document(str(written[2])).paragraphs)
    cells = [c.text for t in docx.Document(str(written[2])).tables for c in t._cells]
    assert "资金不足" in cells
    assert "山东省" in text


def test_the_optimum_becomes_tasks(folder):
    measure = pl.DataFrame(
        {
            "scenario": ["s"],
            "measure": ["scr"],
            "year": [2030],
            "value": [4.0],
            "baseline": [1.0],
            "change": [3.0],
        }
    )
    tables = {
        "plan_measure": measure,
        "measure": pl.DataFrame(
            {
                "measure": ["scr"],
                "technology": ["boiler"],
                "title_zh": ["脱硝"],
                "title_en": ["Denitrification"],
            }
        ),
        "technology_option": pl.DataFrame(
            {"technology": ["boiler"], "unit": ["GWh"], "title_zh": ["锅炉"], "title_en": ["Boiler"]}
        ),
        "coordinate": pl.DataFrame({"measure": ["scr"], "cost": [5e6]}),
    }
    added = deploy.add_optimum(folder, tables, owners={"scr": "mee"}).row(0, named=True)
    assert (added["amount"], added["unit"], added["cost"], added["lead"]) == (3.0, "GWh", 5e6, "mee")
    assert added["text_zh"] == "脱硝：比只落实现有政策，到 2030 年增加 3 GWh"
    plan, _ = load_plan(folder)
    assert plan["task"].height == 131
    deploy.add_optimum(folder, tables, owners={"scr": "mee"})
    assert load_plan(folder)[0]["task"].height == 131


def test_a_city_does_not_take_the_nations_amounts_for_its_own(tmp_path):
    """Of the nation's eight measured targets (steel, aluminium, cars …) none is a city's; its words are."""
    deploy.init(tmp_path, "320500", start=2022, deadline=2025)
    targets = load_plan(tmp_path)[0]["programme_target"]
    assert set(targets["comparator"]) == {"qualitative"}
    assert not deploy.has_measured_targets(tmp_path)
    assert deploy.check(tmp_path) == []


def test_a_city_shares_concentrations_of_its_province_and_no_capacity(tmp_path, folder):
    deploy.init(tmp_path / "qd", "370200", parent=folder, start=2022, deadline=2025)
    targets = load_plan(tmp_path / "qd")[0]["programme_target"]
    held = set(targets["indicator"])
    assert {"pm25", "good_days", "manure_use"} <= held
    assert not held & {"renewable_capacity", "wind_capacity", "pv_capacity", "nox_project"}
    assert deploy.has_measured_targets(tmp_path / "qd")


def test_a_city_begins_with_the_plan_of_its_province(tmp_path):
    deploy.init(tmp_path / "city", "370100", start=2023)
    plan, _ = load_plan(tmp_path / "city")
    above, _ = load_plan(tmp_path / "city", PARENT)
    assert set(above["task"]["plan"]) == {"370000"}
    assert set(plan["task"]["parent"]) <= set(above["task"]["task"])
    assert "22.01" not in plan["task"]["task"].to_list()
    assert not [
        f for f in deploy.check(tmp_path / "city") if f.check in ("dropped_task", "adopted_but_changed")
    ]


def test_what_was_due_before_a_plan_starts_is_not_deployed_again():
    before = national_plan()["task"].filter(pl.col("deadline") < 2026)["task"]
    assert len(before)
    late = deploy.begin("370000", start=2026)
    assert not set(before) & set(late["task"]["task"])
    assert [f.check for f in deploy.checked(late) if f.check == "deadline_before_start"] == []
    assert set(before) & set(deploy.begin("370000", start=2022)["task"]["task"])
