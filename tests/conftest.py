"""Fixtures shared by the tests of every room."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# properties are about results; how long an example takes depends on what else the machine does
settings.register_profile("tongyuan", deadline=None)
settings.load_profile("tongyuan")

CHECKOUT = Path(__file__).resolve().parent.parent


def _shared(part: str) -> Path:
    folder = CHECKOUT.parent / "shared" / part
    if not folder.is_dir():
        pytest.skip(f"the folder ../shared/{part} beside the checkout is absent")
    return folder


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of reference data beside the checkout, or skip."""
    return _shared("data")


@pytest.fixture(scope="session")
def shared_facts() -> Path:
    """Return the folder of typed facts beside the checkout, or skip."""
    return _shared("facts")


@pytest.fixture
def workspace_folder(tmp_path: Path) -> Path:
    """Return an empty folder in which a test may build a workspace."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder
