"""A grid of tiles, one for each province, in place of a map: no boundary is drawn, so none can be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongyuan.reference.shelf import Language, read_text_csv

SIZE, GAP = 64, 4
"""Side of a tile and space between tiles [px]."""

CLASSES = 5
"""Classes of colour, each a like part of the range."""


@dataclass(frozen=True)
class Tile:
    """A province: its code, where its tile stands [px], and which colour it has; None without a value."""

    region: str
    x: int
    y: int
    value: float | None
    colour: int | None


@cache
def places() -> Mapping[str, tuple[int, int]]:
    """Return column and line of every province, from 1 on."""
    return {row["region"]: (int(row["column"]), int(row["line"])) for row in _rows()}


@cache
def _rows() -> list[dict[str, str]]:
    return read_text_csv(files("tongyuan.web.console").joinpath("tile.csv")).to_dicts()


@cache
def names(language: Language) -> Mapping[str, str]:
    """Return what stands on the tile of every province."""
    return {row["region"]: row[f"title_{language}"] for row in _rows()}


def tiles(values: Mapping[str, float]) -> list[Tile]:
    """Return the tiles of all provinces with the values of those that have one, by their codes."""
    top = max((abs(value) for region, value in values.items() if region in places()), default=0.0)
    return [
        Tile(region, (column - 1) * (SIZE + GAP), (line - 1) * (SIZE + GAP), value, colour(value, top))
        for region, (column, line) in places().items()
        for value in (values.get(region),)
    ]


def colour(value: float | None, top: float) -> int | None:
    """Return the class of a value between nothing and `top`: 0 to 4; None without a value."""
    if value is None:
        return None
    return min(CLASSES - 1, int(CLASSES * abs(value) / top)) if top else 0


def size() -> tuple[int, int]:
    """Return width and height of the grid [px]."""
    columns, lines = zip(*places().values(), strict=True)
    return max(columns) * (SIZE + GAP) - GAP, max(lines) * (SIZE + GAP) - GAP
