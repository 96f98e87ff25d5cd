"""Key categories by level and by trend, IPCC approach 1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.account.algebra import codes
from tongyuan.ledger.coding import coded
from tongyuan.ledger.table import conform, empty

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
QUANTITY = ("region", "species", "unit")
CELLS = 4_000_000
"""Cells (line × year × category) that are assessed at a time."""
CATEGORY = ("process", "product", "technology")
THRESHOLD = 0.95
"""Share of the sum that key categories make up (2006 GL, vol. 1, ch. 4)."""


def ipcc_level(value: Floats) -> Floats:
    r"""Return the level assessment of each category.

    .. math:: L_x = \frac{|E_x|}{\sum_y |E_y|}

    Parameters
    ----------
    value
        Emissions and removals of one year, shape (…, categories) [any one unit].

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 4, equation 4.1.
    """
    size = np.abs(value)
    return _share(size, size.sum(axis=-1, keepdims=True))


def _share(part: Floats, whole: Floats) -> Floats:
    """Return `part` over `whole`, zero where the whole is."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)


def ipcc_trend(base: Floats, current: Floats) -> Floats:
    r"""Return the trend assessment of each category.

    .. math::
        T_x = \frac{|E_{x,0}|}{\sum_y |E_{y,0}|} \cdot \left| \frac{E_{x,t} - E_{x,0}}{|E_{x,0}|}
        - \frac{\sum_y E_{y,t} - \sum_y E_{y,0}}{\left|\sum_y E_{y,0}\right|} \right|

    and for a category that was zero in the base year :math:`T_x = |E_{x,t} / \sum_y |E_{y,0}||`.

    Parameters
    ----------
    base, current
        Emissions of the base year and of year t, shapes (…, categories) [any one unit].

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 4, equations 4.2 and 4.3.
    """
    size = np.abs(base)
    total, net = size.sum(axis=-1, keepdims=True), base.sum(axis=-1, keepdims=True)
    overall = _share(current.sum(axis=-1, keepdims=True) - net, np.abs(net))
    own = _share(current - base, size)
    trend: Floats = np.where(
        size > 0, _share(size, total) * np.abs(own - overall), _share(np.abs(current), total)
    )
    return trend


