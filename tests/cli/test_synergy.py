"""The commands of ``tongyuan synergy`` on a results folder and on tables of the user."""

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tongyuan.cli.synergy import app
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


@pytest.fixture
def results(tmp_path: Path) -> Path:
    rows = []
    for region, size in (("370000", 1.0), ("110000", 0.4)):
        for year, step in ((2014, 1.0), (2021, 0.7)):
            for species, value in (
                ("SO2", 1e5),
                ("NOx", 2e5),
                ("NMVOC", 1e5),
                ("PM2.5", 5e4),
                ("COD", 1e4),
                ("CO2", 8e7),
            ):
                rows.append(
                    (region, year, "energy.power", "", species, "direct", value * size * step, None, "t")
                )
    names = ["region", "year", "process", "product", "species", "scope", "value", "uncontrolled", "unit"]
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    folder = tmp_path / "results"
    folder.mkdir()
    frame.with_columns(pl.col("uncontrolled").cast(pl.Float64)).write_parquet(folder / "emission.parquet")
    facts = [
        (region, str(year), "地区生产总值", 1e4 * (1 + (year - 2014) / 10), "亿元")
        for region in ("370000", "110000")
        for year in (2014, 2021)
    ]
    schema = ["region", "period", "indicator", "value", "unit"]
    pl.DataFrame(facts, schema=schema, orient="row").write_parquet(folder / "observation.parquet")
    return tmp_path


def run(*words: object) -> str:
    result = RUN.invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_score_of_a_results_folder(results: Path, tmp_path: Path) -> None:
    path = tmp_path / "score.xlsx"
    assert run("score", results, "-o", path)
    assert path.stat().st_size > 5000


def test_score_of_a_table_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "park.csv"
    path.write_text("园区,x\n", encoding="utf-8")
    with pytest.raises(FindingError):
        run("score", path, "--index", "park")
    frame = pl.DataFrame(
        {"地区": ["甲园", "甲园"], "年份": [2020, 2024], "SO2": [10.0, 8.0], "CO2": ["1,000", "900"]}
    )
    frame.write_csv(path)
    output = tmp_path / "out.csv"
    run("score", path, "--index", "park", "--reweight", "-o", output)
    assert "甲园" in output.read_text(encoding="utf-8-sig")


