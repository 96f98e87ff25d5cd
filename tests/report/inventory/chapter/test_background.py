from tongyuan.report.inventory.chapter.background import activity_table, observation_table, section


def test_activity_is_counted_by_source(tables):
    table = activity_table(tables["activity"], "en")
    assert [row[-1] for row in table.rows] == [str(tables["activity"].height)]
    assert table.columns[0].quoted


def test_observations_are_listed_as_observed(tables):
    rows = observation_table(tables["observation"], "zh").rows
    assert ["PM2.5 年均浓度", "2021", "39", "ug/m3", "统计公报"] in rows


def test_either_table_is_enough(tables):
    assert len(section({"observation": tables["observation"]}, "en").blocks) == 1
