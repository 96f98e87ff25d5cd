"""The commands of ``tongyuan zoning``."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tongyuan.cli.zoning import app
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


def run(*words: object) -> str:
    result = RUN.invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def county(tmp_path: Path) -> Path:
    (tmp_path / "tongyuan.toml").write_text(
        'name = "X"\nkind = "city"\nregion = "济宁市"\nlanguage = "en"\n', "utf-8"
    )
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "project.csv").write_text(
        "项目,地区代码,行业代码,建设性质,申报日期,投产日期,符合规划,确保达标,来源\n"
        "J01,370811,4430,新建,2026-03-02,2027-01-01,是,是,made up\n",
        "utf-8",
    )
    (folder / "project_activity.csv").write_text(
        "项目,工艺过程,燃料或产品,数量,单位,来源\nJ01,工业锅炉,烟煤,20000,t,made up\n", "utf-8"
    )
    (folder / "offset.csv").write_text(
        "来源编号,地区代码,物质,削减量,单位,可用日期,来源\nS1,370811,NOx,5,t,2026-06-01,made up\n", "utf-8"
    )
    return tmp_path


def test_verdicts_offsets_and_every_table(county: Path, tmp_path: Path) -> None:
    told = json.loads(run("screen", county, "--json"))
    assert [r["verdict"] for r in told["verdict"]] == ["conditional"]
    assert any(r["rule"] == "AIR-90" and r["state"] == "failed_rule" for r in told["verdict_rule"])
    short = json.loads(run("offsets", county, "--json"))["offset_short"]
    assert {r["species"] for r in short} >= {"NOx", "SO2"}
    shown = run("tables", county, "-o", tmp_path / "zoning.xlsx")
    assert "J01" in shown
    assert (tmp_path / "zoning.xlsx").stat().st_size > 4000


def test_what_a_program_reads_is_json_alone() -> None:
    """The solver of the county's offsets prints a line of its own."""
    world = files("tongyuan.ledger") / "examples" / "zoning"
    words = [sys.executable, "-m", "tongyuan", "zoning", "offsets", str(world), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1
    told = json.loads(done.stdout)
    assert any(r["admitted"] for r in told["offset_admission"])


def test_a_folder_without_projects_is_told(county: Path) -> None:
    for file in (county / "tables").iterdir():
        file.unlink()
    with pytest.raises(FindingError, match=r"neither projects|没有建设项目"):
        run("screen", county)


def test_a_layer_becomes_the_table_of_zones(tmp_path: Path) -> None:
    pytest.importorskip("pyogrio")
    shape = {"type": "Polygon", "coordinates": [[[118, 36], [118.1, 36], [118.1, 36.1], [118, 36]]]}
    one = {"type": "Feature", "properties": {"HJZHGKDYBM": "ZH37081120002"}, "geometry": shape}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [one]}), "utf-8")
    assert "1" in run("layer", tmp_path / "a.geojson", "-o", tmp_path / "zone.csv")
    written = (tmp_path / "zone.csv").read_text("utf-8-sig")
    assert "ZH37081120002" in written
    assert "key_unit" in written
    with pytest.raises(FindingError, match=r"layer|图层"):
        run("layer", tmp_path / "a.geojson", "-o", tmp_path / "z.csv", "--kind", "forest")


def test_the_carbon_chapter_of_a_project(county: Path, tmp_path: Path) -> None:
    run("carbon", county, "-o", tmp_path / "out", "--project", "J01")
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".docx", ".xlsx"}
    with pytest.raises(FindingError, match=r"J99"):
        run("carbon", county, "-o", tmp_path / "out", "--project", "J99")
