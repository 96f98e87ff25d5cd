r"""Uncertainty of totals: error propagation (IPCC approach 1), first order with shared factors, Monte Carlo.

All see the same terms: emission row = nominal value × multiplier of its factor record × multiplier of its
activity. Approach 1 is the guidelines': rows are independent, the larger of two half widths counts, nothing
is cut at zero. ``approach_1_truncated`` takes the deviations of distributions cut at zero and ends no
interval of a positive total below zero. First order keeps that rows share records,

.. math::
    \sigma_g^2 = \sum_r \Big(\sum_{t \in r} v_t\Big)^2 \sigma_r^2
    + \sum_a \Big(\sum_{t \in a} v_t\Big)^2 \sigma_a^2 ;

Monte Carlo keeps the shapes too. What has no limits does not vary: :func:`known_share` says how much of a
total rests on factors that have some, and a total of which too little is known has no interval (null).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from tongyuan.inventory.account.algebra import codes, combine
from tongyuan.inventory.account.dictionary import dictionary
from tongyuan.inventory.uncertainty.distribution import FIXED, Fitted, Z, fit
from tongyuan.inventory.uncertainty.monte_carlo import Term, limits, simulate
from tongyuan.ledger.table import conform

if TYPE_CHECKING:
    from tongyuan.inventory.uncertainty.many import Sums

Floats = npt.NDArray[np.float64]
Method = Literal["approach_1", "approach_1_truncated", "first_order", "monte_carlo"]
GROUP = ("region", "year", "group", "species", "unit")
NEEDED = (
    "region",
    "year",
    "process",
    "species",
    "unit",
    "value",
    "lower",
    "upper",
    "activity_id",
    "factor_id",
)
MANY = 2_000_000
"""Terms from which on they are summed before anything is drawn."""
DRAWN_MAX = 500_000_000
"""Sums (groups × draws) above which nothing is drawn: intervals are then those of the other methods."""


class Terms(NamedTuple):
    """An emission table as products of random multipliers."""

    groups: pl.DataFrame
    """region, year, group (``total`` or a sector), species, unit."""
    term: Term
    records: Fitted
    activities: Fitted
    family: npt.NDArray[np.int64]
    """Fuel of each record, -1 for none."""
    record_half: Floats
    """Larger half width of each record relative to its value, NaN where it has no limits."""
    activity_half: Floats
    """Half width of each activity relative to its value."""


def _single(column: str) -> pl.Expr:
    """Return the one id of a list; None where there are several or none."""
    return pl.when(pl.col(column).list.len() == 1).then(pl.col(column).list.first()).alias(column)


class _Records(NamedTuple):
    """The record of every row, and what is known of each record."""

    code: npt.NDArray[np.int64]
    value: Floats
    lower: Floats
    upper: Floats
    distribution: list[str]
    product: list[str]


def _records(rows: pl.DataFrame, factor_used: pl.DataFrame) -> _Records:
    """Return the value and limits that make each row vary.

    A row whose record is not in `factor_used` (a published method) varies by its own limits.
    """
    known = factor_used.select(
        pl.col("record_id").alias("record"),
        pl.col("value", "lower", "upper").cast(pl.Float64),
        pl.col("distribution", "product").fill_null(""),
    ).unique("record", keep="first", maintain_order=True)
    named, names = codes(rows.select(_single("factor_id")), ["factor_id"])
    held = names.select(record="factor_id").join(known, on="record", how="inner", maintain_order="left")
    place = names.select(record="factor_id").with_row_index("name")
    of = np.full(names.height, -1, dtype=np.int64)
    of[place.join(held, on="record", how="semi", maintain_order="left")["name"].to_numpy()] = np.arange(
        held.height
    )
    found = of[named]
    own = np.flatnonzero(found < 0)
    alone = rows.select("value", "lower", "upper")[own].with_columns(
        pl.col("value", "lower", "upper").cast(pl.Float64),
        record=pl.concat_str(pl.lit("row "), pl.Series(own, dtype=pl.Int64)),
        distribution=pl.lit(""),
        product=pl.lit(""),
    )
    every = pl.concat([held, alone.select(held.columns)])
    order = every["record"].arg_sort().to_numpy()
    rank = np.empty(every.height, dtype=np.int64)
    rank[order] = np.arange(every.height)
    found[own] = held.height + np.arange(len(own))
    ordered = every[order]
    return _Records(
        rank[found],
        _numbers(ordered, "value"),
        _numbers(ordered, "lower"),
        _numbers(ordered, "upper"),
        ordered["distribution"].to_list(),
        ordered["product"].to_list(),
    )


def _numbers(frame: pl.DataFrame, column: str) -> Floats:
    return frame[column].cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def terms(
    emission: pl.DataFrame,
    factor_used: pl.DataFrame,
    activity: pl.DataFrame | None = None,
    *,
    scope: str | None = "direct",
    sectors: bool = True,
    truncate: bool = True,
) -> Terms:
    """Return an emission table as terms.

    Parameters
    ----------
    emission
        Table ``emission`` (or its CO2e view): one row, one term.
    factor_used
        Table ``factor_used``: value, limits and distribution of every record.
    activity
        Table ``activity``; its ``uncertainty`` [%] lets activity vary, all rows of one id together.
    scope
        Scope that counts; None counts all.
    sectors
        Whether the sectors (first step of the process) are groups besides ``total``.
    truncate
        Cut normals at zero.
    """
    chosen = emission if scope is None else emission.filter(pl.col("scope") == scope)
    rows = chosen.select(NEEDED)
    found = _records(rows, factor_used)
    ends = (found.value, found.lower, found.upper)
    fitted = fit(*ends, found.distribution, truncate=truncate)
    products = {p: i for i, p in enumerate(sorted(set(found.product) - {""}))}
    family = np.array([products.get(p, -1) for p in found.product], dtype=np.int64)

    spread = _spread(activity)
    driver = _places(rows, spread)
    half = _numbers(spread, "uncertainty") / 100
    activities = fit(np.ones(len(half)), 1 - half, 1 + half, ["normal"] * len(half), truncate=truncate)

    group, groups = _groups(rows, sectors)
    repeat = len(group) // max(rows.height, 1)
    return Terms(
        groups,
        Term(
            group,
            np.tile(found.code, repeat),
            np.tile(driver, repeat),
            np.tile(_numbers(rows, "value"), repeat),
        ),
        fitted,
        activities,
        family,
        np.where(fitted.kind == FIXED, np.nan, _half(*ends)),
        half,
    )


def _places(rows: pl.DataFrame, spread: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Return the place of the activity of each row in `spread`, -1 for what does not vary."""
    if spread.is_empty():
        return np.full(rows.height, -1, dtype=np.int64)
    joined = rows.select(_single("activity_id").fill_null("")).join(
        spread.with_row_index("place"), on="activity_id", how="left", maintain_order="left"
    )
    return joined["place"].cast(pl.Int64).fill_null(-1).to_numpy().astype(np.int64)


