"""Is the plan what a person of the field would expect: balances, prices and rates beside bands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tongyuan.ledger.table import LIST, conform
from tongyuan.pathway.draft.ground import cited_from
from tongyuan.pathway.draft.key import energy
from tongyuan.pathway.draft.service import fuel
from tongyuan.reference import units
from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import shelf

ROOM = "pathway"
CLOSE = 0.005
"""Share by which a sum of the base year may differ from the published one."""

COAL = ("raw_coal", "bituminous", "washed_coal", "anthracite", "lignite", "other_coal")
HOURS = 8760.0
YEAR = 8784.0
"""Hours of the longest year."""

BURNT = ("thermal_power", "heating_supply", "agriculture", "industry", "construction", "transport", "trade",
         "other", "residential", "residential_urban", "residential_rural")  # fmt: skip
FINAL = ("agriculture", "industry", "construction", "transport", "trade", "other", "residential")
SENT = ("outflow", "export", "inflow", "import")

BURNT_LESS = ("industry_nonenergy",)
"""Items of the balance that are burnt, and those of them that are raw material."""

WEATHER = ("wind", "pv")
"""Kinds of availability on shelf ``service_option`` that are of the weather."""

STANDARD = 29.3076
"""Heat of standard coal [GJ/tce]."""


def plausible(
    case: Mapping[str, pl.DataFrame],
    balance: pl.DataFrame,
    emission: pl.DataFrame,
    plan: Mapping[str, pl.DataFrame],
    year: int,
    fuel_set: str,
) -> pl.DataFrame:
    """Return table ``plan_plausible``: the plan beside published figures and cited bands.

    Parameters
    ----------
    case
        Plan tables ``flow, technology_flow, technology_option, stock, price``.
    balance
        Table ``energy_balance`` of the base year.
    emission
        Emissions of the base point (``technology, species, value``).
    plan
        Tables of the least-cost plan: ``plan_capacity, plan_activity, shadow_price``.
    year
        Base year.
    fuel_set
        Set of heating values of the account.
    """
    rows = [
        *_balances(case, balance, year),
        *_fuels(case, balance, year, fuel_set),
        *_power(case, emission, year),
        *_prices(case),
        *_carbon(plan),
        *_hours(case, plan, year),
    ]
    return conform("plan_plausible", pl.DataFrame(rows, schema=SCHEMA, orient="row"))


SCHEMA: dict[str, Any] = {
    "quantity": pl.String, "subject": pl.String, "year": pl.Int64, "value": pl.Float64, "unit": pl.String,
    "lower": pl.Float64, "upper": pl.Float64, "verdict": pl.String, "sentence_zh": pl.String,
    "sentence_en": pl.String, "source": LIST,
}  # fmt: skip


def _row(
    quantity: str, subject: str, year: int | None, value: float, unit: str,
    band: tuple[float, float] | None, source: str | Sequence[str], why: str = "",
) -> tuple[Any, ...]:  # fmt: skip
    low, high = band if band is not None else (None, None)
    verdict = "no_band"
    if low is not None and high is not None:
        verdict = "below" if value < low else "above" if value > high else "within"
    key = f"plausible_{quantity}_{verdict}"
    key = f"{key}_{why}" if f"{key}_{why}" in catalogue(ROOM) else key
    most = f"{(value if high is None else high) / HOURS:.3f}"
    said = [say(ROOM, key, language, most=most, hours=f"{value:,.0f}") for language in ("zh", "en")]
    return (quantity, subject, year, value, unit, low, high, verdict, *said, cited_from(source))


def _made(case: Mapping[str, pl.DataFrame], flow: str) -> float:
    base = case["stock"].group_by("technology", maintain_order=True).agg(pl.col("activity").sum())
    rows = case["technology_flow"].filter(pl.col("flow") == flow, pl.col("role") == "output")
    joined = rows.join(base, on="technology", maintain_order="left")
    return float(joined.select((pl.col("coefficient") * pl.col("activity")).sum()).item())


def _balances(case: Mapping[str, pl.DataFrame], balance: pl.DataFrame, year: int) -> list[tuple[Any, ...]]:
    """Return what stands in the base year beside the published balance: power used and heat supplied."""
    found = []
    for flow, product, item, unit in (
        ("electricity", "electricity", "total_consumption", "GWh"),
        ("heat", "heat", "heating_supply", "TJ"),
    ):
        cells = balance.filter((pl.col("item") == item) & (pl.col("product") == product))
        made = _made(case, flow)
        if cells.is_empty() or made <= 0.0:
            continue
        told = _sum(cells, unit)
        if flow == "electricity":
            told += _beside_use(balance.filter(pl.col("product") == product), told, unit)
        band = (told * (1 - CLOSE), told * (1 + CLOSE))
        cited = cells["source"].drop_nulls().head(1).to_list()
        found.append(_row(f"{flow}_balance", flow, year, made, unit, band, cited))
    return found


def _sum(cells: pl.DataFrame, unit: str) -> float:
    return float(sum(abs(v) * units.factor(u, unit) for v, u in cells.select("value", "unit").iter_rows()))


def _beside_use(balance: pl.DataFrame, use: float, unit: str) -> float:
    """Return what is generated and not used here: what is sent on balance, and losses where `use` is final.

    Yearbooks before 2021 print final use as total consumption, later ones what is lost on the way too.
    """
    items = {name: _sum(balance.filter(pl.col("item") == name), unit) for name in (*FINAL, *SENT, "loss")}
    sent = items["outflow"] + items["export"] - items["inflow"] - items["import"]
    final = sum(items[name] for name in FINAL)
    return max(sent, 0.0) + (items["loss"] if abs(use - final) <= CLOSE * final else 0.0)


def _fuels(
    case: Mapping[str, pl.DataFrame], balance: pl.DataFrame, year: int, fuel_set: str
) -> list[tuple[Any, ...]]:
    """Return the fuels that sources of the base year burn beside what the published balance says is burnt."""
    burnt = (
        case["technology_flow"]
        .filter(pl.col("role") == "input")
        .join(case["stock"].select("technology", "activity"), on="technology", maintain_order="left_right")
        .group_by("flow", maintain_order=True)
        .agg((pl.col("coefficient") * pl.col("activity")).sum())
    )
    standing = dict(burnt.iter_rows())
    told: dict[str, float] = defaultdict(float)
    cells = balance.filter(pl.col("item").is_in([*BURNT, *BURNT_LESS]))
    parts = cells.filter(pl.col("item").is_in(["residential_urban", "residential_rural"]))
    split = set(parts["product"])
    reductants = set(shelf("balance_process").filter(pl.col("rule") == "reductant")["product"])
    for row in cells.to_dicts():
        flow, item, product = fuel(row["product"] or ""), row["item"], row["product"]
        reduces = item in ("industry", *BURNT_LESS) and product in reductants
        if not flow or reduces or (item == "residential" and product in split):
            continue
        heat = energy(product, abs(row["value"]), row["unit"], fuel_set)
        if heat is not None:
            told[flow] += -heat if item in BURNT_LESS else heat
    source = str(balance["source"][0] or "") if balance.height else ""
    return [
        _row(
            "fuel_balance",
            flow,
            year,
            standing[flow],
            "TJ",
            (value * (1 - CLOSE), value * (1 + CLOSE)),
            source,
        )
        for flow, value in sorted(told.items())
        if standing.get(flow, 0.0) > 0.0 and value > 0.0
    ]


def _coal_power(case: Mapping[str, pl.DataFrame]) -> list[str]:
    options = case["technology_option"].filter(pl.col("process") == "energy.power")["technology"].to_list()
    standing = set(case["stock"]["technology"])
    return [t for t in options if t in standing and any(t.split("-")[1] == c for c in COAL if "-" in t)]


def _power(case: Mapping[str, pl.DataFrame], emission: pl.DataFrame, year: int) -> list[tuple[Any, ...]]:
    """Return carbon and coal per unit of coal power, beside the benchmarks of the carbon market."""
    names = _coal_power(case)
    of_coal = pl.col("technology").is_in(names)
    activity = float(case["stock"].filter(of_coal)["activity"].sum())
    if not names or not activity:
        return []
    carbon = float(emission.filter(of_coal, pl.col("species") == "CO2")["value"].sum())
    marks = shelf("ets_benchmark").filter(pl.col("sector") == "power", pl.col("class") != "gas")
    values = marks["power"].cast(pl.Float64)
    band = (float(values.min()), float(values.max()))  # type: ignore[arg-type]
    sources = marks["source"].unique().sort().to_list()
    base = case["stock"].filter(pl.col("technology").is_in(names)).select("technology", "activity")
    burnt = case["technology_flow"].filter(pl.col("flow") == "coal", pl.col("role") == "input")
    burnt = burnt.join(base, on="technology", maintain_order="left_right")
    heat = burnt.select((pl.col("coefficient") * pl.col("activity")).sum()).item()
    return [
        _row("coal_power_carbon", "coal_power", year, carbon / activity / 1e3, "t/MWh", band, sources),
        _row("coal_rate", "coal_power", year, heat / activity / STANDARD * 1e3, "g/kWh",
             *_band("coal_rate", "", "energy.power")),
    ]  # fmt: skip


def _band(quantity: str, technology: str, process: str) -> tuple[tuple[float, float] | None, Sequence[str]]:
    """Return the band of shelf ``service_band`` for a technology, or for its process, and its source."""
    rows = [r for r in shelf("service_band").to_dicts() if r["quantity"] == quantity]
    own = [r for r in rows if r["technology"] and r["technology"] == technology]
    row = next(iter(own or [r for r in rows if r["process"] and r["process"] == process]), None)
    if row is None:
        return None, ()
    return (float(row["lower"]), float(row["upper"])), row["source"].split("|")


def _prices(case: Mapping[str, pl.DataFrame]) -> list[tuple[Any, ...]]:
    """Return the price of coal beside the range that the State sets for contracts."""
    rows = case["price"].filter(pl.col("flow") == "coal", pl.col("direction") == "purchase")
    unit = dict(case["flow"].select("flow", "unit").iter_rows()).get("coal")
    if rows.is_empty() or unit != "TJ":
        return []
    tonne = float(rows["value"][0]) * 23.0274 / 1e3  # 5,500 kcal/kg
    return [_row("coal_price", "coal", None, tonne, "CNY/t", (570.0, 770.0), ["ndrc_2022_303"])]


def _carbon(plan: Mapping[str, pl.DataFrame]) -> list[tuple[Any, ...]]:
    """Return the greatest price of carbon beside the prices of the national market."""
    rows = plan["shadow_price"].filter(pl.col("unit") == "t")
    named = rows.filter(pl.col("target").str.to_lowercase().str.contains("co2|carbon"), pl.col("binding"))
    if named.is_empty():
        return []
    prices = shelf("carbon_price")
    values = prices["value"].cast(pl.Float64)
    band = (float(values.min()), float(values.max()))  # type: ignore[arg-type]
    top = named.sort("shadow_price").tail(1).to_dicts()[0]
    sources = prices["source"].unique().sort().to_list()
    return [_row("carbon_price", top["target"], top["year"], top["shadow_price"], "CNY/t", band, sources)]


def now_standing(case: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return the technologies of the stock whose capacity is known."""
    stock = case["stock"]
    if "capacity" not in stock.columns:
        return []
    return stock.filter(pl.col("capacity") > 0.0)["technology"].to_list()


