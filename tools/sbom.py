"""What a user of tongyuan installs, with versions and licences.

Writes ``docs/licences.md`` for people and ``dist/tongyuan.cdx.json`` (CycloneDX 1.5) for machines, from the
lock files and the metadata of what is installed: what everybody has, and what each extra adds.
"""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Licences

What is installed with tongyuan, as `requirements.lock` names it, with the licence each package states.
Written by `make sbom`, which writes the same list as a bill of materials (CycloneDX) to
`dist/tongyuan.cdx.json`. What is copied into the package itself (ECharts, the font of the pictures) stands
in `src/tongyuan/report/vendor/README.md`.

"""
TABLE = "| package | version | licence |\n|---|---|---|\n"
EXTRAS = {
    "office": "the shared system and its database",
    "client": "an office elsewhere, asked by a program",
    "mcp": "assistants that read an office",
    "fair": "the climate model FaIR and its ensemble",
    "geo": "layers of zones",
    "allocation": "proxies from files, and files for chemistry models",
    "spark": "tables larger than memory",
}
"""What is installed only with ``pip install tongyuan[…]``, and what for."""


def _lines(lock: str) -> dict[str, str]:
    return dict(line.split("==") for line in (ROOT / lock).read_text("utf-8").split())


def locked() -> dict[str, str]:
    """Return name → version of ``requirements.lock``."""
    return _lines("requirements.lock")


def extra(name: str) -> dict[str, str]:
    """Return name → version of what an extra installs beyond ``requirements.lock``, by both lock files."""
    versions = {_plain(n): (n, v) for n, v in _lines("requirements-dev.lock").items()}
    have = {_plain(n) for n in locked()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    open_, found = [Requirement(text) for text in project["optional-dependencies"][name]], dict[str, str]()
    while open_:
        wanted = open_.pop()
        plain = _plain(wanted.name)
        if plain in have or plain not in versions:
            continue
        have.add(plain)
        found[versions[plain][0]] = versions[plain][1]
        for text in distribution(wanted.name).requires or ():
            below = Requirement(text)
            asked = [{"extra": one} for one in ("", *wanted.extras)]
            if below.marker is None or any(below.marker.evaluate(one) for one in asked):
                open_.append(below)
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(package: Distribution) -> str:
    """Return the licence a package states: its expression, its classifiers or the first line of its text."""
    about = package.metadata
    if about.get("License-Expression"):
        return about["License-Expression"]
    classes = [c.rsplit(" :: ", 1)[-1] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    named = [c for c in classes if c != "OSI Approved"]
    return "; ".join(named) or (about.get("License") or "").strip().partition("\n")[0] or "not stated"


def stated(packages: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return name, version and licence of packages, by name."""
    named = sorted(packages.items(), key=lambda pair: pair[0].lower())
    return [(name, version, licence(distribution(name))) for name, version in named]


def page(rows: list[tuple[str, str, str]], extras: dict[str, list[tuple[str, str, str]]]) -> str:
    """Return the page of licences: what everybody installs, then what each extra adds."""
    parts = [("", rows), *((name, more) for name, more in extras.items())]
    text = HEAD
    for name, listed in parts:
        if name:
            text += f"\n## With `tongyuan[{name}]`: {EXTRAS[name]}\n\n"
        text += TABLE + "".join(f"| {one} | {version} | {own} |\n" for one, version, own in listed)
    return text


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
                "licenses": [{"license": {"name": own}}],
            }
            for name, version, own in rows
        ],
    }


def main() -> None:
    """Write both lists."""
    rows = stated(locked())
    extras = {name: stated(extra(name)) for name in EXTRAS}
    (ROOT / "docs" / "licences.md").write_text(page(rows, extras), "utf-8")
    rows += [row for more in extras.values() for row in more if row not in rows]
    (ROOT / "dist").mkdir(exist_ok=True)
    text = json.dumps(bill(rows), ensure_ascii=False, indent=2)
    (ROOT / "dist" / "tongyuan.cdx.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
