"""Real polygons of packages that carry them; tests only, never shipped."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest


def shapes(package: str, file: str, layer: str | None = None):
    """Return the attributes and shapes of a file inside an installed package, without importing it."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        pytest.skip(f"{package} is not installed: its polygons are not here")
    pyogrio = pytest.importorskip("pyogrio", reason="pyogrio reads the file")
    shapely = pytest.importorskip("shapely")
    path = Path(next(iter(found.submodule_search_locations))) / file
    meta, _, wkb, fields = pyogrio.raw.read(path, layer=layer)
    return dict(zip(meta["fields"], fields, strict=True)), np.asarray(shapely.from_wkb(wkb))
