"""From the tables of the ledger to points and marks, and from months back to tables."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tongyuan.facility.hour.convert import MOLE, NO2_OF_NO
from tongyuan.facility.hour.mark import chains, out_of_control
from tongyuan.facility.hour.points import KEY
from tongyuan.facility.hour.rules import MARKS
from tongyuan.reference import species
from tongyuan.reference.shelf import fold, shelf
from tongyuan.reference.units import UnitError, factor

TARGET = {
    "gas": "mg/m3",
    "part": "mg/m3",
    "flow": "m3/h",
    "water_flow": "m3/h",
    "water": "mg/L",
    "pressure": "Pa",
}
"""Unit in which the kernel takes each role; the others are in the unit of the shelf."""
VOLUME_SHARE = ("ppm", "umol/mol", "μmol/mol", "µmol/mol", "ppmv")
NITRIC = {"NO": 30.006, "NO2": 46.005}
ATMOSPHERE = 101_325.0
PLANT_MARKS = ("F", "E", "N")
"""Marks that speak of the plant and not of the monitor."""


@dataclass(frozen=True)
class Trouble:
    """Something about monitors that cannot be used: `check` is its key among the sentences of the room."""

    check: str
    facility: str
    outlet: str
    parameter: str
    text: str = ""


def points_of(
    reading: pl.DataFrame, monitor: pl.DataFrame, outlet: pl.DataFrame, limit: pl.DataFrame
) -> tuple[pl.DataFrame, list[Trouble]]:
    """Return the points of everything that is read, and what cannot be used.

    Parameters
    ----------
    reading
        At least `facility, outlet, parameter`.
    monitor, outlet, limit
        Tables ``monitor``, ``outlet`` and ``permit_limit``; the unit of a monitor goes before that of
        the shelf, the reference oxygen of the permit before that of the outlet.
    """
    known = {row["monitor_parameter"]: row for row in shelf("monitor_parameter").to_dicts()}
    units = {
        (r["facility"], r["outlet"], r["parameter"]): r
        for r in monitor.sort("begin", nulls_last=False).to_dicts()
    }
    places = {(r["facility"], r["outlet"]): r for r in outlet.to_dicts()}
    limits = {
        (r["facility"], r["outlet"], r["species"]): r
        for r in limit.filter(pl.col("period") == "hour").sort("date_from", nulls_last=False).to_dicts()
    }
    rows, troubles, seen = [], [], set(reading.select(*KEY).unique().iter_rows())
    for facility, name, parameter in sorted(seen):
        shelf_row = known.get(parameter)
        if shelf_row is None:
            troubles.append(Trouble("parameter_unknown", facility, name, parameter))
            continue
        role = shelf_row["role"]
        if role == "unused":
            continue
        if role == "velocity":
            if (facility, name, "a00000") in seen:
                continue
            role = "flow"
        place, own = places.get((facility, name), {}), units.get((facility, name, parameter), {})
        try:
            scale = _scale(shelf_row, str(own.get("unit") or shelf_row["unit"]))
        except UnitError:
            troubles.append(Trouble("parameter_unit", facility, name, parameter, str(own.get("unit"))))
            continue
        wet = actual = False
        if shelf_row["role"] == "velocity":
            if not place.get("area"):
                troubles.append(Trouble("no_area", facility, name, parameter))
                continue
            scale *= 3600 * float(place["area"]) * float(own.get("velocity_factor") or 1.0)
            wet = actual = True
        bound = limits.get((facility, name, shelf_row["species"]), {})
        rows.append(
            {
                "facility": facility,
                "outlet": name,
                "parameter": parameter,
                "role": role,
                "species": shelf_row["species"],
                "scale": scale,
                "wet": wet,
                "actual": actual,
                "oxygen_reference": bound.get("oxygen_reference") or place.get("oxygen_reference"),
                "part_of": shelf_row["part_of"],
            }
        )
    return _with_sums(rows), troubles


def _scale(row: dict[str, str], unit: str) -> float:
    role, kind = row["role"], row["species"]
    target = TARGET.get(role)
    if role in ("gas", "part") and fold(unit) in {fold(u) for u in VOLUME_SHARE}:
        mass = NITRIC.get(kind) or species.get(kind).molar_mass
        if mass is None:
            raise UnitError(unit)
        scale = mass / MOLE
    else:
        scale = factor(unit, target) if target else 1.0
    return scale * NO2_OF_NO if kind == "NO" else scale


def _with_sums(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Leave out parts of a measured sum; give a sum that is not measured a point of its own."""
    measured = {(r["facility"], r["outlet"], r["parameter"]) for r in rows}
    kept = [r for r in rows if not (r["part_of"] and (r["facility"], r["outlet"], r["part_of"]) in measured)]
    for r in [r for r in kept if r["part_of"]]:
        key = (r["facility"], r["outlet"], r["part_of"])
        if key not in measured:
            measured.add(key)
            kept.append(
                {**r, "parameter": r["part_of"], "role": "gas", "species": "NOx", "scale": 1.0, "part_of": ""}
            )
    schema = {
        "facility": pl.String,
        "outlet": pl.String,
        "parameter": pl.String,
        "role": pl.String,
        "species": pl.String,
        "scale": pl.Float64,
        "wet": pl.Boolean,
        "actual": pl.Boolean,
        "oxygen_reference": pl.Float64,
        "part_of": pl.String,
    }
    return pl.DataFrame(kept, schema=schema, orient="row")


