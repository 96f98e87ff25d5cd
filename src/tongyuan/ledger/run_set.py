"""A run is a set: a folder of results that appears whole, vouches for every file, and is found by a pointer.

``results/<run>/`` is written beside its place and renamed when it is complete; ``results/latest`` names the
newest. Ended at any moment, a run leaves the last whole set as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import names, read_lists
from tongyuan.ledger.write.atomic import beside, cannot_write, sweep, write_text

RESULTS = "results"
"""Folder of the sets inside a workspace."""

RUN = "run.json"
"""Record of a run inside its set."""

LATEST = "latest"
"""File that names the newest set."""

PARTS = ("numpy", "polars", "scipy", "highspy", "pydantic", "xlsxwriter", "python-docx", "matplotlib")
"""Software whose version a record names, beside that of the package itself."""

SHELVES = (
    ("reference", "data"),
    ("reference/factors", "library"),
    ("ledger", "schema"),
    ("synergy", "indexes"),
)
"""Folders of cited facts and definitions that results depend on."""


def sha256(path: Path) -> str:
    """Return the SHA-256 of the file at `path`, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashed(paths: Iterable[Path], folder: Path | None = None) -> dict[str, dict[str, Any]]:
    """Return SHA-256 and size [bytes] of files by name, relative to `folder` where they lie in it."""
    found = {}
    for path in sorted(paths):
        name = path.relative_to(folder).as_posix() if folder and path.is_relative_to(folder) else path.name
        found[name] = {"sha256": sha256(path), "bytes": path.stat().st_size}
    return found


@cache
def shelf_hashes() -> Mapping[str, str]:
    """Return one SHA-256 for each folder of shelves, over the names and bytes of its files."""
    found = {}
    for package, folder in SHELVES:
        digest = hashlib.sha256()
        for entry in _files(files("tongyuan").joinpath(package, folder)):
            digest.update(entry.name.encode() + b"\0" + hashlib.sha256(entry.read_bytes()).digest())
        found[f"{package}/{folder}"] = digest.hexdigest()
    return found


def _files(folder: Traversable) -> Iterator[Traversable]:
    """Yield every file below `folder`, in the order of names."""
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _files(entry)
        else:
            yield entry


def _versions() -> dict[str, str]:
    found = {}
    for name in PARTS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def moment() -> datetime:
    """Return the time that goes into records: the present, or that of ``SOURCE_DATE_EPOCH``.

    Raises
    ------
    FindingError
        If ``SOURCE_DATE_EPOCH`` is set and is no whole number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise FindingError([finding("ledger", "source_date_epoch", value=epoch[:40])]) from None


def run_record(
    settings: Mapping[str, Any],
    inputs: Mapping[str, Mapping[str, Any]],
    tables: Mapping[str, pl.DataFrame],
    *,
    steps: Sequence[str] = (),
    letters: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Return the record of a run.

    Parameters
    ----------
    settings
        The settings of the run, as plain values.
    inputs
        SHA-256 and size of every input file (:func:`hashed`).
    tables
        The result tables; their row counts are recorded.
    steps
        Names of the steps that ran.
    letters
        Letters of the columns of each sheet, as :class:`tongyuan.ledger.read.read.Reading` holds them.
    """
    return {
        "tongyuan": version("tongyuan"),
        "at": moment().isoformat(timespec="seconds"),
        "settings": dict(settings),
        "steps": list(steps),
        "inputs": dict(inputs),
        "reference": dict(shelf_hashes()),
        "versions": _versions(),
        "rows": {name: frame.height for name, frame in tables.items()},
        "letters": {sheet: dict(found) for sheet, found in (letters or {}).items()},
    }


