"""Diagnosis of enterprises: distances, levels, grades, peers and audits that are due."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.facility.diagnosis.audit import audits_due
from tongyuan.facility.diagnosis.distance import distance, intensities, to_limits
from tongyuan.facility.diagnosis.grade import grade
from tongyuan.facility.diagnosis.level import find
from tongyuan.facility.diagnosis.peer import bands
from tongyuan.facility.permit.standard import CONCENTRATION, limits, standards
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.reference.language import Language, say
from tongyuan.reference.units import UnitError, factor

ROOM = "facility.diagnosis"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
KEY = ["facility", "year", "aspect", "place", "indicator"]


def diagnosis(
    inputs: Inputs, counted: pl.DataFrame, months: pl.DataFrame, permit: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return table ``diagnosis`` and what could not be judged.

    Parameters
    ----------
    counted
        Rows of ``facility_emission`` that count.
    months, permit
        Tables ``outlet_month`` and ``permit_account``.

    Raises
    ------
    FindingError
        If the form of the performance grade cannot be read.
    """
    given = {name: frame.drop(PLACE, strict=False) for name, frame in inputs.tables.items()}
    unverified = inputs.settings.account.include_unverified
    levels, found = _levels(_table(given, "rating"), unverified)
    grades, more = _grades(_table(given, "rating"), _table(given, "grading_indicator"))
    parts = [
        _limits(months),
        _standards(months, given, unverified),
        _intensities(counted, given),
        levels,
        grades,
        _audits(counted, months, permit, levels),
    ]
    rows = pl.concat([_form(part) for part in parts]).sort(KEY)
    return conform("diagnosis", rows), [*found, *more]


