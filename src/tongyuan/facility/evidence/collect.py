"""Evidence of all enterprises from their tables: reconciled values, and suspicions of every kind on one
scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.evidence import peer, repeat
from tongyuan.facility.evidence.across import Key, masses, stacks
from tongyuan.facility.evidence.balance import KINDS, Array, balances
from tongyuan.facility.evidence.battery import hour_rates
from tongyuan.facility.evidence.kinds import MONTHS, variables
from tongyuan.facility.evidence.months import KEYS
from tongyuan.facility.evidence.reconcile import reconcile
from tongyuan.facility.evidence.scale import false_discovery
from tongyuan.facility.simulate.forgery import Hours
from tongyuan.ledger.table import table
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf, title

ROOM = "facility"
LANGUAGES: tuple[Language, Language] = ("zh", "en")
LEAST_HOURS = 500
JOINTS: Mapping[Language, str] = {"zh": "、", "en": ", "}
Row = dict[str, Any]
GASES = {"a21026": 0.1, "a21002": 0.1, "a34013": 0.01}
FIGURES = ("carbon", "ash", "moisture_ar", "sulphur")
SAMPLE = ("carbon", "ash", "sulphur", "heat_net")
UNIT = np.array([0.01, 0.01, 0.01, 1.0])


def collect(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the tables ``reconciled`` and ``suspicion`` of all enterprises.

    Every test that spoke stands in ``suspicion``, also where it found nothing: its rate, its rate
    adjusted for the
    number of all tests (Benjamini–Yekutieli), and its rank.
    """
    relations = Relations(tables)
    balanced, rows = balance_rows(relations)
    rows += hour_rows(relations) + sample_rows(relations) + peer_rows(relations)
    return {"reconciled": balanced, "suspicion": ranked(rows)}


def balance_rows(relations: Relations) -> tuple[pl.DataFrame, list[Row]]:
    """Return reconciled measurements of every unit and month, and the global test of each as a row."""
    form = table("reconciled").dtypes
    parts: list[pl.DataFrame] = []
    rows: list[Row] = []
    for kind in KINDS:
        frame = MONTHS[kind](relations)
        if frame.height:
            made, said = _balanced(frame, kind)
            parts.append(made)
            rows += said
    if not parts:
        return pl.DataFrame(schema=form), []
    every = pl.concat(parts).sort(KEYS, maintain_order=True)
    return every.select(pl.col(name).cast(dtype) for name, dtype in form.items()), rows


def _balanced(frame: pl.DataFrame, kind: str) -> tuple[pl.DataFrame, list[Row]]:
    """Return what :func:`balance_rows` does, of the units of one kind."""
    system = balances(kind)
    result = reconcile(system, variables(frame, kind))
    units = dict(zip(shelf("balance_variable")["variable"], shelf("balance_variable")["unit"], strict=True))
    parts = []
    for k in np.flatnonzero(system.measured):
        name = system.variables[k]
        value = frame[f"v_{name}"]
        said = value > 0
        p = 2 * _tail(result.z[:, k])
        chosen = (result.suspect == k).any(axis=1) | ((result.suspect[:, 0] >= 0) & result.tied[:, k])
        parts.append(
            frame.select(KEYS)
            .with_columns(
                pl.lit(name).alias("measurement"),
                value.alias("measured"),
                pl.Series("estimate", result.estimate[:, k]),
                pl.Series("uncertainty", 1.96 * result.deviation[:, k]),
                pl.Series("residual", result.z[:, k]).fill_nan(None),
                pl.Series("p_value", p).fill_nan(None),
                pl.Series("suspect", chosen),
                pl.lit(units[name]).alias("unit"),
            )
            .filter(said)
        )
    rows = []
    for i, row in enumerate(frame.select(KEYS).iter_rows(named=True)):
        if result.freedom[i] < 1:
            continue
        named = [system.variables[k] for k in np.flatnonzero(result.tied[i])]
        words = {
            lang: JOINTS[lang].join(title("balance_variable", n, lang) for n in named) for lang in LANGUAGES
        }
        key = "reconciliation_named" if named else "suspicion_reconciliation"
        rows.append(
            _row(
                row["facility"],
                "reconciliation",
                row["installation"],
                row["month"],
                result.statistic[i],
                result.p[i],
                key,
                free=int(result.freedom[i]),
                named=words,
            )
        )
    return pl.concat(parts), rows


