"""Sludge cannot hold more organics or nitrogen than the plant took out: the cell to look at is the sludge."""

from __future__ import annotations

import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.finding import Finding, FindingError
from tongyuan.ledger.workspace import load

HEAD = (
    "region,year,plant,kind,treatment,volume,cod_in,cod_out,tn_in,tn_out,sludge_dry,sludge_volatile,"
    "sludge_nitrogen,methane_recovered,source"
)


def refused(make: Make, row: str) -> Finding:
    with pytest.raises(FindingError) as error:
        account(load(make(wastewater_plant=f"{HEAD}\n{row}")))
    (found,) = error.value.findings
    return found


@pytest.mark.parametrize("treatment", ["aerobic", "anaerobic_reactor"])
def test_wet_mass_where_dry_is_asked_for(make: Make, treatment: str) -> None:
    found = refused(make, f"370000,2021,P1,domestic,{treatment},1000000,300,30,40,12,5000,0.6,,0,x")
    assert found.check == "sludge-too-much"
    # 5,000 t · 0.6 · 1.42 t COD/t = 4,260 t; removed 1,000,000 m3 · (300 − 30) mg/L = 270 t
    assert found.message("en") == (
        "5000 t of dry sludge hold 4260 t of COD, more than the 270 t removed from the water"
    )
    assert "dry mass, not wet" in found.next_step("en")
    assert "湿泥" in found.next_step("zh")


def test_nitrogen_too(make: Make) -> None:
    # 400 t · 0.08 = 32 t N; removed 1,000,000 m3 · 28 mg/L = 28 t
    found = refused(make, "370000,2021,P1,domestic,aerobic,1000000,3000,30,40,12,400,0.6,0.08,0,x")
    assert (found.check, found.values["what"]) == ("sludge-too-much", "TN")
    assert (found.values["held"], found.values["removed"]) == pytest.approx((32.0, 28.0))


def test_recovered_methane_keeps_its_own_reason(make: Make) -> None:
    found = refused(make, "370000,2021,P1,domestic,aerobic,1000000,300,30,40,12,100,0.6,,500,x")
    assert found.check == "wastewater-recovered"
    assert found.values["generated"] > 0


@pytest.mark.parametrize("dry", [100, 0.99 * 270 / (0.6 * 1.42)])
def test_dry_mass_up_to_what_was_removed_passes(make: Make, dry: float) -> None:
    row = f"370000,2021,P1,domestic,aerobic,1000000,300,30,40,12,{dry!r},0.6,0.03,0,x"
    emission = account(load(make(wastewater_plant=f"{HEAD}\n{row}"))).tables["emission"]
    assert emission.height > 0
    assert emission["value"].min() >= 0
