"""A bundle for a machine without network: the packages that run here, as wheels with their digests.

Nothing is fetched. Every wheel is packed from what is installed, so that there runs what runs here; hence the
other machine needs the same system, processor and version of Python, and its script of installation says so.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sys
import sysconfig
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.write.atomic import exchanging

PACKAGE = "tongyuan"
EXTRAS = ("office", "mcp", "client")
"""Extras that go with it, as far as their packages are installed here."""

BESIDE = ("install.sh", "guide.zh.md", "guide.en.md", "tongyuan.service", "Dockerfile")
"""What stands beside the wheels."""

SUMS = "SHA256SUMS"
MOMENT = (2026, 1, 1, 0, 0, 0)
"""Time of every file in a wheel, so that the same packages give the same bytes."""


def needed(name: str = PACKAGE, extras: Iterable[str] = EXTRAS) -> dict[str, Distribution]:
    """Return a package and what is installed of its requirements and theirs, by name."""
    found: dict[str, Distribution] = {}
    waiting = [(name, frozenset(extras))]
    while waiting:
        called, wanted = waiting.pop()
        key = re.sub(r"[-_.]+", "-", called).lower()
        try:
            there = found.get(key) or distribution(called)
        except PackageNotFoundError:
            continue
        if key in found and not wanted:
            continue
        found[key] = there
        for requirement in there.requires or ():
            told, _, marker = requirement.partition(";")
            only = set(re.findall(r"""extra\s*==\s*["']([^"']+)""", marker))
            match = re.match(r"\s*([\w.-]+)\s*(?:\[([^]]*)\])?", told)
            if match and (not only or only & wanted):
                more = frozenset(part.strip() for part in (match[2] or "").split(",") if part.strip())
                other = re.sub(r"[-_.]+", "-", match[1]).lower()
                if other not in found or more:
                    waiting.append((match[1], more))
    return found


def contents(there: Distribution) -> dict[str, Path]:
    """Return the files of an installed package by their name in its wheel; those of this one as they run."""
    told = there.files or ()
    inside = {
        str(path): Path(str(path.locate()))
        for path in told
        if not str(path).startswith("..") and "__pycache__" not in path.parts and path.suffix != ".pth"
    }
    dropped = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
    kept = {n: p for n, p in inside.items() if n.rpartition("/")[2] not in dropped or ".dist-info" not in n}
    if there.name != PACKAGE:
        return kept
    home = Path(__file__).parents[2]
    own = {n: p for n, p in kept.items() if ".dist-info/" in n}
    own |= {
        f"{PACKAGE}/{path.relative_to(home).as_posix()}": path
        for path in sorted(home.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    return own


def pack(there: Distribution, folder: Path) -> Path:
    """Write the wheel of an installed package into `folder`; return it.

    Raises
    ------
    FindingError
        If it was not installed from a wheel, or a file of it is gone.
    """
    label = there.read_text("WHEEL") or ""
    tags = re.findall(r"^Tag:\s*(\S+)", label, flags=re.MULTILINE)
    held = contents(there)
    if not tags or not held or not all(path.is_file() for path in held.values()):
        raise FindingError([finding("office", "bundle_package", name=there.name)])
    name = re.sub(r"[-_.]+", "_", there.name)
    parts = [sorted({tag.split("-")[place] for tag in tags}) for place in range(3)]
    target = folder / f"{name}-{there.version}-{'-'.join('.'.join(part) for part in parts)}.whl"
    info = next(n.partition("/")[0] for n in held if ".dist-info/" in n)
    lines = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as wheel:
        for inner, path in sorted(held.items()):
            content = path.read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            lines.append(f'"{inner}",sha256={digest},{len(content)}')
            wheel.writestr(_entry(inner), content)
        record = f"{info}/RECORD"
        wheel.writestr(_entry(record), "\n".join([*lines, f'"{record}",,']) + "\n")
    return target


def _entry(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, MOMENT)
    made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return made


def bundle(folder: Path) -> tuple[str, ...]:
    """Write a bundle to `folder`, whole or not at all; return the names of its wheels.

    Raises
    ------
    FindingError
        If the folder is there already, or a package cannot be packed.
    """
    if folder.exists():
        raise FindingError([finding("office", "bundle_exists", folder=str(folder))])
    with exchanging(folder) as draft:
        wheels = draft / "wheels"
        wheels.mkdir()
        packages = needed()
        made = [pack(there, wheels).name for _, there in sorted(packages.items())]
        here = files("tongyuan.web.deploy")
        for name in BESIDE:
            text = here.joinpath(name).read_text("utf-8")
            (draft / name).write_text(_filled(text, packages[PACKAGE].version), "utf-8")
        sums = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(draft).as_posix()}"
            for path in sorted(draft.rglob("*"))
            if path.is_file()
        ]
        (draft / SUMS).write_text("\n".join(sums) + "\n", "utf-8")
    return tuple(made)


def _filled(text: str, version: str) -> str:
    """Return a text with version, and the Python and platform that the bundle is for."""
    told = {
        "@VERSION@": version,
        "@PYTHON@": f"{sys.version_info.major}.{sys.version_info.minor}",
        "@PLATFORM@": sysconfig.get_platform(),
        "@EXTRAS@": ",".join(e for e in EXTRAS if _installed(e)),
    }
    for mark, value in told.items():
        text = text.replace(mark, value)
    return text


def _installed(extra: str) -> bool:
    """Return whether every package of an extra is installed here."""
    told = [r for r in distribution(PACKAGE).requires or () if re.search(rf"extra == ['\"]{extra}['\"]", r)]
    names = [re.match(r"[\w.-]+", requirement) for requirement in told]
    try:
        return bool(names) and all(distribution(found[0]) for found in names if found)
    except PackageNotFoundError:
        return False
