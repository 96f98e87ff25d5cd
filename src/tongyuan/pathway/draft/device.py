"""Devices of the library for the sources of the base year: removal, cost, electricity and reagent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from itertools import product as every

import polars as pl

from tongyuan.pathway.draft.ground import SMALL, Ground, Sheets, best
from tongyuan.pathway.draft.missing import left_out
from tongyuan.reference import gwp, units
from tongyuan.reference.factors.library import library
from tongyuan.reference.shelf import shelf

SHORT_TON = 0.90718474
"""Tonnes in a short ton, by which the cost library of the United States counts."""

FAMILY = {
    "SO2": "sulphur",
    "NOx": "nitrogen",
    "PM10": "dust",
    "PM2.5": "dust",
    "TSP": "dust",
    "NMVOC": "voc",
    "N2O": "nitrous",
    "CH4_biogenic": "methane",
    "CH4_fossil": "methane",
    "NH3": "ammonia",
    "COD": "water",
    "TN": "water",
    "TP": "water",
}
"""Species that one kind of device is for; devices of different families stand together."""

KINDS = {"sulphur": "desulfurisation", "nitrogen": "denitrification", "dust": "dedusting",
         "voc": "voc_control"}  # fmt: skip
ALSO = {
    "low_nox_burner": "lnb",
    "venturi_scrubber": "venturi",
    "dry_fgd": "spray_dryer",
    "overfire_air": "lnb_ofa",
}
"""Names of removals in the library, and those of the same device in its costs."""
COMPARED = 2020
"""Year of the exchange rate by which costs without a price year are compared (not converted)."""

MOST = 2
"""Devices of one family that are offered on a source: the cheapest and the one that removes most."""


@dataclass(frozen=True)
class Device:
    """A device on a source: removal by species, and money per unit of activity."""

    device: str
    family: str
    removal: dict[str, float]
    cost: float
    currency: str
    price_year: int | None
    title_zh: str
    title_en: str
    source: str
    locator: str
    department: str = "environment"


def devices(ground: Ground, sheets: Sheets, coefficient: pl.DataFrame) -> None:
    """Write the devices that stand on sources of the base year, alone and together.

    Parameters
    ----------
    coefficient
        Table ``emission_coefficient`` of the sources.
    """
    rows = shelf("service_device").to_dicts()
    groups = defaultdict(list)
    for row in rows:
        groups[row["source_group"]].append(row)
    costs = [r for r in shelf("control_cost").to_dicts() if r["status"] != "unverified"]
    rates, shares = _rates(sheets, coefficient)
    sources = [r for r in sheets.of("technology_source") if r.get("value") is None]
    fitted: dict[str, dict[str, list[Device]]] = defaultdict(lambda: defaultdict(list))
    for name in dict.fromkeys(r["control"] for r in costs):
        kind = [r for r in costs if r["control"] == name]
        _fit(kind, groups[kind[0]["source_group"]], sources, rates, shares, ground, sheets, fitted)
    for technology, families in fitted.items():
        _together(technology, families, sheets)
    _without_cost({r["device"] for r in costs}, sources, rates, ground, sheets)


def _without_cost(
    priced: set[str], sources: list[dict[str, str]], rates: dict[str, dict[str, float]], ground: Ground,
    sheets: Sheets,
) -> None:  # fmt: skip
    """Say which devices of the library remove what a source emits and are not offered for want of a cost."""
    titles = {r["control"]: (r["title_zh"], r["title_en"]) for r in shelf("control").to_dicts()}
    removals = (
        library()
        .filter(pl.col("kind") == "removal_efficiency", ~pl.col("control").replace(ALSO).is_in(priced))
        .select("control", "process", "species", "source")
        .unique(maintain_order=True)
        .to_dicts()
    )
    standing = set(ground.control.filter(pl.col("applied").fill_null(1.0) > 0.0)["control"])
    emitted: dict[str, set[str]] = defaultdict(set)
    for s in sources:
        emitted[s["process"]] |= {n for n, v in rates.get(s["technology"], {}).items() if v > 0.0}
    for r in removals:
        for process, species in emitted.items():
            under = process == r["process"] or process.startswith(f"{r['process']}.")
            if under and r["species"] in species and r["control"] not in standing:
                left_out(sheets, r["control"], "no_cost", subject=r["process"],
                         titles=titles.get(r["control"], ("", "")), source=r["source"])  # fmt: skip


def _rates(sheets: Sheets, coefficient: pl.DataFrame) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Return tonnes per unit of activity by technology and species, and the greatest share of any species."""
    base = {r["technology"]: r["activity"] for r in sheets.of("stock")}
    rates: dict[str, dict[str, float]] = defaultdict(dict)
    whole: dict[str, float] = defaultdict(float)
    for technology, species, value, unit in coefficient.select(
        "technology", "species", "value", "unit"
    ).iter_rows():
        if unit.partition("/")[0] == "t":
            rates[technology][species] = value
            whole[species] += value * base.get(technology, 0.0)
    shares = {
        technology: max(
            (v * base[technology] / whole[s] for s, v in own.items() if whole[s] > 0.0 and s in FAMILY),
            default=0.0,
        )
        for technology, own in rates.items()
        if technology in base
    }  # fmt: skip
    return rates, shares


