from __future__ import annotations

import shutil
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.account.account import Account, account
from tongyuan.flows.plan.inventory import Inventory
from tongyuan.flows.plan.plan import prepare
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.workspace import Workspace
from tongyuan.pathway.case.case import Case


def changed_settings(settings: Settings, **account: object) -> Settings:
    """Return settings with other values in branch ``[account]``."""
    return settings.model_copy(update={"account": settings.account.model_copy(update=account)})


def example(world: str, folder: Path) -> Path:
    with as_file(files("tongyuan.ledger") / "examples" / world) as source:
        shutil.copytree(source, folder)
    return folder


TYPED = Path(__file__).parent / "data" / "shandong_plan"
"""A small plan of Shandong typed by hand: power, heat, coal in industry and steel."""


def with_typed_plan(folder: Path) -> Path:
    """Give a copy of the province the plan typed by hand in place of its hints for the draft."""
    for name in ("stock", "demand", "target", "quantity_member", "technology_option"):
        (folder / "tables" / f"{name}.csv").unlink()
    shutil.copytree(TYPED, folder / "plan")
    return folder


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = example("province", tmp_path_factory.mktemp("province") / "w")
    return open_workspace(with_typed_plan(folder))


@pytest.fixture(scope="session")
def shandong(province: Workspace) -> Account:
    return account(province)


@pytest.fixture(scope="session")
def prepared(province: Workspace, shandong: Account) -> tuple[Case, Inventory, dict[str, pl.DataFrame]]:
    return prepare(province, shandong.tables)


@pytest.fixture
def changed(province: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the province whose plan may be edited."""
    shutil.copytree(province.folder, tmp_path / "w")
    return replace(province, folder=tmp_path / "w")


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    return example("minimal", tmp_path / "w")
