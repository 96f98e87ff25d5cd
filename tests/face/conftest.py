"""An inventory of the smallest example, made once for the tests of this door."""

from __future__ import annotations

import pytest

import tongyuan as ty


@pytest.fixture(scope="session")
def results() -> ty.Results:
    return ty.account(ty.example("minimal"))
