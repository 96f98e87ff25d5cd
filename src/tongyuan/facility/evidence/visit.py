"""Whom to inspect: the risk and the stake of every enterprise from its suspicions, findings and emission."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import polars as pl

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.evidence.balance import Array
from tongyuan.facility.evidence.plan import Drawn, covered, draw
from tongyuan.facility.evidence.scale import combined
from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import table
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf

ROOM = "facility"
LANGUAGES: tuple[Language, Language] = ("zh", "en")
PRIOR = 0.05
"""Share of misstatements before anything is seen; a proposal, which moves all risks alike."""
SHARE = 0.3
SIZES = 3
CLEAR = 0.01
"""Rate below which a suspicion is named as the reason of a visit."""


def risk(p: Array, prior: float = PRIOR) -> Array:
    """Return the largest probability of a misstatement that a p-value can mean.

    The Bayes factor against honest data is at most ``−1 / (e p ln p)`` for p < 1/e and one above.

    References
    ----------
    T. Sellke, M. J. Bayarri, J. O. Berger (2001), The American Statistician 55, 62–71.
    """
    small = np.clip(p, 1e-300, 1 / math.e)
    odds = prior / (1 - prior) * np.where(p < 1 / math.e, -1 / (math.e * small * np.log(small)), 1.0)
    return np.asarray(odds / (1 + odds))


def sites(
    tables: Mapping[str, pl.DataFrame], suspicion: pl.DataFrame, findings: pl.DataFrame
) -> pl.DataFrame:
    """Return a row per enterprise: ``facility, p, risk, tonnes, carbon, stake, stratum, kind, text_zh,
    text_en``.

    The p-value joins all suspicions that are not answered and accepted (Cauchy combination) with the share of
    enterprises of the same kind that have as many open findings ``fatal`` or ``critical_1``. Tonnes are
    pollution
    equivalents; the stake is the mean of the shares in all equivalents and in all carbon.
    """
    relations = Relations(tables)
    frame = relations("facility").select("facility", "kind").unique("facility", maintain_order=True)
    open_ = (
        suspicion.filter(pl.col("decided").fill_null("open") != "accepted")
        if "decided" in suspicion.columns
        else suspicion
    )
    top = (
        open_.sort("p_value")
        .group_by("facility", maintain_order=True)
        .agg(
            pl.col("p_value"),
            pl.col("text_zh").first(),
            pl.col("text_en").first(),
            pl.col("p_value").first().alias("best"),
        )
    )
    joined = pl.Series("joined", [combined(np.array(p)) for p in top["p_value"].to_list()], dtype=pl.Float64)
    serious = findings.filter(pl.col("severity").is_in(["fatal", "critical_1"]))
    if "decided" in serious.columns:
        serious = serious.filter(
            ~pl.col("decided").fill_null("open").is_in(["accepted", "waived", "corrected"])
        )
    many = serious.group_by("facility").agg(pl.col("code").n_unique().alias("codes"))
    frame = frame.join(
        top.drop("p_value").with_columns(joined), on="facility", how="left", maintain_order="left"
    )
    frame = frame.join(many, on="facility", how="left", maintain_order="left").join(
        _stake(relations), on="facility", how="left", maintain_order="left"
    )
    codes = pl.col("codes").fill_null(0)
    ranked = codes.rank("max", descending=True).over("kind") / pl.len().over("kind")
    frame = frame.with_columns(pl.when(pl.len().over("kind") > 1).then(ranked).otherwise(1.0).alias("rank_p"))
    p = np.array(
        [
            combined(np.array(pair, dtype=float))
            for pair in frame.select("joined", "rank_p").fill_null(np.nan).rows()
        ]
    )
    carbon = pl.col("carbon").fill_null(0.0)
    size = (carbon.rank("ordinal").over("kind") - 1) * SIZES // pl.len().over("kind")
    return frame.with_columns(
        pl.Series("p", p),
        pl.Series("risk", risk(p)),
        ((_share("tonnes") + _share("carbon")) / 2).alias("stake"),
        pl.struct("kind", size.alias("size")).rank("dense").cast(pl.Int64).alias("stratum"),
    )


def _share(column: str) -> pl.Expr:
    """Return the share of each row in the sum of a column."""
    value = pl.col(column).fill_null(0.0)
    return value / pl.max_horizontal(value.sum(), 1e-12)


def _stake(relations: Relations) -> pl.DataFrame:
    """Return pollution equivalents and carbon of each enterprise, from its emission or else from its fuel."""
    rows = shelf("tax_equivalent").filter((pl.col("species") != "") & (pl.col("value") != ""))
    value = {s: float(v) / 1000 for s, v in reversed(rows.select("species", "value").rows())}
    emission = relations("facility_emission").filter(pl.col("counted").fill_null(True))
    stack = relations("outlet_month").select("facility", "species", pl.col("mass").alias("value"))
    gases = emission.filter(pl.col("species").is_in(list(value))).select("facility", "species", "value")
    gases = gases if gases.height else stack.filter(pl.col("species").is_in(list(value)))
    tonnes = gases.group_by("facility").agg(
        (
            pl.col("value")
            / pl.col("species").replace_strict(
                list(value), list(value.values()), default=None, return_dtype=pl.Float64
            )
        )
        .sum()
        .alias("tonnes")
    )
    co2 = (
        emission.filter(pl.col("species") == "CO2")
        .group_by("facility")
        .agg(pl.col("value").sum().alias("counted"))
    )
    fuel = (
        relations("unit_month").group_by("facility").agg((pl.col("carbon_t").sum() * 44 / 12).alias("fuel"))
    )
    carbon = fuel.join(co2, on="facility", how="full", coalesce=True)
    carbon = carbon.select("facility", pl.coalesce("counted", "fuel").alias("carbon"))
    return carbon.join(tonnes, on="facility", how="full", coalesce=True)


def visits(
    frame: pl.DataFrame, budget: float, *, days: float = 1.0, random_share: float = SHARE, seed: int = 0
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the table ``inspection_plan`` for so many inspector-days, and what has to be said about it.

    Parameters
    ----------
    frame
        Enterprises (:func:`sites`).
    budget, days
        Inspector-days in all and of one visit.
    random_share, seed
        Share of the budget drawn at random, and the published seed of the draw.
    """
    form = table("inspection_plan").dtypes
    if budget <= 0 or days <= 0:
        return pl.DataFrame(schema=form), [
            finding(ROOM, "inspection_days", days=budget if budget <= 0 else days)
        ]
    if not 0 <= random_share <= 1:
        return pl.DataFrame(schema=form), [finding(ROOM, "inspection_share", share=random_share)]
    if frame.is_empty():
        return pl.DataFrame(schema=form), [finding(ROOM, "no_facilities")]
    stratum = frame["stratum"].to_numpy()
    effort = np.full(frame.height, float(days))
    drawn = draw(
        frame["risk"].to_numpy(),
        frame["stake"].to_numpy(),
        stratum,
        effort,
        budget,
        random_share=random_share,
        seed=seed,
    )
    rows = [
        _visit(frame.row(int(site), named=True), place, drawn, int(site), days)
        for place, site in enumerate(drawn.chosen)
    ]
    reached = covered(drawn)
    told = [] if reached >= 1 else [finding(ROOM, "stratum_not_drawn", share=f"{1 - reached:.0%}")]
    return pl.DataFrame(rows, schema=form), told


def _visit(row: Mapping[str, object], place: int, drawn: Drawn, site: int, days: float) -> dict[str, object]:
    certain, share = bool(drawn.certain[place]), float(drawn.inclusion[site])
    texts = {}
    for language in LANGUAGES:
        if certain:
            known = row["best"] is not None and float(str(row["best"])) < CLEAR
            key = "inspection_reason_risk" if known else "inspection_reason_tonnes"
            texts[language] = say(ROOM, key, language, **({"what": row[f"text_{language}"]} if known else {}))
        else:
            texts[language] = say(
                ROOM,
                "inspection_reason_random",
                language,
                stratum=row["stratum"],
                share=f"{share:.1%}",
            )
    return {
        "facility": row["facility"],
        "rank": place + 1,
        "days": days,
        "drawn": "by_risk" if certain else "at_random",
        "risk": row["risk"],
        "tonnes": row["tonnes"],
        "carbon": row["carbon"],
        "weight": 1 / share,
        "reason_zh": texts["zh"],
        "reason_en": texts["en"],
    }
