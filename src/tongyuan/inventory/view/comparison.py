"""Computed against published totals: the ratio, and by rule why they may differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.table import ONLY, conform, empty, read_lists
from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, identify, title
from tongyuan.reference.species import parts

ROOM = "inventory"
LANGUAGES: tuple[Language, Language] = ("zh", "en")
CLOSE, ROUNDING = 0.1, 1e-12
"""Relative difference up to which a computed total is said to agree with a published one."""
LISTED = 4
_JOINT = re.compile(r"[+、,，;；]")
FOLD, LEAST = 2.0, 0.1
"""Ratio from which a total is said to be so many times the published one; least difference printed [%]."""
LOW, HIGH = ("no_activity", "no_factor"), ("no_control",)
"""Kinds of gap that make a total too low, and those that make it too high."""


def sources(boundary: str) -> tuple[str, ...]:
    """Return the processes that a boundary names by id or title (several with +, 、 or ,), else none."""
    found = [identify("process", part) for part in _JOINT.split(boundary) if part.strip()]
    return tuple(name for name in found if name) if found and all(found) else ()


def covered(boundary: str, compared: Sequence[str] | None) -> tuple[str, ...]:
    """Return the processes a published total is compared with; none stands for every source.

    Raises
    ------
    FindingError
        If column ``compared`` names something that is no process.
    """
    words = [word for word in compared or () if word != ONLY]
    if not words:
        return sources(boundary)
    names = {word: identify("process", word) for word in words}
    require(
        finding(ROOM, "compare_unknown", text=word, boundary=boundary)
        for word, name in names.items()
        if name is None
    )
    return tuple(name for name in names.values() if name)


def _below(names: tuple[str, ...]) -> pl.Expr:
    process = pl.col("process").fill_null("")
    return pl.any_horizontal([(process == name) | process.str.starts_with(f"{name}.") for name in names])


def _within(
    emission: pl.DataFrame, region: str, year: int, species: str, inside: tuple[str, ...]
) -> pl.DataFrame:
    """Return the direct emissions of a species that a boundary covers; no names cover every source."""
    rows = emission.filter(
        pl.col("region") == region,
        pl.col("year") == year,
        pl.col("species") == species,
        pl.col("scope") == "direct",
    )
    return rows.filter(_below(inside)) if inside else rows


def _causes(ratio: float, species: str, rows: pl.DataFrame, gap: pl.DataFrame, language: Language) -> str:
    """Return the gaps that pull a total the way it is off, by name; what they are of it where that is known.

    A gap counts when it names the species, or one of those that are part of it.
    """
    wanted = {species, *_parts(species)}
    mine = gap.filter(pl.any_horizontal([pl.col("species").list.contains(s) for s in sorted(wanted)]))
    told = ""
    for kind in LOW if ratio < 1 else HIGH:
        found = mine.filter(pl.col("kind") == kind)
        if found.is_empty():
            continue
        places = found["process"].drop_nulls().unique(maintain_order=True).to_list()
        joint = "、" if language == "zh" else ", "
        words = joint.join(title("process", place, language) for place in places[:LISTED])
        if len(places) > LISTED:
            words += say(ROOM, "compare_more", language, count=len(places))
        part = float(rows.join(found, on=["process", "product"], how="semi", nulls_equal=True)["value"].sum())
        whole = float(rows["value"].sum())
        share = f"{100 * part / whole:.0f}%" if whole else "–"
        told += say(ROOM, f"compare_{kind}", language, sources=words, share=share)
    return told or say(ROOM, "compare_unexplained", language)


def _explained(
    ratio: float | None, species: str, rows: pl.DataFrame, gap: pl.DataFrame, language: Language
) -> str:
    """Return how far a total is off, and the gaps that pull it that way."""
    if ratio is None:
        return say(ROOM, "compare_zero" if rows.height else "compare_missing", language, species=species)
    percent = 100 * abs(ratio - 1)
    size = f"{ratio:.2f}" if ratio >= FOLD else f"{percent:.3g}%" if percent >= LEAST else f"<{LEAST:g}%"
    if abs(ratio - 1) <= CLOSE + ROUNDING:
        return say(ROOM, "compare_close", language, species=species, size=size)
    key = "compare_fold" if ratio >= FOLD else "compare_high" if ratio > 1 else "compare_low"
    return say(ROOM, key, language, species=species, size=size) + _causes(ratio, species, rows, gap, language)


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
        Table ``published_total``. Like is compared with like: with the processes of column ``compared``,
        else with those the ``boundary`` names, else with the whole inventory.
    gap
        Table ``gap``, which the explanation draws on.

    Returns
    -------
    polars.DataFrame
        A species this inventory does not hold is listed with empty ratio, never hidden.
    """
    gaps = gap if gap is not None else empty("gap")
    rows = []
    for row in read_lists("published_total", published_total).iter_rows(named=True):
        inside = covered(row["boundary"], row.get("compared"))
        factor, unit = units.canonical(row["unit"])
        published = row["value"] * factor
        held = _within(emission, row["region"], row["year"], row["species"], inside)
        computed = float(held["value"].sum()) if held.height else None
        ratio = computed / published if computed is not None and published else None
        here = gaps.filter(pl.col("region") == row["region"], pl.col("year") == row["year"])
        if inside:
            here = here.filter(_below(inside))
        tail = "compare_part" if inside else "compare_whole"
        words = {
            language: _explained(ratio, row["species"], held, here, language)
            + say(ROOM, tail, language, boundary=row["boundary"])
            for language in LANGUAGES
        }
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
