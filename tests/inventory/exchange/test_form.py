import polars as pl
import pytest
from tests.inventory.exchange.test_line import ROWS, emission

from tongyuan.inventory.exchange.form import crt, gpc, iamc, nfr
from tongyuan.ledger.settings import Settings

SET = Settings(name="x", kind="city").account.gwp_set
GASES = [*ROWS, ("waste.landfill", "", "waste", "CH4_biogenic", 1000.0, "direct"),
         ("fgas.refrigeration", "", "fugitive", "HFC-134a", 2.0, "direct"),
         ("fgas.refrigeration", "", "fugitive", "HFC-152a", 1.0, "direct"),
         ("industry.aluminium.electrolysis", "", "process", "CF4", 1.0, "direct")]  # fmt: skip
TITLES = {"370000": "Shandong"}


def cell(frame, name, column):
    return float(frame.filter(pl.col("name") == name)[column].item())


def test_series_stand_beside_the_sums_of_their_parts():
    made, _ = iamc(emission(*GASES), SET, TITLES)
    told = dict(made.select("Variable", "2021").iter_rows())
    assert told["Emissions|CO2"] == pytest.approx(1.8)
    assert told["Emissions|CO2|Energy"] == pytest.approx(1.3)
    assert told["Emissions|CO2|Energy|Supply|Electricity"] == pytest.approx(1.0)
    assert told["Emissions|CO2|Industrial Processes"] == pytest.approx(0.5)
    assert told["Emissions|CH4|Waste"] == pytest.approx(1e-3)
    assert told["Emissions|HFC|HFC134a"] == pytest.approx(2e-3), "kt"
    parts = ("CO2", "CH4")
    assert told["Emissions|Kyoto Gases"] > sum(told[f"Emissions|{p}"] for p in parts)
    assert set(made["Region"]) == {"Shandong"}


@pytest.mark.filterwarnings("ignore::Warning:pyam", "ignore:The inplace keyword")
def test_pyam_reads_the_series(tmp_path):
    pyam = pytest.importorskip("pyam")
    made, _ = iamc(emission(*GASES), SET, TITLES)
    made.write_csv(tmp_path / "series.csv")
    read = pyam.IamDataFrame(tmp_path / "series.csv")
    assert read.region == ["Shandong"]
    assert read.filter(variable="Emissions|CO2").data["value"].tolist() == pytest.approx([1.8])
    assert read.filter(variable="Emissions|CO2").unit == ["Mt CO2/yr"]
    assert read.check_aggregate("Emissions|CO2|Energy") is None
    assert read.check_aggregate("Emissions|CO2") is None


def test_the_sheet_of_pollutants_has_every_code_and_nothing_is_nought():
    rows = [("energy.power", "raw_coal", "combustion", "SO2", 5e3, "direct"),
            ("energy.power", "raw_coal", "combustion", "PCDDF", 2e-6, "direct"),
            ("transport.ship.ocean", "fuel_oil", "combustion", "SO2", 1e3, "direct"),
            ("industry.copper.primary", "", "process", "Pb", 3.0, "direct")]  # fmt: skip
    made, left = nfr(emission(*rows), "370000", 2021)
    assert left.is_empty()
    assert cell(made, "Public electricity and heat production", "SOx (as SO2) [kt]") == 5.0
    assert cell(made, "NATIONAL TOTAL", "SOx (as SO2) [kt]") == 5.0, "shipping abroad is a memo item"
    assert cell(made, "NATIONAL TOTAL", "PCDD/ PCDF (dioxins/ furans) [g I-TEQ]") == pytest.approx(2.0)
    assert cell(made, "Copper production", "Pb [t]") == 3.0
    assert made.filter(pl.col("code") == "2A1")["SOx (as SO2) [kt]"].item() == "NE"
    assert made.filter(pl.col("name") == "NATIONAL TOTAL")["Hg [t]"].item() == "NE"


def test_fluorinated_gases_are_told_by_family():
    """AR5: HFC-134a 1300, HFC-152a 138, CF4 6630."""
    made, left = crt(emission(*GASES), "370000", 2021, "AR5")
    assert cell(made, "Total national emissions and removals", "HFCs [kt CO2-eq]") == pytest.approx(2.738)
    assert cell(made, "Total national emissions and removals", "PFCs [kt CO2-eq]") == pytest.approx(6.63)
    assert cell(made, "Cement Production", "CO2 [kt]") == 500.0
    assert set(left["species"]) == {"COD", "CO2"}


def test_a_city_has_its_reference_numbers():
    made, left = gpc(emission(*GASES), "370000", 2021, "AR5")
    assert cell(made, "Disposal of solid waste", "CO2e [t CO2-eq]") == pytest.approx(28000.0)
    assert cell(made, "Manufacturing industries and construction", "CO2 [t]") == 3e5
    whole = cell(made, "TOTAL", "CO2e [t CO2-eq]")
    assert whole == pytest.approx(1.8e6 + 28e3 + 2 * 1300 + 138 + 6630)
    assert "scope" in left["reason"].to_list()


def test_another_year_is_another_sheet():
    made, _ = nfr(emission(*ROWS), "370000", 2020)
    assert set(made["SOx (as SO2) [kt]"]) == {"NE"}
