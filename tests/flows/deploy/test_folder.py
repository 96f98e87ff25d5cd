import openpyxl
import polars as pl
import pytest

from tongyuan.flows.deploy import deploy
from tongyuan.flows.deploy.folder import (
    history_of,
    load_plan,
    merge_into,
    merged,
    own_table,
    results_of,
    rules_of,
)
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.write.write import write_csv
from tongyuan.programme.assessment import default_rules


@pytest.fixture
def folder(tmp_path):
    deploy.init(tmp_path, "370000", start=2022, deadline=2025)
    return tmp_path


def filled(folder, completion):
    """Return a form filled in; the one before it is moved away first, as none is written over."""
    for earlier in (folder / "forms").glob("*.xlsx"):
        earlier.unlink()
    (path,) = deploy.collect(folder, 2025, departments=["forestry"])
    book = openpyxl.load_workbook(path)
    sheet = book["任务进展"]
    at = {str(c.value).rstrip("*"): c.column for c in sheet[1]}
    sheet.cell(2, at["完成比例"]).value = completion
    book.save(path)
    return path


@pytest.mark.parametrize("content", [b"hello", b"PK\x03\x04 torn", b""])
def test_a_damaged_plan_is_one_sentence_not_a_hundred_dropped_tasks(folder, content):
    (folder / "plan.xlsx").write_bytes(content)
    with pytest.raises(FindingError) as caught:
        load_plan(folder)
    assert [f.file for f in caught.value.findings] == ["plan.xlsx"]


def test_what_was_merged_before_is_kept(folder):
    merge_into(folder, [filled(folder, 0.25)])
    assert merged(folder)["progress"]["completion"].to_list() == [0.25]
    merge_into(folder, [filled(folder, 0.75)])
    assert merged(folder)["progress"]["completion"].to_list() == [0.75]
    earlier = pl.read_parquet(folder / "merged" / "earlier" / "001" / "progress.parquet")
    assert earlier["completion"].to_list() == [0.25]
    merge_into(folder, [filled(folder, 1.0)])
    assert sorted(p.name for p in (folder / "merged" / "earlier").iterdir()) == ["001", "002"]


def test_nothing_readable_leaves_what_was_merged(folder, tmp_path):
    merge_into(folder, [filled(folder, 0.5)])
    (tmp_path / "bad.xlsx").write_text("no workbook")
    for files, told in (
        ([], "No workbook"),
        ([tmp_path / "bad.xlsx"], "bad.xlsx"),
        ([folder / "plan.xlsx"], "holds no form"),
    ):
        with pytest.raises(FindingError, match=told):
            merge_into(folder, files)
    assert merged(folder)["progress"]["completion"].to_list() == [0.5]
    assert not (folder / "merged" / "earlier").exists()


def test_a_strange_file_among_forms_is_named_and_the_rest_is_merged(folder):
    made = merge_into(folder, [filled(folder, 0.5), folder / "plan.xlsx"])
    assert [f.file for f in made.findings if f.check == "not_a_form"] == ["plan.xlsx"]
    assert merged(folder)["progress"].height == 1


def test_damaged_results_are_named(folder):
    merge_into(folder, [filled(folder, 0.5)])
    (folder / "merged" / "progress.parquet").write_text("junk")
    with pytest.raises(FindingError, match=r"progress\.parquet.*damaged"):
        merged(folder)
    with pytest.raises(FindingError, match="no usable tables"):
        results_of(folder / "nothing")
    assert results_of(None) == {}
    assert history_of(folder) is None


def test_own_rules_go_before_those_shipped(folder):
    assert rules_of(folder).equals(default_rules())
    rules = default_rules().with_columns(pl.lit(7.0).alias("points"))
    write_csv(rules, folder / "assessment_rule.csv")
    assert set(rules_of(folder)["points"]) == {7.0}
    made = deploy.assess(folder, 2025)
    reasons = made.assessment_line.filter(pl.col("rule") == "target")["reason_zh"]
    assert reasons.str.ends_with("无数据，7 分不计入满分").all()


def test_a_wrong_rule_stops_with_its_cell(folder):
    (folder / "assessment_rule.csv").write_text("rule,title_zh,kind,points\nq,规则,target,abc\n", "utf-8")
    with pytest.raises(FindingError, match=r"assessment_rule.csv · D2"):
        own_table(folder, "assessment_rule")
    assert own_table(folder, "veto") is None
