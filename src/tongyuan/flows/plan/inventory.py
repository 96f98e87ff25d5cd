"""The inventory as the plan sees it: what a unit of every technology emits, and how sure that is.

Table ``technology_source`` says which processes and fuels of the inventory a technology stands for. Its
emission coefficients come from the records, the fuel set and the resolution of the inventory, every plan is
evaluated anew through the inventory, and the draws of a coefficient are those of its records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.flows.account.gather import (
    Tables,
    account_settings,
    activity_of,
    factor_records,
    grid_records,
    of_years,
    own_records,
    parents_of,
)
from tongyuan.flows.source import Brought
from tongyuan.inventory.account.account import account as account_factors
from tongyuan.inventory.account.basis import given_by
from tongyuan.inventory.uncertainty.uncertainty import known_share, monte_carlo, terms
from tongyuan.ledger.branch import AccountSettings
from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.table import LIST, ONLY, PLACE, conform, empty
from tongyuan.pathway.case.measure import per

Floats = npt.NDArray[np.float64]
_KEYS = ["technology", "control"]
_UNIT = "unit:"
_PAIR = "\u001f"
_OWN_ENERGY = (
    (pl.col("origin") == "control")
    & (pl.col("scope") == "indirect")
    & ~pl.col("product").is_in(["electricity", "heat"])
)
"""Carbon of the energy a device draws from its own source: it is in the fuel of that source already."""

_FROM_FACTORS = pl.col("method").fill_null("").str.starts_with("factor_tier") | (
    pl.col("method").fill_null("") == "control_consumption"
)
"""Emission rows that activity and its factors yield; published methods and given emissions yield the rest."""


@dataclass(frozen=True)
class Sources:
    """What one unit of activity of every technology and control option uses, as inventory activity.

    `activity` has the columns of table ``activity`` beside ``technology_id, control_id``; `method` are the
    rows of table ``emission`` per unit where a published method, not a factor of an activity, yields them,
    and `direct` their sums by species.
    """

    activity: pl.DataFrame
    method: pl.DataFrame
    direct: pl.DataFrame


def sources(
    tables: Tables,
    given: Tables,
    accounted: Mapping[str, pl.DataFrame],
    base_year: int,
    region: str = "",
    chosen: AccountSettings | None = None,
) -> Sources:
    """Return what a unit of every technology uses, from table ``technology_source`` and the base year.

    Where a row gives no amount, it is the base-year activity of the inventory divided by that of the
    technology in table ``stock``. Factors are those of the region of the first node, else of `region`.
    """
    rows = conform("technology_source", tables["technology_source"]).drop(PLACE, strict=False)
    texts = ("control", "product", "variant", "inventory_technology")
    rows = rows.with_columns(pl.col(*texts).fill_null(""))
    stock = tables["stock"].group_by("technology", maintain_order=True).agg(base=pl.col("activity").sum())
    region = (tables["node"]["region"].drop_nulls().to_list() or [region])[0] or region
    rows = rows.join(stock, on="technology", how="left", maintain_order="left").with_row_index("row")
    lacking = rows.filter(pl.col("value").is_null() & (pl.col("base").fill_null(0.0) <= 0.0))
    require(finding("flows", "plan_no_base", technology=name) for name in lacking["technology"].to_list())
    known = (
        activity_of(given, chosen or AccountSettings())
        .activity.drop(PLACE, strict=False)
        .filter(pl.col("year") == base_year)
    )
    known = known.with_columns(pl.col("product", "technology").fill_null(""))
    open_rows = rows.filter(pl.col("value").is_null()).select(
        "row", "process", "base", "variant", technology_id="technology", control_id="control",
        wanted="product", kind="inventory_technology", left_out="excluded",
    )  # fmt: skip
    every = _of_product(open_rows, known, rows)
    scaled = every.with_columns(
        pl.col("value") / pl.col("base"),
        technology=pl.when(pl.col("variant") != "").then("variant").otherwise("technology"),
        excluded=pl.when(pl.col("left_out").list.len() > 0).then("left_out").otherwise("excluded"),
    )
    typed = rows.filter(pl.col("value").is_not_null()).select(
        "row", "process", "product", "value", "unit", "excluded", technology_id="technology",
        control_id="control", technology="variant", region=pl.lit(region),
        year=pl.lit(base_year, dtype=pl.Int64),
    )  # fmt: skip
    columns = [*empty("activity").columns, "technology_id", "control_id"]
    per_unit = pl.concat([scaled.select(pl.exclude("activity_id")), typed], how="diagonal_relaxed")
    per_unit = per_unit.with_row_index("n").with_columns(
        activity_id=pl.format("{}{}", pl.lit(_UNIT), pl.col("n"))
    )
    per_unit = per_unit.select(c for c in columns if c in per_unit.columns)
    silent = open_rows.join(every.select("row").unique(), on="row", how="anti")
    method = _of_methods(open_rows, accounted["emission"].filter(pl.col("year") == base_year), rows)
    nowhere = silent.join(method.select("technology_id").unique(), on="technology_id", how="anti")
    require(
        finding("flows", "plan_no_source", technology=t, process=p)
        for t, p in nowhere.select("technology_id", "process").iter_rows()
    )
    direct = (
        method.group_by("technology_id", "control_id", "species", "unit", maintain_order=True)
        .agg(pl.col("value").sum(), pl.col("factor_id").explode().drop_nulls().unique().sort())
        .rename({"technology_id": "technology", "control_id": "control"})
    )
    return Sources(per_unit, method, direct)


def _of_product(wanted: pl.DataFrame, known: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Join rows of the inventory to those of table ``technology_source`` that stand for them.

    A row with a product goes before one without: the latter takes what no other row of its technology,
    control option and process names. So does a row with a technology of the inventory before one without.
    """
    keys = ["technology_id", "control_id", "process", "product"]
    named = rows.rename({"technology": "technology_id", "control": "control_id"}).select(
        *keys, kind="inventory_technology"
    )
    of_kind = named.filter(pl.col("kind") != "").select("process", "product", technology="kind")
    every = wanted.join(known, on="process", maintain_order="left_right")
    every = pl.concat(
        [
            every.filter(pl.col("kind") != "", pl.col("kind") == pl.col("technology")),
            every.filter(pl.col("kind") == "").join(
                of_kind, on=["process", "product", "technology"], how="anti", maintain_order="left"
            ),
        ]
    )
    exact = every.filter(pl.col("wanted") == pl.col("product"))
    rest = every.filter(pl.col("wanted") == "", pl.col("product") != "")
    rest = rest.join(named, on=keys, how="anti", maintain_order="left")
    return pl.concat([exact, rest]).sort("row", maintain_order=True)


