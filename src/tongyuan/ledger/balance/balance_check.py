"""The arithmetic of an energy balance: which rows and columns do not close, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.table import PLACE, read_resource
from tongyuan.reference import units
from tongyuan.reference.region import COUNTRY, catalogue
from tongyuan.reference.shelf import shelf

DECIMALS = 2
"""Decimals with which yearbooks print a balance."""

DIFFERENCE_MAX = 0.10
"""Largest statistical difference, of the turnover, that is tolerable even for a minor product
(IEA/OECD/Eurostat, Energy Statistics Manual, 2004, chapter 1, on statistical differences)."""

NATION_SPAN = (0.9, 1.1)
"""Sum of all provinces over the nation that is not worth a word."""

PROVINCES = 30
"""Provinces with an energy balance: all but Tibet."""

EDITIONS = frozenset({"stock_opening", "stock_closing", "recovery"})
"""Items of supply that only older editions print."""


@cache
def _parts() -> dict[str, dict[str, float]]:
    """Return each total item → its parts with their signs; rows "of which" are not parts."""
    found: dict[str, dict[str, float]] = {}
    for row in shelf("balance_item").to_dicts():
        if row["parent"] and row["sign"] in ("1", "-1"):
            found.setdefault(row["parent"], {})[row["balance_item"]] = float(row["sign"])
    return found


@cache
def _totals() -> dict[str, tuple[str, ...]]:
    frame = read_resource("balance_total.csv")
    return {
        total: tuple(frame.filter(pl.col("total") == total)["product"])
        for total in frame["total"].unique(maintain_order=True)
    }


def without_totals(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return `frame` without totals whose fuels are given for the same region and year, and their number.

    Entered beside their fuels, total coal and total petroleum would count them twice.
    """
    keep = pl.lit(True)
    for total, fuels in _totals().items():
        given = pl.col("product").is_in(fuels).any().over("region", "year")
        keep = keep & ~((pl.col("product") == total) & given).fill_null(False)
    kept = frame.filter(keep)
    return kept, frame.height - kept.height


def region_name(region: str) -> Bilingual:
    """Return the titles of `region`, or `region` itself where it is not an administrative one."""
    if not region:
        return Bilingual("（地区未写明）", "(region not stated)")
    try:
        return Bilingual.titled("region", region)
    except KeyError:
        return Bilingual(region, region)


def _tolerance(count: int, decimals: int) -> float:
    """Return how far rounding alone can part a total from the sum of `count` parts."""
    return float((count + 1) * 0.5 * 10.0**-decimals * 1.0000001)


def check_balance(
    frame: pl.DataFrame,
    *,
    printed: Mapping[str, int] | None = None,
    listed: Iterable[str] = (),
    tolerance: float | None = None,
) -> list[Finding]:
    """Return the findings on the arithmetic of table energy_balance.

    Parameters
    ----------
    frame
        Rows of table energy_balance; items that are subtracted hold positive numbers.
    printed
        Decimals each product is printed with; two where it is not given.
    listed
        Items whose row stands in the source even where every cell of it is blank.
    tolerance
        Allowed difference in the unit of the rows; the rounding of all terms when not given.

    Notes
    -----
    For every region, year and product: each total equals its parts with their signs (supply, transformation,
    final, residential); supply + transformation − losses − final consumption = balance difference; and
    total coal and total petroleum, where they are given, equal the sums of their fuels.
    """
    findings: list[Finding] = []
    for (region, year), group in frame.group_by(["region", "year"], maintain_order=True):
        findings += _check_year(str(region or ""), year, group, printed or {}, set(listed), tolerance)
    return findings


def check_nation(frame: pl.DataFrame) -> list[Finding]:
    """Return where the provinces of a table energy_balance do not fit the nation of the same year.

    Final and total consumption of a product over provinces may not exceed the nation's; with every province
    there, they may not fall short of it either.
    """
    nation = frame.filter(
        (pl.col("region") == COUNTRY) & pl.col("item").is_in(["final", "total_consumption"])
    )
    if not nation.height:
        return []
    keys = ["year", "item", "product", "unit"]
    provinces = frame.join(
        pl.DataFrame({"region": [r.region for r in catalogue().values() if r.level == "province"]}),
        on="region",
    )
    summed = provinces.group_by(keys).agg(
        pl.col("value").sum().alias("computed"), pl.col("region").n_unique().alias("count")
    )
    both = nation.join(summed, on=keys, maintain_order="left").with_columns(
        share=pl.col("computed") / pl.col("value")
    )
    low, high = NATION_SPAN
    wrong = both.filter((pl.col("share") > high) | ((pl.col("share") < low) & (pl.col("count") >= PROVINCES)))
    return [
        _at(
            nation, "balance_over_nation", row["item"], row["product"],
            item=Bilingual.titled("balance_item", row["item"]),
            product=Bilingual.titled("product", row["product"]),
            year=row["year"], unit=row["unit"], printed=row["value"], computed=row["computed"],
            count=row["count"], share=row["share"],
        )
        for row in wrong.to_dicts()
    ]  # fmt: skip


