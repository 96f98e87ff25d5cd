"""A measured factor of a city, a park or works acts there: own region, then city, province, nation."""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.workspace import check, load

ACTIVITY = "activity_id,region,year,process,product,technology,value,unit,source"
FACTOR = "record_id,kind,process,product,region,species,value,unit,status,source,locator"
OF = {"CN": 1.5, "370000": 1.6, "370100": 1.7, "化工园区": 1.9}


def activity(*regions: str) -> str:
    return "\n".join(
        [ACTIVITY, *(f"A{n},{r},2021,energy.power,bituminous,,1000,t,x" for n, r in enumerate(regions))]
    )


def factors(*regions: str, value: float | None = None) -> str:
    rows = (
        f"m-{n},emission_factor,energy.power,bituminous,{r},CO2,{value or OF[r]},t/t,measured,x,x"
        for n, r in enumerate(regions)
    )
    return "\n".join([FACTOR, *rows])


def carbon(folder: object) -> list[float]:
    emission = account(load(folder)).tables["emission"]  # type: ignore[arg-type]
    return emission.filter(pl.col("species") == "CO2").sort("activity_id")["value"].to_list()


@pytest.mark.parametrize("region", ["370100", "济南市", "Jinan"])
def test_a_city_by_code_and_by_name(make: Make, region: str) -> None:
    folder = make(
        kind="city", region="济南市", activity=activity("370100"), factor=factors(region, value=1.9)
    )
    assert carbon(folder) == pytest.approx([1900.0])
    assert check(folder)[1] == ()


@pytest.mark.parametrize(
    ("known", "value"),
    [
        (("CN",), 1.5),
        (("CN", "370000"), 1.6),
        (("370000", "CN", "370100"), 1.7),
        (("370100", "化工园区", "370000"), 1.9),
    ],
)
def test_a_park_sees_its_own_then_city_province_and_nation(
    make: Make, known: tuple[str, ...], value: float
) -> None:
    folder = make(kind="park", region="济南市", activity=activity("化工园区"), factor=factors(*known))
    assert carbon(folder) == pytest.approx([1000 * value])


def test_the_factor_of_one_city_serves_no_other(make: Make) -> None:
    folder = make(kind="province", activity=activity("370100", "370200"), factor=factors("370100"))
    jinan, qingdao = carbon(folder)
    assert jinan == pytest.approx(1700.0)
    assert qingdao == pytest.approx(1741.75, abs=0.005)  # the library's


def test_the_factor_of_one_park_serves_no_other(make: Make) -> None:
    table = factors("化工园区").replace("化工园区", "钢铁园区")
    folder = make(kind="park", region="济南市", activity=activity("化工园区"), factor=table)
    assert carbon(folder) == pytest.approx([1741.75], abs=0.005)
    assert "idle_region" in [f.check for f in account(load(folder)).findings]
