from pathlib import Path

import pytest

import tongyuan as ty


def test_an_inventory_on_its_grid_and_in_a_file(tmp_path: Path) -> None:
    world = ty.example("grid")
    made = ty.allocate(world)
    assert set(made) == {"cell_emission", "allocation_balance", "model_emission", "emission_time"}
    (path,) = ty.write_grid(world, "ff10", tmp_path)
    assert path.name == "ff10_nonpoint.2021.csv"
    with pytest.raises(ty.FindingError, match="no model grid"):
        ty.allocate(ty.example("minimal"))