def _fit(
    kind: list[dict[str, str]], groups: list[dict[str, str]], sources: list[dict[str, str]],
    rates: dict[str, dict[str, float]], shares: dict[str, float], ground: Ground, sheets: Sheets,
    fitted: dict[str, dict[str, list[Device]]],
) -> None:  # fmt: skip
    """Find the sources a device stands on; say why it stands on none."""
    first = kind[0]
    titles = (first["title_zh"], first["title_en"])
    told = {"subject": "", "titles": titles, "source": first["source"]}
    on = [
        (s, best(groups, s["process"], s["product"] or "")) for s in sources
    ] if groups else []  # fmt: skip
    on = [(s, g) for s, g in on if g is not None]
    if not groups:
        left_out(sheets, first["control"], "unmapped", **told)  # type: ignore[arg-type]
        return
    if not on:
        left_out(sheets, first["control"], "no_source", **told)  # type: ignore[arg-type]
        return
    if not any(r["efficiency"] for r in kind) and first["device"] not in _paired():
        left_out(sheets, first["control"], "no_removal", **told)  # type: ignore[arg-type]
        return
    reasons = set()
    for s, group in on:
        assert group is not None
        cited = [_with_removal(r, s["process"]) for r in kind]
        made = _device(cited, rates.get(s["technology"], {}), _unit(sheets, s["technology"]))
        reason = _barred(first, s, group, made, shares, ground)
        if reason:
            reasons.add(reason)
            continue
        assert made is not None
        department = group["department"] or made.department
        fitted[s["technology"]][made.family].append(replace(made, department=department))
    if (
        reasons
        and len(reasons)
        and not any(
            d.device == first["device"]
            for families in fitted.values()
            for ds in families.values()
            for d in ds
        )
    ):
        left_out(sheets, first["control"], sorted(reasons)[0], **told)  # type: ignore[arg-type]


