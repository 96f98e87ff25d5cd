"""Grades of heavy-pollution days: families of indicators, the grade is that of the worst family.

The tables of thresholds were not found and none are invented: they come as a form that a user fills from the
guide he holds.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

GRADES = ("A", "B", "C", "D")
FAMILIES = ("equipment", "abatement", "limits", "fugitive", "monitoring", "management", "transport")
"""Families of indicators of 环办大气函〔2020〕340号."""
FORM: dict[str, pl.DataType] = {
    "family": pl.String(),
    "indicator": pl.String(),
    "grade": pl.String(),
    "test": pl.String(),
    "bound": pl.Float64(),
}
"""A threshold: `indicator` of `family` reaches `grade` if it passes `test` (``<=``, ``>=`` or ``is``)."""


def grade(form: pl.DataFrame, values: Mapping[str, float]) -> tuple[str | None, dict[str, str], list[str]]:
    """Return the grade, that of each family, and the indicators without a value.

    Parameters
    ----------
    form
        See :data:`FORM`. An indicator has a row for each grade it can reach; a grade without rows asks
        nothing.
    values
        Value of each indicator; ``is`` holds for a value of 1.

    Returns
    -------
    tuple
        (worst family's grade, grade by family, missing). With a value missing there is no grade.

    Raises
    ------
    ValueError
        If the form has a family, grade or test that there is not.
    """
    for name, allowed in (("family", FAMILIES), ("grade", GRADES), ("test", ("<=", ">=", "is"))):
        unknown = sorted(set(form[name]) - set(allowed))
        if unknown:
            raise ValueError(f"{name}: {unknown} not in {allowed}")
    missing = sorted(set(form["indicator"]) - set(values))
    if missing:
        return None, {}, missing
    by_family: dict[str, str] = {}
    for family in dict.fromkeys(form["family"]):
        rows = form.filter(pl.col("family") == family)
        by_family[family] = next((g for g in GRADES[:-1] if _reached(rows, g, values)), GRADES[-1])
    worst = max(by_family.values(), key=GRADES.index) if by_family else None
    return worst, by_family, []


def _reached(rows: pl.DataFrame, name: str, values: Mapping[str, float]) -> bool:
    asked = rows.filter(pl.col("grade") == name)
    if asked.is_empty():
        return False
    return all(
        _passes(values[indicator], test, bound)
        for indicator, test, bound in asked.select("indicator", "test", "bound").iter_rows()
    )


def _passes(value: float, test: str, bound: float) -> bool:
    if test == "is":
        return value == 1
    return value <= bound if test == "<=" else value >= bound
