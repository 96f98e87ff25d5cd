"""What a file must pass before it is opened: presence, size, kind, and the measure of its unpacked parts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from tongyuan.ledger.finding import Finding, finding

UNPACKED_MAX = 200 * 2**20
"""Largest sum of unpacked parts of a workbook, and largest text or Parquet file [byte]."""
RATIO_MAX = 200
"""Largest ratio of unpacked to packed size of a part that unpacks to more than 10 MB."""
ENTRIES_MAX = 2_000
"""Largest number of parts in a workbook."""
COLUMNS_MAX = 1_000
"""Largest number of columns of a sheet."""

WORKBOOK = (".xlsx", ".xlsm")
TEXT = (".csv", ".tsv", ".txt")
PARQUET = (".parquet",)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def readable(name: str) -> str:
    """Return the name of a file or folder with what is not UTF-8 in it replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def guard(path: Path) -> list[Finding]:
    """Return what forbids opening `path`; an empty list means it may be parsed."""
    name = path.name
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return [finding("ledger", "file_name", file=readable(name))]

    def no(check: str, **values: Any) -> list[Finding]:
        return [finding("ledger", check, file=name, **values)]

    if name.startswith("~$"):
        return no("lock_file")
    try:
        if not path.exists():
            return no("file_missing", path=str(path))
        if not path.is_file():
            return no("not_a_file", path=str(path))
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8)
    except PermissionError:
        return no("file_locked")
    except OSError as reason:
        return no("file_unreadable", reason=reason.strerror or type(reason).__name__)
    if size == 0:
        return no("file_empty")
    suffix = path.suffix.lower()
    if suffix not in (*WORKBOOK, *TEXT, *PARQUET, ".xls"):
        return no("file_kind", suffix=suffix or name, allowed="xlsx, csv, parquet")
    if size > UNPACKED_MAX:
        return no("file_too_large", size=size / 2**20, limit=UNPACKED_MAX / 2**20)
    if suffix in (*WORKBOOK, ".xls"):
        if head == _OLE:
            return no("password" if _ENCRYPTED in path.read_bytes() else "old_excel")
        if suffix == ".xls":
            return no("old_excel")
        return _guard_zip(path)
    if suffix in TEXT and head[:4] == b"PK\x03\x04":
        return no("workbook_named_csv")
    if suffix in PARQUET and head[:4] != b"PAR1":
        return no("not_parquet")
    return []


def _guard_zip(path: Path) -> list[Finding]:
    name = path.name
    if not zipfile.is_zipfile(path):
        return [finding("ledger", "not_a_workbook", file=name)]
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return [finding("ledger", "corrupt_workbook", file=name)]
    if len(parts) > ENTRIES_MAX:
        return [finding("ledger", "zip_entries", file=name, count=len(parts), limit=ENTRIES_MAX)]
    if any(part.flag_bits & 1 for part in parts):
        return [finding("ledger", "password", file=name)]
    unpacked = sum(part.file_size for part in parts)
    steep = [
        p for p in parts if p.file_size > 10 * 2**20 and p.file_size > RATIO_MAX * max(p.compress_size, 1)
    ]
    if unpacked > UNPACKED_MAX or steep:
        return [finding("ledger", "zip_bomb", file=name, size=unpacked / 2**20, limit=UNPACKED_MAX / 2**20)]
    if "xl/workbook.xml" not in {part.filename for part in parts} and not any(
        re.search(r"workbook\.xml$", part.filename) for part in parts
    ):
        return [finding("ledger", "not_a_workbook", file=name)]
    return []
