"""What all files of fields share: whole or not at all, plain names, totals beside the values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from tongyuan.allocation.field import Field, ModelSpecies
from tongyuan.allocation.proxy.library import ROOM, library
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.write.atomic import replacing

Kind = Literal["NETCDF4", "NETCDF3_64BIT_OFFSET"]
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@contextmanager
def dataset(path: Path, kind: Kind) -> Iterator[Any]:
    """Yield a data set of netCDF that becomes the file `path` once it is complete.

    Raises
    ------
    FindingError
        If netCDF4 is not installed, or the file cannot be written.
    """
    netcdf = library("netCDF4", "netcdf")
    with replacing(path) as temporary:
        made = netcdf.Dataset(temporary, "w", format=kind)
        try:
            yield made
        finally:
            made.close()


def plain_names(field: Field, title: str, size: int) -> list[str]:
    """Return the names of the species of a field as a file may hold them: without points and dashes.

    Raises
    ------
    FindingError
        If a name is too long or has other signs, or two become one.
    """
    names = [one.name.replace(".", "").replace("-", "_") for one in field.species]
    bad = [
        finding(ROOM, "name_long", name=one.name, format=title, size=size)
        for one, name in zip(field.species, names, strict=True)
        if not NAME.fullmatch(name) or len(name) > size
    ]
    twice = [o.name for o, n in zip(field.species, names, strict=True) if names.count(n) > 1]
    if twice:
        bad.append(finding(ROOM, "name_twice", names=", ".join(twice)))
    if bad:
        raise FindingError(bad)
    return names


def totals(species: ModelSpecies) -> dict[str, Any]:
    """Return attributes that tell what of a species of the year lies in the file's grid."""
    return {
        "total_before": species.total,
        "total_after": species.inside,
        "outside": species.outside,
        "total_units": f"{species.unit} yr-1",
    }
