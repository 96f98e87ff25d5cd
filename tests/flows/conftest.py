from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from tongyuan.flows.account import Account, account
from tongyuan.ledger.workspace import Workspace, load


def example(world: str, folder: Path) -> Path:
    with as_file(files("tongyuan.ledger") / "examples" / world) as source:
        shutil.copytree(source, folder)
    return folder


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return load(example("province", tmp_path_factory.mktemp("province") / "w"))


@pytest.fixture(scope="session")
def shandong(province: Workspace) -> Account:
    return account(province)


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    return example("minimal", tmp_path / "w")
