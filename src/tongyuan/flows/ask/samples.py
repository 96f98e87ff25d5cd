"""The Monte Carlo draws behind the intervals of an inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tongyuan.inventory.uncertainty.uncertainty import DRAWN_MAX, monte_carlo, terms
from tongyuan.inventory.view.view import equivalents
from tongyuan.ledger.branch import AccountSettings
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import PLACE


def samples(
    tables: Mapping[str, pl.DataFrame],
    settings: AccountSettings,
    species: Sequence[str] = (),
    *,
    draws: int | None = None,
    seed: int | None = None,
    correlation: float = 0.0,
) -> pl.DataFrame:
    """Return drawn totals of an inventory, in long form.

    Parameters
    ----------
    tables
        ``emission, factor_used, activity`` of an account.
    settings
        Branch ``[account]``: the set of warming potentials, and draws and seed where none are given.
    species
        What is kept, ``CO2e`` and the pollution equivalents among it; everything when empty.
    draws, seed
        Number of draws, and seed. Those of the settings give the very draws that table ``uncertainty``
        has its quantiles of.
    correlation
        Correlation of the factors of one fuel across species and processes, 0 to 1.

    Returns
    -------
    polars.DataFrame
        ``region, year, group`` (``total`` or a sector)``, species, unit, draw`` (from 1) and ``value``.

    Raises
    ------
    FindingError
        If there would be no draws, or more totals than memory holds.
    """
    emission = tables["emission"]
    seen = pl.concat([emission, equivalents(emission, settings.gwp_set)], how="diagonal_relaxed")
    found = terms(
        seen.select(emission.columns), tables["factor_used"], tables["activity"].drop(PLACE, strict=False)
    )
    count = settings.draws if draws is None else draws
    if not 0 < count * found.groups.height <= DRAWN_MAX:
        most = DRAWN_MAX // max(found.groups.height, 1)
        raise FindingError([finding("flows", "draws_many", count=count, most=most)])
    values = monte_carlo(
        found, draws=count, seed=settings.seed if seed is None else seed, correlation=correlation
    )
    kept = (
        found.groups["species"].is_in(list(species)).to_numpy()
        if species
        else np.ones(found.groups.height, dtype=bool)
    )
    groups = found.groups.filter(pl.Series(kept))
    return groups.with_columns(
        pl.lit(list(range(1, count + 1)), dtype=pl.List(pl.Int64)).alias("draw"),
        pl.Series("value", values[kept].tolist(), dtype=pl.List(pl.Float64)),
    ).explode("draw", "value")
