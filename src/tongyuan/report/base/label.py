"""What things are called on a page: species, sectors, processes, fuels, devices, regions, units, columns."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache

from tongyuan.ledger import table as ledger_table
from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language, shelf
from tongyuan.reference.shelf import title as shelf_title

MEDIA = ("ghg", "air", "water", "solid", "ods", "resource")

# A colour for each sector, the same in every chart (distinct also for colour-blind readers, by order of use).
_PALETTE = (
    "#3b5b92",
    "#e09f3e",
    "#7a5195",
    "#5fa8d3",
    "#c58c85",
    "#2b8a9e",
    "#8d6e63",
    "#b0a990",
    "#a3a847",
    "#6b705c",
    "#d782ba",
    "#4a4e69",
)
_SUBSCRIPT = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉.")
_NO_SUBSCRIPT = re.compile(r"^(PM|HFC|HCFC|CFC|PFC|Halon|HFE|AP_|WP_|R-)")


def title(name: str, identifier: str, language: Language) -> str:
    """Return the title of `identifier` on shelf `name`, or the identifier when shelf or entry is absent."""
    try:
        return shelf_title(name, identifier, language)
    except KeyError:
        return identifier


@cache
def _citations() -> dict[str, str]:
    try:
        frame = shelf("source")
    except KeyError:
        return {}
    columns = [c for c in ("title", "publisher", "year") if c in frame.columns]
    parts = zip(frame[frame.columns[0]], *(frame[c] for c in columns), strict=True)
    return {identifier: ", ".join(part for part in rest if part) for identifier, *rest in parts}


def citation(source: str) -> str:
    """Return title, publisher and year of a source in its own language, or its id when it has no entry."""
    return _citations().get(source) or source


@cache
def symbol(species: str, language: Language) -> str:
    """Return the short sign of a species: a formula with subscripts, or its title where it has no formula."""
    own = catalogue("report").get(f"species.{species}")
    if own:
        return own[language]
    if "_" in species:
        base, _, kind = species.partition("_")
        known = catalogue("report").get(f"species_kind.{kind}")
        if known and re.fullmatch(r"[A-Za-z0-9.-]+", base):
            gap = "" if language == "zh" else " "
            return f"{symbol(base, language)}{gap}{known[language]}"
        return title("species", species, language)
    if species.islower():
        return title("species", species, language)
    if _NO_SUBSCRIPT.match(species):
        return species.replace("PM2.5", "PM₂.₅").replace("PM10", "PM₁₀")
    return re.sub(r"(?<=[A-Za-z])(\d+)", lambda m: m[1].translate(_SUBSCRIPT), species)


def species_title(species: str, language: Language) -> str:
    """Return the name of a species with its sign, for example ``二氧化硫 SO₂``."""
    own = catalogue("report").get(f"species_name.{species}")
    if own:
        return own[language]
    name = title("species", species, language)
    # A name that tells the kind (fossil, biogenic, to water) is followed by the bare formula.
    base = species.partition("_")[0] if name != species else species
    sign = symbol(base if re.fullmatch(r"[A-Z][A-Za-z0-9.-]+", base) else species, language)
    return sign if name in (species, sign) or sign in name else f"{name} {sign}"


@cache
def _species_rank() -> dict[str, int]:
    order = ["CO2e", "CO2", "CO2_biogenic", "AP_equivalent", "WP_equivalent"]
    with suppress(KeyError):
        order += [s for s in shelf("species")[shelf("species").columns[0]].to_list() if s not in order]
    return {species: rank for rank, species in enumerate(order)}


def species_order(species: str) -> tuple[int, str]:
    """Return the sort key that puts species in the order of their shelf."""
    return (_species_rank().get(species, 10**6), species)


@cache
def sectors() -> tuple[str, ...]:
    """Return the sector ids (roots of the source tree), in their order."""
    return tuple(row["process"] for row in shelf("process").to_dicts() if not row["parent"])


def sector_order(sector: str) -> tuple[int, str]:
    """Return the sort key that puts sectors in the order of the source tree."""
    known = sectors()
    return (known.index(sector) if sector in known else len(known), sector)


def sector_title(sector: str, language: Language) -> str:
    """Return the name of a sector; a short one where the full title is too long for a chart."""
    own = catalogue("report").get(f"sector.{sector}")
    return own[language] if own else title("process", sector, language)


TECHNOLOGY_SHELVES = ("technology", "wastewater_treatment", "receiving_water", "rice_water")
PRODUCT_SHELVES = ("product", "crop_residue", "fertiliser", "refrigerant_use")
"""Shelves that name what may stand in the columns *technology* and *product* of an emission."""


def colour(sector: str) -> str:
    """Return the colour of a sector, the same in every chart."""
    return _PALETTE[sector_order(sector)[0] % len(_PALETTE)]


def process_title(process: str, language: Language) -> str:
    """Return the name of a process with the branch it belongs to."""
    parent = process.rpartition(".")[0]
    own = title("process", process, language)
    if parent.count(".") >= 1:
        return f"{title('process', parent, language)} · {own}"
    return own


def source_key(process: str, product: str | None, technology: str | None, language: Language) -> str:
    """Return process, product and technology in words."""
    parts = [process_title(process, language)]
    if product:
        parts.append(product_title(product, language))
    if technology:
        parts.append(technology_title(technology, language))
    last = parts[0].rpartition(" · ")[2]
    return " · ".join([parts[0], *(part for part in parts[1:] if part != last)])


def technology_title(technology: str, language: Language) -> str:
    """Return the name of a technology, or of the option of a method that stands in its place."""
    return _first_title(TECHNOLOGY_SHELVES, technology, language)


def product_title(product: str, language: Language) -> str:
    """Return the name of a fuel or product, or of the option of a method that stands in its place."""
    return _first_title(PRODUCT_SHELVES, product, language)


def _first_title(shelves: tuple[str, ...], identifier: str, language: Language) -> str:
    found = (title(name, identifier, language) for name in shelves)
    return next((words for words in found if words != identifier), identifier)


@cache
def _parents() -> dict[str, str]:
    return dict(zip(shelf("product")["product"], shelf("product")["parent"], strict=True))


@cache
def fuels() -> frozenset[str]:
    """Return the ids of products that are fuels or energy carriers."""
    rows = shelf("product").to_dicts()
    return frozenset(row["product"] for row in rows if row["kind"] in ("fuel", "energy"))


@cache
def fuel_group(product: str) -> str:
    """Return the root of a fuel (coal, oil, gas …), or an empty string when `product` is no fuel."""
    if product not in fuels():
        return ""
    while _parents().get(product):
        product = _parents()[product]
    return product


def product_order(product: str) -> tuple[int, str]:
    """Return the sort key that puts products in the order of their shelf, anything else after them."""
    known = list(_parents())
    return (known.index(product) if product in known else len(known), product)


def medium(species: str) -> str:
    """Return the medium of a species as its shelf has it, ``air`` for one the shelf does not know."""
    return _media().get(species, "air")


@cache
def _media() -> dict[str, str]:
    known = {"CO2e": "ghg", "AP_equivalent": "air", "WP_equivalent": "water"}
    try:
        return known | dict(zip(shelf("species")["species"], shelf("species")["medium"], strict=True))
    except KeyError:
        return known


def medium_title(medium: str, language: Language) -> str:
    """Return the name of a medium."""
    return say("report", f"medium.{medium}", language)


def word(group: str, key: str, language: Language, room: str = "report") -> str:
    """Return the word for a coded value (``status.official`` …), or the code itself when there is none."""
    row = catalogue(room).get(f"{group}.{key}")
    return row[language] if row else key


def table_title(table: str, language: Language) -> str:
    """Return the title of a table of the ledger, or its name when the ledger has no such table."""
    try:
        known = ledger_table.table(table)
    except KeyError:
        return word("section", table, language)
    return known.title_zh if language == "zh" else known.title_en


def table_column(table: str, column: str, language: Language) -> str:
    """Return the title of a column as the ledger defines it, or the column name when it defines none."""
    try:
        for known in ledger_table.table(table).columns:
            if known.name == column:
                return known.title_zh if language == "zh" else known.title_en
    except KeyError:
        pass
    return word("column", column, language)
