import shutil

import openpyxl
import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.programme.collect import departments_of, merge, tasks_of, write_workbooks

LOCAL = ("市城管局", "市交警支队", "市机关事务局")


@pytest.fixture(scope="module")
def plan29(parent):
    """The national plan with three local departments: 29 in all."""
    added = conform(
        "task",
        pl.DataFrame(
            {
                "plan": ["national"] * 3,
                "task": ["L1", "L2", "L3"],
                "article": [7, 9, 7],
                "text_zh": ["绿色照明", "老旧车管控", "机关节能"],
                "lead": LOCAL,
                "departments": LOCAL,
            }
        ),
    )
    return parent | {"task": pl.concat([parent["task"], added])}


@pytest.fixture(scope="module")
def forms(plan29, tmp_path_factory):
    return write_workbooks(plan29, tmp_path_factory.mktemp("forms"), year=2025, region="100000")


@pytest.fixture
def copies(forms, tmp_path):
    return [shutil.copy(path, tmp_path / path.name) for path in forms]


def columns(sheet):
    return {str(cell.value).rstrip("*").partition("（")[0]: cell.column for cell in sheet[1]}


def fill(path, row, **cells):
    book = openpyxl.load_workbook(path)
    sheet = book["任务进展"]
    at = columns(sheet)
    for name, value in cells.items():
        sheet.cell(row, at[name]).value = value
    book.save(path)


def test_every_department_gets_a_protected_workbook_with_drop_downs(plan29, forms):
    assert len(forms) == len(departments_of(plan29)) == 29
    book = openpyxl.load_workbook(forms[0])
    assert book.sheetnames[1:4] == ["任务进展", "指标观测", "佐证材料"]
    sheet = book["任务进展"]
    at = columns(sheet)
    assert sheet.protection.sheet
    assert sheet.max_row - 1 == tasks_of(plan29, "mee").height
    assert sheet.cell(2, at["任务编号"]).protection.locked
    assert not sheet.cell(2, at["完成比例"]).protection.locked
    rules = {str(v.sqref).partition("2")[0]: v.type for v in sheet.data_validations.dataValidation}
    letters = {name: openpyxl.utils.get_column_letter(c) for name, c in at.items()}
    assert rules[letters["进展状态"]] == "list"
    assert rules[letters["完成比例"]] == "decimal"
    indicators = book["指标观测"]
    assert indicators.max_row > 1
    assert not book["佐证材料"].cell(5, 1).protection.locked


def test_blank_workbooks_merge_to_nothing(copies):
    made = merge(copies)
    assert [f.check for f in made.findings if f.severity == "error"] == []
    assert made.read == tuple(sorted(path.name for path in copies))
    assert all(frame.is_empty() for frame in made.tables.values())


def test_29_filled_files_merge_with_conflicts_and_bad_cells_named_and_nothing_lost(plan29, copies):
    filled = 0
    for path in copies:
        book = openpyxl.load_workbook(path)
        sheet = book["任务进展"]
        at = columns(sheet)
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, at["完成比例"]).value = 0.5
            sheet.cell(row, at["进展状态"]).value = "推进中"
            sheet.cell(row, at["进展情况"]).value = f"{path.name} {row}"
            filled += 1
        book.save(path)
    bad, twice = copies[2], copies[5]
    fill(bad, 3, 完成比例="一半")
    fill(bad, 4, 进展状态="差不多")
    again = twice.parent / "again.xlsx"
    shutil.copy(twice, again)
    fill(again, 2, 完成比例=0.9)
    made = merge([*copies, again])
    progress, held = made.tables["progress"], made.held["progress"]
    assert progress.height + held.height == filled + 1
    assert held.height == 2
    assert {
        (c, round(float(v), 2)) for c, v in made.merge_conflict.select("column", "value").iter_rows()
    } == {
        ("completion", 0.5),
        ("completion", 0.9),
    }
    assert set(made.merge_conflict["file"]) == {twice.name, "again.xlsx"}
    assert made.merge_conflict["sheet"].to_list() == ["任务进展"] * 2
    conflict = next(f for f in made.findings if f.check == "merge_conflict")
    cell = made.merge_conflict["cell"][0]
    assert cell.endswith("2")
    assert f"again.xlsx 任务进展!{cell} = 0.9" in conflict.message("zh")
    places = {f.place() for f in made.findings if f.file == bad.name and f.severity == "error"}
    letters = {
        n: openpyxl.utils.get_column_letter(c)
        for n, c in columns(openpyxl.load_workbook(bad)["任务进展"]).items()
    }
    assert places == {
        f"{bad.name} · 任务进展 · {letters['完成比例']}3",
        f"{bad.name} · 任务进展 · {letters['进展状态']}4",
    }
    kept = progress.filter(pl.col("situation").is_in([f"{bad.name} 3", f"{bad.name} 4"])).sort("situation")
    assert kept["completion"].to_list() == [None, 0.5]
    assert kept["state"].to_list() == ["under_way", "差不多"]


def test_english_forms_are_read_alike(plan29, tmp_path):
    path = write_workbooks(plan29, tmp_path, year=2025, region="100000", departments=["nfga"], language="en")[
        0
    ]
    book = openpyxl.load_workbook(path)
    sheet = book["Progress"]
    at = columns(sheet)
    sheet.cell(2, next(c for n, c in at.items() if n.startswith("Completion"))).value = 1
    book.save(path)
    made = merge([path])
    row = made.tables["progress"].row(0, named=True)
    assert (row["task"], row["department"], row["year"], row["completion"]) == ("12.01", "nfga", 2025, 1.0)
