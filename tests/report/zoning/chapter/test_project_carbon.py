from tests.report.zoning_tables import screened

from tongyuan.report.zoning.chapter.project_carbon import carbon_table, section


def test_parts_sum_to_the_whole():
    tables = screened()
    made = section(tables, "zh")
    assert "2 个项目" in made.blocks[0].text
    row, _ = carbon_table(tables, "zh").rows
    assert row[0] == "锅炉"
    assert row[3] == row[6]
    assert section({}, "zh") is None
