"""Computed against published totals: the ratio, and by rule why they may differ."""

from __future__ import annotations

import re

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import identify
from tongyuan.reference.species import parts

ROOM = "inventory"
CLOSE = (0.8, 1.25)
"""Ratios that are called close: within a fifth below and, mirrored, a quarter above."""


def sources(boundary: str) -> tuple[str, ...]:
    """Return the processes that a boundary names by id or title (several with +, 、 or ,), else none."""
    found = [identify("process", part) for part in re.split(r"[+、,，;；]", boundary) if part.strip()]
    return tuple(name for name in found if name) if found and all(found) else ()


def _computed(
    emission: pl.DataFrame, region: str, year: int, species: str, inside: tuple[str, ...]
) -> float | None:
    rows = emission.filter(
        pl.col("region") == region,
        pl.col("year") == year,
        pl.col("species") == species,
        pl.col("scope") == "direct",
    )
    if inside:
        process = pl.col("process")
        rows = rows.filter(
            pl.any_horizontal([(process == name) | process.str.starts_with(f"{name}.") for name in inside])
        )
    return float(rows["value"].sum()) if rows.height else None


def _reason(ratio: float | None, species: str, gap: pl.DataFrame) -> str:
    """Return the key of the sentence that explains a ratio."""
    if ratio is None:
        return "compare_missing"
    if CLOSE[0] <= ratio <= CLOSE[1]:
        return "compare_close"
    named = pl.col("species").fill_null("").str.split("|")
    concerned = gap.filter(pl.any_horizontal([named.list.contains(s) for s in {species, *_parts(species)}]))
    kinds = set(concerned["kind"]) | set(gap.filter(pl.col("species").is_null())["kind"])
    if ratio > CLOSE[1]:
        return "compare_high_no_control" if "no_control" in kinds else "compare_high"
    return "compare_low_gap" if kinds & {"no_factor", "no_activity", "part_year"} else "compare_low"


def _parts(species: str) -> tuple[str, ...]:
    try:
        return parts(species)
    except KeyError:
        return ()


def comparison(
    emission: pl.DataFrame, published_total: pl.DataFrame, gap: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return table ``comparison``: every published total beside what this inventory gives.

    Parameters
    ----------
    emission
        Table ``emission``.
    published_total
        Table ``published_total``. A ``boundary`` that names processes is compared with these alone, any
        other with the whole inventory.
    gap
        Table ``gap``, which the explanation draws on.

    Returns
    -------
    polars.DataFrame
        A species this inventory does not hold is listed with empty ratio, never hidden.
    """
    gaps = gap if gap is not None else empty("gap")
    rows = []
    for row in published_total.iter_rows(named=True):
        inside = sources(row["boundary"])
        factor, unit = units.canonical(row["unit"])
        published = row["value"] * factor
        computed = _computed(emission, row["region"], row["year"], row["species"], inside)
        ratio = computed / published if computed is not None and published else None
        here = gaps.filter(pl.col("region") == row["region"], pl.col("year") == row["year"])
        reason = _reason(ratio, row["species"], here)
        words = {}
        for language in ("zh", "en"):
            words[language] = say(
                ROOM, reason, language, ratio="–" if ratio is None else f"{ratio:.2f}", species=row["species"]
            ) + say(ROOM, "compare_part" if inside else "compare_whole", language, boundary=row["boundary"])
        rows.append(
            {
                "region": row["region"],
                "year": row["year"],
                "species": row["species"],
                "boundary": row["boundary"],
                "computed": computed,
                "published": published,
                "unit": unit,
                "ratio": ratio,
                "source": row["source"],
                "explanation_zh": words["zh"],
                "explanation_en": words["en"],
            }
        )
    return conform("comparison", pl.DataFrame(rows, schema=empty("comparison").schema))
