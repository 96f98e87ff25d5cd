import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.wastewater import (
    cod_balance,
    emission_from_wastewater_plant,
    ipcc_wastewater_ch4,
    ipcc_wastewater_effluent_n2o,
    ipcc_wastewater_plant_n2o,
    measured_discharge,
    mee2018_wastewater_net,
    nitrogen_balance,
)
from tongyuan.ledger.finding import FindingError
from tongyuan.reference.method.parameter import parameter

PLANT = {
    "plant": "一厂",
    "kind": "生活污水处理",
    "treatment": "好氧处理",
    "volume": 36.5e6,
    "cod_in": 300.0,
    "cod_out": 25.0,
    "tn_in": 40.0,
    "tn_out": 10.0,
    "nh3n_out": 1.0,
    "sludge_dry": 4000.0,
    "sludge_volatile": 0.5,
    "sludge_route": "污泥堆肥",
    "receiving_water": "河流",
}
mass = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ("treatment", "per_cod", "per_bod"),
    [
        ("aerobic", 0.0075, 0.018),
        ("deep_lagoon", 0.2, 0.48),
        ("septic", 0.125, 0.3),
        ("shallow_lagoon", 0.05, 0.12),
    ],
)
def test_factors_as_printed_by_the_refinement(treatment: str, per_cod: float, per_bod: float) -> None:
    mcf = parameter(
        "wastewater", "methane_correction", edition="ipcc_2019", item=treatment, condition="domestic"
    )
    for unit, expected in (("COD", per_cod), ("BOD5", per_bod)):
        b0 = parameter("wastewater", "methane_potential", edition="ipcc_2019", item=unit)
        assert float(ipcc_wastewater_ch4(1.0, 0.0, b0.value, mcf.value)) == pytest.approx(expected)


@given(mass, mass, mass, st.floats(0, 1e4))
def test_cod_closes(inflow: float, effluent: float, sludge: float, methane: float) -> None:
    assert cod_balance(inflow, effluent, sludge, methane).out == pytest.approx(inflow, abs=1e-6)


@given(mass, mass, mass, st.floats(0, 1e4))
def test_nitrogen_closes(inflow: float, effluent: float, sludge: float, n2o: float) -> None:
    assert nitrogen_balance(inflow, effluent, sludge, n2o).out == pytest.approx(inflow, abs=1e-6)


def test_nitrous_oxide() -> None:
    assert float(ipcc_wastewater_plant_n2o(1000, 0.016)) == pytest.approx(25.142857)
    assert float(ipcc_wastewater_effluent_n2o(1000, 0.005)) == pytest.approx(7.857143)
    assert measured_discharge(1e6, 25.0) == pytest.approx(25.0)


def test_net_of_the_2018_guide() -> None:
    value = mee2018_wastewater_net(10.0, 1000.0, 0.25, 0.165, 5.0, 100.0, 0.005, 200.0, (21.0, 310.0))
    assert value == pytest.approx((41.25 + 5 - 10) * 21 + 100 * 0.005 * 44 / 28 * 310 + 200)


def test_adaptor(rows) -> None:
    result = emission_from_wastewater_plant(rows(PLANT))
    at = {(r["species"], r["method"], r["technology"]): r for r in result.to_dicts()}
    ch4 = at["CH4_biogenic", "ipcc_wastewater_ch4", "aerobic"]
    assert ch4["value"] == pytest.approx((36.5e6 * 300e-6 - 4000 * 0.5 * 1.42) * 0.25 * 0.03)
    assert at["N2O", "ipcc_wastewater_plant_n2o", "aerobic"]["value"] == pytest.approx(
        36.5 * 40 * 0.016 * 44 / 28
    )
    assert at["CH4_biogenic", "ipcc_wastewater_ch4", "river"]["value"] == pytest.approx(912.5 * 0.25 * 0.035)
    cod = at["COD", "measured_discharge", ""]
    assert (cod["value"], cod["uncontrolled"], cod["medium"]) == (
        pytest.approx(912.5),
        pytest.approx(10950.0),
        "water",
    )
    assert at["N2O", "ipcc_biological_treatment", "compost_sludge"]["value"] == pytest.approx(2.4)
    assert result.filter(pl.col("species") == "sludge")["medium"].to_list() == ["solid"]
    assert "BOD5" not in set(result["species"])


def test_recovery(rows) -> None:
    uasb = {**PLANT, "treatment": "厌氧反应器", "sludge_route": None}
    free = emission_from_wastewater_plant(rows(uasb))
    caught = emission_from_wastewater_plant(rows({**uasb, "methane_recovered": 500.0}))
    at = (pl.col("method") == "ipcc_wastewater_ch4") & (pl.col("technology") == "anaerobic_reactor")
    assert free.filter(at)["value"][0] - caught.filter(at)["value"][0] == pytest.approx(500.0)
    with pytest.raises(FindingError, match="recovered"):
        emission_from_wastewater_plant(rows({**PLANT, "methane_recovered": 1e6}))


def test_open_balances_are_findings(rows) -> None:
    with pytest.raises(FindingError, match="COD does not close"):
        emission_from_wastewater_plant(rows({**PLANT, "cod_out": 400.0}))
    with pytest.raises(FindingError, match="TN does not close"):
        emission_from_wastewater_plant(rows({**PLANT, "tn_out": 45.0}))
    with pytest.raises(FindingError) as error:
        emission_from_wastewater_plant(rows({**PLANT, "treatment": "巫术"}, {**PLANT, "volume": None}))
    assert [f.check for f in error.value.findings] == ["option-unknown", "cell-needed"]


@pytest.mark.parametrize(
    ("dry", "fits"), [(5000.0, True), (12000.0, True), (14500.0, False), (20000.0, False)]
)
def test_sludge_holds_no_more_than_was_removed(rows, dry: float, fits: bool) -> None:
    """36.5·10⁶ m3 · 275 mg/L = 10,037.5 t COD removed; 14,500 t · 0.5 · 1.42 = 10,295 t would be more."""
    cells = {**PLANT, "sludge_dry": dry, "sludge_volatile": 0.5, "sludge_nitrogen": 0.01}
    if fits:
        assert emission_from_wastewater_plant(rows(cells)).height > 0
        return
    with pytest.raises(FindingError, match="dry sludge hold") as error:
        emission_from_wastewater_plant(rows(cells))
    assert error.value.findings[0].values["removed"] == pytest.approx(10037.5)
