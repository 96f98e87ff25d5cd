"""What users run: the command itself as a process of its own, its processor time and its peak memory.

``--before PATH`` (an older checkout) runs every case with those sources too and prints the ratio. A case that
asks for more than memory allows ends with an error in its own process and is shown as missed.
"""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

import tongyuan
from benchmarks.registry import Figure, Spec
from tongyuan.reference.shelf import shelf

BEFORE = "TONGYUAN_BENCHMARK_BEFORE"
"""Environment variable with the older checkout to compare with (option ``--before``)."""
LIMIT = 12 * 2**30
"""Address space a measured process may use [byte]."""
CODE = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT}))
from tongyuan.cli import main
sys.argv[0] = "tongyuan"
main()
"""
ACTIVITY = pl.DataFrame(
    {
        "process": [
            "energy.power",
            "industry.combustion.boiler",
            "industry.cement.clinker",
            "transport.road",
        ],
        "product": ["bituminous", "natural_gas", "clinker", "diesel"],
        "value": [100.0, 1.0, 50.0, 2.0],
        "unit": ["10^4 t", "10^8 m3", "10^4 t", "10^4 t"],
        "uncertainty": [5.0, 5.0, 2.0, 10.0],
        "source": ["made up"] * 4,
    }
)


class Spent(NamedTuple):
    """What one run of the command took."""

    seconds: float
    """User and system time [s]."""
    memory: float
    """Peak resident memory [GB]."""
    ended: bool
    """Whether it ended without an error."""


@cache
def compiled(package: Path) -> None:
    """Compile the modules of a package beside their sources, as an installer does."""
    compileall.compile_dir(package, quiet=2)


def spent(arguments: Sequence[str], sources: Path | None = None) -> Spent:
    """Run ``tongyuan`` with `arguments` in a process of its own, with the package of `sources` if given.

    Its modules are compiled before, as those of an installed package are.
    """
    compiled(sources / "src" / "tongyuan" if sources else Path(tongyuan.__file__).parent)
    environment = dict(os.environ)
    if sources is not None:
        environment["PYTHONPATH"] = str(sources / "src")
    command = [sys.executable, "-c", CODE, *arguments]
    nothing = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=nothing, stderr=nothing) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20, process.returncode == 0)


def workspace(folder: Path, rows: int, *, cities: bool, settings: str = "") -> Path:
    """Write a workspace of `rows` activity rows: of 342 cities in ten years, or 40 of each own name.

    Cities with more than 40 rows have their four sources once for each technology.
    """
    names = [f"企业{i}" for i in range(-(-rows // 40))]
    sources = ACTIVITY
    if cities:
        names = shelf("region").filter(pl.col("level") == "city")["region"].to_list()
        kinds = -(-rows // (len(names) * 10 * ACTIVITY.height))
        if kinds > 1:
            sources = ACTIVITY.join(shelf("technology").select("technology").head(kinds), how="cross")
    years = pl.DataFrame({"year": list(range(2011, 2021))})
    once = pl.DataFrame({"region": names}).join(years, how="cross").join(sources, how="cross")
    size = pl.Series("size", np.random.default_rng(0).lognormal(0, 0.1, rows))
    frame = once.head(rows).with_columns(pl.col("value") * size)
    (folder / "tables").mkdir(parents=True)
    head = 'name = "many"\nkind = "enterprise"\nregion = "山东省"\n'
    (folder / "tongyuan.toml").write_text(head + settings, "utf-8")
    frame.write_parquet(folder / "tables" / "activity.parquet")
    return folder


def plants(folder: Path, rows: int, *, settings: str = "") -> Path:
    """Write a workspace of `rows` activity rows in ten parts, one for each year: many plants to each source.

    Every row has an id of its own; its region, year, process, product and unit are those of some 700 others.
    """
    cities = shelf("region").filter(pl.col("level") == "city").select("region")
    sources = cities.join(ACTIVITY, how="cross")
    each = rows // 10
    tables = folder / "tables"
    tables.mkdir(parents=True)
    head = 'name = "plants"\nkind = "enterprise"\nregion = "山东省"\n[report]\nlanguages = ["zh", "en"]\n'
    (folder / "tongyuan.toml").write_text(head + settings, "utf-8")
    for year in range(2011, 2021):
        place = pl.Series(np.arange(each) % sources.height)
        size = pl.Series("size", np.random.default_rng(year).lognormal(0, 1, each))
        part = sources[place].with_columns(
            pl.lit(year).alias("year"),
            pl.col("value") * size,
            pl.format("{}年{}号锅炉房计量点", pl.lit(year), pl.int_range(pl.len())).alias("activity_id"),
        )
        part.write_parquet(tables / f"activity-{year}.parquet")
    return folder


def by_key(rows: int) -> Callable[[Path], Sequence[str]]:
    """Return what writes `rows` rows of plants and gives the command that accounts them by key."""
    settings = '[account]\ndetail = "key"\n'
    return lambda folder: ["run", str(plants(folder / "w", rows, settings=settings)), "--only", "account"]


DRIVER = "600m"
"""Memory of Spark's driver, which is its only worker here: less than a tenth of the rows it reads as text."""