def readings_of(reading: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Return readings as the pass takes them: a static pressure becomes an absolute one in its own unit."""
    static = points.filter(pl.col("role") == "pressure").select(
        *KEY, (ATMOSPHERE / pl.col("scale")).alias("_more")
    )
    if static.is_empty():
        return reading
    joined = reading.join(static, on=KEY, how="left", maintain_order="left")
    return joined.with_columns(pl.col("value") + pl.col("_more").fill_null(0.0)).drop("_more")


def marks_of(mark: pl.DataFrame, calibration: pl.DataFrame) -> tuple[pl.DataFrame, list[Trouble]]:
    """Return marks of times by their letters, with times out of control from failed calibrations.

    Parameters
    ----------
    mark
        Table ``mark``: its text is a letter of HJ 212 or a word of the shelf ``mark_word``.
    calibration
        Table ``calibration``; tests without a verdict are left to the checks.
    """
    words = {letter.lower(): letter for letter in MARKS}
    for row in shelf("mark_word").to_dicts():
        for word in (row["mark_word"], row["title_zh"], row["title_en"], *row["words"].split("|")):
            if word:
                words.setdefault(fold(word), row["mark"])
    said = mark["mark"].map_elements(lambda text: words.get(fold(text), ""), pl.String)
    lettered = mark.with_columns(said.alias("mark"))
    troubles = [
        Trouble("mark_unknown", facility, outlet, "", text)
        for (facility, outlet, text), letter in zip(
            mark.select("facility", "outlet", "mark").iter_rows(), said, strict=True
        )
        if not letter
    ]
    columns = [*KEY, "time_from", "time_to", "mark"]
    spans = _long_enough(lettered.filter(pl.col("mark") != "")).select(columns)
    judged = calibration.filter(pl.col("passed").is_not_null())
    failed = out_of_control(judged.select(*KEY, "time", "passed")).select(columns)
    times = pl.Schema(
        {"parameter": pl.String(), "time_from": pl.Datetime("us"), "time_to": pl.Datetime("us")}
    )
    return pl.concat(
        [
            frame.select(pl.col(n).cast(times.get(n, pl.String())) for n in columns)
            for frame in (spans, failed)
        ]
    ), troubles


def _long_enough(marks: pl.DataFrame) -> pl.DataFrame:
    """Leave out marks of the monitor in chains too short to count; states of the plant stay however short."""
    plant = pl.col("mark").is_in(PLANT_MARKS)
    kept = chains(marks.filter(~plant)).select(marks.columns)
    return pl.concat([marks.filter(plant), kept])


def outlet_months(month: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Return table ``outlet_month``: every pollutant of every outlet, in tonnes."""
    named = month.join(points.select(*KEY, "species"), on=KEY, how="left", maintain_order="left")
    water = pl.col("role") == "water"
    return named.filter(pl.col("species") != "").select(
        "facility",
        "month",
        "outlet",
        "species",
        (pl.col("hours") - pl.col("stopped")).cast(pl.Float64).alias("hours_run"),
        pl.col("valid").cast(pl.Float64).alias("hours_valid"),
        pl.col("filled").cast(pl.Float64).alias("hours_substituted"),
        pl.col("over").cast(pl.Float64).alias("hours_over"),
        pl.col("over_exempt").cast(pl.Float64).alias("hours_exempt"),
        pl.when(water).then("mean_of_days").otherwise("mean").alias("mean"),
        pl.col("highest").alias("maximum"),
        "limit",
        pl.when(water)
        .then("days_over")
        .otherwise(pl.col("over") + pl.col("over_exempt"))
        .cast(pl.Float64)
        .alias("times_over"),
        (pl.col("mass_before") / 1000).alias("mass_measured"),
        (pl.col("mass_after") / 1000).alias("mass"),
        "capture",
        (pl.col("mass_after").is_not_null()).alias("valid"),
        pl.when(water).then(pl.lit("mg/L")).otherwise(pl.lit("mg/m3")).alias("unit"),
    )
