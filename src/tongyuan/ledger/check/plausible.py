"""Plausibility: figures that no cell forbids and that cannot be, or hardly, each said at its cell.

Held against the totals of the nation and the world (shelf ``reference_total``), the year before, the people
and the product of the region, and the units that factors of the process know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, at_row
from tongyuan.ledger.table import PLACE, resource_rows, table
from tongyuan.ledger.text.clean import LISTED_MAX
from tongyuan.reference import units
from tongyuan.reference.energy import fuels
from tongyuan.reference.factors.carbon import carbon_factors
from tongyuan.reference.factors.library import library
from tongyuan.reference.factors.match import KEY, lineage
from tongyuan.reference.factors.resolve import heating_value, resolve
from tongyuan.reference.shelf import fold, shelf, title

Tables = Mapping[str, pl.DataFrame]
Letters = Mapping[str, Mapping[str, str]]

NATION, WORLD = "100000", "global"
NATION_MARGIN = 3.0
"""A figure of the nation may be this many times that of the reference year."""
JUMP, JUMP_YEARS, JUMP_SHARE = 10.0, 2, 0.01
"""A series that grows or falls tenfold within two years is odd, unless under 1 % of the largest."""
INTENSITY = 20.0
"""Per person or per GDP, a region may lie this many times above the nation."""
KNOWN = ("activity", "control", "energy_balance", "purchased_energy", "emission", "published_total")
"""Tables of what has happened, besides those of methods: no year of theirs is in the future."""


class Total(NamedTuple):
    """A total of an area [canonical unit], with its year and what it was read from."""

    value: float
    unit: str
    year: str


@cache
def _totals(area: str) -> dict[str, Total]:
    """Return the totals of an area by quantity."""
    found = {}
    for row in shelf("reference_total").filter(pl.col("area") == area).to_dicts():
        scale, unit = units.canonical(row["unit"])
        found[row["quantity"]] = Total(float(row["value"]) * scale, unit, row["year"])
    return found


@cache
def _indicators() -> dict[str, str]:
    """Return the names under which observations give a quantity of shelf ``reference_total``."""
    rows = shelf("reference_total").filter(pl.col("indicators") != "")
    return {fold(name): row["quantity"] for row in rows.to_dicts() for name in row["indicators"].split("|")}


def _total(area: str, quantity: str, unit: str) -> Total | None:
    """Return the total of `quantity`, or of its nearest group, in `unit`; None where there is none."""
    scale, canonical = units.canonical(unit)
    for step in lineage("product", quantity):
        total = _totals(area).get(step)
        if total is None:
            continue
        if total.unit == canonical:
            return Total(total.value / scale, unit, total.year)
        heat = heating_value(quantity, fuels.DEFAULT_SET)
        if heat is not None and (total.unit, canonical) == ("TJ", heat[1]):
            return Total(total.value / heat[0] / scale, unit, total.year)
        if heat is not None and (total.unit, canonical) == (heat[1], "TJ"):
            return Total(total.value * heat[0] / scale, unit, total.year)
    return None


def _named(quantity: str) -> Bilingual:
    names = [title("product", quantity, language) for language in ("zh", "en")]
    if names[0] == quantity:
        first = next((n for n, q in _indicators().items() if q == quantity), quantity)
        return Bilingual(first, quantity)
    return Bilingual(*names)


def _rows(tables: Tables) -> pl.DataFrame:
    """Return what is measured in every table that is held against totals: place, region, year, quantity."""
    parts = []
    for name in ("activity", "energy_balance"):
        if name in tables and tables[name].height:
            frame = tables[name]
            columns = [c for c in ("process", "item") if c in frame.columns]
            parts.append(
                frame.select(
                    PLACE, "region", "year", *columns, pl.col("product").alias("quantity"), "value", "unit"
                )
            )
    if "observation" in tables and tables["observation"].height:
        frame = tables["observation"].filter(pl.col("period").str.contains(r"^\d{4}$"))
        names = {n: _indicators().get(fold(n)) for n in frame["indicator"].drop_nulls().unique().to_list()}
        parts.append(
            frame.select(
                PLACE,
                "region",
                pl.col("period").cast(pl.Int64).alias("year"),
                pl.col("indicator")
                .replace_strict(names, default=None, return_dtype=pl.String)
                .alias("quantity"),
                "value",
                "unit",
            )
        )
    if not parts:
        return pl.DataFrame(schema={"quantity": pl.String})
    rows = pl.concat(parts, how="diagonal_relaxed").drop_nulls(
        ["region", "year", "quantity", "value", "unit"]
    )
    known = [u for u in rows["unit"].unique().to_list() if units.known(u)]
    return rows.filter(pl.col("unit").is_in(known), pl.col("value") > 0)


def _limits(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the totals of the nation and the world for every quantity and unit of `rows`."""
    found = []
    for quantity, unit in rows.select("quantity", "unit").unique().rows():
        nation, world = _total(NATION, quantity, unit), _total(WORLD, quantity, unit)
        if nation is not None:
            found.append((quantity, unit, nation.value, nation.year, world.value if world else None))
    schema = {
        "quantity": pl.String,
        "unit": pl.String,
        "nation": pl.Float64,
        "of": pl.String,
        "world": pl.Float64,
    }
    return pl.DataFrame(found, schema=schema, orient="row")


