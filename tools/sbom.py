"""What a user of tongyuan installs, with versions and licences.

Writes ``docs/licences.md`` for people and ``dist/tongyuan.cdx.json`` (CycloneDX 1.5) for machines, from
``requirements.lock`` and the metadata of what is installed.
"""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Licences

What is installed with tongyuan, as `requirements.lock` names it, with the licence each package states.
Written by `make sbom`, which writes the same list as a bill of materials (CycloneDX) to
`dist/tongyuan.cdx.json`. What is copied into the package itself (ECharts, the font of the pictures) stands
in `src/tongyuan/report/vendor/README.md`.

| package | version | licence |
|---|---|---|
"""


def locked() -> dict[str, str]:
    """Return name → version of ``requirements.lock``."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").split()
    return dict(line.split("==") for line in lines)


def licence(package: Distribution) -> str:
    """Return the licence a package states: its expression, its classifiers or the first line of its text."""
    about = package.metadata
    if about.get("License-Expression"):
        return about["License-Expression"]
    classes = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    named = [c for c in classes if c != "OSI Approved"]
    return "; ".join(named) or (about.get("License") or "").strip().partition("\n")[0] or "not stated"


def page(rows: list[tuple[str, str, str]]) -> str:
    """Return the page of licences."""
    return HEAD + "".join(f"| {name} | {version} | {stated} |\n" for name, version, stated in rows)


def bill(rows: list[tuple[str, str, str]]) -> dict[str, object]:
    """Return the bill of materials in the form of CycloneDX 1.5."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "tongyuan",
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [
            {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}",
                "licenses": [{"license": {"name": stated}}],
            }
            for name, version, stated in rows
        ],
    }


def main() -> None:
    """Write both lists."""
    rows = [
        (name, version, licence(distribution(name)))
        for name, version in sorted(locked().items(), key=lambda pair: pair[0].lower())
    ]
    (ROOT / "docs" / "licences.md").write_text(page(rows), "utf-8")
    (ROOT / "dist").mkdir(exist_ok=True)
    text = json.dumps(bill(rows), ensure_ascii=False, indent=2)
    (ROOT / "dist" / "tongyuan.cdx.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
