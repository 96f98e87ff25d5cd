import polars as pl
import pytest

from tongyuan.report.run.chapter.run import method_table, run_key, section


def test_methods_are_counted(tables):
    rows = method_table(tables, "en").rows
    assert sum(int(row[2].replace(",", "")) for row in rows) == tables["emission"].height
    assert "more" in rows[0][-1]


def test_titles_of_methods_may_be_given(tables):
    given = pl.DataFrame({"name": ["emission_factor"], "title_zh": ["甲法"], "title_en": ["Method A"]})
    assert method_table({**tables, "method": given}, "en").rows[0][0] == "Method A"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("settings.gwp_set", "Setting: Global warming potentials"),
        ("inputs.tables/a.csv.sha256", "Input file tables/a.csv, SHA-256"),
        ("inputs.tables/a.csv.bytes", "Input file tables/a.csv, bytes"),
        ("rows.emission", "Rows of results: Emission"),
        ("at", "Run at"),
        ("something.else", "something.else"),
    ],
)
def test_lines_of_the_record_in_words(key, words):
    assert run_key(key, "en") == words


def test_known_keys_have_words_and_others_stay(tables):
    keys = [row[0] for row in section(tables, "zh").blocks[-1].rows]
    assert keys[0] == "软件版本"
    assert keys[-1] == "input.activity.csv"