def _check_year(
    region: str, year: Any, group: pl.DataFrame, printed: Mapping[str, int], listed: set[str],
    tolerance: float | None,
) -> list[Finding]:  # fmt: skip
    findings: list[Finding] = []
    place = region_name(region)
    present = listed | set(group["item"].drop_nulls().to_list())
    checked = []
    for total, parts in _parts().items():
        there = present & set(parts)
        if not there or total not in present:
            continue
        common = there | (set(parts) - EDITIONS)
        if 2 * len(there) < len(common):
            words = {"region": place, "year": year, "present": len(there), "count": len(common)}
            findings.append(
                _at(
                    group,
                    "balance_incomplete",
                    total,
                    "",
                    item=Bilingual.titled("balance_item", total),
                    **words,
                )
            )
        else:
            checked.append(total)
    for (product, unit), rows in group.group_by(["product", "unit"], maintain_order=True):
        cells = dict(zip(rows["item"], rows["value"], strict=True))
        decimals = printed.get(str(product), DECIMALS)
        base = {
            "region": place,
            "year": year,
            "unit": unit,
            "product": Bilingual.titled("product", str(product)),
        }
        for total in checked:
            parts = _parts()[total]
            computed = sum(
                sign * (abs(cells.get(item) or 0.0) if sign < 0 else (cells.get(item) or 0.0))
                for item, sign in parts.items()
            )
            counted = len(set(parts) - EDITIONS | present & set(parts))
            limit = _tolerance(counted, decimals) if tolerance is None else tolerance
            words = {**base, "item": Bilingual.titled("balance_item", total)}
            findings += _differ(
                group, "balance_sum", total, str(product), cells.get(total) or 0.0, computed, limit, words
            )
        if {"supply", "final"} <= present and total_present(cells):
            get = {k: cells.get(k) or 0.0 for k in ("supply", "transformation", "loss", "final")}
            computed = get["supply"] + get["transformation"] - get["loss"] - get["final"]
            limit = _tolerance(4, decimals) if tolerance is None else tolerance
            difference = cells.get("balance_difference") or 0.0
            findings += _differ(
                group,
                "balance_closure",
                "balance_difference",
                str(product),
                difference,
                computed,
                limit,
                base,
            )
        findings += _large_difference(group, str(product), cells, base)
    return findings + _fuel_totals(region, year, group, printed, tolerance)


def _large_difference(
    group: pl.DataFrame, product: str, cells: Mapping[str, float | None], base: Mapping[str, Any]
) -> list[Finding]:
    """Return a finding where supply and use of a product differ by more than a tenth of its turnover.

    The turnover is all that comes in: production, inflow, imports, stocks, outputs of transformation.
    """
    get = {name: value or 0.0 for name, value in cells.items()}
    sources = [
        item for total in ("supply", "transformation") for item, sign in _parts()[total].items() if sign > 0
    ]
    totals = [abs(get.get(item, 0.0)) for item in ("supply", "transformation", "final")]
    turnover = max(sum(max(get.get(item, 0.0), 0.0) for item in sources), *totals)
    difference = get.get("balance_difference", 0.0)
    if abs(difference) <= DIFFERENCE_MAX * turnover or abs(difference) < 1:
        return []
    share = abs(difference) / turnover if turnover else 1.0
    words = {"printed": difference, "share": share, "limit": DIFFERENCE_MAX, **base}
    return [_at(group, "balance_difference_large", "balance_difference", product, **words)]


def total_present(cells: Mapping[str, float | None]) -> bool:
    """Return whether a column has any of the totals that must close."""
    return any(cells.get(item) is not None for item in ("supply", "transformation", "loss", "final"))


def _fuel_totals(
    region: str, year: Any, group: pl.DataFrame, printed: Mapping[str, int], tolerance: float | None
) -> list[Finding]:
    findings: list[Finding] = []
    for total, fuels in _totals().items():
        printed_rows = group.filter(pl.col("product") == total)
        for item, unit, value in printed_rows.select("item", "unit", "value").rows():
            if item == "total_consumption":
                continue
            among = group.filter(
                (pl.col("item") == item) & pl.col("product").is_in(fuels) & (pl.col("unit") == unit)
            )
            computed = float(among["value"].sum())
            decimals = min((printed.get(fuel, DECIMALS) for fuel in (total, *fuels)), default=DECIMALS)
            limit = _tolerance(len(fuels), decimals) if tolerance is None else tolerance
            words = {
                "region": region_name(region),
                "year": year,
                "unit": unit,
                "item": Bilingual.titled("balance_item", item),
                "product": Bilingual.titled("product", total),
            }
            findings += _differ(group, "balance_total", item, total, value, computed, limit, words)
    return findings


def _differ(
    group: pl.DataFrame, check: str, item: str, product: str, printed: float, computed: float, limit: float,
    words: Mapping[str, Any],
) -> list[Finding]:  # fmt: skip
    difference = printed - computed
    if abs(difference) <= limit + 1e-9 * max(abs(printed), abs(computed)):
        return []
    amounts = {"printed": printed, "computed": computed, "difference": difference, "tolerance": limit}
    return [_at(group, check, item, product, **amounts, **words)]


def _at(group: pl.DataFrame, check: str, item: str, product: str, /, **words: Any) -> Finding:
    """Make a finding at the row of `item`, as far as the rows know their place."""
    file = sheet = ""
    row = None
    if PLACE in group.columns:
        here = group.filter(pl.col("item") == item)
        exact = here.filter(pl.col("product") == product)
        place = next(iter((exact if exact.height else here)[PLACE].to_list()), None)
        if place:
            file, _, rest = place.partition("|")
            sheet, _, number = rest.rpartition("|")
            row = int(number) if number.isdigit() else None
    if "unit" in words:
        english = units.text(words["unit"], "en")
        times = "× " if english.startswith("10") else ""
        words["unit"] = Bilingual(units.text(words["unit"], "zh"), times + english)
    return finding("ledger", check, file=file, sheet=sheet, row=row, **words)
