import polars as pl

from tongyuan.ledger.table import table
from tongyuan.report.base.block import Note, Paragraph, TableBlock
from tongyuan.report.impact.chapter.plan_benefit import section


def frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    dtypes = table(name).dtypes
    return pl.DataFrame({c: [r.get(c) for r in rows] for c in dtypes}, schema=dtypes)


def tables(**more: object) -> dict[str, pl.DataFrame]:
    fine = {"scenario": "plan", "year": 2035, "metric": "PM2.5", "ratio": 0.9, "reach": "within_reach"}
    fine |= {
        "missing": ["OC"],
        "before": 39.0,
        "after": 35.1,
        "share": 0.03,
        "share_lower": 0.02,
        "share_upper": 0.04,
    }
    ozone = {
        "scenario": "plan",
        "year": 2035,
        "metric": "M6M",
        "ratio": 0.97,
        "reach": "within_reach",
        "missing": [],
    }
    warm = [
        {"scenario": "plan", "year": 2035, "species": gas, "value": value}
        for gas, value in (("CO2", -5e-4), ("CH4", -1e-4))
    ]
    return {"plan_air": frame("plan_air", [fine | more, ozone]), "temperature": frame("temperature", warm)}


def test_it_says_air_deaths_and_temperature() -> None:
    made = section(tables(), "zh")
    assert made is not None
    texts = [b.text for b in made.blocks if isinstance(b, Paragraph)]
    assert "变化 −10.0%" in texts[0]
    assert "由 39 变为 35.1 微克/立方米" in texts[0]
    assert "减少 3.0%" in texts[0]
    assert "低 0.6 毫开" in texts[1]
    assert any(isinstance(b, Note) for b in made.blocks)
    air, warm = [b for b in made.blocks if isinstance(b, TableBlock)]
    assert [row[0] for row in air.rows] == ["2035", "2035"]
    assert warm.rows == [["2035", "−0.1", "−0.5", "−0.6"]]


def test_without_an_observation_only_the_ratio_is_told() -> None:
    made = section(tables(before=None, after=None, share=None), "en")
    assert made is not None
    assert "no concentration was observed" in made.blocks[0].text  # type: ignore[union-attr]


def test_number_of_people_and_no_plan() -> None:
    made = section(tables(deaths=21_345.0), "en")
    assert made is not None
    assert "about 21,300 people" in made.blocks[0].text  # type: ignore[union-attr]
    assert section({}, "zh") is None
