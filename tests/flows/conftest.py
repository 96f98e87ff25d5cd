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


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(example("province", tmp_path_factory.mktemp("province") / "w"))


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
