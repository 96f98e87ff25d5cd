"""The embedded examples, and a copy of one in a folder of the user's."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.write.atomic import cannot_write, replacing

MADE = ("results", "checked")
"""Folders of a workspace that commands make; they may stand beside a copied example."""


def examples() -> list[str]:
    """Return the names of the embedded examples."""
    return sorted(entry.name for entry in (files("tongyuan.ledger") / "examples").iterdir() if entry.is_dir())


def copy_example(name: str, folder: Path) -> None:
    """Copy the example `name` to `folder`, which may hold nothing but an unchanged copy of it.

    Raises
    ------
    FindingError
        If the folder holds anything else, or cannot be written; nothing is changed then.
    """
    with as_file(files("tongyuan.ledger") / "examples" / name) as source:
        wanted = [path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file()]
        try:
            if folder.exists() and not folder.is_dir():
                raise FindingError([finding("ledger", "not_a_folder", file=folder.name, path=str(folder))])
            own = [path for path in _files(folder) if not _same(path, source / path.relative_to(folder))]
        except OSError as reason:
            raise cannot_write(folder, reason) from None
        if own:
            told = own[0].relative_to(folder).as_posix()
            words: dict[str, Any] = {"path": str(folder), "count": len(own), "name": told}
            raise FindingError([finding("ledger", "folder_not_example", file=folder.name, **words)])
        for part in wanted:
            if not (folder / part).exists():
                with replacing(folder / part) as temporary:
                    shutil.copyfile(source / part, temporary)


def _files(folder: Path) -> list[Path]:
    """Return the files of `folder` that no command made."""
    if not folder.is_dir():
        return []
    found = (path for path in sorted(folder.rglob("*")) if not path.is_dir())
    return [path for path in found if path.relative_to(folder).parts[0] not in MADE]


def _same(path: Path, other: Path) -> bool:
    return other.is_file() and path.is_file() and path.read_bytes() == other.read_bytes()