def key(
    assessment: Floats, threshold: float = THRESHOLD, order: Codes | None = None
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Return which categories are key and their cumulative share in descending order; the last axis adds up.

    The category with which the sum reaches `threshold` is key too. `order` is that of :func:`descending`,
    where it is known.
    """
    order = descending(assessment) if order is None else order
    ranked = np.take_along_axis(assessment, order, axis=-1)
    share = _share(ranked, assessment.sum(axis=-1, keepdims=True))
    cumulative = np.cumsum(share, axis=-1)
    chosen = np.zeros(assessment.shape, dtype=bool)
    running = np.empty(assessment.shape)
    np.put_along_axis(chosen, order, (cumulative - share < threshold - 1e-12) & (share > 0), axis=-1)
    np.put_along_axis(running, order, cumulative, axis=-1)
    return chosen, running


def descending(assessment: Floats) -> Codes:
    """Return the places of the last axis from the greatest assessment to the least, equal ones in order."""
    return np.argsort(-assessment, axis=-1, kind="stable")


def key_category(
    emission: pl.DataFrame,
    *,
    base_year: int | None = None,
    threshold: float = THRESHOLD,
    scope: str = "direct",
) -> pl.DataFrame:
    """Return table ``key_category`` for every region, year and species.

    Parameters
    ----------
    emission
        Table ``emission``, or its CO2e view (gases of one source are then assessed together). Where its text
        is categories, so is that of the result.
    base_year
        Year the trend counts from; the earliest in the table when None.
    threshold
        Share of the sum that key categories make up.
    scope
        Scope that counts.
    """
    rows = emission.select("year", *QUANTITY, *CATEGORY, "scope", "value").filter(pl.col("scope") == scope)
    if rows.is_empty():
        return conform("key_category", pl.DataFrame(schema=_SCHEMA))
    first = base_year if base_year is not None else int(str(rows["year"].min()))
    line, lines = codes(rows, list(QUANTITY))
    category, categories = codes(rows, list(CATEGORY))
    year, years = codes(rows, ["year"])
    value = rows["value"].fill_null(0.0).to_numpy()
    step = max(1, CELLS // (years.height * categories.height))
    held = [line, year, category]
    if step < lines.height:
        order = np.argsort(line, kind="stable")
        held, value = [codes_[order] for codes_ in held], value[order]
    parts: list[pl.DataFrame] = []
    for start in range(0, lines.height, step):
        of = slice(None)
        if step < lines.height:
            of = slice(*map(int, np.searchsorted(held[0], [start, start + step])))
        place = (held[0][of] - start, held[1][of], held[2][of])
        shape = (min(step, lines.height - start), years.height, categories.height)
        parts.append(_assess(place, value[of], shape, years["year"], first, threshold).with_columns(
            pl.col("line") + start
        ))  # fmt: skip
    found = pl.concat(parts)
    tables = [lines.rename({"species": "quantity"}), categories]
    if isinstance(emission.schema["region"], pl.Categorical):
        tables = [coded("key_category", frame) for frame in tables]
    several = lines.select("region", "species").is_duplicated().any()
    if not several:
        found = found[_order(found["line"], found["year"], lines)]
    table = tables[0][found["line"]].hstack(tables[1][found["category"]])
    table = table.hstack(found.drop("line", "category")).select(empty("key_category").columns)
    if not several:
        return table
    by = ["region", "year", "quantity", "share", *CATEGORY]  # amounts of several units stand together
    return table.sort(by, descending=[name == "share" for name in by])


def _order(line: pl.Series, year: pl.Series, lines: pl.DataFrame) -> pl.Series:
    """Return the rows by region, year and quantity; those of one line and year follow each other."""
    blocks = pl.DataFrame({"line": line, "year": year}).with_row_index("row")
    each = blocks.group_by("line", "year", maintain_order=True).agg(pl.first("row"), pl.len().alias("rows"))
    region = codes(lines, ["region"])[0]
    ranked = each.with_columns(pl.Series("region", region[each["line"].to_numpy()])).sort(
        "region", "year", "line"
    )
    rows = ranked["rows"].to_numpy().astype(np.int64)
    shift = ranked["row"].to_numpy().astype(np.int64) - (np.cumsum(rows) - rows)
    return pl.Series(np.arange(rows.sum()) + np.repeat(shift, rows))


_SCHEMA = {
    "region": pl.String,
    "year": pl.Int64,
    "quantity": pl.String,
    **dict.fromkeys(CATEGORY, pl.String),
    "value": pl.Float64,
    "unit": pl.String,
    "share": pl.Float64,
    "cumulative": pl.Float64,
    "trend": pl.Float64,
    "key_level": pl.Boolean,
    "key_trend": pl.Boolean,
}


def _assess(
    place: tuple[Codes, Codes, Codes],
    value: Floats,
    shape: tuple[int, int, int],
    years: pl.Series,
    base_year: int,
    threshold: float,
) -> pl.DataFrame:
    """Return the assessment of every year and category of some lines (region, quantity, unit).

    `place` are line, year and category of each value, which are added up; a line is assessed for the years it
    has, and in each of them for every category that it has in any.
    """
    flat = np.ravel_multi_index(place, shape)
    amount: Floats = np.bincount(flat, weights=value, minlength=int(np.prod(shape))).astype(np.float64)
    amount = amount.reshape(shape)
    there = np.zeros(shape, dtype=bool)
    there.ravel()[flat] = True
    has_year: Flags = np.any(there, axis=2)
    has_category: Flags = np.any(there, axis=1)
    asked = has_year[:, :, None] & has_category[:, None, :]
    level = ipcc_level(amount)
    ranked = descending(level)
    chosen, cumulative = key(level, threshold, ranked)
    base = years.index_of(base_year)
    follows = np.zeros(asked.shape, dtype=bool)
    trend, by_trend = np.zeros(shape), np.zeros(shape, dtype=bool)
    if base is not None:
        follows = asked & has_year[:, base, None, None] & (np.arange(shape[1]) != base)[None, :, None]
        raw = ipcc_trend(np.broadcast_to(amount[:, base : base + 1], shape), amount)
        trend = _share(raw, raw.sum(axis=-1, keepdims=True))
        by_trend = key(raw, threshold)[0]
    line, year, rank = np.nonzero(np.take_along_axis(asked, ranked, axis=-1))
    category = ranked[line, year, rank]
    at = (line, year, category)
    known = pl.Series("known", follows[at])
    return pl.DataFrame(
        {
            "line": line,
            "category": category,
            "year": years.cast(pl.Int64).gather(year),
            "value": amount[at],
            "share": level[at],
            "cumulative": np.minimum(cumulative[at], 1.0),
            "trend": trend[at],
            "key_level": chosen[at],
            "key_trend": by_trend[at],
        }
    ).with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in ("trend", "key_trend"))
