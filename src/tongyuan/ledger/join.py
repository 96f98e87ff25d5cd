"""Joins that neither lose nor multiply rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from tongyuan.ledger.finding import FindingError, finding

_EXAMPLES = 5


def _shown(frame: pl.DataFrame, on: Sequence[str]) -> str:
    rows = frame.select(on).unique(maintain_order=True).head(_EXAMPLES).rows()
    return "; ".join(" · ".join("" if cell is None else str(cell) for cell in row) for row in rows)


def join_exact(
    left: pl.DataFrame, right: pl.DataFrame, on: Sequence[str], *, every_right: bool = False,
    may_lack: bool = False,
) -> pl.DataFrame:  # fmt: skip
    """Return `left` with the other columns of `right`, one right row for every left row.

    Parameters
    ----------
    left, right
        Frames that share the columns `on`; an empty text and a missing value are the same key.
    on
        Names of the key columns.
    every_right
        Whether every row of `right` must be used too.
    may_lack
        Whether a left row without any right row stays, with nulls in the other columns.

    Returns
    -------
    DataFrame
        As many rows as `left`, in its order.

    Raises
    ------
    FindingError
        If a key of `left` is absent from `right`, a key occurs twice in `right`, another column is in
        both, or (with `every_right`) a row of `right` is not used; with counts and examples.
    """
    on = list(on)
    findings = []
    both = sorted((set(left.columns) & set(right.columns)) - set(on))
    if both:
        findings.append(finding("ledger", "join_columns", columns=", ".join(both)))
    texts = [c for c in on if left.schema[c] == pl.String]
    folded = [pl.col(c).fill_null("") for c in texts]
    a, b = left.with_columns(folded), right.with_columns(folded)
    key = ", ".join(on)
    repeated = b.filter(pl.struct(on).is_duplicated())
    if repeated.height:
        count = repeated.select(on).unique().height
        findings.append(
            finding("ledger", "join_multiplied", count=count, key=key, examples=_shown(repeated, on))
        )
    lost = a.clear() if may_lack else a.join(b, on=on, how="anti", nulls_equal=True)
    if lost.height:
        findings.append(finding("ledger", "join_lost", count=lost.height, key=key, examples=_shown(lost, on)))
    if every_right:
        unused = b.join(a, on=on, how="anti", nulls_equal=True)
        if unused.height:
            words: dict[str, Any] = {"count": unused.height, "key": key, "examples": _shown(unused, on)}
            findings.append(finding("ledger", "join_unused", **words))
    if findings:
        raise FindingError(findings)
    joined = a.join(b, on=on, how="left", nulls_equal=True, maintain_order="left", validate="m:1")
    return joined.with_columns(left.select(texts)) if texts else joined
