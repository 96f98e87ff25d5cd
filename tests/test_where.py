"""The page *Where do I change …?*: its recipes are applied to a copy of the package, and act there."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "where.md").read_text("utf-8")
FOLDERS = ("src", "tests", "docs")
MOST = 3
"""Hand-written places a change of one kind may touch."""

QUIET = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")

PROBE = """
import json, sys
from pathlib import Path
import polars as pl
from openpyxl import load_workbook
from tongyuan.flows.assess import synergy_of
from tongyuan.flows.step import steps
from tongyuan.inventory.methods.registry import method
from tongyuan.ledger.read.read import read
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.write.template import write_template
from tongyuan.pathway.case.library import technologies
from tongyuan.reference import species
from tongyuan.reference.factors.library import library
from tongyuan.report.base.totals import headline
from tongyuan.synergy.index.index import load

summary = pl.DataFrame(
    [("370000", year, "industry", name, "air", value, "t")
     for name, values in (("HBr", (10.0, 8.0)), ("CO2e", (100.0, 90.0)))
     for year, value in zip((2020, 2021), values)],
    schema=["region", "year", "sector", "species", "medium", "value", "unit"], orient="row",
)
costs = technologies(include_unverified=True).select("technology", "value")
made, _ = synergy_of({"summary": summary}, Settings(name="x", kind="city"))
write_template(Path("template.xlsx"), ["activity"])
Path("activity.csv").write_text(
    "permit,region,year,process,product,value,unit,source\\n"
    "91370000X,370000,2021,energy.power,raw_coal,1,t,x\\n"
)
print(json.dumps({
    "species": species.get("HBr").title_en,
    "shown": headline(summary, 30),
    "against_carbon": sorted(set(made["co_control"]["pollutant"])),
    "record": [r for r in library(include_unverified=True)["record_id"] if r == "example-nitric-NH3"],
    "record_by_default": [r for r in library()["record_id"] if r == "example-nitric-NH3"],
    "method": method("example_ammonia_slip").title_zh,
    "column": [c.value for row in load_workbook("template.xlsx").worksheets[1].iter_rows() for c in row],
    "read": read(Path("activity.csv")).tables["activity"]["permit"].to_list(),
    "indicator": [i.id for i in load("city").indicator],
    "cost": dict(costs.rows())["cn_example_kiln"],
    "steps": [s.name for s in steps()],
}))
"""


class Block(NamedTuple):
    """One block of a recipe: its file, and the text before and after the change."""

    path: str
    before: str
    after: str


def recipes() -> dict[str, list[Block]]:
    """Return the blocks of every recipe of the page by its title."""
    found = {}
    for part in PAGE.split("\n## ")[1:]:
        blocks = []
        for path, body in re.findall(
            r"^```\{code-block\} diff\n:caption: (\S+)\n\n(.*?)\n```$", part, re.M | re.S
        ):
            lines = body.split("\n")
            assert {line[:1] for line in lines} <= {"+", "-", " "}, path
            before, after = ([line[1:] for line in lines if line[0] in keep] for keep in (" -", " +"))
            blocks.append(Block(path, "\n".join(before), "\n".join(after)))
        found[part.partition("\n")[0]] = blocks
    return found


RECIPES = recipes()


def apply(block: Block, root: Path) -> None:
    """Change a file under `root` as the block says."""
    path = root / block.path
    text = path.read_text("utf-8") if path.exists() else ""
    if block.before:
        assert text.count(block.before) == 1, block
        path.write_text(text.replace(block.before, block.after), "utf-8")
    else:
        path.write_text(f"{text}{block.after}\n", "utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout to which every recipe was applied."""
    root = tmp_path_factory.mktemp("where")
    for name in FOLDERS:
        left = shutil.ignore_patterns("__pycache__", "_build", "jupyter_execute")
        shutil.copytree(ROOT / name, root / name, ignore=left)
    shutil.copy(ROOT / "pyproject.toml", root)
    assert differing(root) == set()
    for block in (b for blocks in RECIPES.values() for b in blocks):
        apply(block, root)
    return root