def _each(
    odd: pl.DataFrame,
    check: str,
    column: str,
    letters: Letters,
    words: Callable[[dict[str, Any]], dict[str, Any]],
) -> Iterator[Finding]:
    """Yield finding `check` for each row of `odd`, and one that counts those beyond `LISTED_MAX`."""
    for row in odd.head(LISTED_MAX).to_dicts():
        yield at_row("ledger", check, row[PLACE] or "", column, letters, **words(row))
    if odd.height > LISTED_MAX:
        rest = odd.height - LISTED_MAX
        more = at_row("ledger", "more_like_this", odd[PLACE][0] or "", column, letters, count=rest)
        yield replace(more, row=None)


def beyond_totals(tables: Tables, letters: Letters) -> Iterator[Finding]:
    """Yield figures above the total of the nation, or of the world."""
    rows = _rows(tables)
    if rows.is_empty():
        return
    beside = rows.join(_limits(rows), on=["quantity", "unit"])
    whole = pl.col("region").is_in([NATION, "CN"])
    limit = (
        pl.when(whole).then(pl.min_horizontal(pl.col("nation") * NATION_MARGIN, "world")).otherwise("nation")
    )
    above = beside.with_columns(limit=limit).filter(pl.col("value") > pl.col("limit"))
    beyond = (pl.col("value") > pl.col("world")).fill_null(False)
    for check, total in (("more_than_world", "world"), ("more_than_nation", "nation")):
        yield from _each(
            above.filter(beyond if total == "world" else ~beyond),
            check,
            "value",
            letters,
            lambda row, total=total: {  # type: ignore[misc]
                "quantity": _named(row["quantity"]),
                "value": f"{row['value']:.6g} {row['unit']}",
                "total": f"{row[total]:.4g} {row['unit']}",
                "of": row["of"],
            },
        )


