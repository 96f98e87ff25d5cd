"""All checks over all enterprises at once: one query per view, one pass of expressions over its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from tongyuan.facility.check.prepare import prepared
from tongyuan.facility.check.relation import RELATIONS
from tongyuan.facility.check.shelf import Check, View, chosen, views
from tongyuan.ledger.table import PLACE, names

KEYS = ("facility", "subject", "period")
FINDING = {
    "facility": pl.String(),
    "code": pl.String(),
    "severity": pl.String(),
    "subject": pl.String(),
    "period": pl.String(),
    "result": pl.String(),
    "observed": pl.Float64(),
    "expected": pl.Float64(),
    "tolerance": pl.Float64(),
    "text_zh": pl.String(),
    "text_en": pl.String(),
    "legal_basis": pl.String(),
    "rows": pl.String(),
}
COUNT = {
    "code": pl.String(),
    "rows": pl.Int64(),
    "applied": pl.Int64(),
    "passed": pl.Int64(),
    "failed": pl.Int64(),
    "missing": pl.Int64(),
    "facilities": pl.Int64(),
}


class Relations:
    """Tables and relations that views stand on, each made once when it is first asked for.

    Parameters
    ----------
    tables
        Tables of the ledger by name; those that are not there are empty.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables
        self._made: dict[str, pl.DataFrame] = {}

    def __call__(self, name: str) -> pl.DataFrame:
        """Return the table or relation `name`."""
        if name not in self._made:
            made = RELATIONS[name](self) if name in RELATIONS else prepared(self._tables, name)
            self._made[name] = made
        return self._made[name]

    def keep(self, made: Mapping[str, pl.DataFrame]) -> None:
        """Take over tables that were made ready before."""
        self._made |= made

    def holds(self, view: View) -> bool:
        """Return whether the first table or relation of a view has any rows."""
        return self(view.tables[0]).height > 0

    def rows(self, view: View) -> pl.DataFrame:
        """Return the rows of a view."""
        with pl.SQLContext({name: self(name) for name in view.tables}, eager=True) as context:
            return context.execute(view.select)


def evaluate(
    tables: Mapping[str, pl.DataFrame] | Relations, which: Iterable[Check] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Evaluate checks over the tables of all enterprises.

    Parameters
    ----------
    tables
        Tables of the ledger by name.
    which
        Checks; those that are on when None.

    Returns
    -------
    tuple
        Findings (:data:`FINDING`: a row per row that failed), and for every check how many rows of its
        view there
        were, to how many it applied, how many passed, failed or lacked data, and of how many facilities
        (:data:`COUNT`).
    """
    relations = tables if isinstance(tables, Relations) else Relations(tables)
    by_view: dict[str, list[Check]] = {}
    for check in chosen() if which is None else which:
        by_view.setdefault(check.view, []).append(check)
    found: list[pl.DataFrame] = []
    counts: list[dict[str, object]] = []
    for name, group in by_view.items():
        view = views()[name]
        if not relations.holds(view):
            counts += [{"code": check.code} | dict.fromkeys(list(COUNT)[1:], 0) for check in group]
            continue
        frame = relations.rows(view)
        state = (
            frame.select(
                *(
                    _expression(check.expression("applies") or "TRUE").fill_null(False).alias(f"a{i}")
                    for i, check in enumerate(group)
                ),
                *(_expression(check.expression("holds")).alias(f"h{i}") for i, check in enumerate(group)),
            )
            if frame.height
            else None
        )
        for i, check in enumerate(group):
            if state is None:
                counts.append({"code": check.code} | dict.fromkeys(list(COUNT)[1:], 0))
                continue
            applies, holds = state[f"a{i}"], state[f"h{i}"]
            failed = applies & ~holds.fill_null(True)
            missing = int((applies & holds.is_null()).sum())
            bad = int(failed.sum())
            who = frame["facility"].filter(failed).n_unique() if bad else 0
            counts.append(
                {
                    "code": check.code,
                    "rows": frame.height,
                    "applied": int(applies.sum()),
                    "passed": int(applies.sum()) - bad - missing,
                    "failed": bad,
                    "missing": missing,
                    "facilities": who,
                }
            )
            if bad:
                found.append(_findings(frame, check, failed))
    listed = pl.concat(found) if found else pl.DataFrame(schema=FINDING)
    return listed, pl.DataFrame(counts, schema=COUNT).sort("code")


def _expression(text: str) -> pl.Expr:
    return pl.sql_expr(text)


def _findings(frame: pl.DataFrame, check: Check, failed: pl.Series) -> pl.DataFrame:
    """Return the findings of one check on the rows that failed."""
    place = pl.col(PLACE) if PLACE in frame.columns else pl.lit(None, dtype=pl.String)
    shown = frame.select(
        *(pl.col(k).cast(pl.String) for k in KEYS),
        *(
            (_expression(check.expression(name)) if getattr(check, name) else pl.lit(None))
            .cast(pl.Float64, strict=False)
            .alias(name)
            for name in ("observed", "expected")
        ),
        place.alias("rows"),
    )
    tolerance = float(check.tolerance) if check.tolerance else None
    return shown.filter(failed).select(
        "facility",
        pl.lit(check.code).alias("code"),
        pl.lit(check.severity).alias("severity"),
        "subject",
        "period",
        pl.lit("failed").alias("result"),
        "observed",
        "expected",
        pl.lit(tolerance, dtype=pl.Float64).alias("tolerance"),
        pl.lit(f"{check.title_zh}：{check.sentence_zh}").alias("text_zh"),
        pl.lit(f"{check.title_en}: {check.sentence_en}").alias("text_en"),
        pl.lit(check.legal_basis or None, dtype=pl.String).alias("legal_basis"),
        "rows",
    )


def without_tables() -> list[str]:
    """Return the names views use that are neither tables of the ledger nor relations; there are none."""
    known = set(names()) | set(RELATIONS)
    return sorted({table for view in views().values() for table in view.tables} - known)