def run_table(record: Mapping[str, Any]) -> pl.DataFrame:
    """Return a run record as a table of keys and values, in text."""

    def flat(value: Any, prefix: str) -> list[tuple[str, str]]:
        if isinstance(value, Mapping):
            return [
                row for key, part in value.items() for row in flat(part, f"{prefix}.{key}" if prefix else key)
            ]
        return [
            (prefix, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
        ]

    left_out = ("letters.", "outputs.")
    rows = [row for row in flat(record, "") if not row[0].startswith(left_out)]
    return pl.DataFrame(rows, schema={"key": pl.String, "value": pl.String}, orient="row")


class Draft:
    """A set that is being written: `folder` takes its files, :meth:`seal` its record."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.record: dict[str, Any] = {}
        self.final = folder

    def seal(self, record: Mapping[str, Any]) -> None:
        """Write the record, with the SHA-256 of every file that lies in the folder."""
        written = (p for p in self.folder.rglob("*") if p.is_file())
        self.record = {**record, "outputs": hashed(written, self.folder)}
        text = json.dumps(self.record, ensure_ascii=False, indent=2, sort_keys=True, default=str)
        write_text(self.folder / RUN, text + "\n")


@contextmanager
def new_set(results: Path) -> Iterator[Draft]:
    """Yield a draft beside the place of a new set; sealed, it becomes the newest set of `results`.

    After the block `draft.final` is the folder of the set. A draft that is not sealed vanishes.

    Raises
    ------
    FindingError
        If the folder cannot be written.
    """
    try:
        results.mkdir(parents=True, exist_ok=True)
        sweep(results)
        draft = Draft(Path(mkdtemp(prefix=beside(), dir=results)))
    except OSError as reason:
        raise cannot_write(results, reason) from None
    try:
        yield draft
        if draft.record:
            draft.final = _place(results, draft)
            write_text(results / LATEST, draft.final.name + "\n")
    except OSError as reason:
        raise cannot_write(results, reason) from None
    finally:
        shutil.rmtree(draft.folder, ignore_errors=True)


def _place(results: Path, draft: Draft) -> Path:
    """Rename a sealed draft to the name of its run: its time, and a number where that is taken."""
    draft.folder.chmod(0o755)
    stem = datetime.fromisoformat(draft.record["at"]).strftime("%Y%m%d-%H%M%S")
    number = 1
    while True:
        target = results / (stem if number == 1 else f"{stem}-{number}")
        number += 1
        if target.exists():
            continue
        try:
            os.rename(draft.folder, target)
        except OSError:
            if target.exists():  # another run took the name in between
                continue
            raise
        return target


def sets(results: Path) -> list[Path]:
    """Return the folders of all complete sets in `results`, newest last."""
    if not results.is_dir():
        return []
    found = [p for p in results.iterdir() if not p.name.startswith(".") and (p / RUN).is_file()]
    return sorted(found, key=lambda p: (p.name[:15], len(p.name), p.name))


def latest(path: Path) -> Path | None:
    """Return the set that `path` means: itself, or the newest of a workspace or a folder of sets."""
    if (path / RUN).is_file():
        return path
    for results in (path, path / RESULTS):
        pointer = results / LATEST
        if pointer.is_file():
            named = results / pointer.read_text("utf-8").strip()
            if named.parent == results and (named / RUN).is_file():
                return named
            whole = sets(results)
            return whole[-1] if whole else None
    return None


def read_record(folder: Path) -> dict[str, Any]:
    """Return the record of the set in `folder`.

    Raises
    ------
    FindingError
        If the record is damaged.
    """
    try:
        record = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (ValueError, OSError):
        raise FindingError([finding("ledger", "set_broken", file=RUN, name=RUN, path=str(folder))]) from None
    if not isinstance(record, dict):
        raise FindingError([finding("ledger", "set_broken", file=RUN, name=RUN, path=str(folder))])
    return record


def broken(folder: Path) -> list[str]:
    """Return the files of the set in `folder` that are not as its record says: missing or changed."""
    outputs = read_record(folder).get("outputs", {})
    return [
        name
        for name, known in outputs.items()
        if not (folder / name).is_file() or sha256(folder / name) != known["sha256"]
    ]


def read_set(folder: Path) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """Return the tables of the set in `folder` and its record.

    Raises
    ------
    FileNotFoundError
        If there is no set.
    FindingError
        If the record, or a table, is missing or not as it was written.
    """
    if not (folder / RUN).is_file():
        raise FileNotFoundError(2, "", str(folder / RUN))
    record = read_record(folder)
    tables = {}
    for name, known in record.get("outputs", {}).items():
        path = folder / name
        if path.suffix != ".parquet":
            continue
        if not path.is_file() or sha256(path) != known["sha256"]:
            raise FindingError([finding("ledger", "set_broken", file=name, name=name, path=str(folder))])
        tables[path.stem] = _table(path)
    return tables, record


def _table(path: Path) -> pl.DataFrame:
    """Return the table in a Parquet file; lists that an earlier version wrote as text are lists."""
    frame = plain(pl.read_parquet(path))
    return read_lists(path.stem, frame) if path.stem in names() else frame


def tables_of(path: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of the newest set of `path`; loose Parquet files where there is no set.

    Raises
    ------
    FindingError
        If a table is damaged, or not as the record of its set says.
    """
    folder = latest(path)
    if folder is not None:
        return read_set(folder)[0]
    tables = {}
    for file in sorted(path.glob("*.parquet")) or sorted((path / RESULTS).glob("*.parquet")):
        try:
            tables[file.stem] = _table(file)
        except (pl.exceptions.PolarsError, OSError):
            raise FindingError([finding("ledger", "set_broken", name=file.name, path=str(path))]) from None
    return tables


def remove(folder: Path) -> None:
    """Remove the set in `folder`; the pointer goes to the newest that is left."""
    results = folder.parent
    rest = [other for other in sets(results) if other != folder]
    if rest:
        pointer = latest(results)
        if pointer is None or pointer == folder:
            write_text(results / LATEST, rest[-1].name + "\n")
    else:
        (results / LATEST).unlink(missing_ok=True)
    aside = folder.with_name(f"{beside()}{folder.name}")
    os.rename(folder, aside)
    shutil.rmtree(aside)
