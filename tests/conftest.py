"""Fixtures shared by the tests of every room."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# properties are about results; how long an example takes depends on what else the machine does
settings.register_profile("tongyuan", deadline=None)
settings.load_profile("tongyuan")
# the same few examples for every mutant (tools/mutate.py): what a mutant shows need not be made small
settings.register_profile(
    "mutate",
    deadline=None,
    max_examples=20,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)

CHECKOUT = Path(__file__).resolve().parent.parent


ABSENT = "beside the checkout is absent"
"""End of the reason of a skip that `--no-skips` lets pass."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips",
        action="store_true",
        help="a skipped test fails, unless what it misses is the folder ../shared beside the checkout",
    )


def _refuse(report: pytest.TestReport | pytest.CollectReport, config: pytest.Config) -> None:
    if not (config.getoption("--no-skips") and report.skipped) or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not reason.endswith(ABSENT):
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {reason}"


LONG = (
    "web/console/test_browser.py",
    "pathway/test_independent.py",
    "report/test_browser.py",
    "office/test_survival.py",
    "test_mutate.py",
    "web/console/test_router.py",
    "pathway/case/test_canonical.py",
    "pathway/ask/test_least_cost.py",
    "pathway/case/test_known.py",
    "inventory/account/test_basis.py",
    "flows/facility/test_malformed_files.py",
    "flows/ask/test_world.py",
    "flows/facility/test_bad_input.py",
    "flows/plan/test_aimed_air.py",
    "flows/test_run.py",
    "web/test_schema.py",
    "web/test_security.py",
    "web/console/pages/test_run.py",
    "web/console/pages/test_submission.py",
    "office/test_leak_marks.py",
    "office/job/test_webhook.py",
    "cases/test_changed_worlds.py",
    "test_where.py",
    "ledger/test_fuzz.py",
)
"""Files that take longest: of several workers none is left with one of them when the others have ended."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        rank = {CHECKOUT / "tests" / name: place for place, name in enumerate(LONG)}
        items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse(report, item.config)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse(report, collector.config)
    return report


def _shared(part: str) -> Path:
    folder = CHECKOUT.parent / "shared" / part
    if not folder.is_dir():
        pytest.skip(f"the folder ../shared/{part} {ABSENT}")
    return folder


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """Return the pages of the documentation by name, with what is made from the package filled in."""
    spec = importlib.util.spec_from_file_location("register", CHECKOUT / "docs" / "register.py")
    assert spec is not None
    assert spec.loader is not None
    register = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(register)
    found = sorted((CHECKOUT / "docs").rglob("*.md"))
    return {path.stem: register.fill(path.read_text("utf-8")) for path in found}


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of reference data beside the checkout, or skip."""
    return _shared("data")


@pytest.fixture(scope="session")
def shared_facts() -> Path:
    """Return the folder of typed facts beside the checkout, or skip."""
    return _shared("facts")


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return a maker of what all workers share: a name and how to make it → its path, to be read only.

    Whoever asks first makes it while others wait at a lock; what failed is made again by the next.
    """
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], object]) -> Path:
        place, whole = base / f"once-{name}", base / f"once-{name}.whole"
        with (base / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(place, ignore_errors=True)
                make(place)
                whole.touch()
        return place

    return made


@pytest.fixture(scope="session")
def minimal_run(once: Once) -> Path:
    """Return the smallest example with the results of a run, to be read only."""

    def make(place: Path) -> None:
        from tongyuan.flows.run import run
        from tongyuan.ledger.example import copy_example

        copy_example("minimal", place)
        run(place)

    return once("minimal", make)


@pytest.fixture
def workspace_folder(tmp_path: Path) -> Path:
    """Return an empty folder in which a test may build a workspace."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder
