import pytest
from tests.report.impact_tables import receptor

from tongyuan.report.base.block import ChartBlock, Paragraph, TableBlock
from tongyuan.report.impact.chapter.air_source import section


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", "清单内的排放占 23.1%；最大的一项是交通的 NOₓ，占 15.4%。NH₃ 的贡献为负"),
        ("en", "make 23.1% of it, the largest part NOₓ of Transport with 15.4%. NH₃ adds less than nothing"),
    ],
)
def test_it_says_whose_emission_a_city_breathes(language, told) -> None:
    made = section(receptor(), language)
    assert made is not None
    first = made.blocks[0]
    assert isinstance(first, Paragraph)
    assert told in first.text


def test_parts_and_the_rest_stand_in_chart_and_table() -> None:
    made = section(receptor(), "en")
    assert made is not None
    chart = next(b for b in made.blocks if isinstance(b, ChartBlock))
    drawn = sum(d["value"] if isinstance(d, dict) else d for s in chart.option["series"] for d in s["data"])
    assert drawn == pytest.approx(39)
    table = next(b for b in made.blocks if isinstance(b, TableBlock))
    assert [row[3] for row in table.rows] == ["NOₓ", "SO₂", "NH₃", "–"]
    assert table.rows[0][-1] == "3"
    assert table.rows[2][4] == "−1"


def test_without_a_response_there_is_no_chapter() -> None:
    assert section({}, "zh") is None
