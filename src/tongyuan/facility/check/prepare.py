"""Tables made ready for predicates: amounts in one unit, what shelves know of a row, first and last day
of a month."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache

import polars as pl

from tongyuan.ledger.table import PLACE, table
from tongyuan.reference import units
from tongyuan.reference.shelf import identify, shelf

CANONICAL = {"mass": "t", "volume": "e4m3", "energy": "gj"}
"""Column in which an amount of each dimension stands: tonnes, 10^4 m3, GJ."""
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHT = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
DUE = {
    "month_deposit": ("1mo", 39),
    "month_permit": ("1mo", 9),
    "quarter_permit": ("1q", 14),
    "quarter_tax": ("1q", 14),
    "year_permit": ("1y", 30),
    "year_emission": ("1y", 89),
    "year_disclosure": ("1y", 73),
}
"""Days after the first day of the next month, quarter or year by which a report is due."""
SPECIES = {
    "SO2": "a21026",
    "NOx": "a21002",
    "PM": "a34013",
    "TSP": "a34013",
    "COD": "w01018",
    "NH3-N": "w21003",
}


def code_right(code: str) -> bool:
    """Return whether the check character of a unified social credit code is right (GB 32100, modulus 31)."""
    if len(code) != 18 or any(c not in CODE for c in code):
        return False
    total = sum(CODE.index(c) * w for c, w in zip(code, WEIGHT, strict=False))
    return CODE[(31 - total % 31) % 31] == code[17]


@cache
def _parents() -> dict[str, str]:
    frame = shelf("product")
    return dict(zip(frame["product"], frame["parent"], strict=True))


@cache
def family(product: str) -> str:
    """Return the family of a product: the topmost of its line on the shelf, but coke by itself."""
    line = [product]
    while _parents().get(line[-1]):
        line.append(_parents()[line[-1]])
    return "coke" if {"coke", "semi_coke"} & set(line) else line[-1] if line[-1] in _parents() else ""


@cache
def rank(product: str) -> str:
    """Return the rank of a coal (anthracite, bituminous, lignite), empty for what is not named so."""
    while product:
        if product in ("anthracite", "bituminous", "lignite"):
            return product
        product = _parents().get(product, "")
    return ""


@cache
def _scale(unit: str) -> tuple[str, float]:
    """Return the column of an amount in `unit` and the factor to it; the column is empty for other
    dimensions."""
    try:
        kind = units.dimension(unit)
        factor, _ = units.canonical(unit)
    except ValueError:
        return "", math.nan
    return CANONICAL.get(kind, ""), factor * {"volume": 1e-4, "energy": 1e3}.get(kind, 1.0)


def _look(
    column: str, of: Callable[[str], object], kind: pl.DataType, name: str
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return a step that adds `name`, a function of the texts of `column`, looked up once for each text."""

    def add(frame: pl.DataFrame) -> pl.DataFrame:
        texts = frame[column].unique().drop_nulls().to_list()
        return frame.with_columns(
            pl.col(column)
            .replace_strict(texts, [of(t) for t in texts], default=None, return_dtype=kind)
            .alias(name)
        )

    return add


