"""What ``import tongyuan`` offers: lazily, documented, and with an example of each name that runs."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import tongyuan as ty

HEAVY = {
    "polars", "numpy", "scipy", "numba", "matplotlib", "pydantic", "openpyxl", "xlsxwriter", "docx", "lxml",
    "highspy", "typer", "rich", "jinja2", "pandas", "pyarrow", "xarray",
}  # fmt: skip
"""Packages that cost time to import."""
UNTIL_NEEDED = {"matplotlib", "docx", "highspy", "typer", "rich", "jinja2", "pandas", "pyarrow", "xarray"}
"""Packages that reading a workspace does not need."""


def modules_after(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(told.stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    found = modules_after("import tongyuan as ty; dir(ty)")
    assert not found & HEAVY
    assert {name for name in found if name.startswith("tongyuan")} == {"tongyuan"}


def test_loading_a_workspace_imports_no_solver_chart_or_document(tmp_path: Path) -> None:
    ty.init(tmp_path / "w", "city", region="青岛市")
    found = modules_after(f"import tongyuan as ty; ty.load({str(tmp_path / 'w')!r})")
    assert not found & UNTIL_NEEDED
    assert not {name for name in found if name.startswith(("tongyuan.report", "tongyuan.cli"))}


def test_every_name_is_there_and_no_other() -> None:
    assert list(ty.__all__) == sorted(ty.__all__)
    assert {*ty.__all__, "__version__"} == set(dir(ty))
    for name in ty.__all__:
        assert getattr(ty, name).__module__.startswith("tongyuan.")
    with pytest.raises(AttributeError, match="'acount'"):
        ty.acount  # noqa: B018


def test_names_of_the_type_checker_are_those_of_the_program() -> None:
    text = Path(ty.__file__).read_text("utf-8").partition("__version__")[0]
    checked = set(re.findall(r"\b(\w+)\b", text.partition("if TYPE_CHECKING:")[2]))
    assert set(ty.__all__) <= checked
    assert {name for names in ty._HOMES.values() for name in names} == set(ty.__all__)


@pytest.mark.parametrize("name", ty.__all__)
def test_every_name_has_an_example_that_runs(name: str) -> None:
    finder = doctest.DocTestFinder(recurse=False)
    found = finder.find(getattr(ty, name), name, globs={"ty": ty, "pl": pl})
    assert sum(len(test.examples) for test in found) >= 1, name
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    told: list[str] = []
    for test in found:
        runner.run(test, out=told.append)
    assert runner.failures == 0, "".join(told)


@pytest.mark.parametrize("name", ty.__all__)
def test_every_name_stands_in_the_page_of_the_interface(name: str, checkout: Path) -> None:
    page = (checkout / "docs" / "api.md").read_text("utf-8")
    home = getattr(ty, name).__module__
    whole = rf"automodule:: {re.escape(home)}\n   :members:"
    if home.startswith(("tongyuan.ledger", "tongyuan.reference")):
        assert f".{name}`" in page
        page = (checkout / "docs" / f"{home.split('.')[1]}.md").read_text("utf-8")
    assert re.search(whole, page)
