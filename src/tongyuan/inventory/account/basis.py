r"""One basis for a source over all years of a run: factors before control with devices, or factors after it.

A factor *after* control is an average in which devices are already counted; one *before* control says what
leaves without any. Two years of one source on different bases differ by the devices of the average, which
nobody recorded as a change. So a source (region, process, product, technology) has one basis per species:

- **before control**, what devices pass applied, where a device removes the species in any year and, in
  every year, that leaves no more than the factor without devices would;
- else **after control** where that is known in every year in which the bases would differ: the recorded
  devices explain less than the average has, and are not applied to it;
- **before control** also where a removal efficiency of the user's own acts on the species in any year,
  however much that leaves: measured goes first;
- a factor of the user's own is never exchanged for one of the library.

With :math:`P_y` the factor before control, :math:`p_y` what devices pass and :math:`A_y` the factor of a
source without devices, the result is :math:`P_y p_y` where :math:`P_y p_y \le A_y` in all years, else
:math:`A_y` (times :math:`p_y` if :math:`A_y` is before control). Either falls or stays when :math:`p_y`
falls: a further device of the library never raises what it removes, in any year.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import polars as pl

SOURCE = ("region", "process", "product", "technology", "unit", "species")
"""What has one basis over all years."""
PLACE = tuple(c for c in SOURCE if c != "unit")
BEFORE, AFTER, MIXED = "before_control", "after_control", "mixed"
Rule = Literal["never_higher", "before_control"]
_ISSUE = {"check": pl.String, **dict.fromkeys(SOURCE, pl.String), "year": pl.Int64}
_ISSUE |= {"ratio": pl.Float64, "own": pl.String}


class Chosen(NamedTuple):
    """The factors of one basis for each source."""

    factor: pl.DataFrame
    """As given, with column ``control_basis``: empty where the question does not arise."""
    issues: pl.DataFrame
    """check (``basis_after_control``, ``basis_measured``, ``basis_mixed``), the source, the year and ratio
    that decided, the own removal efficiency that acts."""


def choose(
    factor: pl.DataFrame,
    passing: pl.DataFrame,
    plain: Callable[[pl.DataFrame], pl.DataFrame],
    controlled: Callable[[pl.DataFrame], pl.DataFrame],
    *,
    own: pl.Series,
    rule: Rule = "never_higher",
    given: pl.DataFrame | None = None,
) -> Chosen:
    """Return factors with one basis for each source over all years.

    Parameters
    ----------
    factor
        Resolved factors: ``key, region, year, process, product, technology, unit, species, value,
        controlled, status`` and what else there is.
    passing
        ``key, species, penetration, own``: what the devices at each key let pass, and the id of a removal
        efficiency of the user's own behind it (null without).
    plain, controlled
        Return factors like `factor`, from records before and from records after control only, for the keys
        and species (``key, species``) they are asked for.
    own
        Ids of the user's own records: their factors are not exchanged.
    rule
        ``before_control`` takes factors before control wherever any year has a device, however much that
        leaves.
    given
        ``region, process, product, technology, species, control_basis`` decided elsewhere (by the inventory
        that a plan rests on); they go before the rule.
    """
    fitted = passing.select("key", "species", "penetration", "own")
    rows = factor.join(fitted, on=["key", "species"], how="left")
    open_to = pl.col("controlled").any() & (
        pl.col("penetration").is_not_null().any() | ~pl.col("controlled").all()
    )
    asked = rows.filter(open_to.over(SOURCE))
    told = rows.with_columns(
        control_basis=pl.when("controlled")
        .then(pl.lit(AFTER))
        .when(pl.col("penetration").is_not_null().any().over(SOURCE))
        .then(pl.lit(BEFORE))
    ).drop("penetration", "own")
    if asked.is_empty():
        return Chosen(told, pl.DataFrame(schema=_ISSUE))
    wanted = asked.select("key", "species")
    found = [_of(asked, call(wanted), own, at) for call, at in ((plain, False), (controlled, True))]
    rates = (
        asked.join(_rate(found[0], "before"), on=["key", "species"], how="left")
        .join(_rate(found[1], "after"), on=["key", "species"], how="left")
        .with_columns(pl.col("penetration").fill_null(1.0), fitted=pl.col("penetration").is_not_null())
    )
    decided = _decide(rates, rule)
    if given is not None:
        forced = given.rename({"control_basis": "forced"})
        decided = decided.join(forced, on=PLACE, how="left", maintain_order="left").with_columns(
            control_basis=pl.coalesce("forced", "control_basis")
        )
    choice = asked.select("key", *SOURCE).join(decided, on=SOURCE, how="left", maintain_order="left")
    chosen = [
        frame.join(choice.filter(pl.col("control_basis") == name), on=["key", "species"], how="semi")
        for frame, name in zip(found, (BEFORE, AFTER), strict=True)
    ]
    exchanged = pl.concat([frame.select(factor.columns) for frame in chosen])
    kept = factor.join(exchanged, on=["key", "species"], how="anti")
    every = pl.concat([kept, exchanged]).join(
        choice.select("key", "species", decided="control_basis"), on=["key", "species"], how="left"
    )
    itself = pl.when("controlled").then(pl.lit(AFTER)).otherwise(pl.lit(BEFORE))
    every = every.join(told.select("key", "species", "control_basis"), on=["key", "species"], how="left")
    every = every.with_columns(
        control_basis=pl.when(pl.col("decided").is_not_null()).then(itself).otherwise("control_basis")
    )
    return Chosen(every.drop("decided").sort("key", "species"), _issues(decided))


def _of(asked: pl.DataFrame, found: pl.DataFrame, own: pl.Series, after: bool) -> pl.DataFrame:
    """Return the factors of one basis, the user's own values where they act."""
    mine = asked.filter(pl.col("record_id").is_in(own.implode()))
    others = found.join(mine, on=["key", "species"], how="anti")
    fit = mine.filter(pl.col("controlled") == after)
    return pl.concat([others, fit.select(others.columns)])


