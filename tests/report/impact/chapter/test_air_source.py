import pytest
from tests.report.impact_tables import receptor

from tongyuan.ledger.table import from_rows
from tongyuan.report.base.block import ChartBlock, Note, Paragraph, TableBlock
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


@pytest.mark.parametrize("contradicted", [True, False])
def test_sources_that_observations_contradict_are_named(contradicted) -> None:
    row = {
        "year": 2021, "region": "370000", "sector": "transport", "species": "NOx", "emission": 10.0,
        "prior_sd": 0.3, "posterior": 1.6, "posterior_sd": 0.2, "lower": 1.2, "upper": 2.0, "kernel": 0.6,
        "constrained": 16.0, "moved": 2.4 if contradicted else 0.4, "contradicted": contradicted,
    }  # fmt: skip
    made = section(receptor() | {"scaling_factor": from_rows("scaling_factor", [row])}, "en")
    assert made is not None
    note = [b for b in made.blocks if isinstance(b, Note)][-1]
    assert ("Transport NOₓ (2021)" in note.text) == contradicted
    assert ("no source" in note.text) != contradicted
    table = [b for b in made.blocks if isinstance(b, TableBlock)][-1]
    assert table.rows[0][5:8] == ["1.6", "1.2", "2"]
