"""A workspace of tables at hand is checked and accounted as that of a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tongyuan as ty
from tongyuan.ledger.table import PLACE

COAL = {
    "region": ["山东省"], "year": [2021], "process": ["火力发电"], "product": ["烟煤"], "value": [100.0],
    "unit": ["万吨"],
}  # fmt: skip


@pytest.mark.parametrize(
    "kind", [pl.DataFrame, pd.DataFrame, pa.table, dict], ids=["polars", "pandas", "arrow", "dict"]
)
def test_a_table_of_any_kind_gives_the_same_inventory(kind: Callable[..., Any]) -> None:
    made = ty.account({"activity": kind(COAL)}, settings={"account.draws": 0})
    # 100 × 10⁴ t · the CO2 of the same row in the example: the factor library decides, not the kind of table
    whole = made.emission.where(species="CO2", scope="direct").total()["value"][0]
    own = ty.example("minimal").tables["activity"].head(1).drop("technology", PLACE)
    again = ty.account({"activity": own}, settings={"account.draws": 0})
    assert whole == pytest.approx(again.emission.where(species="CO2", scope="direct").total()["value"][0])
    assert made.activity["source"].to_list()[0] == "notebook"


def test_a_folder_and_its_tables_at_hand_agree() -> None:
    folder = ty.example("minimal")
    tables = {name: frame.drop(PLACE) for name, frame in folder.tables.items()}
    hand = ty.workspace(tables, kind="enterprise", region="山东省", settings={"account.years": [2021]})
    for name in ("emission", "summary"):
        one, other = (ty.account(w)[name].frame for w in (folder, hand))
        assert one.height == other.height
        assert one["value"].sum() == pytest.approx(other["value"].sum(), rel=1e-12)


def test_wrong_cells_and_settings_and_names_are_findings() -> None:
    with pytest.raises(ty.FindingError, match="unit"):
        ty.workspace({"activity": {**COAL, "unit": ["勺"]}})
    with pytest.raises(ty.FindingError, match="AR7"):
        ty.workspace({"activity": COAL}, settings={"account.gwp_set": "AR7"})
    with pytest.raises(ty.FindingError, match="activity"):
        ty.workspace({"activty": COAL})
    with pytest.raises(ty.FindingError, match="gwp"):
        ty.account({"activity": COAL}, settings={"gwp": "AR6"})
    with pytest.raises(ty.FindingError, match="mapping of tables is needed"):
        ty.account(3)  # type: ignore[arg-type]
    with pytest.raises(ty.FindingError, match="minimal"):
        ty.example("maximal")


def test_check_raises_for_nothing(tmp_path: Path) -> None:
    assert [f.check for f in ty.check(tmp_path)] == ["settings_missing"]
    assert [f.check for f in ty.check(str(tmp_path))] == ["settings_missing"]
    wrong = ty.check({"activity": {**COAL, "unit": ["勺"]}})
    assert [f.severity for f in wrong] == ["error"]
    assert ty.check(ty.example("minimal")) == ty.example("minimal").findings


def test_text_and_path_are_the_same_folder(tmp_path: Path) -> None:
    ty.init(str(tmp_path / "w"), "enterprise", name="w", region="山东省")
    assert ty.load(str(tmp_path / "w")).settings == ty.load(tmp_path / "w").settings


def test_every_example_opens_and_is_named() -> None:
    names = ty.examples()
    assert set(names) >= {"minimal", "province", "park", "cities", "steel"}
    assert ty.example("steel").settings.plan.discount_rate == 0.05


def test_a_record_without_a_unit_or_process_that_exists_is_refused() -> None:
    own = {"process": "energy.power", "species": "SO2", "value": 3.0, "unit": "kg/t"}
    for wrong in ({"unit": "spoon/t"}, {"species": "SO22"}, {"process": "nowhere"}):
        with pytest.raises(ty.FindingError):
            ty.with_factor(ty.example("minimal"), own | wrong)
    two = ty.with_factor(ty.with_factor(ty.example("minimal"), own), [own | {"record_id": "mine"}])
    assert two.tables["factor"]["record_id"].to_list() == ["notebook-1", "mine"]
