"""Green products: what is sold as green, held against its standard and its certificate on that day."""

from __future__ import annotations

import polars as pl

FITS, FAILS, UNKNOWN = "fits", "fails", "not_known"


def judge_products(product: pl.DataFrame) -> pl.DataFrame:
    """Return how each indicator of each product stands, and whether the product may be called green.

    A product is green where every indicator meets its limit and a certificate is valid on the day of the
    claim. A certificate that several makers show proves nothing. What is not given is not known, never met.

    Parameters
    ----------
    product : DataFrame
        ``product, indicator, maker, certificate, issued, expires, day, value, relation, limit``; value and
        limit are in one unit.

    Returns
    -------
    DataFrame
        The rows with ``margin`` [1] (better than the limit by this share of it), ``limit_state``,
        ``certificate_state`` and ``state``, each ``fits``, ``fails`` or ``not_known``.
    """
    way = pl.when(pl.col("relation") == "at_least").then(1.0).otherwise(-1.0)
    better = way * (pl.col("value") - pl.col("limit"))
    makers = pl.col("maker").drop_nulls().n_unique().over("certificate")
    early, late = pl.col("day") < pl.col("issued"), pl.col("day") > pl.col("expires")
    shared = pl.col("certificate").is_not_null() & (makers > 1)
    made = product.with_columns(
        margin=pl.when(pl.col("limit") != 0).then(better / pl.col("limit").abs()),
        limit_state=_state(better >= 0),
        certificate_state=pl.when(early.fill_null(False) | late.fill_null(False) | shared)
        .then(pl.lit(FAILS))
        .when(pl.col("certificate").is_null() | pl.col("expires").is_null())
        .then(pl.lit(UNKNOWN))
        .otherwise(pl.lit(FITS)),
    )

    def any_is(state: str) -> pl.Expr:
        here = (pl.col("limit_state") == state) | (pl.col("certificate_state") == state)
        return here.any().over("product")

    return made.with_columns(
        state=pl.when(any_is(FAILS))
        .then(pl.lit(FAILS))
        .when(any_is(UNKNOWN))
        .then(pl.lit(UNKNOWN))
        .otherwise(pl.lit(FITS))
    )


def _state(met: pl.Expr) -> pl.Expr:
    return pl.when(met).then(pl.lit(FITS)).when(~met).then(pl.lit(FAILS)).otherwise(pl.lit(UNKNOWN))
