"""Projects of a workspace: appraised and chosen among; claims on green power held against what was made."""

from __future__ import annotations

import polars as pl

from tongyuan.finance.appraisal.flow import internal_rates
from tongyuan.finance.appraisal.tables import appraise, choose, government_money, reductions, yearly
from tongyuan.finance.claim.green_power import allow_claims
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.ledger.table import table as table_of
from tongyuan.reference.units import UnitError, factor

Tables = dict[str, pl.DataFrame]
ROOM = "finance"
MOST = 5
"""Names in a sentence."""


def _names(names: list[str]) -> Bilingual:
    more = ("等", " …") if len(names) > MOST else ("", "")
    return Bilingual("、".join(names[:MOST]) + more[0], ", ".join(names[:MOST]) + more[1])


def _given(inputs: Brought, name: str) -> pl.DataFrame:
    return inputs.tables.get(name, empty(name)).drop(PLACE, strict=False)


def invest(inputs: Brought) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables ``appraisal, appraisal_payer, portfolio, green_claim_state``, and what was found.

    Raises
    ------
    FindingError
        If a unit is no money or no mass, a span ends before it begins, or the warming potentials lack a gas.
    """
    found: list[Finding] = []
    made: Tables = {}
    investment = _given(inputs, "investment")
    if investment.height or any(_given(inputs, name).height for name in ("cash_flow", "project_reduction")):
        made |= _projects(inputs, investment, found)
    claims = _given(inputs, "green_claim")
    if claims.height:
        made["green_claim_state"] = _claims(claims, _given(inputs, "green_supply"), found)
    return {name: frame for name, frame in made.items() if frame.height}, tuple(found)


def _projects(inputs: Brought, investment: pl.DataFrame, found: list[Finding]) -> Tables:
    settings = inputs.settings.finance
    flow = _in_unit(_given(inputs, "cash_flow"), "CNY", "flow_unit")
    turned = flow.filter(pl.col("year_to") < pl.col("year"))
    require(
        finding(ROOM, "span_turned", project=r["project"], year=r["year"], until=r["year_to"])
        for r in turned.iter_rows(named=True)
    )
    cut = _in_unit(_given(inputs, "project_reduction"), "t", "cut_unit")
    for table, frame in (("cash_flow", flow), ("project_reduction", cut)):
        strange = frame.join(investment, on="project", how="anti")
        if strange.height:
            names = _names(strange["project"].unique(maintain_order=True).to_list())
            shown = Bilingual(table_of(table).title_zh, table_of(table).title_en)
            found.append(finding(ROOM, "project_unknown", table=shown, count=strange.height, names=names))
    idle = investment.join(flow, on="project", how="anti")["project"].to_list()
    if idle:
        found.append(finding(ROOM, "no_flow", count=len(idle), names=_names(idle)))
    years = yearly(flow.join(investment, on="project", how="semi"))
    try:
        falls = reductions(cut, inputs.settings.account.gwp_set)
    except KeyError as lacks:
        require([finding(ROOM, "gwp_lacks", reason=lacks.args[0])])
        raise
    _look(investment, years, found)
    prices = settings.carbon_price, settings.equivalent_price
    appraisal, payers = appraise(
        investment, years, falls, rate=settings.discount_rate, sensitivity=settings.sensitivity,
        carbon_price=prices[0], equivalent_price=prices[1],
    )  # fmt: skip
    made = {"appraisal": appraisal, "appraisal_payer": payers}
    if prices[0] is None or prices[1] is None:
        if falls.height:
            found.append(finding(ROOM, "no_prices", count=falls.height))
    elif settings.budget is not None:
        money = government_money(years, settings.discount_rate)
        made["portfolio"] = choose(investment, falls, money, settings.budget, prices[0], prices[1])
    return made


def _in_unit(frame: pl.DataFrame, unit: str, wrong: str) -> pl.DataFrame:
    """Return the values of a table in one unit; every unit that does not convert is an error."""
    given = frame.with_columns(pl.col("unit").fill_null(unit))
    scales: dict[str, float] = {}
    bad: list[Finding] = []
    for one in given["unit"].unique(maintain_order=True).to_list():
        try:
            scales[one] = factor(one, unit)
        except UnitError:
            bad.append(finding(ROOM, wrong, unit=one))
    require(bad)
    if not scales:
        return given
    scale = pl.col("unit").replace_strict(scales, return_dtype=pl.Float64)
    return given.with_columns(pl.col("value") * scale)


def _look(investment: pl.DataFrame, years: pl.DataFrame, found: list[Finding]) -> None:
    """Name flows with several rates of return or none, and those that outlast their project."""
    lives = dict(investment.select("project", "lifetime").iter_rows())
    sums = years.group_by("project", "year").agg(pl.col("value").sum()).sort("project", "year")
    for (name,), part in sums.group_by(["project"], maintain_order=True):
        first, last = int(part["year"][0]), int(part["year"][-1])
        values = dict(part.select("year", "value").iter_rows())
        rates = internal_rates([values.get(year, 0.0) for year in range(first, last + 1)])
        if len(rates) > 1:
            told = Bilingual("、".join(f"{r:.2%}" for r in rates), ", ".join(f"{r:.2%}" for r in rates))
            found.append(finding(ROOM, "many_rates", project=name, count=len(rates), rates=told))
        elif not rates:
            found.append(finding(ROOM, "no_rate", project=name))
        if last - first > lives[name]:
            found.append(finding(ROOM, "beyond_life", project=name, span=last - first, lifetime=lives[name]))


def _claims(claims: pl.DataFrame, supply: pl.DataFrame, found: list[Finding]) -> pl.DataFrame:
    state = allow_claims(claims, supply)
    for row in state.filter(pl.col("refused") > 0).iter_rows(named=True):
        words = {k: row[k] for k in ("plant", "year", "claim")}
        amount = f"{row['refused']:,.3f}".rstrip("0").rstrip(".")
        who = row["claimant"] or "–"
        found.append(finding(ROOM, "claim_refused", claimant=who, refused=amount, **words))
    return conform("green_claim_state", state.drop("day"))