def beyond_intensity(tables: Tables, letters: Letters) -> Iterator[Finding]:
    """Yield fuels burnt that are far above the nation's per person, or per unit of product."""
    rows = _rows(tables)
    if rows.is_empty() or "observation" not in tables:
        return
    burning = shelf("balance_process")["balance_item"].unique().implode()
    burnt = rows.with_columns(
        pl.lit(None, dtype=pl.String).alias(c) for c in ("process", "item") if c not in rows.columns
    ).filter(pl.col("process").is_not_null() | pl.col("item").is_in(burning))
    beside = burnt.join(_limits(burnt), on=["quantity", "unit"]) if burnt.height else burnt
    for base in ("population", "GDP"):
        whole = _totals(NATION)[base]
        of = rows.filter(pl.col("quantity") == base)
        scale = {
            u: units.canonical(u)[0]
            for u in of["unit"].unique().to_list()
            if units.canonical(u)[1] == whole.unit
        }
        if not scale or beside.is_empty():
            continue
        size = (
            of.filter(pl.col("unit").is_in(list(scale)))
            .with_columns(
                size=pl.col("value") * pl.col("unit").replace_strict(scale, return_dtype=pl.Float64)
            )
            .group_by("region", "year")
            .agg(pl.col("size").max())
        )
        mean = pl.col("nation") / whole.value
        odd = beside.join(size, on=["region", "year"]).with_columns(
            ratio=pl.col("value") / pl.col("size") / mean
        )
        yield from _each(
            odd.filter(pl.col("ratio") > INTENSITY),
            "odd_intensity",
            "value",
            letters,
            lambda row, base=base: {  # type: ignore[misc]
                "quantity": _named(row["quantity"]),
                "value": f"{row['value']:.6g} {row['unit']}",
                "base": _named(base),
                "ratio": f"{row['ratio']:,.0f}",
            },
        )


def _amounts(name: str) -> list[str]:
    """Return the columns of a table that hold amounts of a year."""
    own = {r["column"] for r in resource_rows("own_column.csv") if r["table"] == name}
    return [
        c.name
        for c in table(name).columns
        if c.type == "number" and c.minimum in (0.0, None) and c.name not in own
    ]


def jumps(tables: Tables, letters: Letters) -> Iterator[Finding]:
    """Yield series that grow or fall tenfold from one year to the next (or the one after)."""
    for name, given in tables.items():
        keys = [c.name for c in table(name).columns if c.key]
        frame = given
        if name == "observation":
            whole = given.filter(pl.col("period").str.contains(r"^\d{4}$"))
            frame = whole.with_columns(pl.col("period").cast(pl.Int64).alias("year"))
            keys = ["year", "region", "indicator"]
        if "year" not in keys or table(name).role != "input" or frame.height < 2:
            continue
        keys.remove("year")
        for column in _amounts(name):
            if column not in frame.columns or ("unit" in frame.columns and column != "value"):
                continue
            yield from _jumps_of(frame, keys, column, letters)


def _jumps_of(frame: pl.DataFrame, keys: list[str], column: str, letters: Letters) -> Iterator[Finding]:
    series = frame.drop_nulls(["year", column]).filter(pl.col(column) != 0)
    if "unit" in frame.columns:
        known = [(u, *units.canonical(u)) for u in series["unit"].drop_nulls().unique() if units.known(u)]
        schema = {"unit": pl.String, "scale": pl.Float64, "kind": pl.String}
        in_units = pl.DataFrame(known, schema=schema, orient="row")
        series = series.join(in_units, on="unit").with_columns(size=pl.col(column) * pl.col("scale"))
    else:
        series = series.with_columns(size=pl.col(column).cast(pl.Float64), kind=pl.lit(""))
    if series.height < 2:
        return
    whole = [*keys, "kind", "year"]
    if series.select(whole).is_duplicated().any():  # rows of one source: their sum is the series
        amounts = (pl.col(PLACE).first(), pl.col(column, "size").sum())
        series = series.group_by(whole, maintain_order=True).agg(*amounts)
    same = [k for k in ("region", "product", "indicator", "kind") if k in series.columns]
    numbered = series.select(
        PLACE,
        "year",
        column,
        pl.col("size").abs(),
        pl.struct(*keys, "kind").hash().alias("series"),
        pl.struct(same).hash().alias("same"),
    ).sort("series", "year")
    follows = pl.col("series") == pl.col("series").shift(1)
    ratio = pl.col("size") / pl.col("size").shift(1)
    odd = numbered.with_columns(
        ratio=ratio,
        gap=pl.col("year") - pl.col("year").shift(1),
        earlier=pl.col("year").shift(1),
        greater=pl.max_horizontal("size", pl.col("size").shift(1)),
        largest=pl.col("size").max().over("same"),
    ).filter(
        follows,
        pl.col("gap").is_between(1, JUMP_YEARS),
        (pl.col("ratio") >= JUMP) | (pl.col("ratio") <= 1 / JUMP),
        pl.col("greater") >= JUMP_SHARE * pl.col("largest"),
    )
    yield from _each(
        odd.sort(PLACE),
        "tenfold",
        column,
        letters,
        lambda row: {
            "ratio": f"{max(row['ratio'], 1 / row['ratio']):,.0f}",
            "year": row["year"],
            "earlier": row["earlier"],
            "value": f"{row[column]:.6g}",
        },
    )


