from tongyuan.report.sections.gap import section


def test_gaps_that_say_the_same_are_one_line(tables):
    table = section(tables, "en").blocks[1]
    assert len(table.rows) == 5
    ships = next(row for row in table.rows if "Inland ships" in row[2])
    assert ships[3] == "SO₂, NOₓ"


def test_meaning_is_in_the_language_of_the_page(tables):
    assert section(tables, "zh").blocks[1].rows[0][-1].startswith("该源")
    assert section(tables, "en").blocks[1].rows[0][-1].startswith("No figures")
