"""Whole workspaces with one file changed at random go through the steps of a run, some to their reports.

Enterprises by month (workbook and tables), messages and exports of monitors, a programme and the forms of
departments, settings, drafted and written plans. Nothing aborts, nothing fails with a reason nobody foresaw,
and no number that is read changes without a word.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from tests.cases.spoil import changed, numbers, parts_changed, visible, written
from tests.facility.record.test_hj212 import FRAMES

import tongyuan as ty
from tongyuan.flows.ask.plan.draft import draft_of_folder
from tongyuan.flows.deploy.deploy import collect, init
from tongyuan.flows.deploy.folder import PROGRAMME
from tongyuan.ledger.example import copy_example
from tongyuan.ledger.write.month import forms
from tongyuan.ledger.write.template import write_sheets
from tongyuan.ledger.write.write import write_csv

KINDS = (
    "month", "month", "facility", "messages", "export", "programme", "form", "settings", "draft", "plan",
)  # fmt: skip
MONTH = "2025-02"
EXPORT = "排放口,监测时间,颗粒物实测值(mg/m3),颗粒物折算值(mg/m3),烟气流量(m3/h)\n" + "".join(
    f"DA001,2025-02-01 {hour:02d}:00,{2 + hour / 8},{2.25 + hour / 8},{180_000 + 125 * hour}\n"
    for hour in range(24)
)
FILES = {
    "month": "tables/month.xlsx", "facility": "tables/*.csv", "messages": "a.txt", "export": "a.csv",
    "programme": "programme/plan.xlsx", "form": "forms/*.xlsx", "settings": "tongyuan.toml",
    "draft": "plan/*.csv", "plan": "plan/*.csv",
}  # fmt: skip
"""The file that is changed, one of several by chance."""

FLOWS = {
    "month": "advance", "facility": "advance", "settings": "advance", "programme": "deploy",
    "draft": "plan", "plan": "plan",
}  # fmt: skip

WORK = """
import json, resource, sys, traceback
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
from tongyuan.flows.ask.facility_record import record
from tongyuan.flows.deploy.folder import merge_into
from tongyuan.flows.run import run
from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.flows.step import of_flows, run_steps
from tongyuan.ledger.finding import FindingError

def numbers(tree):
    if isinstance(tree, dict):
        return [n for part in tree.values() for n in numbers(part)]
    if isinstance(tree, (list, tuple)):
        return [n for part in tree for n in numbers(part)]
    return [float(tree)] if isinstance(tree, (int, float)) and not isinstance(tree, bool) else []

def held(tables):
    return numbers([frame.to_dict(as_series=False) for frame in tables.values()])

for line in sys.stdin:
    name, kind, place, file, flow, whole = json.loads(line)
    findings, values, failed, later = [], None, "", []
    try:
        if kind in ("messages", "export"):
            answer = record(Path(file), open_workspace(Path(place)), "", "DA001")
            findings, values = list(answer.findings), held(answer.tables)
        elif kind == "form":
            answer = merge_into(Path(place), [Path(file)])
            findings, values = list(answer.findings), held(answer.tables)
        else:
            world = open_workspace(Path(place))
            values = numbers([world.settings.model_dump()]) + held(world.tables)
            findings = list(world.findings)
            if whole:
                later = list(run(Path(place), only=[flow]).findings)
            elif whole is not None:
                given = Inputs(world.settings, world.tables, world.texts, letters=world.letters)
                later = run_steps(of_flows([flow]), given)[1]
    except FindingError as error:
        findings = findings + list(error.findings)
    except Exception:
        failed = traceback.format_exc()[-1500:]
    words = [f.message(l) + f.next_step(l) for f in [*findings, *later] for l in ("zh", "en")]
    print(json.dumps([name, [f.check for f in findings], values, failed]), flush=True)