def test_coordinates_decoupling_and_decomposition(results: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    run("coordinates", results, "--pollutants", "SO2,NOx", "-o", output)
    assert output.read_text(encoding="utf-8-sig").count("\n") == 7
    run("decouple", results, "--driver", "地区生产总值", "-o", output)
    assert output.read_text(encoding="utf-8-sig").count("\n") == 7
    run("decompose", results, "--driver", "地区生产总值", "-o", output)
    assert output.read_text(encoding="utf-8-sig").count("\n") > 30
    with pytest.raises(FindingError):
        run("decouple", results, "--driver", "梦")


def test_changes_of_a_wide_table(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    pl.DataFrame(
        {"region": ["a", "a"], "year": [2010, 2020], "SO2": [5.0, 4.0], "CO2": [9.0, 10.0], "gdp": [1.0, 2.0]}
    ).write_csv(path)
    output = tmp_path / "out.csv"
    run("coordinates", path, "--pollutants", "SO2", "-o", output)
    run("decompose", path, "--pollutants", "SO2", "--driver", "gdp", "-o", output)
    with pytest.raises(FindingError):
        run("decompose", path, "--pollutants", "SO2")


def test_indexes_are_listed_and_shown() -> None:
    assert "city" in run("indexes")
    assert "no official" in run("indexes", "park").lower() or "未找到" in run("indexes", "park")


def test_a_folder_without_results_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FindingError):
        run("score", tmp_path)


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_figures_for_publications(results: Path, tmp_path: Path, ending: str) -> None:
    for words in (
        ("score", results, "--reweight", "--draws", 20),
        ("coordinates", results),
        ("decompose", results, "--driver", "地区生产总值"),
    ):
        path = tmp_path / f"{words[0]}.{ending}"
        assert str(path) in run(*words, "-o", path).replace("\n", "")
        assert path.stat().st_size > 3_000


def test_there_is_no_figure_of_decoupling(results: Path, tmp_path: Path) -> None:
    with pytest.raises(FindingError):
        run("decouple", results, "--driver", "地区生产总值", "-o", tmp_path / "x.svg")
    assert not (tmp_path / "x.svg").exists()


def test_changes_of_a_folder_are_like_for_like(results: Path) -> None:
    path = results / "results" / "emission.parquet"
    frame = pl.read_parquet(path)
    cement = frame.filter(pl.col("year") == 2014).with_columns(pl.lit("industry.cement").alias("process"))
    pl.concat([frame, cement]).write_parquet(path)
    text = run("coordinates", results)
    assert "cement" in text.lower() or "水泥" in text


def test_a_revised_driver_goes_before_the_first_one(results: Path, tmp_path: Path) -> None:
    path = results / "results" / "observation.parquet"
    seen = pl.read_parquet(path)
    revised = seen.filter(pl.col("period") == "2014").with_columns(
        pl.lit("地区生产总值（修订）").alias("indicator"), pl.col("value") / 2
    )
    pl.concat([seen, revised]).write_parquet(path)
    out = tmp_path / "d.csv"
    run("decouple", results, "--driver", "地区生产总值", "-o", out)
    numbers = pl.read_csv(out).select(pl.col(pl.Float64))
    assert any(value == pytest.approx(17_000 / 5_000 - 1) for row in numbers.rows() for value in row)


WIDE = pl.DataFrame(
    {
        "region": ["a", "a", "a", "b", "b"],
        "year": [2010, 2015, 2020, 2015, 2020],
        "SO2": [5.0, 4.0, 3.0, 8.0, 6.0],
        "CO2": [9.0, 10.0, 8.0, 4.0, 5.0],
        "gdp": [1.0, 2.0, 3.0, 2.0, 4.0],
    }
)


def changed(tmp_path: Path, frame: pl.DataFrame, command: str, *words: str) -> tuple[str, pl.DataFrame]:
    path, output = tmp_path / "own.csv", tmp_path / "out.csv"
    frame.write_csv(path)
    output.unlink(missing_ok=True)
    text = run(command, path, *words, "-o", output)
    return text, pl.read_csv(output)


def test_a_base_year_means_that_year(tmp_path: Path) -> None:
    """SO2 of a against 2015: 5 is +25 %, 3 is −25 %."""
    one = WIDE.filter(pl.col("region") == "a")
    _, made = changed(tmp_path, one, "coordinates", "--pollutants", "SO2", "--base", "2015", "--unit", "t")
    rows = made.filter(pl.col("Pollutant") == "SO2")
    assert rows["Base year"].to_list() == [2015, 2015]
    assert rows["Relative change of pollution"].to_list() == pytest.approx([0.25, -0.25])
    with pytest.raises(FindingError, match="base year 2011"):
        changed(tmp_path, one, "coordinates", "--pollutants", "SO2", "--base", "2011")
    with pytest.raises(FindingError, match="none of previous, first"):
        changed(tmp_path, one, "coordinates", "--pollutants", "SO2", "--base", "last")


def test_a_table_without_carbon_still_decomposes(tmp_path: Path) -> None:
    one = WIDE.filter(pl.col("region") == "a").drop("CO2")
    text, made = changed(tmp_path, one, "decompose", "--driver", "gdp", "--unit", "万吨")
    assert made["Cause"].unique().sort().to_list() == ["Activity", "Intensity"]
    assert "No carbon in the table" in text
    assert set(made["Unit"]) <= {"万吨", "10^4 t", "10⁴ t"}
    _, moved = changed(tmp_path, one, "decouple", "--driver", "gdp")
    assert moved.height == 2


def test_entities_that_begin_are_refused_dropped_or_kept(tmp_path: Path) -> None:
    words = ("--pollutants", "SO2", "--base", "first", "--unit", "t")
    with pytest.raises(FindingError, match="Data of 1 regions are incomplete: b"):
        changed(tmp_path, WIDE, "coordinates", *words)
    text, dropped = changed(tmp_path, WIDE, "coordinates", *words, "--entities", "drop")
    assert set(dropped["Region"]) == {"a"}
    assert "left out: b" in text
    _, kept = changed(tmp_path, WIDE, "coordinates", *words, "--entities", "keep")
    mine = kept.filter((pl.col("Region") == "b") & (pl.col("Pollutant") == "SO2"))
    assert mine.select("Year", "Base year", "Relative change of pollution").rows() == [(2020, 2015, -0.25)]
    text, dated = changed(
        tmp_path, WIDE, "coordinates", "--pollutants", "SO2", "--base", "2010", "--entities", "keep"
    )
    assert set(dated["Region"]) == {"a"}
    assert "others: 2" in text
    with pytest.raises(FindingError, match="maybe is no way"):
        changed(tmp_path, WIDE, "coordinates", *words, "--entities", "maybe")


def test_what_a_run_scores_is_scored_alike(results: Path, tmp_path: Path) -> None:
    """The findings of ``run`` on the score, and none that only the command has."""
    from tongyuan.flows.score import score_of
    from tongyuan.ledger.run_set import tables_of
    from tongyuan.ledger.settings import Settings

    output = tmp_path / "out.csv"
    text = " ".join(run("score", results, "--draws", 100, "-o", output).split())
    tables, told = score_of(tables_of(results), Settings(name="x", kind="city", account={"draws": 100}))
    assert output.read_text(encoding="utf-8-sig").count("\n") == tables["score"].height + 1
    assert told
    assert "Errors: 0" in text
    assert f"Errors: 0, others: {len(told)}" in text


def test_an_index_of_ones_own_scores_a_folder(results: Path, tmp_path: Path) -> None:
    from importlib.resources import files

    mine = tmp_path / "mine.toml"
    text = (files("tongyuan.synergy") / "indexes" / "city.toml").read_text("utf-8")
    mine.write_text(text.replace('id = "city"', 'id = "mine"'), "utf-8")
    output = tmp_path / "own.csv"
    run("score", results, "--index", mine, "--draws", 100, "-o", output)
    assert "mine" in output.read_text(encoding="utf-8-sig")
    with pytest.raises(FindingError):
        run("score", results, "--index", tmp_path / "absent.toml")
