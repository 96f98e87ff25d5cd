"""Pollutants of enterprises in the order of the law: hours, tests, balances, coefficients."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from tongyuan.facility.carbon.account import Carbon
from tongyuan.facility.hour.law import hourly_limits, in_condition, in_marks
from tongyuan.facility.hour.points import KEY
from tongyuan.facility.hour.tables import Trouble, marks_of, outlet_months, points_of, readings_of
from tongyuan.facility.order import choose, from_months, from_tests, spread
from tongyuan.facility.permit.limit import named_whole
from tongyuan.facility.permit.special import special_days
from tongyuan.facility.pollutant.balance import accuracy
from tongyuan.facility.pollutant.outlet import elsewhere, to_outlets
from tongyuan.flows.facility.estimate import estimated, wanted
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.reference.language import Language, say
from tongyuan.reference.shelf import shelf
from tongyuan.reference.units import UnitError, factor

if TYPE_CHECKING:
    from tongyuan.facility.hour.stream import Hourly

ROOM = "facility.hour"
CONCENTRATION = {"air": "mg/m3", "water": "mg/L"}


class Monitored(NamedTuple):
    """Tables `outlet_month`, `substitution`, and rows for ``facility_emission``; and what was found."""

    outlet_month: pl.DataFrame
    substitution: pl.DataFrame
    emission: pl.DataFrame
    findings: tuple[Finding, ...]


def monitored(workspace: Brought, made: Carbon | None = None) -> Monitored:
    """Return the pollutants of a workspace, each figure once, by the best method its record holds.

    Parameters
    ----------
    workspace
        Tables and settings.
    made
        The carbon of its enterprises: with it, what is not measured is balanced or taken by coefficients.

    Raises
    ------
    FindingError
        If a unit, a mark or a time cannot be read: with all of them.
    """
    given = {n: workspace.tables.get(n, empty(n)).drop(PLACE, strict=False) for n in TABLES}
    reading = given["reading"].filter(pl.col("value").is_not_null() | pl.col("flag").is_not_null())
    points, troubles = points_of(reading, given["monitor"], given["outlet"], given["permit_limit"])
    limits, wrong_unit = hourly_limits(points, given["permit_limit"])
    marks, unread = marks_of(in_marks(given["mark"], limits), given["calibration"])
    troubles += [Trouble("limit_unit", *place) for place in wrong_unit]
    found = [_said(t) for t in (*troubles, *unread)]
    tests, wrong = _tests(given["manual_test"], given["outlet"])
    found += wrong
    require(found)
    month, hours = _empty_months(), None
    if reading.height and points.height:
        hours = _hours(reading, points, marks, limits, given["alert_day"])
        special, refused = _special(hours, points, given)
        require(refused)
        month = outlet_months(hours.month, points).join(
            special, on=["facility", "outlet", "species", "month"], how="left", maintain_order="left"
        )
        found += _warned(hours)
    measured = pl.concat([from_months(month), from_tests(tests, _running(month, given))])
    candidates = _sure(measured)
    if made is not None:
        others = estimated(workspace, made, wanted(given) | set(measured["species"]))
        placed = to_outlets(others, given["outlet_link"], given["outlet"], given["installation"])
        candidates = pl.concat([candidates, placed], how="diagonal_relaxed")
        candidates = elsewhere(candidates, given["outlet_link"])
        found += _refused(candidates)
    return Monitored(
        conform("outlet_month", month),
        _substitution(hours),
        _emission(_chosen(candidates), given),
        tuple(found),
    )


def _refused(candidates: pl.DataFrame) -> list[Finding]:
    """Say which coefficients are those of a whole industry, and so count for none of its processes."""
    place = ["facility", "installation"]
    whole = candidates.filter(pl.col("fault") == "of_whole").group_by(place, maintain_order=True)
    return [
        finding(ROOM, "coefficient_of_whole", facility=f, installation=i, species=", ".join(names))
        for f, i, names in whole.agg(pl.col("species").unique().sort()).sort(place).iter_rows()
    ]


def _chosen(candidates: pl.DataFrame) -> pl.DataFrame:
    """Choose for each outlet; an installation without one stands for itself."""
    if "installation" not in candidates.columns:
        return spread(choose(candidates))
    alone = pl.when(pl.col("outlet") == "").then(pl.format("\0{}", "installation")).otherwise("outlet")
    chosen = spread(choose(candidates.with_columns(alone.alias("outlet"))))
    return chosen.with_columns(
        pl.when(pl.col("outlet").str.starts_with("\0")).then(pl.lit("")).otherwise("outlet").alias("outlet")
    )


def _sure(measured: pl.DataFrame) -> pl.DataFrame:
    """Give monitored mass the accuracy of concentration and flow; that of tests is not known."""
    variables = pl.col("species").replace_strict(ACCURACY, default=None, return_dtype=pl.Float64)
    sure = pl.when(pl.col("method") == "monitored").then(variables)
    return measured.with_columns(sure.alias("uncertainty"))


ACCURACY = {name: 1.96 * accuracy(name.lower(), "volume") for name in ("SO2", "NOx")}
"""Half width of 95 % of a monitored mass, where the accuracy of its concentration is on the shelf."""
BURNING = ("energy.power", "energy.heat", "industry.combustion", "waste.incineration")
"""Processes whose flue gas is that of combustion."""
TABLES = (
    "reading",
    "monitor",
    "outlet",
    "permit_limit",
    "alert_day",
    "mark",
    "calibration",
    "manual_test",
    "outlet_link",
    "output",
    "facility",
    "installation",
)


def _empty_months() -> pl.DataFrame:
    return empty("outlet_month")


def _said(trouble: Trouble) -> Finding:
    place = {name: getattr(trouble, name) for name in ("facility", "outlet", "parameter", "text")}
    return finding(ROOM, trouble.check, **place)


def _hours(
    reading: pl.DataFrame,
    points: pl.DataFrame,
    marks: pl.DataFrame,
    limits: pl.DataFrame,
    alert: pl.DataFrame,
) -> Hourly:
    """Work the hours; the compiled kernel is loaded only where there are any."""
    from tongyuan.facility.hour.quarter import ReadingError
    from tongyuan.facility.hour.stream import hourly

    try:
        return hourly(
            in_condition(readings_of(reading, points), limits),
            points,
            marks=marks,
            limits=limits,
            days=alert.select("facility", "day").unique(maintain_order=True),
        )
    except ReadingError as error:
        values = {k: ", ".join(v) if isinstance(v, list) else str(v) for k, v in error.values.items()}
        require([Finding(ROOM, f"reading_{error.what}", "error", values=values)])
        raise


def _special(
    hours: Hourly, points: pl.DataFrame, given: dict[str, pl.DataFrame]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the days of an alert judged by the special limits of the permit, and limits that cannot be."""
    named = points.select(*KEY, "species", (pl.col("role") == "water").alias("water"))
    assert hours.day is not None
    mass = pl.when("has_flow").then("mass")
    day = hours.day.with_columns(mass).join(named, on=KEY, how="left", maintain_order="left")
    counted, wrong = special_days(day, named_whole(given["permit_limit"]), given["alert_day"])
    return counted, [
        finding(ROOM, "special_unit", facility=f, outlet=o, parameter=s, text=u) for f, o, s, u in wrong
    ]