def _amounts(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``t``, ``e4m3``, ``gj`` and ``mwh``: the amount in the unit of its dimension, else null."""
    texts = frame["unit"].unique().drop_nulls().to_list()
    scale = {t: _scale(t) for t in texts}
    factor = pl.col("unit").replace_strict(
        texts, [scale[t][1] for t in texts], default=None, return_dtype=pl.Float64
    )
    kind = pl.col("unit").replace_strict(
        texts, [scale[t][0] for t in texts], default=None, return_dtype=pl.String
    )
    made = [pl.when(kind == name).then(pl.col("value") * factor).alias(name) for name in CANONICAL.values()]
    return frame.with_columns(*made, kind.alias("dimension")).with_columns((pl.col("gj") / 3.6).alias("mwh"))


def _months(frame: pl.DataFrame) -> pl.DataFrame:
    first = (pl.col("month") + "-01").str.to_date(strict=False)
    return frame.with_columns(
        first.alias("first_day"),
        first.dt.month_end().alias("last_day"),
        first.dt.month_end().dt.day().cast(pl.Float64).alias("days"),
        *([] if "year" in frame.columns else [first.dt.year().cast(pl.Int64).alias("year")]),
    )


def _due(frame: pl.DataFrame) -> pl.DataFrame:
    due = pl.lit(None, dtype=pl.Date)
    for kind, (step, days) in DUE.items():
        day = pl.col("first_day").dt.truncate(step).dt.offset_by(step) + pl.duration(days=days)
        due = pl.when(pl.col("kind") == kind).then(day).otherwise(due)
    return frame.with_columns(due.cast(pl.Date).alias("due"))


def _samples(frame: pl.DataFrame) -> pl.DataFrame:
    """Add carbon [%] and net heat [kJ/kg] as received, from the basis they are reported on."""
    wet, dry = pl.col("moisture_ar"), pl.col("moisture_ad")
    from_ad = (100 - wet) / (100 - dry)
    basis = pl.col("basis")
    carbon, heat = pl.col("carbon"), pl.col("heat_net")
    return frame.with_columns(
        pl.when(basis == "ar")
        .then(carbon)
        .when(basis == "ad")
        .then(carbon * from_ad)
        .when(basis == "d")
        .then(carbon * (1 - wet / 100))
        .when(basis == "daf")
        .then(carbon * (1 - wet / 100) * (1 - pl.col("ash") / 100))
        .alias("carbon_ar"),
        pl.when(basis == "ar")
        .then(heat)
        .when(basis == "ad")
        .then((heat + 23 * dry) * from_ad - 23 * wet)
        .when(basis == "d")
        .then(heat * (1 - wet / 100) - 23 * wet)
        .alias("heat_ar"),
    )


def _fuel(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the heat [GJ] and carbon as received [%] of a fuel that was used."""
    wet, dry = pl.col("moisture_ar"), pl.col("moisture_ad")
    carbon, basis = pl.col("carbon"), pl.col("carbon_basis")
    heat = pl.coalesce(pl.col("t"), pl.col("e4m3")) * pl.col("ncv")
    return frame.with_columns(
        pl.coalesce(pl.col("gj"), heat).alias("gj"),
        pl.when(basis.is_null() | (basis == "ar"))
        .then(carbon)
        .when(basis == "ad")
        .then(carbon * (100 - wet) / (100 - dry))
        .when(basis == "d")
        .then(carbon * (1 - wet / 100))
        .alias("carbon_ar"),
    )


@cache
def _industries() -> frozenset[str]:
    return frozenset(shelf("industry")[shelf("industry").columns[0]])


@cache
def _regions() -> frozenset[str]:
    return frozenset(shelf("region")["region"])


@cache
def _product(text: str) -> str | None:
    return identify("product", text)


FAMILY = _look("product", family, pl.String(), "family")
PARAMETER = _look("species", lambda s: SPECIES.get(s), pl.String(), "code")
STEPS: Mapping[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], ...]] = {
    "facility": (
        _look("facility", code_right, pl.Boolean(), "code_right"),
        _look(
            "industry",
            lambda c: (
                len(c.lstrip("ABCDEFGHIJKLMNOPQRST")) == 4
                and (c in _industries() or c.lstrip("ABCDEFGHIJKLMNOPQRST") in _industries())
            ),
            pl.Boolean(),
            "industry_known",
        ),
        _look("region", lambda r: r in _regions(), pl.Boolean(), "region_known"),
    ),
    "fuel_use": (_amounts, FAMILY, _look("product", rank, pl.String(), "rank"), _fuel),
    "fuel_day": (_amounts, FAMILY),
    "fuel_sample": (FAMILY, _look("product", rank, pl.String(), "rank"), _samples),
    "output": (_amounts, FAMILY),
    "energy_trade": (_amounts,),
    "facility_emission": (FAMILY,),
    "purchase": (_amounts, FAMILY),
    "filed_line": (_amounts,),
    "permit_limit": (PARAMETER,),
    "manual_test": (PARAMETER, lambda f: f.with_columns(pl.col("time").dt.truncate("1h").alias("hour"))),
    "reading": (lambda f: f.with_columns(pl.col("hour").dt.month_end().dt.day().alias("days")),),
    "month_report": (_months, _due),
    "statistic": (_look("item", _product, pl.String(), "product"),),
}


def prepared(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    """Return a table of the ledger in form, with the columns predicates use; an empty one where there
    is none."""
    definition = table(name)
    frame = tables.get(name, pl.DataFrame())
    columns = [
        (pl.col(c).cast(kind, strict=False) if c in frame.columns else pl.lit(None, dtype=kind).alias(c))
        for c, kind in definition.dtypes.items()
    ]
    place = pl.col(PLACE) if PLACE in frame.columns else pl.lit(None, dtype=pl.String).alias(PLACE)
    frame = (
        frame.select(*columns, place)
        if frame.width
        else pl.DataFrame(schema={**definition.dtypes, PLACE: pl.String()})
    )
    if "month" in definition.dtypes and name != "month_report":
        frame = _months(frame)
    for step in STEPS.get(name, ()):
        frame = step(frame)
    return frame