def _tail(z: np.ndarray) -> np.ndarray:
    from scipy import stats

    return np.asarray(stats.norm.sf(np.abs(z)))


def hour_rows(relations: Relations) -> list[Row]:
    """Return the tests of the hours of every stack, gas and quarter."""
    reading = relations("reading").filter(pl.col("parameter").str.starts_with("a"))
    limits = relations("permit_limit").filter(pl.col("period") == "hour")
    of = {(f, o, c): v for f, o, c, v in limits.select("facility", "outlet", "code", "value").iter_rows()}
    reading = reading.with_columns(
        pl.format("{}-Q{}", pl.col("hour").dt.year(), pl.col("hour").dt.quarter()).alias("quarter")
    )
    rows = []
    running_hours: dict[Key, Array] = {}
    for (facility, outlet, quarter), part in reading.group_by(
        "facility", "outlet", "quarter", maintain_order=True
    ):
        wide = part.sort("hour").pivot("parameter", index="hour", values="value", aggregate_function="first")
        state = part.group_by("hour").agg(pl.col("flag").min(), pl.col("condition").min()).sort("hour")
        if wide.height < LEAST_HOURS:
            continue
        nothing = np.full(wide.height, np.nan)
        series = {
            c: wide[c].cast(pl.Float64).to_numpy().copy() if c in wide.columns else nothing
            for c in (*GASES, "a00000", "a19001")
        }
        flow = np.nan_to_num(series["a00000"])
        stopped = (state["condition"] == "stopped").fill_null(False).to_numpy()
        typical = float(np.median(flow[~stopped])) if (~stopped).any() else 0.0
        running = (flow > 0.3 * typical) & (np.nan_to_num(series["a19001"], nan=20.9) < 17)
        marked = state["flag"].is_in(["M", "C"]).fill_null(False).to_numpy()
        for code, unit in GASES.items():
            if np.isfinite(series[code]).sum() < LEAST_HOURS:
                continue
            key = (str(facility), str(outlet), str(quarter), code)
            running_hours[key] = np.where(stopped, np.nan, series[code])
            others = [series[c] for c in GASES if c != code]
            hours = Hours(
                np.stack([series[code], *others]),
                np.array([unit, *(GASES[c] for c in GASES if c != code)]),
                flow,
                marked,
                stopped,
                running,
                float(of.get((facility, outlet, code)) or 0.0),
            )
            shown = f"{outlet} {code}"
            for kind, rate in hour_rates(hours, twins=False).items():
                if np.isfinite(rate):
                    rows.append(
                        _row(str(facility), kind, shown, str(quarter), None, rate, f"suspicion_{kind}")
                    )
    return rows + [
        _row(facility, kind, subject, period, statistic, rate, f"suspicion_{kind}")
        for kind, facility, subject, period, statistic, rate in (
            *stacks(running_hours),
            *masses(relations("fuel_day")),
        )
        if np.isfinite(rate)
    ]


def sample_rows(relations: Relations) -> list[Row]:
    """Return the tests of the laboratory's figures of every unit and year."""
    every = relations("fuel_sample").filter((pl.col("family") == "coal") & pl.col("carbon").is_not_null())
    every = every.filter(pl.all_horizontal(pl.col(c).is_not_null() for c in SAMPLE)).sort("covers_to")
    if every.is_empty():
        return []
    rows: list[Row] = []
    unit = ["facility", "installation"]
    steps = (
        every.sort(*unit, "covers_to")
        .select(*unit, *(pl.col(c).diff().over(unit).alias(c) for c in SAMPLE))
        .drop_nulls()
    )
    reports = relations("laboratory_report")
    for (facility, place, year), part in every.with_columns(
        pl.col("covers_to").dt.year().alias("year")
    ).group_by("facility", "installation", "year", maintain_order=True):
        own = part.select(SAMPLE).to_numpy()
        who, what, when = str(facility), str(place or ""), str(year)
        pool = steps.filter(pl.col("facility") != who).select(SAMPLE).to_numpy()
        if len(pool) >= 100:
            rate, at = peer.split_samples(np.diff(own, axis=0), pool)
            rows.append(
                _row(who, "split_samples", what, when, None, rate, "suspicion_split_samples", at=at + 1)
            )
        rate, first, second = repeat.duplicate_rows(own, UNIT)
        rows.append(
            _row(
                who,
                "duplicate_rows",
                what,
                when,
                None,
                rate,
                "suspicion_duplicate_rows",
                first=first + 1,
                second=second + 1,
            )
        )
        line = peer.carbon_line(own[:, 0], own[:, 3], own[:, 1])
        for month, p in zip(part["covers_to"].dt.strftime("%Y-%m"), line, strict=True):
            rows.append(_row(who, "carbon_line", what, month, None, float(p), "suspicion_carbon_line"))
    for (facility, laboratory), part in reports.filter(pl.col("issued").is_not_null()).group_by(
        "facility", "laboratory", maintain_order=True
    ):
        number = part["report"].rank("dense").to_numpy().astype(float)
        day = part["issued"].cast(pl.Int32).to_numpy().astype(float)
        rate, wrong = peer.out_of_order(number, day)
        rows.append(
            _row(str(facility), "report_order", str(laboratory), "", wrong, rate, "suspicion_report_order")
        )
    return [row for row in rows if np.isfinite(row["p_value"])]


