import openpyxl
import polars as pl

from tongyuan.ledger.read.read import read
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.ledger.write.form import write_form

ROWS = conform(
    "progress",
    pl.DataFrame(
        {
            "plan": ["p", "p"],
            "task": ["1", "2"],
            "text": ["=甲", "乙"],
            "department": ["mee", "ndrc"],
            "year": [2025, 2025],
            "completion": [0.25, None],
            "state": ["under_way", None],
        }
    ),
)


def write(tmp_path, language="zh"):
    path = tmp_path / "form.xlsx"
    write_form(
        path,
        {"progress": ROWS, "evidence": empty("evidence")},
        locked={"progress": ("plan", "task", "text", "department", "year")},
        language=language,
        spare={"evidence": 3},
    )
    return path


def test_a_form_is_read_back_as_it_was_given(tmp_path):
    for language in ("zh", "en"):
        reading = read(write(tmp_path, language))
        assert reading.tables["progress"].drop(PLACE).equals(ROWS)


def test_given_cells_are_locked_and_asked_cells_open(tmp_path):
    book = openpyxl.load_workbook(write(tmp_path))
    sheet = book["任务进展"]
    assert sheet.protection.sheet
    assert sheet.cell(3, 2).protection.locked
    assert sheet.cell(3, 3).data_type == "s"
    assert not sheet.cell(3, 6).protection.locked
    assert sheet.cell(4, 6).protection.locked
    proofs = book["佐证材料"]
    assert [proofs.cell(r, 1).protection.locked for r in (2, 4, 5)] == [False, False, True]


def test_columns_left_out_of_a_frame_are_left_out_of_the_sheet(tmp_path):
    path = tmp_path / "form.xlsx"
    write_form(path, {"progress": ROWS.drop("note")}, locked={})
    sheet = openpyxl.load_workbook(path)["任务进展"]
    assert "备注" not in [cell.value for cell in sheet[1]]
