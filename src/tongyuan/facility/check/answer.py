"""Answers of the enterprise, waivers and decisions, set beside findings and suspicions."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import table

ROOM = "facility"
PLACES = (("subject", "period"), ("subject",), ("period",), ())
"""What an answer names besides facility and code, the nearest first; what it leaves empty it answers
for all of."""


def answered(frame: pl.DataFrame, answers: pl.DataFrame, code: str = "code") -> pl.DataFrame:
    """Return findings (or suspicions) with the answers of their enterprises beside them.

    Parameters
    ----------
    frame
        Rows with ``facility``, `code`, ``subject``, ``period``.
    answers
        Table ``finding_answer``; of several answers to one row the nearest counts, of these the latest.
    code
        Column that an answer's code is set against.

    Returns
    -------
    DataFrame
        `frame` with ``answer`` (text, file, by whom, when) and ``decided`` (``waived`` for a waiver,
        else what
        was decided). Nothing is taken away: an answered row stays.
    """
    left = frame.drop("answer", "decided", strict=False)
    if answers.is_empty():
        nothing = pl.lit(None, dtype=pl.String)
        return left.with_columns(nothing.alias("answer"), nothing.alias("decided"))
    form = table("finding_answer").dtypes
    every = answers.select(
        (pl.col(c) if c in answers.columns else pl.lit(None).alias(c)).cast(t) for c, t in form.items()
    ).sort("day", nulls_last=False)
    source = pl.concat_str(["file", "by", pl.col("day").cast(pl.String)], separator="，", ignore_nulls=True)
    told = pl.when(source == "").then(pl.col("text")).otherwise(pl.format("{}（{}）", "text", source))
    decided = pl.when(pl.col("kind") == "waiver").then(pl.lit("waived")).otherwise(pl.col("decided"))
    every = every.with_columns(told.alias("told"), decided.alias("outcome"))
    for n, named in enumerate(PLACES):
        empty = [
            pl.col(c).is_null() if c not in named else pl.col(c).is_not_null() for c in ("subject", "period")
        ]
        keys = ["facility", "code", *named]
        part = (
            every.filter(*empty)
            .group_by(keys)
            .agg(pl.col("told").last().alias(f"told{n}"), pl.col("outcome").last().alias(f"outcome{n}"))
        )
        left = left.join(
            part, left_on=["facility", code, *named], right_on=keys, how="left", maintain_order="left"
        )
    numbers = range(len(PLACES))
    return left.with_columns(
        pl.coalesce(f"told{n}" for n in numbers).alias("answer"),
        pl.coalesce(f"outcome{n}" for n in numbers).alias("decided"),
    ).drop(f"{word}{n}" for word in ("told", "outcome") for n in numbers)


def answer_findings(answers: pl.DataFrame, known: Collection[str]) -> list[Finding]:
    """Return what is wrong with answers: a code that names nothing, a waiver without a reason."""
    found = []
    for row in answers.iter_rows(named=True):
        if row["code"] not in known:
            found.append(
                finding(
                    ROOM, "answer_unknown", sheet="finding_answer", facility=row["facility"], code=row["code"]
                )
            )
        if row.get("kind") == "waiver" and not (row.get("text") or "").strip():
            found.append(
                finding(
                    ROOM,
                    "waiver_without_reason",
                    sheet="finding_answer",
                    facility=row["facility"],
                    code=row["code"],
                )
            )
    return found