def _of_methods(open_rows: pl.DataFrame, emission: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the inventory's emission rows per unit of technology where a published method yields them."""
    known = emission.filter(pl.col("scope") != "avoided", ~_FROM_FACTORS)
    known = known.with_columns(pl.col("product", "technology").fill_null(""))
    found = _of_product(open_rows, known, rows)
    left_out = pl.col("left_out").fill_null(pl.lit([], dtype=LIST))
    named = left_out.list.contains(pl.col("species"))
    only = left_out.list.contains(ONLY)
    return found.filter(named == only).with_columns(pl.col("value", "lower", "upper") / pl.col("base"))


class Inventory:
    """The inventory of a workspace as a function of activity: the same records, fuel set and resolution."""

    def __init__(self, workspace: Brought, tables: Tables, accounted: Mapping[str, pl.DataFrame], year: int):
        chosen = workspace.settings.account
        self.parents = parents_of(workspace)
        self.settings = account_settings(
            chosen.model_copy(update={"detail": "activity", "engine": "embedded"}),
            self.parents,
            devices_by_row=True,
        )
        given = {name: of_years(frame, (year,)) for name, frame in workspace.tables.items()}
        self.tables = tables
        self.known = accounted["factor_used"]
        self.basis = given_by(accounted["emission"])
        self.factors, self.own = factor_records(workspace), own_records(workspace)
        self.control = given.get("control")
        self.grid_variant = chosen.grid_variant
        self.sources = sources(tables, given, accounted, year, workspace.settings.region_id, chosen)

    def emission(self, activity: pl.DataFrame) -> pl.DataFrame:
        """Return the emission rows of inventory activity, without avoided ones."""
        return self._account(activity)[0]

    @cached_property
    def _of_units(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Emission rows and factors of a unit of every technology, for coefficients and their draws."""
        return self._account(self.sources.activity)

    def _account(self, activity: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        rows = activity.drop("technology_id", "control_id", strict=False)
        found = account_factors(
            rows,
            self.control,
            self.factors,
            self.settings,
            grid=grid_records(rows, self.grid_variant, self.parents),
            basis=self.basis,
            own=self.own,
        )
        kept = found.emission.filter(pl.col("scope") != "avoided", ~_OWN_ENERGY)
        return kept, found.factor_used

    def coefficients(self) -> pl.DataFrame:
        """Return table ``emission_coefficient``: what one unit of every technology emits."""
        unit = self.tables["technology_option"].select("technology", per="unit")
        unit = unit.unique("technology", keep="first", maintain_order=True)
        named = self.sources.activity.select(
            pl.concat_list("activity_id"), technology="technology_id", control="control_id"
        )
        resolved = (
            self._of_units[0]
            .drop("technology", "control")
            .join(named, on="activity_id", maintain_order="left")
            .group_by("technology", "control", "species", "unit", maintain_order=True)
            .agg(pl.col("value").sum(), pl.col("factor_id").explode().drop_nulls().unique().sort())
        )
        both = pl.concat([resolved, self.sources.direct.select(resolved.columns)], how="diagonal_relaxed")
        rows = both.group_by("technology", "control", "species", "unit", maintain_order=True).agg(
            pl.col("value").sum(), pl.col("factor_id").explode().drop_nulls().unique().sort()
        )
        rows = rows.join(unit, on="technology", maintain_order="left")
        texts = [per(above, below) for above, below in rows.select("unit", "per").iter_rows()]
        rows = rows.with_columns(unit=pl.Series(texts, dtype=pl.String))
        return conform("emission_coefficient", rows.drop("per").sort("technology", "control", "species"))

    def draws(self, coefficient: pl.DataFrame, draws: int, seed: int) -> tuple[Floats, Floats]:
        """Return draws of coefficients relative to their value, and how much of each has limits at all.

        All coefficients that rest on one record of the inventory share its draws.

        Parameters
        ----------
        coefficient
            ``technology, control, species``: rows of table ``emission_coefficient``.

        Returns
        -------
        tuple
            Shapes (rows, draws) and (rows,); rows that the inventory does not know are 1 and 0.
        """
        rows, used = self._of_units
        named = self.sources.activity.select(pl.concat_list("activity_id"), "technology_id", "control_id")
        of_factors = rows.join(named, on="activity_id", maintain_order="left")
        columns = [*rows.columns, "technology_id", "control_id"]
        every = pl.concat([of_factors.select(columns), self.sources.method.select(columns)], how="vertical")
        # the groups of an inventory are regions and species: a pair of technology and control stands for one
        pair = pl.concat_str("technology_id", "control_id", separator=_PAIR)
        records = pl.concat([used, self.known.select(used.columns)]).unique("record_id", keep="first")
        found = terms(every.with_columns(region=pair), records, scope=None, sectors=False)
        drawn = monte_carlo(found, draws=draws, seed=seed)
        size = np.bincount(found.term.group, weights=found.term.value, minlength=found.groups.height)
        relative = np.divide(drawn, size[:, None], out=np.ones_like(drawn), where=size[:, None] != 0.0)
        keys = coefficient.select(pl.concat_str(*_KEYS, separator=_PAIR).alias("region"), "species")
        place = keys.join(
            found.groups.with_row_index("at"), on=["region", "species"], how="left", maintain_order="left"
        )["at"]
        at = place.cast(pl.Int64).fill_null(len(relative)).to_numpy()
        return (
            np.vstack([relative, np.ones((1, draws))])[at],
            np.append(known_share(found), 0.0)[at],
        )

    def evaluate(self, activity: pl.DataFrame) -> pl.DataFrame:
        """Return the emissions of a plan's activity by accounting the fuels and products it stands for.

        Removal by devices that only the plan knows (table ``control_removal``) is applied to what is left.
        """
        used = activity.filter(pl.col("value") != 0.0).with_row_index("n")
        own = pl.concat(
            [
                self.sources.activity.select(technology="technology_id", control="control_id"),
                self.sources.direct.select(_KEYS),
            ]
        ).unique()
        fitted = used.join(
            own.with_columns(option="control"), on=_KEYS, how="left", maintain_order="left"
        ).with_columns(pl.col("option").fill_null(""))
        amounts = fitted.select("n", "value", "option", technology_id="technology").join(
            self.sources.activity.rename({"value": "per_unit", "control_id": "option"}),
            on=["technology_id", "option"],
            maintain_order="left_right",
        )
        rows = amounts.with_columns(
            pl.format("{}:{}", "activity_id", "n").alias("activity_id"),
            (pl.col("value") * pl.col("per_unit")).alias("value"),
        )
        emitted = self.emission(rows.drop("n", "per_unit", "option")).select(
            "activity_id", "species", "value", "unit"
        )
        emitted = emitted.join(
            rows.select(pl.concat_list("activity_id"), "n"), on="activity_id", maintain_order="left"
        ).drop("activity_id")
        direct = fitted.select("n", "technology", activity="value", control="option").join(
            self.sources.direct, on=_KEYS, maintain_order="left_right"
        )
        direct = direct.select("n", "species", (pl.col("value") * pl.col("activity")).alias("value"), "unit")
        every = pl.concat([emitted.select(direct.columns), direct], how="vertical_relaxed").join(
            fitted.select("n", "node", "technology", "control", "year", "option"),
            on="n",
            maintain_order="left",
        )
        return self._removed(every).select(
            "node", "technology", "control", "year", "species", "value", "unit"
        )

    def _removed(self, rows: pl.DataFrame) -> pl.DataFrame:
        removal = self.tables.get("control_removal", empty("control_removal")).with_columns(
            pl.col("technology").fill_null("")
        )
        exact = removal.filter(pl.col("technology") != "").select(*_KEYS, "species", "efficiency")
        general = removal.filter(pl.col("technology") == "").select(
            "control", "species", general="efficiency"
        )
        own = (pl.col("option") == pl.col("control")) & (pl.col("control") != "")
        left = 1.0 - pl.coalesce("efficiency", "general", pl.lit(0.0))
        return (
            rows.join(exact, on=[*_KEYS, "species"], how="left", maintain_order="left")
            .join(general, on=["control", "species"], how="left", maintain_order="left")
            .with_columns(pl.when(own).then("value").otherwise(pl.col("value") * left).alias("value"))
        )
