"""The commands of ``tongyuan finance``."""

import json
from pathlib import Path

import polars as pl
import pytest
from tests.finance.credit.test_ledger import METHOD, acts
from typer.testing import CliRunner

from tongyuan.cli.finance import app
from tongyuan.finance.credit.ledger import chain, issue_credits
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


def run(*words: object) -> str:
    result = RUN.invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def city(tmp_path: Path) -> Path:
    (tmp_path / "tongyuan.toml").write_text('name = "X"\nkind = "city"\nlanguage = "en"\n', "utf-8")
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "investment.csv").write_text("项目,寿命,来源\nP1,5,made up\n", "utf-8")
    (folder / "cash_flow.csv").write_text(
        "项目,收付方,科目,年份,止,金额,单位\nP1,企业,投资,2026,,-0.1,万元\nP1,企业,收入,2027,2031,300,元\n",
        "utf-8",
    )
    return tmp_path


def test_the_projects_of_a_workspace(city: Path, tmp_path: Path) -> None:
    told = run("appraise", city, "-o", tmp_path / "projects.xlsx")
    assert "197.8" in told
    assert (tmp_path / "projects.xlsx").stat().st_size > 4000
    (row,) = json.loads(run("appraise", city, "--json"))["appraisal"]
    assert row["net_present_value"] == pytest.approx(197.8130, abs=1e-4)
    assert row["rate"] == pytest.approx(0.1523824, abs=1e-7)
    (city / "tables" / "investment.csv").unlink()
    (city / "tables" / "cash_flow.csv").unlink()
    with pytest.raises(FindingError, match=r"neither projects|没有投资项目"):
        run("appraise", city)


def test_rates_of_a_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    told = run("rates", "--discount", "0.08", "--", -1600, 10_000, -10_000)
    assert "25.00000%, 400.00000%" in told
    assert "-914.1289" in told
    assert "never paid back" in told
    assert "No rate" in run("rates", "--", 100, -200, 150)
    assert "4.0312 years" in run("rates", "--", -1000, 300, 300, 300, 300, 300)
    with pytest.raises(FindingError):
        run("rates", "--", 5)


def test_a_ledger_is_verified_and_a_changed_line_named(tmp_path: Path) -> None:
    made = chain(issue_credits(acts(*[(f"k{n}", "u", n, "bus", 1.0 + n) for n in range(5)]), METHOD))
    path = tmp_path / "public_credit.parquet"
    made.write_parquet(path)
    assert json.loads(run("verify", path, "--json"))["count"] == 5
    made.with_columns(
        pl.when(pl.col("act") == "k2").then(9.0).otherwise("credit").alias("credit")
    ).write_parquet(path)
    with pytest.raises(FindingError) as told:
        run("verify", path)
    assert "3" in told.value.findings[0].message("zh")
    for wrong in (tmp_path / "none.parquet", tmp_path / "x.parquet"):
        if wrong.name == "x.parquet":
            pl.DataFrame({"a": [1]}).write_parquet(wrong)
        with pytest.raises(FindingError, match=r"ledger|记账"):
            run("verify", wrong)


def test_policies_need_a_table(city: Path) -> None:
    with pytest.raises(FindingError, match=r"policy|政策"):
        run("incentive", city)
