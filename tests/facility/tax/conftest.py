from __future__ import annotations

import polars as pl


def emissions(
    outlet: str = "DA001", month: str = "2025-01", region: str = "370100", **mass: float
) -> pl.DataFrame:
    """Return emissions [kg] of one outlet; names are taxed pollutants with ``_`` for the first dot."""
    return pl.DataFrame(
        {
            "facility": "F",
            "region": region,
            "month": month,
            "outlet": outlet,
            "species": [name.split("_", 1)[1] for name in mass],
            "item": [name.replace("_", ".", 1) for name in mass],
            "mass": [float(m) for m in mass.values()],
        }
    )


def own_rates(*rows: tuple[str, str, float], region: str = "370000") -> pl.DataFrame:
    """Return own rates (medium, species, value) of a region from 2018 on."""
    return pl.DataFrame(
        [(region, m, s, v) for m, s, v in rows], schema=["region", "medium", "species", "value"], orient="row"
    ).with_columns(
        pl.lit("2018-01-01").str.to_date().alias("date_from"),
        pl.lit(None, dtype=pl.Date).alias("date_to"),
        pl.lit("own").alias("source"),
    )