def _rate(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.select("key", "species", pl.col("value").alias(name))


def _decide(rates: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Return the basis of each source, and the year in which devices leave most beside the average."""
    mixed = pl.col("controlled").any() & ~pl.col("controlled").all()
    whole = rates.with_columns(
        mixed=mixed.over(SOURCE),
        has_before=pl.col("before").is_not_null().all().over(SOURCE),
        has_after=pl.col("after").is_not_null().all().over(SOURCE),
        devices=pl.col("fitted").any().over(SOURCE),
    ).with_columns(
        without=pl.when(pl.col("mixed") & pl.col("has_after"))
        .then("after")
        .when(pl.col("mixed") & pl.col("has_before"))
        .then("before")
        .otherwise("value"),
    )
    left = pl.col("before") * pl.col("penetration")
    whole = whole.with_columns(
        higher=left - pl.col("without") > 1e-9 * pl.col("without").abs(),
        ratio=pl.when(pl.col("without") > 0).then(left / pl.col("without")),
    )
    sums = whole.group_by(SOURCE, maintain_order=True).agg(
        pl.col("mixed", "has_before", "has_after", "devices").first(),
        pl.col("higher").any().fill_null(False),
        pl.col("ratio").max(),
        pl.col("own").drop_nulls().first(),
        pl.col("year").sort_by("ratio", nulls_last=False).last(),
    )
    fits = pl.lit(True) if rule == "before_control" else ~pl.col("higher") | pl.col("own").is_not_null()
    return sums.with_columns(
        control_basis=pl.when(pl.col("devices") & pl.col("has_before") & fits)
        .then(pl.lit(BEFORE))
        .when(~pl.col("mixed") | pl.col("has_after"))
        .then(pl.lit(AFTER))
        .when("has_before")
        .then(pl.lit(BEFORE))
        .otherwise(pl.lit(MIXED))
    )


def _issues(decided: pl.DataFrame) -> pl.DataFrame:
    """Return sources whose devices are not applied, or are for a measured efficiency, or of two bases."""
    higher = decided.filter(pl.col("devices") & pl.col("has_before") & pl.col("higher"))
    aside = higher.filter(pl.col("control_basis") == AFTER)
    first = higher.filter(pl.col("control_basis") == BEFORE, pl.col("own").is_not_null())
    apart = decided.filter(pl.col("control_basis") == MIXED)
    return pl.concat(
        [
            frame.select(pl.lit(check).alias("check"), *SOURCE, "year", "ratio", "own")
            for check, frame in (
                ("basis_after_control", aside),
                ("basis_measured", first),
                ("basis_mixed", apart),
            )
        ]
    )


def given_by(emission: pl.DataFrame) -> pl.DataFrame:
    """Return the basis of each source of a table ``emission`` that has one and only one."""
    return (
        emission.filter(pl.col("basis").is_not_null(), pl.col("origin") != "control")
        .with_columns(pl.col("product", "technology").fill_null(""))
        .group_by(PLACE)
        .agg(pl.col("basis").unique())
        .filter(pl.col("basis").list.len() == 1)
        .with_columns(control_basis=pl.col("basis").list.first())
        .drop("basis")
    )


def told_back(factor: pl.DataFrame, penetration: pl.DataFrame) -> pl.DataFrame:
    """Return factors after control as what would leave without the devices: what is left over what passes."""
    scaled = factor.join(
        penetration.select("key", "species", "penetration"), on=["key", "species"], how="left"
    )
    told = pl.col("controlled") & (pl.col("penetration") > 0)
    scale = pl.when(told).then(pl.col("penetration")).otherwise(1.0).fill_null(1.0)
    return scaled.with_columns(pl.col("value", "lower", "upper") / scale).select(factor.columns)
