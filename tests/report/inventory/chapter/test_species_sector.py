import pytest

from tongyuan.report.base.totals import sector_totals
from tongyuan.report.inventory.chapter.species_sector import matrix, section


def number(text):
    return (
        0.0
        if text in ("–", "0") or text.startswith(("<", ">"))
        else float(text.replace(",", "").replace("−", "-"))
    )


@pytest.mark.parametrize("medium", ["air", "ghg", "water", "solid", "ods", "resource"])
def test_sectors_add_up_to_the_total_as_printed(tables, medium):
    made = matrix(sector_totals(tables), medium, 2021, "en")
    assert made.columns[-3].title == "Total 2021"
    for row in made.rows:
        parts, total = row[2:-3], number(row[-3])
        assert sum(map(number, parts)) == pytest.approx(total, rel=5e-3)


def test_no_figure_has_many_decimals(tables):
    for block in section(tables, "zh").blocks[1:]:
        for row in block.rows:
            assert all(len(cell.partition(".")[2].rstrip("%")) <= 4 for cell in row[2:])


def test_a_medium_without_rows_has_no_table(lone_year):
    assert matrix(sector_totals(lone_year), "water", 1999, "en") is None
    made = matrix(sector_totals(lone_year), "water", 2021, "en")
    assert made.columns[-1].title == "Total 2021"
