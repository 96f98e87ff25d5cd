"""A CSV file may have titles and units above its header, of any length, as workbooks have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger.read.read import Reading, read

TITLE = "2021年活动水平\n单位：万吨\n"
HEAD = "region,year,process,product,value,unit,source\n"
ROWS = "济南市,2021,energy.power,bituminous,100,万吨,x\n济南市,2021,energy.heat,bituminous,50,万吨,x\n"


def seen(path: Path, text: str) -> Reading:
    file = path / "activity.csv"
    file.write_text(text, encoding="utf-8")
    return read(file)


@pytest.mark.parametrize(
    "text",
    [
        TITLE + HEAD + ROWS,
        "2021年活动水平,,,,,,\n,,,,,,单位：万吨\n" + HEAD + ROWS,
        "表 3-1, 活动水平, 2021 年\n\n" + HEAD + ROWS,
        '"济南市统计局；2021 年，初步数"\n' + (HEAD + ROWS).replace(",", ";"),
        TITLE + (HEAD + ROWS).replace(",", "\t"),
        "sep=;\n" + (TITLE + HEAD + ROWS).replace(",", ";"),
        "\n".join(["说明"] * 10) + "\n" + HEAD + ROWS,
    ],
)
def test_what_stands_above_the_header_is_passed_over(text: str, tmp_path: Path) -> None:
    reading = seen(tmp_path, text)
    assert reading.findings == ()
    assert reading.tables["activity"]["value"].to_list() == [100.0, 50.0]


def test_places_count_the_lines_above_the_header(tmp_path: Path) -> None:
    reading = seen(tmp_path, TITLE + HEAD + ROWS.replace("50,", "半,"))
    assert [(f.check, f.row) for f in reading.findings] == [("not_a_number", 5)]


def test_surplus_cells_count_from_the_header_on(tmp_path: Path) -> None:
    reading = seen(tmp_path, "某年,a,b,c,d,e,f,g,h\n" + HEAD + ROWS.replace("100", "1,100"))
    wrong = [f for f in reading.findings if f.check == "csv_extra_cells"]
    assert [(f.row, f.values["found"], f.values["allowed"]) for f in wrong] == [(3, 8, 7)]


@pytest.mark.parametrize(
    ("values", "expected", "checks"),
    [
        (("1,5", "1,234"), [1.5, 1.234], ["number_rewritten"]),
        (("1.234,5", "2"), [1234.5, 2.0], ["number_rewritten"]),
        (("1,234,567", "1,234"), [1234567.0, 1234.0], ["number_rewritten"]),
        (("1,234", "2"), [None, 2.0], ["comma_two_readings"]),
        (("1,5", "1,234.5"), [None, None], ["comma_conflict", "comma_conflict"]),
        (("1.5", "2.25"), [1.5, 2.25], []),
    ],
)
def test_commas_between_semicolons(
    values: tuple[str, str], expected: list[float | None], checks: list[str], tmp_path: Path
) -> None:
    rows = ROWS.replace(",", ";").replace("100;", f"{values[0]};").replace("50;", f"{values[1]};")
    reading = seen(tmp_path, HEAD.replace(",", ";") + rows)
    assert reading.tables["activity"]["value"].to_list() == expected
    assert [f.check for f in reading.findings] == checks


def test_both_readings_are_named(tmp_path: Path) -> None:
    rows = ROWS.replace(",", ";").replace("100;", "1,234;")
    (wrong,) = seen(tmp_path, HEAD.replace(",", ";") + rows).findings
    assert "1.234 or 1234" in wrong.message("en")
    assert (wrong.row, wrong.column) == (2, "E")


def test_a_semicolon_balance_reads_its_commas_too(tmp_path: Path) -> None:
    file = tmp_path / "山东能源平衡表2021.csv"
    lines = [
        "山东能源平衡表（单位：万吨）", "项目;原煤;焦炭;原油", "一、可供本地区消费的能源量;30,5;3;3",
        "四、终端消费量;30,5;3;3", "1.农、林、牧、渔业;10,25;1;1", "2.工业;20,25;2;2",
    ]  # fmt: skip
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = read(file).tables["energy_balance"]
    coal = dict(table.filter(product="raw_coal").select("item", "value").iter_rows())
    assert coal["industry"] == 20.25


def test_many_shifted_rows_are_counted(tmp_path: Path) -> None:
    line = "济南市,2021,energy.power,bituminous,1,100,万吨,x\n"
    wrong = seen(tmp_path, HEAD + line * 150).findings
    assert sum(f.check == "csv_extra_cells" for f in wrong) == 100
    assert 50 in [f.values["count"] for f in wrong if f.check == "more_like_this"]
