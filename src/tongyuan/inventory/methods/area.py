"""The greater region a row belongs to."""

from __future__ import annotations

from tongyuan.inventory.methods.adaptor import Entry
from tongyuan.reference import region
from tongyuan.reference.method.parameter import ParameterError
from tongyuan.reference.shelf import shelf


def great_region(entry: Entry) -> str:
    """Return the greater region of `entry`: its column ``area``, else by the first digit of its GB/T
    2260 code.

    Raises
    ------
    ParameterError
        If neither tells.
    """
    named = entry.option("area")
    if named:
        return named
    found = region.find(entry.text("region"))
    order = list(shelf("great_region")["great_region"])
    digit = int(found.region[0]) if found and found.level != "country" else 0
    if not 1 <= digit <= len(order):
        raise ParameterError("region-area", region=entry.text("region"))
    return str(order[digit - 1])