def differing(root: Path) -> set[str]:
    """Return the files of the copy that are not those of the checkout."""
    paths = (path for name in FOLDERS for path in (root / name).rglob("*") if path.is_file())
    seen = (path.relative_to(root) for path in paths if "__pycache__" not in path.parts)
    return {str(p) for p in seen if not (ROOT / p).is_file() or not filecmp.cmp(root / p, ROOT / p)}


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, env=environment, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def seen(copy: Path) -> dict[str, Any]:
    """Return what the changed package says of each change."""
    done = run(copy, "-c", PROBE)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_page_has_the_eight_changes() -> None:
    assert len(RECIPES) == 8


@pytest.mark.parametrize("title", RECIPES)
def test_no_change_touches_more_than_three_places(title: str) -> None:
    assert 1 <= len({block.path for block in RECIPES[title]}) <= MOST


def test_the_table_counts_the_files_that_differ(copy: Path) -> None:
    table = dict(re.findall(r"^\| ([^|]+?) \| (.+) \|$", PAGE.partition("\n## ")[0], re.M))
    changed = differing(copy)
    assert changed == {block.path for blocks in RECIPES.values() for block in blocks}
    for title, blocks in RECIPES.items():
        own = changed & {block.path for block in blocks}
        counts = [*(sum(path.startswith(f"{name}/") for path in own) for name in FOLDERS), len(own)]
        assert table[title].split(" | ") == [str(count) if count else "–" for count in counts], title


def test_a_step_of_a_run_is_one_file_of_the_package() -> None:
    paths = [b.path for b in RECIPES["A step of a run"] if b.path.startswith("src/")]
    assert paths == ["src/tongyuan/flows/step/advance.py"]


def test_a_species_is_known_shown_and_set_against_carbon(seen: dict[str, Any]) -> None:
    assert seen["species"] == "Hydrogen bromide"
    assert seen["shown"] == ["CO2e", "HBr"]
    assert "HBr" in seen["against_carbon"]


def test_a_record_is_in_the_library_and_acts_only_when_verified(seen: dict[str, Any]) -> None:
    assert seen["record"] == ["example-nitric-NH3"]
    assert seen["record_by_default"] == []


def test_a_method_is_registered(seen: dict[str, Any]) -> None:
    assert seen["method"] == "氨逃逸"


def test_a_column_is_in_the_template_and_is_read(seen: dict[str, Any]) -> None:
    assert any(str(cell).startswith("排污许可证编号") for cell in seen["column"])
    assert seen["read"] == ["91370000X"]


def test_an_indicator_is_in_the_index(seen: dict[str, Any]) -> None:
    assert seen["indicator"][-1] == "joint_COD_CO2"


def test_a_cost_is_in_the_library(seen: dict[str, Any]) -> None:
    assert seen["cost"] == 2.5


def test_a_step_comes_after_the_step_that_writes_what_it_reads(seen: dict[str, Any]) -> None:
    assert seen["steps"].index("deploy") < seen["steps"].index("advance")


def test_the_tests_of_the_recipes_and_the_rules_of_the_house_hold(copy: Path) -> None:
    own = [b.path for blocks in RECIPES.values() for b in blocks if b.path.startswith("tests/")]
    files = [
        "tests/test_house.py",
        "tests/inventory/methods/test_registry.py",
        "tests/reference/test_species.py",
        "tests/reference/test_source.py",
        "tests/flows/step/test_step.py",
    ]
    done = run(copy, *QUIET, *own, *files)
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_cost_whose_source_nobody_knows_is_refused(copy: Path) -> None:
    shelf = copy / "src/tongyuan/reference/data/cost/technology_cost.csv"
    kept = shelf.read_text("utf-8")
    try:
        shelf.write_text(kept.replace("kitchen_waste_bids_2017,made up", "hearsay,made up"), "utf-8")
        done = run(copy, *QUIET, "tests/pathway/case/test_library.py")
    finally:
        shelf.write_text(kept, "utf-8")
    assert "hearsay" in done.stdout
    assert done.returncode == 1
