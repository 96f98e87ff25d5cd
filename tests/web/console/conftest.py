from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.databases import sqlite_model
from tests.office.desk import PEOPLE, Town, submission, town

from tongyuan.office.operator import bring_folder
from tongyuan.store.database import open_database
from tongyuan.web.app import create_app

__all__ = ["sqlite_model"]

EVERYBODY = (*PEOPLE, "admin")


@dataclass
class Console:
    """An office with a run of enterprise A, a submission of each organisation, and browsers of its people."""

    made: Town
    run: str
    folder: Path
    numbers: dict[str, int]

    @cached_property
    def app(self) -> FastAPI:
        """The application all browsers ask."""
        return create_app(self.made.office)

    def browser(self, person: str | None, **cookies: str) -> TestClient:
        client = TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)
        if person:
            client.cookies.set("entry", self.made.tokens[person])
        for name, value in cookies.items():
            client.cookies.set(name, value)
        return client

    def api(self, person: str, name: str, **asked: Any) -> dict[str, Any]:
        head = {"Authorization": f"Bearer {self.made.tokens[person]}"}
        path = f"/api/v1/{name.replace('.', '/')}?limit=1000"
        answer: dict[str, Any] = self.browser(None).post(path, json=asked, headers=head).json()
        return answer


@pytest.fixture(scope="session")
def folder(minimal_run: Path) -> Path:
    """Return the smallest example, run."""
    return minimal_run


@pytest.fixture(scope="session")
def standing(folder: Path, sqlite_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """Return an office to look at; what a test changes in it others do not rely on."""
    place = tmp_path_factory.mktemp("standing")
    shutil.copy(sqlite_model, place / "a.db")
    engine = open_database(f"sqlite:///{place / 'a.db'}")
    yield furnished(town(engine, place), folder)
    engine.dispose()


def furnished(made: Town, folder: Path) -> Console:
    """Return an office with what there is to look at: a run of enterprise A, a submission of each."""
    (name,) = bring_folder(made.office, folder, "A").runs
    numbers = {
        "A": submission(made, "lin", "A"),
        "B": submission(made, "wu", "B"),
        "P": submission(made, "park", "P"),
    }
    return Console(made, name, folder, numbers)