def peer_rows(relations: Relations) -> list[Row]:
    """Return the tests of each unit against the units of its kind and year."""
    units = relations("unit_month").filter(pl.col("coal_t") > 0)
    if units.is_empty():
        return []
    frame = units.with_columns(
        (pl.col("carbon_t") / pl.col("coal_t")).alias("figure"),
        (pl.col("fuel_gj") / (3.6 * pl.col("power_mwh") + 0.4 * pl.col("heat_gj"))).alias("intensity"),
    )
    keys = ["facility", "installation", "kind", "year"]
    year = (
        frame.group_by(keys, maintain_order=True)
        .agg(
            (pl.col("figure").std() / pl.col("figure").mean()).log().alias("calm"),
            pl.col("intensity").filter(pl.col("intensity").is_finite()).median().log().alias("peer"),
            pl.len().alias("n"),
        )
        .filter(pl.col("n") >= 6)
    )
    if year.is_empty():
        return []
    group = year.select(pl.struct("kind", "year").rank("dense")).to_series().to_numpy().astype(int)
    rows = []
    for kind in ("calm", "peer"):
        figure = year[kind].fill_null(np.nan).to_numpy().astype(float)
        lower = peer.against(figure, group, lower=True)
        rate = lower if kind == "calm" else 2 * np.minimum(lower, 1 - lower)
        for row, value, p in zip(year.iter_rows(named=True), figure, rate, strict=True):
            if np.isfinite(p):
                rows.append(
                    _row(
                        row["facility"],
                        kind,
                        row["installation"],
                        str(row["year"]),
                        float(np.exp(value)),
                        float(p),
                        f"suspicion_{kind}",
                    )
                )
    return rows


def _row(
    facility: str,
    kind: str,
    subject: str,
    period: str,
    statistic: float | None,
    p: float,
    key: str,
    **words: Any,
) -> Row:
    text = {
        lang: say(ROOM, key, lang, **{k: v[lang] if isinstance(v, dict) else v for k, v in words.items()})
        for lang in LANGUAGES
    }
    return {
        "facility": facility,
        "kind": kind,
        "subject": subject,
        "period": period,
        "statistic": statistic,
        "p_value": float(p),
        "text_zh": text["zh"],
        "text_en": text["en"],
    }


def ranked(rows: list[Row]) -> pl.DataFrame:
    """Return the table ``suspicion``: rows by their rate, with adjusted rates, ranks and the number of
    tests."""
    form = table("suspicion").dtypes
    frame = pl.DataFrame(rows, schema={k: form[k] for k in form if k in (rows[0] if rows else form)})
    if frame.is_empty():
        return pl.DataFrame(schema=form)
    q = false_discovery(frame["p_value"].to_numpy())
    frame = frame.with_columns(pl.Series("q_value", q), pl.lit(frame.height).alias("tests")).sort(
        "p_value", "facility", "kind", "subject", "period"
    )
    frame = frame.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("rank"))
    return frame.select(
        (pl.col(c) if c in frame.columns else pl.lit(None).alias(c)).cast(t) for c, t in form.items()
    )
