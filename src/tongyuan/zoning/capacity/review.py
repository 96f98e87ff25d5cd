"""Who reviews the energy of a project, whether an opinion still holds, and days of decision."""

from __future__ import annotations

from datetime import date, timedelta

from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.access.rule import shelf_rules
from tongyuan.zoning.access.screen import Case, judge

BODIES = (("EN-9", "nation"), ("EN-8a", "province"), ("EN-8b", "local"))


def energy_review(
    energy: float, coal: float, day: date, *, higher: float | None = None, key_field: bool = False
) -> str:
    """Return who reviews a project: ``nation`` (with carbon), ``province``, ``local`` or ``none`` of its own.

    Parameters
    ----------
    energy : float [tce/yr]
        Electricity at 0.1229.
    coal : float [t/yr]
    higher : float [tce/yr]
        Electricity at the higher of both factors; that of `energy` where not given.

    References
    ----------
    国家发展改革委令2025年第31号 articles 8 and 9.

    Examples
    --------
    >>> energy_review(999.0, 1000.0, date(2026, 1, 1))
    'local'
    """
    facts = {"energy": energy, "coal": coal, "energy_high": energy if higher is None else higher,
             "key_field": float(key_field)}  # fmt: skip
    case = Case("", "100000", day, facts=facts)
    known = {rule.rule: rule for rule in shelf_rules()}
    for name, body in BODIES:
        if judge(known[name], case, lists_of()) is not None:
            return body
    return "none"


def _value(rule: str) -> list[int]:
    row = next(r for r in shelf("access_rule").iter_rows(named=True) if r["rule"] == rule)
    return [int(v) for v in row["value"].split("|")]


def opinion_holds(opinion: date, start: date) -> bool:
    """Return whether an opinion on energy still holds at the start of building (two years, EN-19).

    Examples
    --------
    >>> opinion_holds(date(2026, 1, 10), date(2028, 1, 11))
    False
    """
    (years,) = _value("EN-19")
    try:
        last = opinion.replace(year=opinion.year + years)
    except ValueError:
        last = date(opinion.year + years, 2, 28)
    return start <= last


def decision_day(received: date, form: bool) -> date:
    """Return by when an impact report (or form) is decided, in calendar days as printed (EIA-9).

    Examples
    --------
    >>> decision_day(date(2026, 3, 2), form=True)
    datetime.date(2026, 4, 1)
    """
    report, short = _value("EIA-9")
    return received + timedelta(days=short if form else report)
