"""Print the lowest versions pyproject.toml allows, as constraints for pip (``make test-lowest``)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def lowest(requirements: list[str]) -> list[str]:
    """Return ``name==version`` of every requirement; each has to name its lowest version.

    Raises
    ------
    ValueError
        If one has no lower bound.
    """
    pinned = []
    for requirement in requirements:
        found = re.match(r"([\w.-]+)[^;]*?>=\s*([\w.]+)", requirement)
        if found is None:
            raise ValueError(f"{requirement!r} of pyproject.toml has no lowest version")
        pinned.append(f"{found[1]}=={found[2]}")
    return pinned


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    print("\n".join(lowest(project["dependencies"])))
