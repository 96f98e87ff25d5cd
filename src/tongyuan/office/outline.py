"""Outlines of regions from a user's own GeoJSON file, ready to be drawn; none come with the package."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from tongyuan.ledger.finding import FindingError, finding

CODES = ("region", "adcode", "code", "gb", "id", "行政区划代码", "区划码", "代码")
"""Properties that may hold the code of GB/T 2260 of a feature, in the order they are looked for."""

WIDTH = 1_000
"""Width of what is drawn [px]; outlines keep a tenth of that unit."""

LARGEST = 3 * 2**20
"""Most that the outlines of one boundary may take [character]."""

Ring = Sequence[tuple[float, float]]


def drawn(file: str, content: bytes) -> dict[str, Any]:
    """Return width and height [px] and the outline of every region of a GeoJSON file.

    Longitudes are shortened by the cosine of the middle latitude.

    Raises
    ------
    FindingError
        If it is no GeoJSON of areas in degrees, or no feature names its region by a code of GB/T 2260.
    """
    found = _areas(file, content)
    if not all(-180.0 <= x <= 180.0 and -90.0 <= y <= 90.0 for x, y in _points(found)):
        raise FindingError([finding("office", "boundary_degrees", name=file)])
    sheet = laid(found)
    if sheet is None:
        raise FindingError([finding("office", "boundary_degrees", name=file)])
    outlines = {code: path_of(rings) for code, rings in sheet.rings.items()}
    if sum(map(len, outlines.values())) > LARGEST:
        raise FindingError([finding("office", "boundary_large", name=file, limit=LARGEST // 2**20)])
    return {"width": float(WIDTH), "height": sheet.height, "outlines": outlines}


class Sheet(NamedTuple):
    """Rings laid on a sheet of :data:`WIDTH` [px]: its height, and the rings of each thing on it."""

    height: float
    rings: Mapping[str, Sequence[Ring]]


def laid(found: Mapping[str, Sequence[Ring]]) -> Sheet | None:
    """Return rings in degrees laid on a sheet, north at its top; None where they have no width or height."""
    points = _points(found)
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = math.cos(math.radians((south + north) / 2))
    if east <= west or north <= south:
        return None
    scale = WIDTH / ((east - west) * narrow)
    rings = {
        name: [[((x - west) * narrow * scale, (north - y) * scale) for x, y in ring] for ring in given]
        for name, given in found.items()
    }
    return Sheet(round((north - south) * scale, 1), rings)


def _points(found: Mapping[str, Sequence[Ring]]) -> list[tuple[float, float]]:
    return [point for rings in found.values() for ring in rings for point in ring]


def code_of(told: Mapping[str, Any]) -> str | None:
    """Return the code of GB/T 2260 that properties name: six digits, or the six behind 156."""
    for name in CODES:
        text = str(told.get(name) or "").strip()
        found = re.fullmatch(r"(?:156)?(\d{6})", text)
        if found:
            return found[1]
    return None


def _areas(file: str, content: bytes) -> dict[str, list[Ring]]:
    """Return the rings of every region."""
    found: dict[str, list[Ring]] = {}
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
        for one in features:
            code, geometry = code_of(one.get("properties") or {}), one.get("geometry") or {}
            kind: str | None = geometry.get("type")
            given: Any = geometry.get("coordinates")
            if code is None or kind not in ("Polygon", "MultiPolygon"):
                continue
            for polygon in [given] if kind == "Polygon" else given:
                found.setdefault(code, []).extend(
                    [(float(point[0]), float(point[1])) for point in ring] for ring in polygon
                )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise FindingError([finding("office", "boundary_kind", name=file)]) from None
    kept = {code: [ring for ring in rings if len(ring) > 3] for code, rings in found.items()}
    if not any(kept.values()):
        raise FindingError([finding("office", "boundary_codes", name=file, properties=", ".join(CODES))])
    return {code: rings for code, rings in kept.items() if rings}


def path_of(rings: Iterable[Ring]) -> str:
    """Return rings as SVG draws them; what is smaller than a pixel is left out unless it is all there is."""
    parts: list[str] = []
    for ring in sorted(rings, key=_size, reverse=True):
        if parts and _size(ring) < 1.0:
            break
        points = [point for point, _ in groupby((round(x, 1), round(y, 1)) for x, y in ring)]
        parts.append("M" + " ".join(f"{x:g},{y:g}" for x, y in points) + "Z")
    return "".join(parts)


def _size(ring: Ring) -> float:
    """Return the area of a ring [px2]."""
    following = [*ring[1:], ring[0]]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, following, strict=True))) / 2