def _groups(rows: pl.DataFrame, sectors: bool) -> tuple[npt.NDArray[np.int64], pl.DataFrame]:
    """Return the group of every row in the total and then, if asked for, in its sector; and the groups."""
    held = {name: dictionary(rows[name]) for name in GROUP if name != "group"}
    whole = (
        np.zeros(rows.height, dtype=np.int32),
        pl.Series("group", ["total"], dtype=pl.String).head(rows.height),
    )
    parts, tables = [], []
    for named in (whole, _sectors(rows["process"]))[: 1 + sectors]:
        part, table = combine({**held, "group": named}, GROUP, rows.height)
        parts.append(part)
        tables.append(table)
    every = pl.concat(tables).with_row_index("from").sort(GROUP)
    place = np.empty(every.height, dtype=np.int64)
    place[every["from"].to_numpy()] = np.arange(every.height)
    offsets = np.cumsum([0, *(table.height for table in tables)])
    return np.concatenate([place[part + at] for part, at in zip(parts, offsets, strict=False)]), every.drop(
        "from"
    )


def _sectors(process: pl.Series) -> tuple[npt.NDArray[np.int32], pl.Series]:
    """Return the code of the sector (first step of the process) of each row, and the sectors, sorted."""
    code, names = dictionary(process)
    sector = names.str.split(".").list.first().alias("group")
    known = sector.unique().sort()
    return known.search_sorted(sector).to_numpy().astype(np.int32)[code], known


