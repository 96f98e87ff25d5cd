"""What each region of a run emits: a grid of tiles for provinces, and bars for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

from tongyuan.report.base.format import scale
from tongyuan.report.base.label import species_title, title
from tongyuan.web.console.cell import figure
from tongyuan.web.console.pages.run import head_of
from tongyuan.web.console.results import frame
from tongyuan.web.console.tile import colour, names, places, size, tiles
from tongyuan.web.console.visit import Route, Visit, page

COLOURS = ("#e3eef3", "#b7d3df", "#84b1c5", "#4a87a3", "#1f5c78")
"""Colours of tiles from little to much."""

TILES = "tiles"
"""What is asked for in place of a boundary."""

FIRST = ("CO2e", "CO2", "SO2", "NOx")
"""Species that the regions are shown of at first, where there is one of them."""


def _show(visit: Visit) -> Response:
    head, run, language = head_of(visit), visit.parts["run"], visit.language
    known = frame(visit.do("run.table", run=run, table="summary"))
    species = known["species"].unique(maintain_order=True).to_list()
    asked = visit.one("species") or next((one for one in (*FIRST, *species) if one in species), "")
    years = known.filter(species=asked)["year"].unique().sort(descending=True).to_list()
    year = next((one for one in years if str(one) == visit.one("year")), years[0] if years else None)
    found = frame(visit.do("run.regions", run=run, species=asked, year=year)) if years else known.clear()
    rows = found.sort("value", descending=True).to_dicts()
    values = {row["region"]: row["value"] for row in rows}
    shown = scale(values.values(), rows[0]["unit"] if rows else "", language)
    drawn = _map(visit, values)
    return page(
        visit, "regions.html.j2", visit.say("regions"), room="", asked=asked, year=year, years=years,
        rows=rows, map=drawn, maps=_maps(visit),
        species=[(one, species_title(one, language)) for one in species],
        called=species_title(asked, language),
        drawn=tiles(values) if drawn is None and values.keys() & places().keys() else [],
        size=size(), colours=COLOURS,
        figure=lambda value: figure(float(f"{shown.of(value):.4g}")), unit=shown.unit,
        top=max(values.values(), default=0), region=lambda one: title("region", one, language),
        short=names(language), **head,
    )  # fmt: skip


def _maps(visit: Visit) -> list[tuple[str, str]]:
    """Return the boundaries that can be drawn with, the newest first."""
    found = frame(visit.do("boundary.list")).reverse().select("boundary", "title")
    return [(str(number), title) for number, title in found.iter_rows()]


def _map(visit: Visit, values: Mapping[str, float]) -> dict[str, Any] | None:
    """Return a map of `values` by region: with the boundary asked for, else the newest that fits."""
    asked, known = visit.one("map"), [number for number, _ in _maps(visit)]
    if asked == TILES:
        return None
    for number in [asked] if asked in known else known:
        told = visit.do("boundary.show", boundary=number)
        assert isinstance(told, dict)
        if values.keys() & told["outlines"].keys():
            top = max((abs(v) for r, v in values.items() if r in told["outlines"]), default=0.0)
            shapes = [(r, d, values.get(r), colour(values.get(r), top)) for r, d in told["outlines"].items()]
            return {**told, "shapes": shapes}
    return None


ROUTES = (Route("/run/{run}/regions", _show),)
