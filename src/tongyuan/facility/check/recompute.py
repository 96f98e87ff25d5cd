"""Figures that others filed or fixed, beside the same figures computed again from the months' tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

import numpy as np
import polars as pl

from tongyuan.facility.allowance.industry import balance_value, coefficient
from tongyuan.facility.allowance.penalty import not_surrendered
from tongyuan.facility.allowance.power import load_factor, with_unit_top_up
from tongyuan.facility.allowance.rule import Benchmark, Rule, RuleError, benchmark, class_of, find
from tongyuan.facility.allowance.settle import fixed
from tongyuan.facility.allowance.surrender import carry_over
from tongyuan.facility.carbon.guide import guide_of
from tongyuan.facility.tax.waste import noise_tax
from tongyuan.reference.shelf import shelf

Get = Callable[[str], pl.DataFrame]
Row = Mapping[str, object]
WARMING = {"aluminium": "AR5"}
"""Set of warming potentials of a guide; the 24 general guides use the second assessment report."""
GENERAL_WARMING = "SAR"
QUOTA = (
    "benchmark_power",
    "benchmark_heat",
    "load_factor",
    "intensity",
    "alpha",
    "initial",
    "fixed",
    "obligation",
    "issued",
    "balance_value",
)
"""Figures of a quota notice that are computed again, as ``expected_…``."""


@cache
def _benchmark(year: int, kind: str) -> Benchmark | None:
    try:
        return benchmark(year, kind)
    except RuleError:
        return None


@cache
def _guide(kind: str, month: str) -> str | None:
    try:
        return guide_of(kind, month)["guide"]
    except KeyError:
        return None


@cache
def _rule(sector: str, year: int, name: str) -> Rule | None:
    return find(sector, year, name)


def _number(row: Row, name: str) -> float | None:
    value = row[name]
    return None if value is None else float(str(value))


def _with(frame: pl.DataFrame, made: list[dict[str, float | None]], names: tuple[str, ...]) -> pl.DataFrame:
    """Return `frame` with the numbers `names` of every row as ``expected_…``."""
    schema = {f"expected_{n}": pl.Float64() for n in names}
    rows = [{f"expected_{n}": row.get(n) for n in names} for row in made]
    return pl.concat([frame, pl.DataFrame(rows, schema=schema)], how="horizontal")


def quota_line(get: Get) -> pl.DataFrame:
    """Return the lines of quota notices with each figure as the plan of its year gives it.

    References
    ----------
    Allocation plans of 2019 to 2024 and the consultation text 2025-2026 (shelves ``ets_rule``,
    ``ets_benchmark``).
    """
    frame = get("quota_notice").join(
        get("facility").select("facility", pl.col("ets_sector").alias("sector")), on="facility", how="left"
    )
    units = get("installation").select("facility", "installation", "merged_with", "capacity", "fuel_class")
    frame = frame.join(
        _merged_class(units), on=["facility", "installation"], how="left", maintain_order="left"
    ).with_columns(
        pl.coalesce("installation", pl.lit("whole")).alias("subject"),
        pl.col("year").cast(pl.String).alias("period"),
    )
    balance = {
        (sector, year): _balance(part)
        for (sector, year), part in frame.filter(pl.col("intensity") > 0, pl.col("verified") > 0).group_by(
            "sector", "year"
        )
    }
    made = [_quota(row, balance.get((row["sector"], row["year"]))) for row in frame.iter_rows(named=True)]
    return _with(frame, made, QUOTA)


def _merged_class(units: pl.DataFrame) -> pl.DataFrame:
    """Return the least favourable class (lowest benchmark comes first) of units that report as one."""
    lead = pl.coalesce("merged_with", "installation").alias("installation")
    rows = units.select("facility", lead, "capacity", "fuel_class").to_dicts()
    order = ("gas", "above_300", "up_to_300", "unconventional")
    least: dict[tuple[str, str], tuple[str, int]] = {}
    for row in rows:
        try:
            name = class_of(row["capacity"] or 0.0, row["fuel_class"] or "")
        except RuleError:
            continue
        key = (row["facility"], row["installation"])
        before, count = least.get(key, (name, 0))
        least[key] = (min(before, name, key=order.index), count + 1)
    return pl.DataFrame(
        [(*key, name, count) for key, (name, count) in least.items()],
        schema={
            "facility": pl.String(),
            "installation": pl.String(),
            "least_class": pl.String(),
            "merged": pl.Int64(),
        },
        orient="row",
    )


def _balance(part: pl.DataFrame) -> float | None:
    rows = part.filter(~pl.col("exempt").fill_null(False))
    return (
        balance_value(rows["verified"].to_numpy(), rows["intensity"].to_numpy()) if rows.height > 1 else None
    )


def _quota(row: Row, balance: float | None) -> dict[str, float | None]:
    """Return what the figures of one line should be; None where the plan has no rule for it."""
    year, sector, kind = int(str(row["year"])), str(row["sector"]), str(row["unit_class"] or "")
    verified = _number(row, "verified")
    made: dict[str, float | None] = {"balance_value": balance}
    if kind:
        b = _benchmark(year, kind)
        if b is not None:
            made |= {"benchmark_power": b.power, "benchmark_heat": b.heat}
        load, initial = _number(row, "load"), _number(row, "initial")
        if load is not None:
            made["load_factor"] = load_factor(load, year, kind)
        if initial is not None and verified is not None and row["installation"]:
            made["fixed"] = with_unit_top_up(initial, verified, kind, year)
    used, product = _number(row, "balance_value"), _number(row, "product")
    if sector == "steel" and product:
        parts = [_number(row, n) or 0.0 for n in ("ironmaking", "sinter")]
        made["intensity"] = sum(parts) / product
    intensity = _number(row, "intensity")
    slope, clip = _rule(sector, year, "slope"), _rule(sector, year, "clip")
    if used and intensity is not None and slope and clip:
        made["alpha"] = float(coefficient((used - intensity) / used, slope.value, clip.value))
    if row["exempt"] or _rule(sector, year, "verified"):
        made["initial"] = None if verified is None else float(np.floor(verified))
    if not row["installation"] and verified is not None and row["initial"] is not None:
        whole = fixed(sector, year, float(str(row["initial"])), verified)
        made |= {"fixed": whole.fixed, "obligation": whole.obligation}
    if row["fixed"] is not None and row["pre_issued"] is not None:
        given = float(str(row["fixed"])) - float(str(row["pre_issued"]))
        made["issued"] = given - (_number(row, "deducted") or 0.0)
    return made


def registry_line(get: Get) -> pl.DataFrame:
    """Return the years of the registry with the most that may be carried over and the fine of a shortfall."""
    frame = (
        get("registry_year")
        .join(
            get("facility").select("facility", pl.col("ets_sector").alias("sector")),
            on="facility",
            how="left",
        )
        .with_columns(pl.lit("registry").alias("subject"), pl.col("year").cast(pl.String).alias("period"))
    )
    totals = (
        get("allowance_year")
        .sort("facility", "year")
        .select(
            "facility",
            "year",
            pl.col("verified").fill_null(0).cum_sum().over("facility").alias("account_verified"),
            (pl.col("surrender") + pl.col("ccer_surrender"))
            .cum_sum()
            .over("facility")
            .alias("account_surrendered"),
        )
    )
    frame = frame.join(totals, on=["facility", "year"], how="left", maintain_order="left")
    made: list[dict[str, float | None]] = []
    for row in frame.iter_rows(named=True):
        short = (row["verified_total"] or 0.0) - (row["surrendered_total"] or 0.0)
        exposure = not_surrendered(short, row["price"] or 0.0, date(row["year"] + 1, 12, 31))
        most = carry_over(row["sector"] or "", row["holding"] or 0.0, row["net_sold"] or 0.0, 0.0)
        made.append(
            {"carried": 0.0 if row["in_default"] else most, "low": exposure.low, "high": exposure.high}
        )
    return _with(frame, made, ("carried", "low", "high"))


def noise_line(get: Get) -> pl.DataFrame:
    """Return noise by place and month with the tax it gives; two places over 100 m count as two units."""
    frame = get("noise_test").with_columns(pl.col("place").alias("subject"), pl.col("month").alias("period"))
    made: list[dict[str, float | None]] = [
        {
            "tax": noise_tax(row["day_excess"] or 0.0, row["night_excess"] or 0.0, row["days_over"] or 0.0)
            * (2 if row["long_boundary"] else 1)
        }
        for row in frame.iter_rows(named=True)
    ]
    return _with(frame, made, ("tax",))


@cache
def _equivalents() -> pl.DataFrame:
    rows = shelf("tax_equivalent").filter(pl.col("species") != "", pl.col("unit") == "kg")
    return rows.select(
        pl.col("species").alias("item"),
        pl.col("class").str.starts_with("air").alias("air"),
        pl.col("value").cast(pl.Float64).alias("annex_value"),
    ).unique(["item", "air"], keep="first")


def filed_figure(get: Get) -> pl.DataFrame:
    """Return what was filed of a month beside what the months' tables give for the same item.

    ``made`` and ``fired`` [t, or the unit filed], ``sulphur``, ``ash`` [t], ``account``, ``taxed`` [t], the
    annex's equivalent value, the guide in force, the set of warming potentials.
    """
    frame = get("filed_line").with_columns(
        pl.coalesce("installation", "outlet", pl.lit("works")).alias("subject"),
        pl.col("outlet").str.starts_with("DW").not_().fill_null(True).alias("air"),
        pl.coalesce("t", "value").alias("amount"),
    )
    who = get("facility").select("facility", "kind", "region", "ets_sector")
    keys = ["facility", "period", "item"]

    def total(name: str, item: str, value: pl.Expr, called: str) -> pl.DataFrame:
        rows = get(name).select(
            "facility", pl.col("month").alias("period"), pl.col(item).alias("item"), value
        )
        return rows.group_by(keys).agg(pl.col(value.meta.output_name()).sum().alias(called))

    fuel = get("fuel_use").filter(pl.col("state").is_in(["fired", "received"]))
    burnt = pl.concat(
        [
            fuel.select(
                "facility",
                pl.col("month").alias("period"),
                pl.lit(name).alias("item"),
                (pl.col(name) * pl.col("t") / 100).alias("content"),
            )
            for name in ("sulphur", "ash")
        ]
    )
    emission = get("facility_emission").filter(
        pl.col("counted").fill_null(True), pl.col("scope").fill_null("direct") == "direct"
    )
    account = emission.group_by("facility", pl.col("month").alias("period"), pl.col("species").alias("item"))
    yearly = emission.group_by(
        "facility", pl.col("month").str.slice(0, 4).alias("period"), pl.col("species").alias("item")
    )
    accounts = pl.concat([g.agg(pl.col("value").sum().alias("account")) for g in (account, yearly)])
    parts = [
        total("output", "product", pl.col("value"), "made"),
        fuel.group_by("facility", pl.col("month").alias("period"), pl.col("product").alias("item")).agg(
            pl.col("value").sum().alias("fired")
        ),
        burnt.group_by(keys).agg(pl.col("content").sum()),
        accounts,
        total("tax_account", "species", pl.col("emission") / 1000, "taxed"),
    ]
    for part in parts:
        frame = frame.join(part, on=keys, how="left", maintain_order="left")
    frame = frame.join(_equivalents(), on=["item", "air"], how="left", maintain_order="left")
    frame = frame.join(who, on="facility", how="left", maintain_order="left")
    grid = (
        shelf("grid")
        .filter(pl.col("year_from") != "")
        .select(
            pl.col("variant").alias("basis"), "area", "year_from", "year_to", pl.col("value").cast(pl.Float64)
        )
    )
    known = {(r["basis"], r["area"], y): r["value"] for r in grid.to_dicts() for y in _years(r)}
    guides: list[str | None] = []
    factors: list[float | None] = []
    for row in frame.select("kind", "period", "basis", "region").iter_rows(named=True):
        month = (row["period"] or "")[:7] if len(row["period"] or "") > 4 else f"{row['period']}-12"
        guides.append(_guide(row["kind"] or "", month))
        year = int(row["period"][:4]) if (row["period"] or "")[:4].isdigit() else 0
        near = [
            known[key]
            for y in range(year, year - 4, -1)
            for area in (row["region"], "100000")
            if (key := (row["basis"], area, y)) in known
        ]
        factors.append(near[0] if near else None)
    return frame.with_columns(
        pl.Series("guide", guides, dtype=pl.String),
        pl.Series("grid_factor", factors, dtype=pl.Float64),
        pl.col("ets_sector")
        .replace_strict(WARMING, default=GENERAL_WARMING, return_dtype=pl.String)
        .alias("warming"),
    )


def _years(row: Row) -> range:
    first = int(str(row["year_from"]))
    return range(first, int(str(row["year_to"] or first)) + 1)


RECOMPUTED: Mapping[str, Callable[[Get], pl.DataFrame]] = {
    "quota_line": quota_line,
    "registry_line": registry_line,
    "noise_line": noise_line,
    "filed_figure": filed_figure,
}
