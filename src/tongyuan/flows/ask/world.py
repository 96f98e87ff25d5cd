"""The worlds a demonstration runs: the embedded examples, and one that is simulated when it is asked for."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tongyuan.flows.ask.facility_evidence import write_simulated
from tongyuan.ledger.example import copy_example, examples
from tongyuan.ledger.settings import SETTINGS
from tongyuan.ledger.write.atomic import write_with
from tongyuan.reference.language import Language
from tongyuan.reference.shelf import shelf

BUREAU = "bureau"
"""A province of simulated enterprises, 示例: too many to be shipped, made in seconds from a seed."""
COUNT, SEED, YEAR = 300, 2025, 2025
PROVINCE = "370000"


def worlds() -> list[str]:
    """Return the names of the worlds."""
    return sorted([*examples(), BUREAU])


def copy_world(name: str, folder: Path, language: Language, *, count: int = COUNT) -> None:
    """Put the world `name` into `folder`.

    The world of a bureau is simulated: `count` enterprises in the cities of a province, a tenth of them
    changed by rule (``altered.csv``), with the months they would have filed. A folder that holds it is left.

    Raises
    ------
    FindingError
        If the folder holds anything else, or cannot be written.
    """
    if name != BUREAU:
        copy_example(name, folder)
        return
    settings = folder / SETTINGS
    if settings.is_file() and (folder / "altered.csv").is_file():
        return
    write_simulated(folder, count, language, seed=SEED, year=YEAR, altered=True)
    place = folder / "tables" / "facility.parquet"
    write_with(place, in_cities(pl.read_parquet(place)).write_parquet)


def in_cities(facilities: pl.DataFrame) -> pl.DataFrame:
    """Return enterprises spread over the cities of the province, one after the other."""
    cities = shelf("region").filter(pl.col("parent") == PROVINCE)["region"].to_list()
    return facilities.with_columns(
        pl.Series("region", [cities[k % len(cities)] for k in range(facilities.height)], dtype=pl.String)
    )
