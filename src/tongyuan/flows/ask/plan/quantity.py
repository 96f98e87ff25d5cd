"""What a user types about quantities, growth and adoption, read and checked all at once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.pathway.ask.scenario import adopt, grow
from tongyuan.pathway.ask.sweep import Objective
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.measure import units_of
from tongyuan.pathway.problem.base import base_activity
from tongyuan.pathway.problem.quantity import KINDS, members, names

ROOM = "pathway"
Pair = tuple[str, str]


def objectives(case: Case, texts: Sequence[str]) -> list[Objective]:
    """Return quantities written as ``NOx``, ``CO2e`` or ``kind:name``, each once.

    Raises
    ------
    FindingError
        With every quantity the case does not know.
    """
    found = [_objective(case, text) for text in texts]
    require(f for f in found if isinstance(f, Finding))
    return list(dict.fromkeys(f for f in found if not isinstance(f, Finding)))


def worths(case: Case, texts: Sequence[str]) -> dict[Objective, float]:
    """Return quantities with the worth of one unit less, written as ``CO2e=1``.

    Raises
    ------
    FindingError
        With every text that cannot be read and every quantity the case does not know.
    """
    found: dict[Objective, float] = {}
    wrong: list[Finding] = []
    for text in texts:
        name, sign, number = text.rpartition("=")
        value = _number(number)
        if not sign or value is None or value <= 0.0:
            wrong.append(finding(ROOM, "cli_benefit", text=text))
            continue
        quantity = _objective(case, name)
        if isinstance(quantity, Finding):
            wrong.append(quantity)
        else:
            found[quantity] = value
    require(wrong)
    return found


def unit_of(case: Case, objective: Objective) -> str:
    """Return the unit a quantity is counted in, empty where its members have none of their own."""
    kind, name = objective
    return case.settings.currency if kind == "cost" else units_of(case.tables).of(kind, name)


def quantities_of(case: Case) -> list[str]:
    """Return the species that targets limit, members of groups included."""
    wanted = (
        case["target"].filter(pl.col("quantity_kind") == "emission")["quantity"].unique(maintain_order=True)
    )
    return list(dict.fromkeys(m for name in wanted for m in members(case, name)))


def headed(case: Case, objective: Objective, name: str = "") -> str:
    """Return a quantity with its unit, for the head of a column."""
    unit = unit_of(case, objective)
    return f"{name or objective[1]}, {unit}" if unit else name or objective[1]


def _objective(case: Case, text: str) -> Objective | Finding:
    kind, _, name = text.rpartition(":")
    kind = kind or "emission"
    known = names(case, kind) | set(case["quantity_member"]["quantity"]) if kind in KINDS else set()
    if kind == "cost":
        known = {"total"} | (set(case["technology_option"]["payer"]) - {""})
    if name in known:
        return kind, name
    allowed = ", ".join(sorted(known)) if known else ", ".join(f"{k}:…" for k in KINDS)
    return finding(ROOM, "cli_unknown_quantity", text=text, known=allowed)


def scenario_activity(case: Case, growth: Sequence[str], adoption: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Return activity by scenario: ``grown``, and ``adopted`` when something is adopted.

    Parameters
    ----------
    growth
        Yearly rates by technology, as ``arc=0.02``.
    adoption
        Shares of one option that pass to another by year, as ``furnace:arc:2030=0.25,2035=0.4``; a control
        option is written ``coal_power/scr``.

    Raises
    ------
    FindingError
        With everything that cannot be read or is not known.
    """
    base = base_activity(case)
    wrong: list[Finding] = []
    if base.is_empty():
        require([finding(ROOM, "cli_no_stock")])
    known = set(case["technology_option"]["technology"])
    options = {(t, c) for t, c in case["control_option"].select("technology", "control").iter_rows()}
    options |= {(t, "") for t in known}
    rates: dict[str, float] = {}
    for text in growth:
        name, _, number = text.rpartition("=")
        rate = _number(number)
        if rate is None or rate <= -1.0:
            wrong.append(finding(ROOM, "cli_growth", text=text))
        elif name not in known:
            wrong.append(finding(ROOM, "unknown_name", name=name, table="technology_option"))
        else:
            rates[name] = rate
    moves: list[tuple[Pair, Pair, dict[int, float]]] = []
    for text in adoption:
        parts = text.split(":")
        shares = _shares(parts[-1]) if len(parts) == 3 else None
        if shares is None:
            wrong.append(finding(ROOM, "cli_adoption", text=text))
            continue
        source, target = _option(parts[0]), _option(parts[1])
        for pair in (source, target):
            if pair not in options:
                table = "control_option" if pair[1] else "technology_option"
                wrong.append(finding(ROOM, "unknown_name", name="/".join(p for p in pair if p), table=table))
        years = [y for y in shares if y not in case.years]
        wrong += [finding(ROOM, "cli_no_year", year=y, years=", ".join(map(str, case.years))) for y in years]
        moves.append((source, target, shares))
    require(wrong)
    result = {"grown": grow(base, case.years, rates, int(base["year"][0]))}
    for source, target, shares in moves:
        result["adopted"] = adopt(result.get("adopted", result["grown"]), source, target, shares)
    return result


def _option(text: str) -> Pair:
    technology, _, control = text.partition("/")
    return technology.strip(), control.strip()


def _shares(text: str) -> dict[int, float] | None:
    """Return ``2030=0.25,2035=0.4`` as shares by year, None when it cannot be read."""
    found: dict[int, float] = {}
    for part in text.split(","):
        year, _, number = part.partition("=")
        share = _number(number)
        if not year.strip().isdigit() or share is None or not 0.0 <= share <= 1.0:
            return None
        found[int(year)] = share
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
