"""Benchmarks of checks and evidence: speed over all enterprises, and what forged data are found at what
false alarm.

The real series are the UCI gas-turbine files gt_2011.csv … gt_2014.csv (H. Kaya et al. 2019, CC BY
4.0), read from the folder
named by ``TONGYUAN_GAS_TURBINE`` if there is one; they are never part of the project.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats

from benchmarks.registry import Figure, Spec
from tongyuan.facility.check.evaluate import evaluate
from tongyuan.facility.check.shelf import checks
from tongyuan.facility.evidence import peer
from tongyuan.facility.evidence.balance import KINDS, balances
from tongyuan.facility.evidence.battery import all_rate, hour_rates
from tongyuan.facility.evidence.reconcile import reconcile
from tongyuan.facility.evidence.repeat import flat_line
from tongyuan.facility.simulate import balanced
from tongyuan.facility.simulate.forgery import FORGERIES, Hours, calmed, copied_samples, lowered
from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.plant import Plant

DAY = 24
"""Hours of standstill above which a real quarter is not called honest (two of 2011 stand for 102 hours)."""
WINDOW = 2160
"""Hours of one case: a quarter."""
STRENGTH = ("weak", "middle", "strong")
SERIES = ("so2", "nox", "pm")


def simulated(seed: int, start: int = 0) -> Hours:
    """Return a quarter of a simulated stack; its second series is the SO2 of another plant."""
    year, other = metered(Plant(set_so2=24.0), seed=seed), metered(seed=seed + 10_000)
    part = slice(start, start + WINDOW)
    hour = year.hour[part]
    stopped = (hour["state"] == "stopped").to_numpy()
    values = np.stack(
        [
            hour["so2"].to_numpy(),
            other.hour["so2"].to_numpy()[part],
            *(hour[k].to_numpy() for k in SERIES[1:]),
        ]
    )
    marked = hour["mark"].is_in(["C", "M"]).to_numpy()
    unit = np.array([0.1, 0.1, 0.1, 0.01])
    return Hours(values, unit, hour["power"].to_numpy(), marked, stopped, ~stopped, 35.0)


def real(folder: Path) -> list[Hours]:
    """Return quarters of the gas turbine: CO and NOx of one year, NOx of another year as the other outlet."""
    names = [f"gt_{year}.csv" for year in (2011, 2012, 2013, 2014)]
    frames = [
        pl.read_csv(folder / n, has_header=False, new_columns=list("abcdefghijk"), infer_schema=False)
        for n in names
    ]
    years = [f.filter(f["k"].cast(pl.Float64, strict=False).is_not_null()).cast(pl.Float64) for f in frames]
    found = []
    for k, year in enumerate(years):
        other = years[(k + 1) % len(years)]
        for start in range(0, min(year.height, other.height) - WINDOW + 1, WINDOW // 2):
            part = slice(start, start + WINDOW)
            nox, apart = year["k"].to_numpy()[part], other["k"].to_numpy()[part]
            co, load = year["j"].to_numpy()[part], year["h"].to_numpy()[part]
            series = np.stack([nox, apart, co, year["g"].to_numpy()[part]])
            values = (
                np.floor(series * 10) / 10
            )  # the files print five digits: cut, so that no digit is favoured
            if flat_line(values[0])[1] > DAY:
                continue
            still = np.zeros(WINDOW, dtype=bool)
            still[1000:1100] = True
            regular = np.arange(WINDOW) % 168 == 0
            limit = float(np.percentile(nox, 97))
            found.append(Hours(values, np.full(4, 0.1), load, regular, still, ~still, limit))
    return found


def area(honest: np.ndarray, forged: np.ndarray) -> tuple[float, float, float]:
    """Return the area under the ROC curve and its 95 % interval (Hanley and McNeil 1982)."""
    value = (forged[:, None] > honest[None, :]).mean() + 0.5 * (forged[:, None] == honest[None, :]).mean()
    a, m, n = float(value), len(forged), len(honest)
    q1, q2 = a / (2 - a), 2 * a * a / (1 + a)
    error = np.sqrt(max((a * (1 - a) + (m - 1) * (q1 - a * a) + (n - 1) * (q2 - a * a)) / (m * n), 0.0))
    return a, max(a - 1.96 * error, 0.0), min(a + 1.96 * error, 1.0)


def detected(honest: np.ndarray, forged: np.ndarray, alarm: float) -> tuple[float, float, float]:
    """Return the share found at a rate of false alarms among the honest, with its 95 % interval
    (Clopper–Pearson)."""
    level = np.quantile(honest, 1 - alarm, method="higher")
    k, n = int((forged > level).sum()), len(forged)
    low = stats.beta.ppf(0.025, k, n - k + 1) if k else 0.0
    high = stats.beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    return k / n, float(low), float(high)


def _told(label: str, honest: np.ndarray, forged: np.ndarray) -> list[Figure]:
    figures = [
        Figure(f"{label} AUROC", area(honest, forged)[0], ""),
        *_interval(f"{label} AUROC", area(honest, forged)),
    ]
    for alarm in (0.01, 0.05):
        share = detected(honest, forged, alarm)
        figures += [
            Figure(f"{label} found at {alarm:.0%}", share[0], ""),
            *_interval(f"{label} found at {alarm:.0%}", share),
        ]
    return figures


def _interval(name: str, value: tuple[float, float, float]) -> list[Figure]:
    return [Figure(f"{name} low", value[1], ""), Figure(f"{name} high", value[2], "")]


def strength_of(hours: Hours) -> float:
    """Return −log10 of the rate of all tests together."""
    return -np.log10(max(all_rate(hour_rates(hours)), 1e-300))


def _hours(label: str, honest: list[Hours], forged: list[Hours]) -> list[Figure]:
    base = np.array([strength_of(h) for h in honest])
    figures = [
        Figure(f"{label}: honest series", len(base), ""),
        Figure(f"{label}: honest below 5 %", float((base > -np.log10(0.05)).mean()), ""),
    ]
    for kind, forge in FORGERIES.items():
        for level, word in enumerate(STRENGTH):
            rng = np.random.default_rng([level, len(kind)])
            score = np.array([strength_of(forge(h, level, rng)) for h in forged])
            figures += _told(f"{label} {kind} {word}", base, score)
    return figures


def hours_simulated() -> list[Figure]:
    """Return detection on simulated hours."""
    return _hours(
        "simulated", [simulated(k) for k in range(60)], [simulated(k, 4000) for k in range(100, 130)]
    )


def hours_real() -> list[Figure]:
    """Return detection on the gas turbine, if its files are there: forged and honest quarters alternate."""
    folder = Path(os.environ.get("TONGYUAN_GAS_TURBINE", ""))
    if not (folder / "gt_2011.csv").is_file():
        return [Figure("gas turbine: no files (TONGYUAN_GAS_TURBINE)", 0, "")]
    every = real(folder)
    return _hours("gas turbine", every, every)


def months() -> list[Figure]:
    """Return detection on monthly figures: lowered coal, carbon and flow, copied samples, calmed years."""
    system = balances()
    table = np.stack([metered(seed=k).month.select(system.variables).to_numpy() for k in range(80)])
    honest, others = table[:40].reshape(-1, table.shape[2]), table[40:].reshape(-1, table.shape[2])
    base = -np.log10(np.maximum(reconcile(system, honest).p, 1e-300))
    figures: list[Figure] = []
    for name in ("coal", "carbon", "volume"):
        for level, word in enumerate(STRENGTH):
            forged = lowered(others, (system.variables.index(name),), level)
            score = -np.log10(np.maximum(reconcile(system, forged).p, 1e-300))
            figures += _told(f"months {name} lowered {word}", base, score)
    at = [system.variables.index(n) for n in ("carbon", "ncv", "ash", "sulphur")]
    unit = np.array([0.0001, 0.001, 0.0001, 0.0001])
    samples = np.round(table[:, :, at] / unit) * unit
    steps = np.diff(samples[:40], axis=1)
    plain = np.array(
        [
            -np.log10(peer.split_samples(s, np.delete(steps, k, 0).reshape(-1, 4))[0])
            for k, s in enumerate(steps)
        ]
    )

    def calm(part: np.ndarray) -> np.ndarray:
        return -np.log10(peer.calm(part, np.zeros(len(part), dtype=int)))

    for level, word in enumerate(STRENGTH):
        rng = np.random.default_rng(level)
        split = np.array(
            [
                -np.log10(
                    peer.split_samples(
                        np.diff(copied_samples(s, unit, level, rng), axis=0), steps.reshape(-1, 4)
                    )[0]
                )
                for s in samples[40:]
            ]
        )
        figures += _told(f"months split sample {word}", plain, split)
        carbon = table[:, :, at[0]]
        score = [calm(np.concatenate([carbon[:40], calmed(c, level)[None]]))[-1] for c in carbon[40:]]
        figures += _told(f"months calmed {word}", calm(carbon[:40]), np.array(score))
    return figures


def reconciliation() -> list[Figure]:
    """Return, for every kind of unit, the time of 1e5 unit-months and how often a planted error comes first.

    An error is strong where it is eight times what moves its own test by one, and below 60 %.
    """
    figures: list[Figure] = []
    for kind in KINDS:
        system = balances(kind)
        x = (
            np.concatenate([metered(seed=k).month.select(system.variables).to_numpy() for k in range(20)])
            if kind == "coal"
            else balanced.months(kind, 240, np.random.default_rng(0))[1]
        )
        many = np.tile(x, (417, 1))
        start = time.perf_counter()
        reconcile(system, many)
        taken = time.perf_counter() - start
        seen = 8 * np.nanmedian(reconcile(system, x).seen, axis=0)
        strong = np.flatnonzero(system.measured & (seen < 0.6))
        hits, alone = [], []
        for k in strong:
            planted = x.copy()
            planted[:, k] *= 1 + seen[k]
            result = reconcile(system, planted)
            hits.append(result.tied[:, k].mean())
            alone.append((result.suspect[:, 0] == k).mean())
        figures += [
            Figure(f"{kind}: {len(many)} unit-months", taken, "s", 20, at_most=True),
            Figure(f"{kind}: measurements with a strong error, of {system.measured.sum()}", len(strong), ""),
            Figure(f"{kind}: planted error among those named first", float(np.mean(hits)), "", 0.9),
            Figure(f"{kind}: planted error named first and alone", float(np.mean(alone)), ""),
        ]
    return figures


def fleet_of(world: dict[str, pl.DataFrame], count: int) -> dict[str, pl.DataFrame]:
    """Return a world repeated for `count` enterprises; hours stay those of one stack."""
    kept = {name: frame for name, frame in world.items() if name not in ("reading", "fuel_day")}
    times = pl.DataFrame({"copy": np.arange(count)}).with_columns(pl.col("copy").cast(pl.String))
    out = {}
    for name, frame in kept.items():
        if "facility" in frame.columns:
            frame = (
                frame.join(times, how="cross").with_columns(pl.col("facility") + pl.col("copy")).drop("copy")
            )
        out[name] = frame
    return out | {name: world[name] for name in ("reading", "fuel_day")}


def checks_of_many() -> list[Figure]:
    """Return the time of all checks over 10,000 enterprises and twelve months."""
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "facility" / "check"))
    from change import frames
    from world import build

    world = frames(build())
    tables = fleet_of(world, 1667)
    start, work = time.perf_counter(), time.process_time()
    found, counted = evaluate(tables, checks().values())
    taken, work = time.perf_counter() - start, time.process_time() - work
    return [
        Figure("enterprises", tables["facility"].height, ""),
        Figure("checks", counted.height, ""),
        Figure("rows of all tables", sum(f.height for f in tables.values()), ""),
        Figure("rows examined", int(counted["applied"].sum()), ""),
        Figure("findings", found.height, ""),
        Figure("all checks", taken, "s", 60, at_most=True),
        Figure("all checks, processor", work, "s"),
    ]


def workbook() -> list[Figure]:
    """Return what it costs to read and check one month of an enterprise with its workbook and its tables."""
    from tongyuan.facility.simulate.tables import tables_of_year
    from tongyuan.flows.ask.facility_evidence import check
    from tongyuan.flows.ask.facility_record import month
    from tongyuan.flows.source import open_workspace

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        month(folder / "month.xlsx", "power", "SIM0001", "2025-03", "zh")
        settings = 'name = "x"\nkind = "enterprise"\nlanguage = "zh"\nregion = "山东省"\n'
        files = 'tables = ["*.xlsx", "tables/*"]\n[account]\nyears = [2025]\n'
        (folder / "tongyuan.toml").write_text(settings + files, encoding="utf-8")
        (folder / "tables").mkdir()
        tables = tables_of_year(metered(seed=1), "SIM0001", hours=False)
        for table, frame in tables.items():
            of_month = frame.filter(pl.col("month") == "2025-03") if "month" in frame.columns else frame
            of_month.write_csv(folder / "tables" / f"{table}.csv")
        taken = []
        for _ in range(3):
            start = time.process_time()
            found = check(open_workspace(folder).tables)
            taken.append(time.process_time() - start)
    return [
        Figure("tables read", len(tables), ""),
        Figure("checks", found["check_count"].height, ""),
        Figure("read and checked, processor", min(taken), "s", 1.0, at_most=True),
        Figure("the first time in a process", taken[0], "s"),
    ]


RUNS: dict[str, tuple[str, Callable[[], list[Figure]]]] = {
    "facility-checks": ("10,000 enterprises × 12 months × all checks", checks_of_many),
    "facility-workbook": ("The workbook of a month read and checked", workbook),
    "facility-reconciliation": ("Reconciliation of 1e5 unit-months, planted errors", reconciliation),
    "facility-detection-months": ("Detection of changed monthly figures", months),
    "facility-detection-hours": ("Detection of changed hours, simulated", hours_simulated),
    "facility-detection-turbine": ("Detection of changed hours in a real series", hours_real),
}
SPECS = [
    Spec(name, title, run, slow="hours" in name or "turbine" in name) for name, (title, run) in RUNS.items()
]
