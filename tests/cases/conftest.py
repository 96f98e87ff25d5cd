"""Small workspaces typed in a test, as a clerk would leave them in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a maker of workspaces: further settings as text, and tables as CSV."""

    def write(
        settings: str = "",
        *,
        kind: str = "enterprise",
        region: str = "山东省",
        folder: str = "w",
        **tables: str,
    ) -> Path:
        path = tmp_path / folder
        (path / "tables").mkdir(parents=True)
        head = f'name = "case"\nkind = "{kind}"\nlanguage = "en"\nregion = "{region}"\n'
        (path / "tongyuan.toml").write_text(head + dedent(settings), "utf-8")
        for name, text in tables.items():
            (path / "tables" / f"{name}.csv").write_text(dedent(text).strip() + "\n", "utf-8")
        return path

    return write