"""


@cache
def _simulated() -> dict[str, Any]:
    return {
        name: frame.filter(frame["month"].is_in(["2025-01", MONTH])) if "month" in frame.columns else frame
        for name, frame in ty.simulated_facilities(1, seed=1).items()
    }


def originals(folder: Path) -> None:
    """Write a world for every kind into `folder`."""
    tables = _simulated()
    for kind in ("facility", "month", "settings"):
        copy_example("minimal", folder / kind)
        settings = folder / kind / "tongyuan.toml"
        text = settings.read_text("utf-8").replace("2021", "2025").replace("1000", "100")
        settings.write_text(text, "utf-8")
        shutil.rmtree(folder / kind / "tables")
        (folder / kind / "tables").mkdir()
    sheets = forms("power")
    monthly = {s.name for s in sheets if s.name in tables and "month" in tables[s.name].columns}
    for name, frame in tables.items():
        if name == "monitor":
            frame = frame.with_columns(mn=pl.lit("TY00000000000001"))
        for kind in ("facility", "settings", "month"):
            if kind != "month" or name not in monthly:
                write_csv(frame, folder / kind / "tables" / f"{name}.csv")
    rows = {n: tables[n].filter(pl.col("month") == MONTH) for n in monthly}
    who = tables["facility"]["facility"][0]
    rows["month_report"] = pl.DataFrame({"facility": [who], "month": [MONTH]})
    write_sheets(folder / "month" / "tables" / "month.xlsx", sheets, "zh", rows=rows)
    for kind, file, text in (
        ("messages", "a.txt", FRAMES["H212-06"] * 2),
        ("export", "a.csv", EXPORT),
    ):
        shutil.copytree(folder / "facility", folder / kind)
        (folder / kind / file).write_text(text, "utf-8", newline="")
    for kind in ("programme", "form"):
        copy_example("minimal", folder / kind)
        place = folder / kind / PROGRAMME if kind == "programme" else folder / kind
        init(place, "370000", start=2022, deadline=2025)
    (form,) = collect(folder / "form", 2025, departments=("forestry",))
    book = openpyxl.load_workbook(form)
    page = book["任务进展"]
    share = next(c.column for c in page[1] if str(c.value).startswith("完成比例"))
    for row in range(2, page.max_row + 1):
        page.cell(row, share).value = row / 64
    book.save(form)
    copy_example("park", folder / "plan")
    copy_example("minimal", folder / "draft")
    draft_of_folder(folder / "draft")


def spoil(folder: Path, seeds: range) -> Iterator[tuple[str, str, Path, Path, bytes, bytes]]:
    """Copy a world for each seed and change one of its files."""
    for seed in seeds:
        chance, kind = random.Random(seed), KINDS[seed % len(KINDS)]
        place = folder / f"{kind}-{seed}"
        shutil.copytree(folder / kind, place)
        file = chance.choice(sorted(place.glob(FILES[kind])))
        before = file.read_bytes()
        way = parts_changed if file.suffix == ".xlsx" and chance.random() < 0.7 else changed
        file.write_bytes(way(before, chance))
        yield place.name, kind, place, file, before, file.read_bytes()


def survive(folder: Path, seeds: range, *, whole: int = 10) -> None:
    originals(folder)
    usual = [
        (kind, kind, folder / kind, sorted((folder / kind).glob(FILES[kind]))[0], None) for kind in FILES
    ]
    files = list(spoil(folder, seeds))
    lines = [*usual, *((n, k, p, f, i % whole == 0) for i, (n, k, p, f, *_) in enumerate(files, 1))]
    asked = [json.dumps([n, k, str(p), str(f), FLOWS.get(k, ""), w]) for n, k, p, f, w in lines]
    done = subprocess.run(
        [sys.executable, "-c", WORK],
        input="\n".join(asked) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=3_000,
    )
    told = {name: rest for name, *rest in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, (done.returncode, done.stderr[-800:], len(told))
    failed = {name: why for name, (_, _, why) in told.items() if why}
    assert not failed, "\n\n".join(f"{name}: {why}" for name, why in failed.items())
    for kind in FILES:
        assert told[kind][1], (kind, told[kind])
    silent = []
    for name, kind, _, file, before, after in files:
        checks, values, _ = told[name]
        if Counter(checks) - Counter(told[kind][0]) or values is None:
            continue
        was, now = (Counter(map(float, numbers(visible(file, content)))) for content in (before, after))
        known, held = Counter(told[kind][1]), Counter(v for v in values if v is not None)
        silent += [(name, "new", value) for value in held - known if not written(value, now)]
        silent += [
            (name, "gone", value) for value in known - held if written(value, was) <= written(value, now)
        ]
    assert not silent


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="limits of memory are a matter of POSIX")
def test_ten_changed_worlds(tmp_path: Path) -> None:
    survive(tmp_path, range(10), whole=100)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
def test_two_thousand_changed_worlds(part: int, tmp_path: Path) -> None:
    survive(tmp_path, range(1_000 + 100 * part, 1_100 + 100 * part))