def _table(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    return tables.get(name, empty(name))


def _form(part: pl.DataFrame) -> pl.DataFrame:
    """Bring rows to the columns of the table; what a part does not say is empty."""
    dtypes = empty("diagnosis").schema
    return part.select(
        (pl.col(n) if n in part.columns else pl.lit(None)).cast(kind).alias(n) for n, kind in dtypes.items()
    )


def _limits(months: pl.DataFrame) -> pl.DataFrame:
    years = months.with_columns(year=pl.col("month").str.slice(0, 4).cast(pl.Int64))
    made = [
        to_limits(part.drop("year")).with_columns(year=pl.lit(year[0], pl.Int64))
        for year, part in years.group_by("year", maintain_order=True)
    ]
    if not made:
        return empty("diagnosis")
    return pl.concat(made).rename({"outlet": "place"}).filter(pl.col("reference").is_not_null())


def _standards(months: pl.DataFrame, given: Mapping[str, pl.DataFrame], unverified: bool) -> pl.DataFrame:
    """Return how far the year lies from the limit of a standard: that of its last month, over its months."""
    known = months.filter(pl.col("mean").is_not_null())
    own = _table(given, "own_standard_limit")
    wrong = [unit for unit in own["unit"].unique().to_list() if not _concentration(unit)]
    require(finding(ROOM, "standard_unit", unit=unit) for unit in wrong)
    outlet, link, installation, who = (
        _table(given, name) for name in ("outlet", "outlet_link", "installation", "facility")
    )
    found = standards(known, outlet, link, installation, who, limits(own, unverified=unverified))
    key = ["facility", "outlet", "species", "month"]
    year = pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year")
    rows = known.join(found, on=key).with_columns(year).sort("month")
    water = pl.col("unit") == "mg/L"
    rows = rows.with_columns(pl.when(water).then(pl.col("standard") / 1000).otherwise("standard"))
    by = ["facility", "year", "outlet", "species"]
    last = pl.col("standard").last().over(by) == pl.col("standard")
    weight = pl.col("hours_valid")
    means = rows.filter(last).group_by(by, maintain_order=True).agg(
        ((pl.col("mean") * weight).sum() / weight.sum()).alias("value"),
        pl.col("standard").last().alias("reference"), pl.col("standard_name").last().alias("source"),
        pl.col("unit").first(),
    )  # fmt: skip
    return means.select(
        "facility", "year", pl.lit("standard_limit").alias("aspect"), pl.col("outlet").alias("place"),
        pl.col("species").alias("indicator"), "value", "unit", "reference",
        distance(pl.col("value"), pl.col("reference")).alias("distance"), "source",
    )  # fmt: skip


def _concentration(unit: str) -> bool:
    try:
        return factor(unit, CONCENTRATION) > 0
    except UnitError:
        return False


def _intensities(counted: pl.DataFrame, given: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    direct = counted.filter(pl.col("scope").fill_null("direct") == "direct")
    year = pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year")
    emission = direct.select("facility", year, "species", pl.col("value").alias("mass"))
    output = _table(given, "output").select("facility", year, "product", "value", "unit")
    rows = intensities(emission, output)
    kinds = _table(given, "facility").select("facility", "kind").unique("facility", keep="first")
    rows = rows.join(kinds, on="facility", how="left", maintain_order="left")
    group = pl.concat_str(
        "kind", "product", "unit", pl.col("year").cast(pl.String), separator="|", ignore_nulls=True
    )
    banded = bands(rows.with_columns(group.alias("group"), pl.col("species").alias("indicator")), "group")
    return banded.select(
        "facility",
        "year",
        pl.lit("product_intensity").alias("aspect"),
        pl.col("product").alias("place"),
        "indicator",
        "value",
        "unit",
        pl.col("middle").alias("reference"),
        distance(pl.col("value"), pl.col("middle")).alias("distance"),
        "peers",
        pl.col("low").alias("peer_low"),
        pl.col("high").alias("peer_high"),
    )


def _levels(rating: pl.DataFrame, unverified: bool) -> tuple[pl.DataFrame, list[Finding]]:
    rows, found = [], []
    energy = rating.filter(
        pl.col("scheme").is_in(["energy_limit", "energy_level"]) & pl.col("value").is_not_null()
    )
    for r in energy.to_dicts():
        of = find(r["scheme"], r["indicator"], unverified=unverified)
        if of is None:
            found.append(finding(ROOM, "level_unknown", facility=r["facility"], indicator=r["indicator"]))
            continue
        level, best = of.of(r["value"]), of.best()
        said = str(r["level"] or "").strip()
        differs = bool(said) and said not in (
            level,
            say(ROOM, f"level_{level}", "zh"),
            say(ROOM, f"level_{level}", "en"),
        )
        notes = {
            f"note_{lang}": say(ROOM, "stated", lang, level=said, found=say(ROOM, f"level_{level}", lang))
            for lang in LANGUAGES
            if differs
        }
        rows.append(
            {
                "facility": r["facility"],
                "year": r["day"].year,
                "aspect": r["scheme"],
                "place": r["installation"] or "",
                "indicator": of.product,
                "value": r["value"],
                "unit": of.unit,
                "reference": best,
                "distance": None if not best or best <= 0 else r["value"] / best - 1,
                "level": level,
                "source": of.document,
                **notes,
            }
        )
    return pl.DataFrame(rows, schema=empty("diagnosis").schema, orient="row"), found


def _grades(rating: pl.DataFrame, form: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    rows, found = [], []
    heavy = rating.filter((pl.col("scheme") == "heavy_pollution") & pl.col("value").is_not_null())
    if form.is_empty() or heavy.is_empty():
        return empty("diagnosis"), []
    tests = {"at_most": "<=", "at_least": ">=", "holds": "is"}
    asked = form.select(
        "family",
        "indicator",
        pl.col("grade").str.strip_prefix("grade_").str.to_uppercase().alias("grade"),
        pl.col("test").replace(tests).alias("test"),
        "bound",
    )
    for (facility,), part in heavy.sort("day").group_by(["facility"], maintain_order=True):
        values = dict(part.select("indicator", "value").iter_rows())
        try:
            whole, families, missing = grade(asked, values)
        except ValueError as error:
            require([finding(ROOM, "grade_form", text=str(error))])
            raise
        if missing:
            found.append(finding(ROOM, "grade_missing", facility=facility, indicator=", ".join(missing)))
            continue
        year = part["day"].max().year  # type: ignore[union-attr]
        for family, letter in {**families, "whole": whole}.items():
            rows.append(
                {
                    "facility": facility,
                    "year": year,
                    "aspect": "performance_grade",
                    "place": "",
                    "indicator": family,
                    "level": letter,
                    "source": "grading_indicator",
                }
            )
    return pl.DataFrame(rows, schema=empty("diagnosis").schema, orient="row"), found


def _audits(
    counted: pl.DataFrame, months: pl.DataFrame, permit: pl.DataFrame, levels: pl.DataFrame
) -> pl.DataFrame:
    """Return who must be audited and why, year by year."""
    made = []
    carbon = pl.col("species").str.starts_with("CO2")
    totals = permit.filter(pl.col("share").is_not_null() & ~carbon)
    years = sorted({int(m[:4]) for m in counted["month"]} | set(levels["year"]))
    for year in years:
        at = pl.col("month").str.slice(0, 4) == str(year)
        due = audits_due(
            months.filter(at).select("facility", pl.col("hours_over").fill_null(0.0)),
            totals.filter(pl.col("year") == year).select("facility", "share"),
            counted.filter(at & (pl.col("value") > 0)).select("facility", "species"),
            levels.filter(pl.col("year") == year).select("facility", "level"),
            pl.DataFrame(schema={"facility": pl.String}),
        )
        made.append(
            due.explode("reasons").select(
                "facility",
                pl.lit(year, pl.Int64).alias("year"),
                pl.lit("audit_due").alias("aspect"),
                pl.lit("").alias("place"),
                pl.col("reasons").alias("indicator"),
            )
        )
    return pl.concat(made) if made else empty("diagnosis")
