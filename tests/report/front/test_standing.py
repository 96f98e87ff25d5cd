import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import Cards, Note, Paragraph, TableBlock
from tongyuan.report.front.standing import judged, own_targets, standing_blocks
from tongyuan.report.programme.chapter.programme import cards, section
from tongyuan.report.programme.words import one_each

STATUS = conform(
    "target_status",
    pl.DataFrame(
        {
            "plan": ["p"] * 5,
            "target": ["a", "b", "c", "d", "n"],
            "indicator": ["pv", "pv", "pm25", "heavy", "steel"],
            "title_zh": ["光伏", "光伏", "PM2.5", "重污染", "短流程"],
            "title_en": ["PV", "PV", "PM2.5", "Heavy days", "Steel"],
            "region": ["370000"] * 4 + ["100000"],
            "year": [2025] * 5,
            "comparator": ["at_least", "at_least", "at_most", "at_most", "at_least"],
            "value": [5700.0, 6500.0, 38.0, 0.9, 15.0],
            "unit": ["10^4 kW", "10^4 kW", "µg/m3", "%", "%"],
            "observed_year": [2021, 2021, 2024, None, 2024],
            "observed": [3343.4, 3343.4, 35.5, None, 10.0],
            "state": ["behind", "behind", "on_track", "no_data", "behind"],
            "forecast": [5293.0, 5293.0, 28.5, None, None],
            "probability": [0.305, 0.142, 0.979, None, None],
            "lead": ["energy", "energy", "environment", "environment", "miit"],
        }
    ),
)
TABLES = {"target_status": STATUS}


def test_own_targets_go_before_those_of_the_nation():
    assert set(own_targets(TABLES)["region"]) == {"370000"}
    nation = {"target_status": STATUS.filter(pl.col("region") == "100000")}
    assert own_targets(nation)["target"].to_list() == ["n"]


def test_of_two_targets_of_one_year_the_harder_is_shown_and_what_lags_comes_first():
    assert judged(TABLES)["target"].to_list() == ["b", "c"]


def test_the_sentence_counts_and_departments_have_their_names_in_the_province():
    text, table = standing_blocks(TABLES, "zh")
    assert isinstance(text, Paragraph)
    assert isinstance(table, TableBlock)
    assert text.text.startswith("3 项可量化目标中，2 项有数据可判：滞后 1 项，进度正常 1 项；其余 1 项")
    assert table.rows[0][:3] == ["光伏", "2025", "≥6,500万千瓦"]
    assert [row[-1] for row in table.rows] == ["能源局", "生态环境厅"]


def test_the_first_page_and_the_chapter_count_the_same_targets():
    """Two documents give PV of 2025 two numbers: it is one target on both."""
    told = standing_blocks(TABLES, "en")[0]
    assert isinstance(told, Paragraph)
    assert told.text.startswith("Of 3 measurable targets")
    part = STATUS.filter(pl.col("region") == "370000")
    made = cards(one_each(part), "en")
    assert sum(int(card.value) for card in made.cards) == 3
    chapter = section({"target_status": STATUS}, "en")
    assert chapter is not None
    shown = [b for b in chapter.blocks if isinstance(b, Cards)]
    assert sum(int(card.value) for card in shown[0].cards) == 3


def test_without_targets_the_command_is_named():
    (note,) = standing_blocks({}, "en")
    assert isinstance(note, Note)
    assert "tongyuan programme init" in note.text


def test_a_park_without_targets_of_its_own_is_told_what_its_plan_meets():
    prices = pl.DataFrame({"target": ["nox", "cod"], "binding": [True, False]})
    named = pl.DataFrame({"target": ["nox"], "title_zh": ["氮氧化物降 30 %"], "title_en": ["NOx"]})
    (told,) = standing_blocks({"shadow_price": prices, "target": named}, "zh")
    assert isinstance(told, Paragraph)
    assert "按 2 项目标求解，全部达到；其中 1 项起约束作用：氮氧化物降 30 %" in told.text
    free = {"shadow_price": prices.with_columns(binding=False)}
    assert "none of them binds" in standing_blocks(free, "en")[0].text