def future(tables: Tables, letters: Letters, today: int | None = None) -> Iterator[Finding]:
    """Yield rows of what has happened whose year is still to come."""
    now = today or datetime.now(UTC).year
    for name, frame in tables.items():
        columns = {c.name for c in table(name).columns}
        if "year" not in columns or not (name in KNOWN or "activity_id" in columns):
            continue
        late = frame.filter(pl.col("year") > now)
        yield from _each(late, "future_year", "year", letters, lambda row: {"value": row["year"], "now": now})


def process_units(tables: Tables, letters: Letters) -> Iterator[Finding]:
    """Yield rows of activity in a unit no factor of their process can be brought to: they yield nothing."""
    frame = tables.get("activity")
    if frame is None or frame.is_empty():
        return
    known = {u: units.canonical(u)[1] for u in frame["unit"].drop_nulls().unique() if units.known(u)}
    rows = frame.drop_nulls(["region", "year", "process"]).filter(pl.col("unit").is_in(list(known)))
    on = ["process", "product", "technology", "canonical"]
    rows = rows.with_columns(
        pl.col("product", "technology").fill_null(""),
        pl.col("unit").replace_strict(known, return_dtype=pl.String).alias("canonical"),
    )
    keys = rows.unique(on, keep="first", maintain_order=True).select(*KEY, pl.col("canonical").alias("unit"))
    columns = library().columns
    own = tables.get("factor", library().clear()).drop(PLACE, strict=False)
    records = pl.concat(
        [own, library().select(columns), carbon_factors(fuels.DEFAULT_SET)], how="diagonal_relaxed"
    )
    found = resolve(keys, records)
    lost = found.issues.filter(pl.col("check") == "dimension").join(
        found.factors.select(*KEY, "unit").unique(), on=[*KEY, "unit"], how="anti"
    )
    ids = dict(records.select("record_id", "unit").drop_nulls().iter_rows())
    wanted = lost.group_by("process", "product", "technology", pl.col("unit").alias("canonical")).agg(
        pl.col("records").str.split(", ").explode().unique(maintain_order=True).head(3)
    )
    yield from _each(
        rows.join(wanted, on=on, maintain_order="left"),
        "process_unit",
        "unit",
        letters,
        lambda row: {
            "process": Bilingual.titled("process", row["process"]),
            "value": row["unit"],
            "allowed": ", ".join(dict.fromkeys(ids[r] for r in row["records"] if r in ids)),
        },
    )


def implausible(tables: Tables, letters: Letters) -> list[Finding]:
    """Return everything odd about `tables`, given as :class:`tongyuan.ledger.read.read.Reading` has them."""
    with_place = {
        name: frame if PLACE in frame.columns else frame.with_columns(pl.lit("").alias(PLACE))
        for name, frame in tables.items()
    }
    found: list[Finding] = []
    for look in (future, beyond_totals, beyond_intensity, jumps, process_units):
        found += look(with_place, letters)
    return found