def _half(value: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return the larger half width relative to the value, NaN where there are no limits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        half: Floats = np.maximum(np.abs(lower / value - 1), np.abs(upper / value - 1))
    return half


def _spread(activity: pl.DataFrame | None) -> pl.DataFrame:
    none = pl.DataFrame(schema={"activity_id": pl.String, "uncertainty": pl.Float64})
    if activity is None or "uncertainty" not in activity.columns:
        return none
    return (
        activity.with_columns(pl.lit("").alias(c) for c in ("activity_id",) if c not in activity.columns)
        .with_columns(
            pl.when(pl.col("activity_id").fill_null("") == "")
            .then(pl.int_range(1, pl.len() + 1).cast(pl.String))
            .otherwise("activity_id")
            .alias("activity_id")
        )
        .filter(pl.col("uncertainty") > 0)
        .select("activity_id", pl.col("uncertainty").cast(pl.Float64))
        .unique("activity_id", keep="first", maintain_order=True)
        .sort("activity_id")
    )


def _sums(found: Terms) -> Floats:
    weights = found.term.value
    return np.bincount(found.term.group, weights=weights, minlength=found.groups.height).astype(np.float64)


def _matrix(found: Terms, column: npt.NDArray[np.int64], count: int) -> Any:
    of = column >= 0
    return sparse.coo_matrix(
        (found.term.value[of], (found.term.group[of], column[of])), shape=(found.groups.height, count)
    ).tocsr()


def known_share(found: Terms) -> Floats:
    """Return, per group, the share of the emission whose factor has limits, shape (groups,).

    A factor without limits is unknown even where the activity has some: factors dominate.
    """
    varies = found.records.kind[found.term.record] != FIXED
    size = np.abs(found.term.value)
    groups = found.groups.height
    known = np.bincount(found.term.group, weights=size * varies, minlength=groups)
    every = np.bincount(found.term.group, weights=size, minlength=groups)
    return np.divide(known, every, out=np.zeros(groups), where=every > 0)


def _of_activity(found: Terms, half: Floats) -> Floats:
    """Return what `half` is for the activity of each term, 0 for terms without one."""
    return np.where(found.term.activity >= 0, np.append(half, 0.0)[found.term.activity], 0.0)


def _independent(found: Terms, record: Floats, driver: Floats) -> Floats:
    row = found.term.value * np.hypot(record, driver)
    return np.sqrt(np.bincount(found.term.group, weights=row**2, minlength=found.groups.height))


def approach_1(found: Terms) -> Floats:
    """Return the half width of the 95 % interval of each group by IPCC approach 1, shape (groups,).

    Equation 3.1 for each row and 3.2 for the sum: rows are independent, the larger half width counts where
    limits are not symmetric, nothing is cut at zero.

    References
    ----------
    IPCC 2006 Guidelines, vol. 1, ch. 3, equations 3.1 and 3.2, table 3.2.
    """
    record = np.nan_to_num(found.record_half)[found.term.record]
    return _independent(found, record, _of_activity(found, found.activity_half))


def approach_1_truncated(found: Terms) -> Floats:
    """Return half widths as :func:`approach_1`, from deviations of distributions cut at zero."""
    record = Z * found.records.deviation[found.term.record]
    return _independent(found, record, _of_activity(found, Z * found.activities.deviation))


def first_order(found: Terms, *, correlation: float = 0.0, summed: Sums | None = None) -> Floats:
    """Return the half width of the 95 % interval of each group, records shared, shape (groups,).

    Parameters
    ----------
    found
        Result of :func:`terms`.
    correlation
        Correlation of the factors of one fuel across species and processes, 0 to 1.
    summed
        The terms summed by group, all of them (:mod:`tongyuan.inventory.uncertainty.many`).
    """
    if summed is None:
        weight = _matrix(found, found.term.record, len(found.records.kind))
    else:
        weight = summed.value
    scaled = weight.multiply(found.records.deviation[None, :]).tocsr()
    variance = np.asarray(scaled.power(2).sum(axis=1)).ravel()
    kin = np.flatnonzero(found.family >= 0)
    if correlation > 0 and len(kin):
        member = sparse.coo_matrix(
            (np.ones(len(kin)), (kin, found.family[kin])),
            shape=(len(found.family), int(found.family.max()) + 1),
        ).tocsr()
        together = np.asarray((scaled @ member).power(2).sum(axis=1)).ravel()
        alone = np.asarray(scaled[:, kin].power(2).sum(axis=1)).ravel()
        variance = variance + correlation * (together - alone)
    if summed is not None:
        variance = variance + np.asarray(summed.square.sum(axis=1)).ravel()
    elif len(found.activities.kind):
        driver = _matrix(found, found.term.activity, len(found.activities.kind))
        own = driver.multiply(found.activities.deviation[None, :])
        variance = variance + np.asarray(own.power(2).sum(axis=1)).ravel()
    half: Floats = Z * np.sqrt(variance)
    return half


def _summed(found: Terms) -> Sums | None:
    """Return very many terms summed by group; compiled code is loaded for them alone."""
    if len(found.term.group) < MANY:
        return None
    from tongyuan.inventory.uncertainty.many import sums

    return sums(found.term, found.activities, found.groups.height, len(found.records.kind))


def monte_carlo(found: Terms, *, draws: int = 10_000, seed: int = 0, correlation: float = 0.0) -> Floats:
    """Return the drawn totals, shape (groups, draws); see :func:`first_order` for `correlation`."""
    return simulate(
        found.term,
        found.records,
        found.activities,
        found.groups.height,
        draws=draws,
        seed=seed,
        family=found.family,
        correlation=correlation,
    )


def uncertainty(
    emission: pl.DataFrame,
    factor_used: pl.DataFrame,
    activity: pl.DataFrame | None = None,
    *,
    methods: Sequence[Method] = ("approach_1", "first_order", "monte_carlo"),
    draws: int = 10_000,
    seed: int = 0,
    correlation: float = 0.0,
    scope: str | None = "direct",
    sectors: bool = True,
    least_known: float = 0.0,
) -> pl.DataFrame:
    """Return table ``uncertainty``: 95 % intervals of totals and sectors by each method.

    ``value`` is the inventory's own total for every method. See :func:`terms`, :func:`monte_carlo`.
    A group of which less than the share `least_known`, or nothing, has limits gets no interval (both limits
    are null): an interval that leaves out most of what is uncertain would mislead. Without draws, and where
    there would be more than ``DRAWN_MAX`` drawn sums, there are no rows of Monte Carlo.
    """
    found = terms(emission, factor_used, activity, scope=scope, sectors=sectors)
    value = _sums(found)
    share = known_share(found)
    known = (share >= least_known) & (share > 0)
    frames = []
    summed = _summed(found)
    for method in methods:
        if method == "monte_carlo" and not 0 < draws * found.groups.height <= DRAWN_MAX:
            continue
        if method == "monte_carlo":
            drawn: dict[str, Any] = {"draws": draws, "seed": seed}
            drawn |= {"family": found.family, "correlation": correlation}
            if summed is None:
                lower, upper = limits(
                    found.term, found.records, found.activities, found.groups.height, **drawn
                )
            else:
                from tongyuan.inventory.uncertainty.many import limits_of

                lower, upper = limits_of(summed, found.records, found.activities, **drawn)
        else:
            if method == "first_order":
                whole = summed if summed is not None and not len(summed.apart.value) else None
                half = first_order(found, correlation=correlation, summed=whole)
            else:
                half = (approach_1 if method == "approach_1" else approach_1_truncated)(found)
            lower, upper = value - half, value + half
            if method != "approach_1":
                lower = np.where((value > 0) & (lower < 0), 0.0, lower)
        frames.append(
            found.groups.with_columns(
                pl.Series("value", value),
                pl.Series("lower", np.where(known, lower, np.nan)).fill_nan(None),
                pl.Series("upper", np.where(known, upper, np.nan)).fill_nan(None),
                pl.lit(method).alias("method"),
                pl.lit(draws if method == "monte_carlo" else None, dtype=pl.Int64).alias("draws"),
                pl.lit(seed if method == "monte_carlo" else None, dtype=pl.Int64).alias("seed"),
            )
        )
    return conform("uncertainty", pl.concat(frames))