@cache
def _paired() -> dict[str, list[dict[str, str]]]:
    """Return rows of shelf ``service_removal`` by device: removals that the costs do not give."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in shelf("service_removal").to_dicts():
        found[row["device"]].append(row)
    return found


def _with_removal(row: dict[str, str], process: str) -> dict[str, str]:
    """Return a cost of the library with the removal of its record, where it has none of its own."""
    pair = next(
        (p for p in _paired().get(row["device"], [])
         if process.startswith(p["process"]) and p["species"] == row["species"]), None,
    )  # fmt: skip
    if row["efficiency"] or pair is None:
        return row
    efficiency = _recorded()[pair["record"]]
    return row | {"efficiency": efficiency, "locator": f"{row['locator']}; {pair['record']}"}


@cache
def _recorded() -> dict[str, str]:
    """Return the value, as text, of the records that :func:`_paired` names."""
    named = {row["record"] for rows in _paired().values() for row in rows}
    found = library().filter(pl.col("record_id").is_in(named)).select("record_id", "value")
    return {record: str(value) for record, value in found.iter_rows()}


def _barred(
    row: dict[str, str], s: dict[str, str], group: dict[str, str], made: Device | None,
    shares: dict[str, float], ground: Ground,
) -> str:  # fmt: skip
    """Return why a device may not stand on a source, empty where it may."""
    if made is None:
        return "no_conversion"
    present = ground.control.filter(pl.col("process") == s["process"])
    named = (pl.col("product").fill_null("") == "") | (pl.col("product") == (s["product"] or ""))
    standing = present.filter(named, pl.col("applied").fill_null(1.0) > 0.0)["control"].to_list()
    if any(_family_of(c) == made.family for c in standing):
        return "present"
    if group["on_average"] == "no" and _averaged(s, row["species"], ground):
        return "after_control"
    return "small" if shares.get(s["technology"], 0.0) < SMALL else ""


@cache
def _family_of(control: str) -> str:
    """Return the family a control device of the shelf belongs to, empty where it is of another kind."""
    parent = dict(shelf("control").select("control", "parent").iter_rows())
    while control and control not in KINDS.values():
        control = parent.get(control, "")
    return next((family for family, kind in KINDS.items() if kind == control), "")


def _averaged(s: dict[str, str], species: str, ground: Ground) -> bool:
    """Return whether the factor of a source for a species is an average after control."""
    rows = ground.emission.filter(
        pl.col("process") == s["process"], pl.col("product").fill_null("") == (s["product"] or ""),
        pl.col("species") == species,
    )  # fmt: skip
    return bool((rows["basis"] == "after_control").any())


def _unit(sheets: Sheets, technology: str) -> str:
    return next(str(r["unit"]) for r in sheets.of("technology_option") if r["technology"] == technology)


def _cost(row: dict[str, str]) -> float:
    """Return the printed cost, 0 without one: a species that is removed beside another is printed so."""
    return float(row["cost"] or 0.0)


def _device(kind: list[dict[str, str]], rates: dict[str, float], unit: str) -> Device | None:
    """Return a device with its cost per unit of activity: the sum over species of cost times what it removes.

    Species of one device are removed by one and the same cost (dust of two sizes): the first that has a cost
    above nought counts.
    """
    removal = {r["species"]: float(r["efficiency"]) for r in kind if r["efficiency"]}
    paid = next(
        (r for r in kind if _cost(r) > 0.0 and r["efficiency"] and rates.get(r["species"], 0.0) > 0.0), None
    )
    if paid is None:
        return None
    below = paid["unit"].partition("/")[2]
    value = float(paid["cost"])
    if below in ("ton", "t") and paid["cost_basis"] == "removed":
        tonne = SHORT_TON if below == "ton" else 1.0
        cost = value / tonne * float(paid["efficiency"]) * rates[paid["species"]]
    elif below == "t CO2e" and paid["cost_basis"] == "removed":
        warming = gwp.potential(paid["species"], "AR4").value
        cost = value * warming * float(paid["efficiency"]) * rates[paid["species"]]
    elif below == "MWh" and units.dimension(unit) == "energy" and unit != "TJ":
        cost = value * units.factor(unit, "MWh")
    else:
        return None
    if "PM2.5" in removal and "PM10" in removal:
        removal.setdefault("TSP", min(removal["PM2.5"], removal["PM10"]))
    if "PM2.5" in removal:
        removal |= {s: removal["PM2.5"] for s in ("BC", "OC") if rates.get(s, 0.0) > 0.0}
    return Device(
        paid["device"], FAMILY.get(paid["species"], "other"),
        {s: e for s, e in removal.items() if rates.get(s, 0.0) > 0.0}, max(cost, 0.0), paid["currency"],
        int(paid["price_year"]) if paid["price_year"] else None, paid["title_zh"], paid["title_en"],
        paid["source"],
        f"{paid['locator']}: {value:g} {paid['unit']} × {float(paid['efficiency']):g} × "
        f"{rates[paid['species']]:.6g} t {paid['species']}/{unit}",
    )  # fmt: skip


def _chosen(found: list[Device], sheets: Sheets) -> list[Device]:
    """Return the cheapest device of a family and the one that removes most; the others are dominated."""

    def most(d: Device) -> float:
        return max(d.removal.values(), default=0.0)

    modern = max((d.price_year or 0) for d in found)
    found = [d for d in found if (d.price_year or modern) >= modern - 10] or found
    best_ = max(found, key=lambda d: (round(most(d), 6), -_common(d)))
    cheap = min(found, key=lambda d: _common(d) / max(most(d), 1e-9))
    return list({d.device: d for d in (cheap, best_)}.values())[:MOST]


def _common(d: Device) -> float:
    """Return the cost of a device in one money, by which devices of several currencies are compared."""
    from tongyuan.pathway.case.money import PIVOT, exchange

    rate = exchange(d.currency, PIVOT, d.price_year or COMPARED)
    assert rate is not None, d.currency
    return d.cost * rate[0]


def _together(technology: str, families: dict[str, list[Device]], sheets: Sheets) -> None:
    """Write every combination of one device of each family on a source."""
    options = [[None, *_chosen(found, sheets)] for found in families.values()]
    for picked in every(*options):
        chosen = [d for d in picked if d is not None]
        if not chosen:
            continue
        removed = [s for d in chosen for s in d.removal]
        if len(removed) > len(set(removed)):
            continue
        years = {d.price_year for d in chosen}
        if len({d.currency for d in chosen}) > 1 or (len(years) > 1 and None in years):
            continue
        name = "+".join(d.device for d in chosen)
        cost, year = _one_year(chosen)
        sheets.add(
            "control_option", "library", technology=technology, control=name, cost_variable=cost,
            price_year=year, currency=chosen[0].currency, payer=_payer(sheets, technology),
            title_zh="＋".join(_short(d.title_zh) for d in chosen),
            title_en=" + ".join(_short(d.title_en) for d in chosen),
            source=list(dict.fromkeys(d.source for d in chosen)),
            locator="；".join(d.locator for d in chosen),
            note="cost of the United States; electricity of the device cannot be cited and is left out"
            if "us_epa" in chosen[0].source else "",
        )  # fmt: skip
        for d in chosen:
            for species, efficiency in d.removal.items():
                sheets.add("control_removal", "library", control=name, technology=technology,
                           species=species, efficiency=efficiency, source=d.source,
                           locator=d.locator.partition(":")[0])  # fmt: skip
        measure = f"device-{'+'.join(sorted({d.family for d in chosen}))}"
        owners = {d.department for d in chosen}
        owner = owners.pop() if len(owners) == 1 else "environment"
        sheets.add("measure", "library", measure=measure, technology=technology, control=name,
                   department=owner, title_zh=_measure(chosen, "zh"),
                   title_en=_measure(chosen, "en"))  # fmt: skip


def _one_year(chosen: list[Device]) -> tuple[float, int | None]:
    """Return the sum of costs in the price year of the first, by the consumer prices of its country."""
    from tongyuan.pathway.case.money import inflation

    year = chosen[0].price_year
    total = 0.0
    for d in chosen:
        grown = 1.0
        if d.price_year != year and d.price_year is not None and year is not None:
            grown = inflation("us_cpi_u", d.price_year, year) or 1.0
        total += d.cost * grown
    return total, year


def _payer(sheets: Sheets, technology: str) -> str:
    return next(
        str(r.get("payer") or "") for r in sheets.of("technology_option") if r["technology"] == technology
    )


def _short(text: str) -> str:
    return text.partition("（")[0].partition(" (")[0]


WORDS = {
    "sulphur": ("脱硫", "desulphurisation"), "nitrogen": ("脱硝", "NOx removal"),
    "dust": ("除尘", "dedusting"),
    "voc": ("挥发性有机物治理", "VOC abatement"), "nitrous": ("氧化亚氮减排", "N2O abatement"),
    "methane": ("甲烷减排", "methane abatement"), "ammonia": ("氨减排", "ammonia abatement"),
    "water": ("水污染物减排", "abatement to water"), "other": ("其他治理", "other devices"),
}  # fmt: skip


def _measure(chosen: list[Device], language: str) -> str:
    words = [WORDS[f][0 if language == "zh" else 1] for f in sorted({d.family for d in chosen})]
    return ("＋" if language == "zh" else " and ").join(words)