def on_spark(rows: int) -> Callable[[], list[Figure]]:
    """Return what accounts `rows` rows of plants on a Spark of little memory, and here, and compares."""

    def run() -> list[Figure]:
        folder = Path(tempfile.mkdtemp(prefix="benchmark"))
        os.environ["PYSPARK_SUBMIT_ARGS"] = f"--driver-memory {DRIVER} pyspark-shell"
        try:
            arguments = by_key(rows)(folder)
            begun = time.monotonic()
            here = spent(arguments)
            between = time.monotonic()
            place = folder / "w" / "tongyuan.toml"
            place.write_text(place.read_text("utf-8").replace('detail = "key"', 'engine = "spark"'), "utf-8")
            there = spent(arguments)
            ended = time.monotonic()
            first, second = (
                {p.name: p.read_bytes() for p in made.glob("*.parquet")}
                for made in sorted((folder / "w" / "results").glob("*-*"))
            )
            differ = [name for name in first if first[name] != second.get(name)]
            return [
                Figure("time on Spark", ended - between if there.ended else float("inf"), "s", 300, True),
                Figure("time here", between - begun if here.ended else float("inf"), "s", 300, True),
                Figure("peak memory beside Spark", there.memory, "GB", 6, True),
                Figure("tables that differ", float(len(differ)), "", 0, True),
            ]
        finally:
            os.environ.pop("PYSPARK_SUBMIT_ARGS")
            shutil.rmtree(folder)

    return run


def case(
    make: Callable[[Path], Sequence[str]], seconds: float, memory: float | None = None
) -> Callable[[], list[Figure]]:
    """Return what measures the command that `make` prepares in an empty folder, beside its goals."""

    def run() -> list[Figure]:
        folder = Path(tempfile.mkdtemp(prefix="benchmark"))
        try:
            arguments = make(folder)
            now = spent(arguments)
            figures = [
                Figure("processor time", now.seconds if now.ended else float("inf"), "s", seconds, True),
                Figure("peak memory", now.memory, "GB", memory, True),
            ]
            older = os.environ.get(BEFORE)
            if older:
                before = spent(arguments, Path(older))
                told = "before" if before.ended else "before, until it failed"
                figures.append(Figure(told, before.seconds, "s"))
                figures.append(Figure("before over now", before.seconds / now.seconds, "×"))
            return figures
        finally:
            shutil.rmtree(folder)

    return run


def fourteen(folder: Path) -> Path:
    """Write 14 rows of one enterprise, reported in one language without documents."""
    settings = '[report]\nlanguages = ["zh"]\ndocuments = false\n'
    return workspace(folder / "w", 14, cities=False, settings=settings)


def many(rows: int, *, cities: bool, only: Sequence[str] = ()) -> Callable[[Path], Sequence[str]]:
    """Return what writes `rows` rows and gives the command that runs them."""
    return lambda folder: ["run", str(workspace(folder / "w", rows, cities=cities)), *only]


def large(rows: int, *, cities: bool = True) -> Callable[[Path], Sequence[str]]:
    """Return what writes `rows` rows and gives the command that accounts them."""
    return many(rows, cities=cities, only=("--only", "account"))


def growth() -> list[Figure]:
    """Return how much longer a row takes among more rows than among ten thousand."""
    taken = {}
    for rows in (10_000, 100_000, 1_000_000):
        (used, *_) = case(large(rows), float("inf"))()
        taken[rows] = used.value / rows
    return [
        Figure(f"time of a row, {rows:.0e} rows over 1e4", taken[rows] / taken[10_000], "×", 1, True)
        for rows in (100_000, 1_000_000)
    ]


def help_of(_: Path) -> Sequence[str]:
    """Return the command that prints the help."""
    return ["--help"]


def example(folder: Path) -> Sequence[str]:
    """Return the command that runs the example of the province, which it makes first."""
    spent(["demo", str(folder / "demo")])
    return ["run", str(folder / "demo")]


SPECS = [
    Spec("command-help", "tongyuan --help", case(help_of, 0.5), before="3.2 s"),
    Spec(
        "command-check-14",
        "check of 14 rows",
        case(lambda f: ["check", str(fourteen(f))], 1.2),
        before="4.0 s (4 rows)",
    ),
    Spec(
        "command-run-14",
        "run of 14 rows, one language",
        case(lambda f: ["run", str(fourteen(f))], 4),
        before="10.8 s (4 rows)",
    ),
    Spec(
        "command-demo", "run of the demo, both languages, all documents", case(example, 12), before="28.7 s"
    ),
    Spec(
        "command-cities",
        "342 cities × 10 years, whole run",
        case(many(13_680, cities=True), 30, 1.5),
        before="148 s, 5.8 GB without report",
    ),
    Spec(
        "command-4000",
        "4,000 rows of own names, whole run",
        case(many(4_000, cities=False), 30, 1.5),
        before="201 s, 2.0 GB",
    ),
    Spec("command-names", "1,000 own names, 40,000 rows", case(many(40_000, cities=False), 60, 2)),
    Spec("command-growth", "growth from 1e4 to 1e6 rows, account", growth, slow=True, before="not linear"),
    Spec("command-1e5", "1e5 rows, account with uncertainty", case(large(100_000), 60, 4)),
    Spec(
        "command-1e6",
        "1e6 rows of Parquet, account with uncertainty, 20 species",
        case(large(1_000_000), 60, 4),
        slow=True,
        before="out of memory",
    ),
    Spec(
        "command-1e7",
        "1e7 rows in ten parts of Parquet, account by key",
        case(by_key(10_000_000), 300, 6),
        slow=True,
        before="–",
    ),
    Spec(
        "command-spark",
        f"the same 1e7 rows on Spark with {DRIVER} of memory",
        on_spark(10_000_000),
        slow=True,
        before="–",
    ),
]
