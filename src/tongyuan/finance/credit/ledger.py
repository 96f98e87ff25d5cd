"""The ledger of the public's credits: made from acts, the same whatever their order or repetition."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import polars as pl

GROUP = 10
"""Persons a statistic stands on at least."""

START = "0" * 64
"""What the first line of a chain is chained to."""

BLOCK = 500_000
"""Lines turned into text at a time."""

STATES = ("credited", "capped", "duplicate", "unknown", "invalid")
LINE = ("act", "person", "day", "method", "behaviour", "amount", "credit")
"""What a line of the chain holds, in this order."""


def pseudonym(person: str, secret: bytes) -> str:
    """Return a person's name in the ledger: HMAC-SHA-256 of its own name under the operator's secret."""
    return hmac.new(secret, person.encode(), hashlib.sha256).hexdigest()[:32]


def issue_credits(act: pl.DataFrame, method: pl.DataFrame) -> pl.DataFrame:
    """Return what each act is credited with.

    An act counts once by its key, whichever copy comes first by time, then by content; its credit is
    ``(baseline − project) · amount``, never negative, cut where the person's credits of the day under the
    method reach its cap. Order and repetition of the rows change nothing.

    Parameters
    ----------
    act : DataFrame
        ``act`` (key), ``person`` (pseudonym), ``time``, ``method``, ``behaviour``, ``amount``.
    method : DataFrame
        ``method, behaviour, baseline, project`` [kg CO2 per unit] and ``cap`` [kg per person and day], empty
        for none.

    Returns
    -------
    DataFrame
        One row for every different row of `act`: its columns, ``day``, ``state`` (one of :data:`STATES`) and
        ``credit`` [kg]; sorted by time, then key.
    """
    content = ["time", "act", "person", "method", "behaviour", "amount"]
    rows = act.select(content).unique().sort(content)
    rows = rows.with_columns(pl.col("time").dt.date().alias("day"))
    known = method.select("method", "behaviour", "baseline", "project", "cap")
    rows = rows.join(known, on=["method", "behaviour"], how="left", maintain_order="left")
    first = pl.col("act").is_first_distinct()
    amount = pl.col("amount")
    invalid = amount.is_null() | amount.is_nan() | (amount < 0) | amount.is_infinite()
    state = (
        pl.when(~first)
        .then(pl.lit("duplicate"))
        .when(pl.col("baseline").is_null())
        .then(pl.lit("unknown"))
        .when(invalid)
        .then(pl.lit("invalid"))
        .otherwise(pl.lit("credited"))
    )
    rows = rows.with_columns(state.alias("state"))
    worth = ((pl.col("baseline") - pl.col("project")) * amount).clip(0.0)
    rows = rows.with_columns(pl.when(pl.col("state") == "credited").then(worth).otherwise(0.0).alias("worth"))
    before = pl.col("worth").cum_sum().over("person", "day", "method") - pl.col("worth")
    left = (pl.col("cap").fill_null(float("inf")) - before).clip(0.0)
    rows = rows.with_columns(pl.min_horizontal("worth", left).alias("credit"))
    cut = (pl.col("state") == "credited") & (pl.col("credit") < pl.col("worth"))
    rows = rows.with_columns(pl.when(cut).then(pl.lit("capped")).otherwise("state").alias("state"))
    return rows.select(*content, "day", "state", "credit")


def _texts(credit: pl.DataFrame) -> Iterator[str]:
    for start in range(0, credit.height, BLOCK):
        part = credit.slice(start, BLOCK).select(pl.concat_str(LINE, separator="\x1f"))
        yield from part.to_series()


def chain(credit: pl.DataFrame, start: str = START) -> pl.DataFrame:
    """Return the credits with ``hash``: SHA-256 over the line before and what this line says.

    Parameters
    ----------
    credit : DataFrame
        Columns of :data:`LINE`.
    start : str
        Hash of the line the first one follows.
    """
    last = bytes.fromhex(start)
    found: list[bytes] = []
    sha256, keep = hashlib.sha256, found.append
    for text in _texts(credit):
        last = sha256(last + text.encode()).digest()
        keep(last)
    hashes = pl.Series("hash", found, dtype=pl.Binary).bin.encode("hex")
    return credit.with_columns(hashes)


def first_broken(chained: pl.DataFrame, start: str = START) -> int | None:
    """Return the number of the first line that is not what it was when it was chained, None if all are."""
    fresh = chain(chained.drop("hash"), start)["hash"]
    broken = (fresh != chained["hash"]).arg_true()
    return int(broken[0]) if broken.len() else None


def balances(credit: pl.DataFrame, retirement: pl.DataFrame) -> pl.DataFrame:
    """Return the account of every person, and what of each retirement stands.

    Parameters
    ----------
    credit : DataFrame
        ``person, credit`` [kg].
    retirement : DataFrame
        ``retirement`` (key), ``person, day, amount`` [kg]; served by day, then key, a repeated key once.

    Returns
    -------
    DataFrame
        ``person, issued, retired, balance, refused`` [kg]; issued is retired and balance, and no balance is
        below nought.
    """
    issued = credit.group_by("person").agg(pl.col("credit").sum().alias("issued"))
    asked = retirement.sort("day", "retirement", "person", "amount").unique(
        "retirement", keep="first", maintain_order=True
    )
    asked = asked.group_by("person", maintain_order=True).agg("amount")
    joined = issued.join(asked, on="person", how="full", coalesce=True).sort("person")
    lines = []
    for person, whole, amounts in joined.select("person", "issued", "amount").iter_rows():
        left, refused = whole or 0.0, 0.0
        for amount in amounts or []:
            if 0 <= amount <= left:
                left -= amount
            else:
                refused += amount
        lines.append((person, whole or 0.0, (whole or 0.0) - left, left, refused))
    names = ("person", "issued", "retired", "balance", "refused")
    schema = {name: pl.Float64 if name != "person" else pl.String for name in names}
    return pl.DataFrame(lines, schema=schema, orient="row")


def statistics(credit: pl.DataFrame, by: list[str], group: int = GROUP) -> pl.DataFrame:
    """Return acts, persons and credits by the columns `by`; groups of fewer persons are left out.

    Returns
    -------
    DataFrame
        The columns of `by`, ``persons, acts, credit`` [kg].
    """
    counted = (
        credit.filter(pl.col("credit") > 0)
        .group_by(by)
        .agg(pl.col("person").n_unique().alias("persons"), pl.len().alias("acts"), pl.col("credit").sum())
    )
    return counted.filter(pl.col("persons") >= group).sort(by)
