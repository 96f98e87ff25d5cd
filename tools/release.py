"""A release: build it, look into it, install it in a clean environment and run it.

::

    python tools/release.py check   # wheel and sdist in dist/, their contents, a clean installation that runs
    python tools/release.py notes   # what the changelog says of this version
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DIST = ROOT / "dist"
NEVER = ("__pycache__", ".pyc", ".ipynb_checkpoints", ".egg-info", ".DS_Store", ".hypothesis")


def kept() -> set[str]:
    """Return the files the checkout keeps, by their path from its root."""
    command = ["git", "-c", "core.quotePath=false", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name for name in listed.split("\0") if name and (ROOT / name).is_file()}


def faults(files: set[str], wheel: set[str], sdist: set[str], version: str) -> list[str]:
    """Return what is wrong with the contents of a wheel and of an sdist.

    Parameters
    ----------
    files
        What the checkout keeps (:func:`kept`).
    wheel, sdist
        Names inside, those of the sdist without its first folder.
    version
        Version of the project.
    """
    package = {name.removeprefix("src/") for name in files if name.startswith("src/tongyuan/")}
    about = f"tongyuan-{version}.dist-info"
    needed = package | {f"{about}/licenses/LICENSE", f"{about}/licenses/NOTICE", f"{about}/entry_points.txt"}
    extra = {name for name in wheel if not name.startswith(f"{about}/")} - package
    told = [f"the wheel lacks {name}" for name in sorted(needed - wheel)]
    told += [f"the wheel has {name}, which the checkout does not keep" for name in sorted(extra)]
    told += [f"the sdist lacks {name}" for name in sorted(files - sdist)]
    told += [f"{name} has no place in a release" for name in sorted(wheel | sdist) if name.endswith(NEVER)]
    return told


def notes() -> str:
    """Return the part of the changelog on this version.

    Raises
    ------
    LookupError
        If there is none.
    """
    for part in (ROOT / "CHANGELOG.md").read_text("utf-8").split("\n## ")[1:]:
        title, _, body = part.partition("\n")
        if title.split()[0] == PROJECT["version"]:
            return body.strip()
    raise LookupError(f"CHANGELOG.md has no part on {PROJECT['version']}")


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a command and stop the release when it fails."""
    print("$", *command, flush=True)
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def built() -> tuple[Path, Path]:
    """Build the wheel and the sdist of this version in ``dist/``."""
    run(sys.executable, "-m", "hatchling", "build", "-d", DIST)
    name = f"tongyuan-{PROJECT['version']}"
    return DIST / f"{name}-py3-none-any.whl", DIST / f"{name}.tar.gz"


def check() -> None:
    """Build, look into both archives, install the wheel in a clean environment and run the smallest example.

    Raises
    ------
    SystemExit
        If something lacks, is too much or fails.
    """
    notes()
    wheel, sdist = built()
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if not name.endswith("/")}
    with tarfile.open(sdist) as archive:
        source = {m.name.partition("/")[2] for m in archive.getmembers() if m.isfile()} - {"PKG-INFO"}
    told = faults(kept(), inside, source, PROJECT["version"])
    if told:
        raise SystemExit("\n".join(told))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run(sys.executable, "-m", "venv", place / "clean")
        clean = place / "clean" / ("Scripts" if sys.platform == "win32" else "bin")
        pip = (clean / "python", "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, "--constraint", ROOT / "requirements.lock", wheel, cwd=place)
        run(clean / "tongyuan", "demo", "demo", "--world", "minimal", cwd=place)
        run(clean / "python", "-I", "-m", "pip", "check", "--disable-pip-version-check", cwd=place)
    print(f"{wheel.name}: {len(inside)} files; {sdist.name}: {len(source)} files; installed and run")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["check"]:
            check()
        case ["notes"]:
            print(notes())
        case _:
            raise SystemExit(__doc__)
