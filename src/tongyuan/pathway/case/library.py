"""The shipped, cited libraries: technologies, control devices, and the targets of the plan 2022 No. 42."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.shelf import shelf


def technologies(region: str | None = None, include_unverified: bool = False) -> pl.DataFrame:
    """Return the technology library in long form: one row per technology and parameter.

    Costs of region ``EU`` are European (mostly EUR of 2025), ``US`` of the United States, ``CN`` of China.
    Nothing is converted here: a plan does it by ``currency`` and ``price_year``. Rows of status
    ``unverified`` are left out unless asked for.
    """
    frame = _numbers(shelf("technology_cost"), ("value",), ("price_year", "year"))
    return _chosen(frame, region, include_unverified)


def controls(region: str | None = None, include_unverified: bool = False) -> pl.DataFrame:
    """Return the library of control devices: removal of a species and cost, by device and source group.

    Rows of region ``US`` are defaults of the United States, in US dollars of the year in ``price_year`` per
    ton removed. Rows of status ``unverified`` are left out unless asked for.
    """
    frame = _numbers(
        shelf("control_cost"),
        (
            "efficiency",
            "cost",
            "lifetime",
            "capital_to_annual",
            "capital_recovery_factor",
            "emission_min",
            "emission_max",
            "energy_penalty",
        ),
        ("price_year",),
    )
    return _chosen(frame, region, include_unverified)


def targets() -> pl.DataFrame:
    """Return the numeric targets of the plan with the article each stands in.

    A row without ``bound`` names an aim the plan gives no number for (coal use to 2025).
    """
    return _numbers(shelf("plan_target"), ("bound",), ("year",))


def _chosen(frame: pl.DataFrame, region: str | None, include_unverified: bool) -> pl.DataFrame:
    kept = frame if include_unverified else frame.filter(pl.col("status") != "unverified")
    return kept if region is None else kept.filter(pl.col("region") == region)


def _numbers(frame: pl.DataFrame, numbers: tuple[str, ...], years: tuple[str, ...]) -> pl.DataFrame:
    return frame.with_columns(
        *[pl.col(c).replace({"": None}).cast(pl.Float64) for c in numbers],
        *[pl.col(c).replace({"": None}).cast(pl.Int64) for c in years],
    )
