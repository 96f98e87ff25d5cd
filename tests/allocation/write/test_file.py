"""What all files share."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.allocation.test_field import made

from tongyuan.allocation.field import ModelSpecies
from tongyuan.allocation.write.file import dataset, plain_names, totals
from tongyuan.ledger.finding import FindingError


def named(*names: str) -> list[str]:
    return plain_names(
        replace(made(), species=tuple(ModelSpecies(n, "g", 1, 1, 0) for n in names)), "IOAPI", 16
    )


def test_names_lose_their_points() -> None:
    assert named("PM2.5", "NH3-N") == ["PM25", "NH3_N"]


@pytest.mark.parametrize("names", [("一氧化氮",), ("A" * 17,), ("2MP",), ("PM2.5", "PM25")])
def test_names_that_cannot_be_written(names: tuple[str, ...]) -> None:
    with pytest.raises(FindingError):
        named(*names)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.nc"
    with pytest.raises(RuntimeError), dataset(path, "NETCDF4"):
        raise RuntimeError
    assert list(path.parent.iterdir()) == []
    with dataset(path, "NETCDF4") as file:
        file.title = "x"
    assert [p.name for p in path.parent.iterdir()] == ["a.nc"]
    with pytest.raises(FindingError), dataset(path / "below.nc", "NETCDF4"):
        pass


def test_totals_are_told() -> None:
    told = totals(ModelSpecies("NO", "mol", 10, 9, 1))
    assert told == {"total_before": 10, "total_after": 9, "outside": 1, "total_units": "mol yr-1"}