def _hours(
    case: Mapping[str, pl.DataFrame], plan: Mapping[str, pl.DataFrame], base: int
) -> list[tuple[Any, ...]]:
    """Return hours of use of what has a capacity in MW, in the base year and in the last period.

    They are judged by the band of shelf ``service_band``. Without one there is no verdict, but for hours that
    no year has. What is outside its band says why: hours of the weather are those of the potential, hours of
    what stands are output over capacity of the base year, those of a new plant its availability. What stands
    and runs less than in the base year gives way.
    """
    weather = {r["technology"] for r in shelf("service_option").to_dicts() if r["availability"] in WEATHER}
    standing = set(now_standing(case))
    about = (
        case["technology_option"]
        .select("technology", "process", per="unit")
        .unique("technology", keep="first", maintain_order=True)
    )
    run = plan["plan_activity"].group_by("technology", "year", maintain_order=True).agg(pl.col("value").sum())
    later = plan["plan_capacity"].filter(pl.col("unit") == "MW")
    grouped = later.group_by("technology", "year", maintain_order=True)
    last = grouped.agg(pl.col("capacity").sum()).join(run, on=["technology", "year"])
    last = last.filter(pl.col("year") == pl.col("year").max())
    now = pl.DataFrame(schema=last.schema)
    if {"capacity", "capacity_unit"} <= set(case["stock"].columns):
        stock = (
            case["stock"].filter(pl.col("capacity_unit") == "MW").group_by("technology", maintain_order=True)
        )
        now = stock.agg(pl.col("capacity").sum(), value=pl.col("activity").sum()).select(
            "technology", pl.lit(base).cast(last.schema["year"]).alias("year"), "capacity", "value"
        )
    found, began = [], dict[str, float]()
    for r in (
        pl.concat([now, last.select(now.columns)])
        .join(about, on="technology")
        .sort("technology", "year")
        .to_dicts()
    ):
        if r["capacity"] <= 1e-6:
            continue
        hours = r["value"] * units.factor(r["per"], "MWh") / r["capacity"]
        band, source = _band("hours", r["technology"], r["process"] or "")
        name = r["technology"]
        why = "weather" if name in weather else "standing" if name in standing else "option"
        if band is None and not 0.0 <= hours <= YEAR:
            band = (0.0, YEAR)
        began.setdefault(name, hours)
        idle = name in standing and band is not None and hours < band[0] and hours < began[name] - 1.0
        why = "" if hours > YEAR or idle else why
        found.append(_row("hours", name, r["year"], hours, "h", band, source, why))
    return found
