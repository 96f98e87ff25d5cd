"""Questions about change in a plan: growth and adoption without optimisation, and why emissions change."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.ask.plan.given import ROOM, Given
from tongyuan.flows.ask.plan.quantity import objectives, quantities_of, scenario_activity, unit_of
from tongyuan.ledger.finding import finding, require
from tongyuan.pathway.ask.decompose import group_change
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.scenario import compare, outcome
from tongyuan.pathway.problem.base import base_point


def scenario(given: Given, grow: Sequence[str] = (), adopt: Sequence[str] = ()) -> Answer:
    """Return emissions under growth and adoption, without optimisation.

    Parameters
    ----------
    grow, adopt
        As :func:`tongyuan.flows.ask.plan.quantity.scenario_activity` reads them.

    Returns
    -------
    Answer
        ``plan_emission`` of ``base``, ``grown`` and, when something is adopted, ``adopted``; ``scenario``
        with these side by side (species, unit, base, year …), what targets limit first. Facts: ``names`` of
        the scenarios and the base ``year``.
    """
    case = given.case
    activity = scenario_activity(case, grow, adopt)
    base = base_point(case)["plan_emission"]
    told = {name: outcome(case, frame) for name, frame in activity.items()}
    start = base.group_by("species").agg(base=pl.col("value").sum())
    units = pl.concat([f.select("species", "unit") for f in (base, *told.values())]).unique("species")
    rows = compare(told).join(start, on="species", how="left").join(units, on="species", how="left")
    rows = rows.sort(~pl.col("species").is_in(quantities_of(case)), "species", "year")
    long = [frame.with_columns(scenario=pl.lit(name)) for name, frame in told.items()]
    return Answer(
        {
            "plan_emission": pl.concat([base, *(f.select(base.columns) for f in long)]),
            "scenario": rows.select("species", "unit", "base", "year", *told),
        },
        (),
        {"names": tuple(told), "year": base["year"][0]},
    )


def decompose(
    given: Given, quantity: str = "CO2", first: int | None = None, last: int | None = None
) -> Answer:
    """Return why emissions of the plan of least cost change between two of its years (LMDI).

    Parameters
    ----------
    quantity
        A species or a group.
    first, last
        Years; by default the base year and the last.

    Raises
    ------
    FindingError
        If the plan has no such year, or the quantity is no emission.
    """
    case = given.case
    plan = least_cost(case, evaluate=given.evaluate)
    base = base_point(case)
    year = {y for y in base["plan_activity"]["year"] if y not in case.years}
    years = [*sorted(year), *case.years]
    start, end = first or years[0], last or years[-1]
    wrong = [y for y in (start, end) if y not in years]
    require(finding(ROOM, "cli_no_year", year=y, years=", ".join(map(str, years))) for y in wrong)
    if objectives(case, [quantity])[0][0] != "emission":
        require([finding(ROOM, "cli_not_emission", text=quantity)])
    tables = {
        name: pl.concat([base[name].filter(pl.col("year").is_in(list(year))), plan[name]])
        for name in ("plan_activity", "plan_emission")
    }
    rows = group_change(case, tables["plan_emission"], tables["plan_activity"], quantity, start, end)
    facts = {
        "species": quantity, "first": start, "last": end, "change": rows["value"].sum(),
        "unit": unit_of(case, ("emission", quantity)),
    }  # fmt: skip
    return Answer({"decomposition": rows}, (), facts)
