from tongyuan.report.run.chapter.finding import section


def test_findings_are_counted_and_the_worst_come_first(tables):
    text, table = section(tables, "en").blocks
    assert text.text == "The checks found: 2 × Warning, 1 × Notice."
    assert [row[0] for row in table.rows] == ["Warning", "Warning", "Notice"]
