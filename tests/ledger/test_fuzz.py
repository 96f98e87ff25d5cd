"""Files changed at random: no abort, no uncaught exception, no number that changes without a word.

A batch of changed files is read in a process of its own with little memory. For every file it says what was
read; a number that differs from the original must come with a finding, or be written in the file itself, and
a number that is gone must come with one, or be gone from the file.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from tests.cases.spoil import changed, numbers, parts_changed, visible, written

from tongyuan.ledger.example import copy_example

HEADER = ["地区", "年份", "工艺过程", "燃料或产品", "数值", "单位", "不确定度", "来源"]
ROWS = [
    ["山东省", 2021, "火力发电", "原煤", 1234.5, "万吨", 5, "年鉴"],
    ["山东省", 2021, "集中供热", "原煤", 0.000123, "万吨", 10, "年鉴"],
    ["山东省", 2021, "火力发电", "天然气", 98765.0, "万立方米", 3, "=A1+1"],
]
NUMBERS = {1234.5, 0.000123, 98765.0}
WORLD = "park"
"""The example with settings, tables of an inventory and tables of a plan."""

READ = """
    import json, resource, sys
    from pathlib import Path
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
    from tongyuan.flows.source import open_workspace
    from tongyuan.ledger.finding import FindingError
    from tongyuan.ledger.read.read import read
    def numbers(tree):
        if isinstance(tree, dict):
            return [n for part in tree.values() for n in numbers(part)]
        if isinstance(tree, (list, tuple)):
            return [n for part in tree for n in numbers(part)]
        return [float(tree)] if isinstance(tree, (int, float)) and not isinstance(tree, bool) else []
    for line in sys.stdin:
        path = Path(line.strip())
        findings, values = [], []
        try:
            if path.is_dir():
                try:
                    world = open_workspace(path)
                    findings = world.findings
                    frames = [frame.to_dict(as_series=False) for frame in world.tables.values()]
                    values = numbers([world.settings.model_dump(), frames])
                except FindingError as error:
                    findings, values = error.findings, None
            else:
                reading = read(path)
                findings = reading.findings
                table = reading.tables.get("activity")
                values = [] if table is None else table["value"].to_list()
            words = [f.message(l) + f.next_step(l) for f in findings for l in ("zh", "en")]
            print(json.dumps([path.name, [f.check for f in findings], values]), flush=True)
        except Exception as error:
            print(json.dumps([path.name, "RAISED " + repr(error)[:300], []]), flush=True)
"""


def workbook(path: Path) -> bytes:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    page = book.add_worksheet("活动水平")
    share = book.add_format({"num_format": "0.0%"})
    page.write_row(0, 0, HEADER)
    for number, row in enumerate(ROWS, 1):
        page.write_row(number, 0, row)
    page.write_number(3, 6, 0.03, share)
    book.add_worksheet("说明").write(0, 0, "x")
    book.close()
    return path.read_bytes()


def made(folder: Path, seeds: range) -> list[tuple[Path, bytes, bytes]]:
    """Write one changed file for each seed; return them with their bytes before and after."""
    originals = folder / "originals"
    originals.mkdir()
    book = workbook(originals / "a.xlsx")
    text = "".join(",".join(map(str, row)) + "\n" for row in [HEADER, *ROWS]).encode()
    pl.DataFrame(ROWS, schema=HEADER, orient="row").write_parquet(originals / "a.parquet")
    packed = (originals / "a.parquet").read_bytes()
    found = []
    for seed in seeds:
        chance = random.Random(seed)
        kind = seed % 8
        if kind >= 5:  # settings, a table of the inventory, a table of the plan
            place = folder / f"w{seed}"
            copy_example(WORLD, place)
            files = sorted(place.glob(("tongyuan.toml", "tables/*.csv", "plan/*.csv")[kind - 5]))
            file = chance.choice(files)
            before = file.read_bytes()
            file.write_bytes(changed(before, chance))
            found.append((place, before, file.read_bytes()))
            continue
        if kind in (0, 1):
            path, before = folder / f"{seed}活动水平.xlsx", book
            data = (parts_changed, changed)[kind](book, chance)
        elif kind in (2, 3):
            written = text.decode().encode("gb18030") if seed % 5 == 0 else text
            before = written.replace(b",", b";") if seed % 7 == 0 else written
            path, data = folder / f"{seed}活动水平.csv", changed(before, chance)
        else:
            path, before, data = folder / f"{seed}活动水平.parquet", packed, changed(packed, chance)
        path.write_bytes(data)
        found.append((path, before, data))
    return found


def survive(folder: Path, seeds: range) -> None:
    files = made(folder, seeds)
    copy_example(WORLD, folder / WORLD)
    asked = "\n".join(str(path) for path in (folder / WORLD, *(path for path, _, _ in files))) + "\n"
    code = "\n".join(line[4:] for line in READ.splitlines())
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=asked,
        capture_output=True,
        text=True,
        timeout=3_000,
        encoding="utf-8",
    )
    told = {name: (checks, values) for name, checks, values in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, (done.returncode, done.stderr[-800:], len(told))
    assert [name for name, (checks, _) in told.items() if isinstance(checks, str)] == [], told
    usual, whole = told[WORLD]
    for path, before, data in files:
        checks, values = told[path.name]
        world = path.is_dir()
        said = Counter(checks) - Counter(usual if world else ("text_number", "encoding_read"))
        if said or values is None:
            continue
        if path.suffix == ".parquet":
            assert len(values) == len(ROWS), path.name
            continue
        was, now = (Counter(map(float, numbers(visible(path, content)))) for content in (before, data))
        held = Counter(v for v in values if v is not None)
        expected = Counter(whole if world else NUMBERS)
        for value in held - expected:
            assert written(value, now), (path.name, value, checks)
        for value in expected - held:
            assert written(value, was) > written(value, now), (path.name, value, checks)


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="limits of memory are a matter of POSIX")
def test_eighty_changed_files(tmp_path: Path) -> None:
    survive(tmp_path, range(80))


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_two_thousand_changed_files(part: int, tmp_path: Path) -> None:
    survive(tmp_path, range(1_000 + 200 * part, 1_200 + 200 * part))
