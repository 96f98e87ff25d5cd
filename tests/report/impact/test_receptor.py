import pytest
from tests.report.impact_tables import benefit, receptor

from tongyuan.report.base.block import Note, Paragraph, TableBlock
from tongyuan.report.impact.chapter.plan_benefit import section
from tongyuan.report.impact.receptor import plan_blocks


def texts(blocks) -> list[str]:
    return [b.text for b in blocks if isinstance(b, Paragraph)]


def test_deaths_avoided_with_interval_and_the_cost_of_a_unit_are_said() -> None:
    air, cost = texts(plan_blocks(receptor(), "zh"))
    assert "山东省 2035 年 PM₂.₅ 由照旧的 39 变为 35 微克/立方米" in air
    assert "避免慢性病与下呼吸道感染死亡约 14,300 人（95% 区间 10,800–17,900" in air
    assert "多花 8,000万元" in cost
    assert "2,000万元" in cost
    air, cost = texts(plan_blocks(receptor(), "en"))
    assert "avoids about 14,300 deaths" in air
    assert "80 million yuan more" in cost


def test_worse_air_is_said_as_such_and_a_range_left_is_a_warning() -> None:
    made = plan_blocks(
        receptor(deaths=-120.0, deaths_lower=-150.0, deaths_upper=-90.0, reach="outside"), "en"
    )
    assert "brings about 120 more such deaths" in texts(made)[0]
    assert [b.kind for b in made if isinstance(b, Note)][-1] == "warning"


def test_the_chapter_of_the_plan_begins_with_the_users_own_response() -> None:
    made = section(benefit() | receptor(), "en")
    assert made is not None
    assert "By the response of the workspace" in texts(made.blocks)[0]
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert [row[1] for row in table.rows] == ["2030", "2035"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_without_a_response_nothing_is_added(language) -> None:
    assert plan_blocks({}, language) == []
