"""From the names of other people's files to the ids of our shelves."""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache

from tongyuan.reference.finding import Finding
from tongyuan.reference.quality import about
from tongyuan.reference.shelf import identify, shelf

_BLANK = {"", "na", "n/a", "none", "not applicable"}


def blank(text: str | None) -> str:
    """Return `text` without the spellings of nothing (``NA``, ``Na`` …) and outer blanks."""
    cleaned = (text or "").strip()
    return "" if cleaned.lower() in _BLANK else cleaned


@cache
def _names(importer: str, field: str) -> dict[str, tuple[str, str]]:
    return {
        row["text"]: (row["id"], row["extra"])
        for row in shelf("import_name").to_dicts()
        if row["field"] == field and row["importer"] in ("", importer)
    }


@lru_cache(maxsize=8192)
def name(importer: str, field: str, text: str) -> tuple[str, str] | None:
    """Return the id on shelf `field` and what the text says beyond it, or None if the text is unknown."""
    found = _names(importer, field).get(text)
    if found is not None:
        return found
    try:
        known = identify(field, text)
    except KeyError:
        known = None
    return (known, "") if known is not None else None


@cache
def _codes(scheme: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in shelf("process").to_dicts():
        for code in row[scheme].replace(";", "|").split("|"):
            if code.strip():
                found.setdefault(code.strip(), []).append(row["process"])
    shallow = {}
    for code, processes in found.items():
        depth = min(p.count(".") for p in processes)
        shallow[code] = tuple(p for p in processes if p.count(".") == depth)
    return shallow


@lru_cache(maxsize=4096)
def processes(scheme: str, code: str) -> tuple[str, ...]:
    """Return the processes of a code of ``nfr``, ``ipcc_2006`` or ``gbt4754``, else of the code above it."""
    codes = _codes(scheme)
    text = code.strip()
    while text:
        if text in codes:
            return codes[text]
        if "." in text:
            text = text.rpartition(".")[0]
        elif scheme == "gbt4754":
            text = text[:-1]
        else:
            return ()
    return ()


@cache
def _biomass() -> frozenset[str]:
    rows = shelf("product").to_dicts()
    found = {"biomass"}
    while True:
        more = {row["product"] for row in rows if row["parent"] in found} | found
        if more == found:
            return frozenset(found)
        found = more


def by_origin(species: str, process: str, product: str) -> str:
    """Return CO2 and CH4 with their origin: biomass, agriculture, land and waste are biogenic."""
    living = product in _biomass() or (
        not product and process.split(".")[0] in ("agriculture", "land", "waste")
    )
    if species in ("CH4", "CH4_fossil"):
        return "CH4_biogenic" if living else "CH4_fossil"
    if species == "CO2":
        return "CO2_biogenic" if product in _biomass() else "CO2"
    return species


class Unknown:
    """Counts names that are on no shelf, so that each is reported once."""

    def __init__(self) -> None:
        self._names: Counter[tuple[str, str]] = Counter()
        self._species: Counter[str] = Counter()

    def name(self, field: str, text: str) -> None:
        """Count one record whose `field` holds the unknown `text`."""
        self._names[field, text] += 1

    def species(self, text: str) -> None:
        """Count one record of an unknown species."""
        self._species[text] += 1

    def issues(self) -> list[Finding]:
        """Return one issue for each unknown name."""
        names = [
            about("name_unknown", field=field, text=text, count=count)
            for (field, text), count in self._names.items()
        ]
        species = [about("species_unknown", text=text, count=count) for text, count in self._species.items()]
        return names + species