def _warned(hours: Hourly) -> list[Finding]:
    found = [
        finding(ROOM, "reading_double", facility=f, outlet=o, parameter=p, rows=n)
        for f, o, p, n in hours.double.group_by(*KEY, maintain_order=True)
        .agg(pl.col("rows").sum())
        .iter_rows()
    ]
    low = hours.gap.filter(pl.col("rule") == "low_capture").with_columns(
        pl.format("{}Q{}", pl.col("begin").dt.year(), pl.col("begin").dt.quarter()).alias("quarter")
    )
    for f, o, p, quarter in low.select(*KEY, "quarter").unique(maintain_order=True).iter_rows():
        found.append(finding(ROOM, "low_capture", facility=f, outlet=o, parameter=p, text=quarter))
    return found


def _tests(tests: pl.DataFrame, outlets: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Bring manual tests to mg/m3 and mg/L; a value below the detection limit counts as half of it."""
    medium = outlets.select("facility", "outlet", "medium").unique(["facility", "outlet"], keep="first")
    placed = tests.join(medium, on=["facility", "outlet"], how="left", maintain_order="left")
    kinds = placed["medium"].fill_null("air").to_list()
    found, scales = [], []
    for row, kind in zip(
        placed.select("facility", "outlet", "species", "unit").iter_rows(), kinds, strict=True
    ):
        try:
            scales.append(factor(row[3], CONCENTRATION[kind]))
        except UnitError:
            scales.append(float("nan"))
            found.append(
                finding(ROOM, "test_unit", facility=row[0], outlet=row[1], parameter=row[2], text=row[3])
            )
    low = pl.col("value") < pl.col("detection_limit")
    value = pl.when(low).then(pl.col("detection_limit") / 2).otherwise("value")
    return placed.select(
        "facility",
        "outlet",
        "species",
        pl.col("time").dt.strftime("%Y-%m").alias("month"),
        (value * pl.Series(scales, dtype=pl.Float64)).alias("concentration"),
        "flow",
        "hours",
        (pl.col("medium") == "water").fill_null(False).alias("water"),
    ), found


def _running(month: pl.DataFrame, given: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return running hours of outlets: of the monitors, else the longest of the installations served."""
    key = ["facility", "outlet", "month"]
    seen = month.group_by(key).agg(pl.col("hours_run").max().alias("hours"))
    link = given["outlet_link"].select("facility", "installation", "outlet")
    run = given["output"].join(link, on=["facility", "installation"], how="inner")
    told = run.group_by(key).agg(pl.col("hours").max())
    return pl.concat([seen, told.join(seen, on=key, how="anti").select(seen.columns)])


def _substitution(hours: Hourly | None) -> pl.DataFrame:
    if hours is None or hours.hour is None:
        return empty("substitution")
    gas = pl.col("role") == "gas"
    unit = (
        pl.when(gas)
        .then(pl.lit("kg/h"))
        .when(pl.col("role") == "water_flow")
        .then(pl.lit("m3/h"))
        .when(pl.col("role") == "water")
        .then(pl.lit("mg/L"))
        .otherwise(pl.lit(""))
    )
    rows = hours.hour.select(
        *KEY,
        "hour",
        pl.lit(None, pl.Float64).alias("before"),
        pl.col("value").alias("after"),
        unit.alias("unit"),
        pl.col("rule"),
        "window_from",
        "window_to",
    )
    return conform("substitution", rows)


def _emission(chosen: pl.DataFrame, given: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the figures as rows of ``facility_emission``, each with why it counts or stands beside."""
    link = given["outlet_link"].select("facility", "outlet", "installation").unique()
    single = link.group_by("facility", "outlet").agg(
        pl.when(pl.len() == 1).then(pl.col("installation").first()).otherwise(pl.lit("whole")).alias("link")
    )
    kinds = given["installation"].select(
        "facility", "installation", pl.col("kind").alias("installation_kind")
    )
    process = shelf("installation_kind").select("installation_kind", "process")
    region = given["facility"].select("facility", "region").unique("facility", keep="first")
    known = chosen.filter(pl.col("mass").is_not_null() & pl.col("species").is_not_null())
    absent = {"installation": pl.String, "product": pl.String, "process": pl.String, "factor_id": pl.String}
    known = known.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in absent.items() if name not in known.columns
    )
    rows = (
        known.rename({"process": "own_process"})
        .join(single, on=["facility", "outlet"], how="left", maintain_order="left")
        .with_columns(pl.coalesce("installation", "link", pl.lit("whole")).alias("installation"))
        .join(kinds.unique(["facility", "installation"]), on=["facility", "installation"], how="left")
        .join(process, on="installation_kind", how="left")
        .join(region, on="facility", how="left")
        .with_columns(pl.coalesce("own_process", "process").alias("process"))
        .sort("facility", "month", "outlet", "species", "method")
    )
    reasons = {
        f"reason_{language}": pl.Series([_reason(*row, language) for row in _why(rows)], dtype=pl.String)
        for language in ("zh", "en")
    }
    return conform(
        "facility_emission",
        rows.select(
            "facility",
            "region",
            "month",
            "installation",
            "outlet",
            pl.col("process").fill_null("industry"),
            "product",
            "species",
            pl.col("mass").alias("value"),
            pl.lit("t").alias("unit"),
            _origin().alias("origin"),
            pl.lit("direct").alias("scope"),
            "method",
            "counted",
            (pl.col("uncertainty") * 100).alias("uncertainty"),
            "uncertainty_joint",
            "factor_id",
            **reasons,
        ),
    )


def _origin() -> pl.Expr:
    """Return whether what leaves an outlet rises from combustion: its particles are soot for the tax."""
    burns = pl.any_horizontal(pl.col("process").str.starts_with(name) for name in BURNING)
    return pl.when(burns.fill_null(False)).then(pl.lit("combustion")).otherwise(pl.lit("process"))


def _why(rows: pl.DataFrame) -> list[tuple[str, bool, str]]:
    return list(rows.select("method", "counted", "passed_over").iter_rows())


def _reason(method: str, counted: bool, passed_over: str, language: Language) -> str:
    """Say why a figure counts, with what was passed over; or that it stands beside."""
    if not counted:
        return say("facility", "reason_beside", language)
    told = say("facility", f"reason_{'mass_balance' if method == 'balance' else method}", language)
    parts = []
    for item in passed_over.split():
        name, _, fault = item.partition(":")
        words = (say(ROOM, f"method_{name}", language), say(ROOM, f"fault_{fault}", language))
        parts.append(say(ROOM, "passed", language, method=words[0], fault=words[1]))
    separator = "；" if language == "zh" else "; "
    return separator.join([told, *parts])
