from tongyuan.report.sections.run import method_table, section


def test_methods_are_counted(tables):
    rows = method_table(tables["emission"], "en").rows
    assert sum(int(row[2].replace(",", "")) for row in rows) == tables["emission"].height
    assert "more" in rows[0][-1]


def test_known_keys_have_words_and_others_stay(tables):
    keys = [row[0] for row in section(tables, "zh").blocks[-1].rows]
    assert keys[0] == "软件版本"
    assert keys[-1] == "input.activity.csv"
