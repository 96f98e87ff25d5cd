import polars as pl
import pytest

from tongyuan.inventory.methods.adaptor import Settings
from tongyuan.inventory.methods.soil_nitrogen import (
    emission_from_fertiliser,
    ipcc_liming_co2,
    ipcc_soil_deposition_n2o,
    ipcc_soil_direct_n2o,
    ipcc_soil_leaching_n2o,
    ipcc_urea_co2,
    sun2016_ammonia,
    temperature_class,
)
from tongyuan.ledger.finding import FindingError
from tongyuan.reference.method.parameter import parameter


def test_stoichiometry() -> None:
    assert float(ipcc_urea_co2(60.0)) == pytest.approx(44.0)
    assert float(ipcc_liming_co2(100.0, 0.0)) == pytest.approx(44.0)
    assert float(ipcc_liming_co2(0.0, 184.4)) == pytest.approx(88.0, rel=0.002)
    assert float(ipcc_soil_direct_n2o(100, 0.01)) == pytest.approx(1.5714, abs=1e-4)
    assert float(ipcc_soil_deposition_n2o(100, 0.1, 0.01)) == pytest.approx(0.15714, abs=1e-5)
    assert float(ipcc_soil_leaching_n2o(100, 0.3, 0.0075)) == pytest.approx(0.35357, abs=1e-5)


def test_ammonia_corrections() -> None:
    base = parameter(
        "soil", "ammonia", edition="sun_2016", item="ammonium_sulphate", condition="10_to_20"
    ).value
    assert float(sun2016_ammonia(1000, base, 1.18, 0.32)) == pytest.approx(1000 * 0.0082 * 1.18 * 0.32)


@pytest.mark.parametrize(
    ("temperature", "name"), [(9.9, "below_10"), (10, "10_to_20"), (20, "20_to_30"), (30, "above_30")]
)
def test_temperature_classes(temperature: float, name: str) -> None:
    assert temperature_class(temperature) == name


def test_sulphate_of_the_adaptor(rows) -> None:
    cells = {"fertiliser": "硫酸铵", "amount": 1000.0, "temperature": 15.0, "area_applied": 500.0}
    result = emission_from_fertiliser(rows(cells))
    by = {(r["species"], r["method"]): r["value"] for r in result.to_dicts()}
    assert by["NH3", "sun2016_ammonia"] == pytest.approx(1000 * 0.0082 * 1.18)
    assert by["N2O", "ipcc_soil_direct_n2o"] == pytest.approx(210 * 0.01 * 44 / 28)
    low = emission_from_fertiliser(rows({**cells, "area_applied": 5000.0, "placement": "覆土深施"}))
    assert low.filter(pl.col("species") == "NH3")["value"][0] == pytest.approx(1000 * 0.0082 * 0.32)


def test_urea_base_is_unverified(rows) -> None:
    urea = {"fertiliser": "尿素", "amount": 1000.0, "temperature": 15.0}
    with pytest.raises(FindingError, match="unverified"):
        emission_from_fertiliser(rows(urea))
    own = emission_from_fertiliser(rows({**urea, "ammonia_factor": 0.1}))
    assert own.filter(pl.col("species") == "NH3")["value"].to_list() == [pytest.approx(100.0)]
    asked = emission_from_fertiliser(rows(urea), Settings(include_unverified=True))
    assert asked.filter(pl.col("species") == "NH3")["value"][0] == pytest.approx(25.1)
    cold = emission_from_fertiliser(rows({"fertiliser": "尿素", "amount": 60.0}))
    assert cold.filter(pl.col("species") == "CO2")["value"].to_list() == [pytest.approx(44.0)]
    assert "NH3" not in set(cold["species"])


def test_flooded_rice_and_manure(rows) -> None:
    upland = emission_from_fertiliser(rows({"fertiliser": "有机肥", "nitrogen": 100.0}))
    rice = emission_from_fertiliser(rows({"fertiliser": "有机肥", "nitrogen": 100.0, "cropland": "淹水稻田"}))
    direct = pl.col("method") == "ipcc_soil_direct_n2o"
    assert upland.filter(direct)["value"][0] / rice.filter(direct)["value"][0] == pytest.approx(0.01 / 0.003)
    volatile = upland.filter(pl.col("method") == "ipcc_soil_deposition_n2o")
    assert volatile["value"][0] == pytest.approx(100 * 0.2 * 0.01 * 44 / 28)


def test_lime(rows) -> None:
    result = emission_from_fertiliser(rows({"fertiliser": "石灰石粉", "amount": 100.0}))
    assert result["value"].to_list() == [pytest.approx(44.0)]
    assert result["process"].to_list() == ["agriculture.liming"]


def test_provincial_zone_only_when_asked(rows) -> None:
    frame = rows({"fertiliser": "其他氮肥", "nitrogen": 100.0, "zone": "zone_2"})
    chosen = Settings(soil="provincial_guideline")
    with pytest.raises(FindingError):
        emission_from_fertiliser(frame, chosen)


def test_manure_without_nitrogen_content(rows) -> None:
    with pytest.raises(FindingError, match="no value"):
        emission_from_fertiliser(rows({"fertiliser": "有机肥", "amount": 100.0}))
