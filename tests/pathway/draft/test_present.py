import pytest

from tongyuan.pathway.draft.ground import Sheets
from tongyuan.pathway.draft.key import keys
from tongyuan.pathway.draft.present import plain, present
from tongyuan.pathway.draft.service import served


def sheets_of(ground):
    sheets = Sheets()
    base = present(served(keys(ground, sheets), ground, sheets), ground, sheets)
    return sheets, base


def test_every_source_is_a_technology_with_its_activity_as_stock(ground) -> None:
    sheets, base = sheets_of(ground)
    stock = {r["technology"]: r["activity"] for r in sheets.of("stock")}
    assert len(stock) == ground.activity.height
    assert base["electricity"] == pytest.approx(
        stock["energy_power-raw_coal"] + stock["energy_power-natural_gas"]
    )


def test_what_is_used_up_on_the_way_is_no_demand(ground) -> None:
    sheets, base = sheets_of(ground)
    demand = {r["flow"]: r["value"] for r in sheets.of("demand") if r["year"] == 2030}
    assert base["coke"] == 800_000.0
    assert "coke" not in demand  # the furnaces take 1 Mt
    bought = next(r for r in sheets.of("price") if r["flow"] == "coke")
    assert bought["limit"] == pytest.approx(1_000_000.0 * 0.378813 * 2.639827 - 800_000.0)
    assert demand["crude_steel"] == pytest.approx(2_639_827.0)


def test_coke_left_over_is_demand(grounds) -> None:
    rows = (
        ("energy.coking", "coke", "", 80.0, "万吨"),
        ("industry.steel.blast_furnace", "coke", "", 30.0, "万吨"),
    )
    sheets, _ = sheets_of(grounds(rows))
    demand = {r["flow"]: r["value"] for r in sheets.of("demand")}
    assert demand["coke"] == pytest.approx(500_000.0, rel=1e-5)
    assert not any(r["flow"] == "coke" for r in sheets.of("price"))


def test_electric_steel_without_power_is_a_negative_demand(grounds) -> None:
    sheets, _ = sheets_of(grounds((("industry.steel.eaf", "crude_steel", "", 1.0, "万吨"),)))
    assert [f.check for f in sheets.findings] == ["draft_net_demand"]
    assert "电力" in sheets.findings[0].message("zh")


def test_steps_of_a_works_follow_each_other(grounds) -> None:
    rows = (
        ("industry.steel.sinter", "sinter", "", 130.0, "万吨"),
        ("industry.steel.blast_furnace", "pig_iron", "", 95.0, "万吨"),
        ("industry.steel.bof", "crude_steel", "", 100.0, "万吨"),
    )
    sheets, _ = sheets_of(grounds(rows))
    assert {r["flow"] for r in sheets.of("demand")} == {"crude_steel"}
    inputs = {(r["technology"], r["flow"]): r["coefficient"] for r in sheets.of("technology_flow")
              if r["role"] == "input" and r["flow"].startswith("own:")}  # fmt: skip
    furnace = "industry_steel_blast_furnace-pig_iron"
    assert inputs[furnace, "own:industry_steel_sinter-sinter"] == pytest.approx(130 / 95)
    assert inputs["industry_steel_bof-crude_steel", f"own:{furnace}"] == pytest.approx(95 / 100 * 1e-4)


def test_units_of_the_library_without_what_they_are_of() -> None:
    assert [plain(t) for t in ("MWh_el", "t_steel", "TJ", "(t·km)")] == ["MWh", "t", "TJ", "t·km"]


def test_every_priced_fuel_that_is_burnt_is_paid_for(ground) -> None:
    sheets, _ = sheets_of(ground)
    taken = {(r["technology"], r["flow"]): r["coefficient"] for r in sheets.of("technology_flow")
             if r["role"] == "input"}  # fmt: skip
    assert taken["energy_power-raw_coal", "coal"] == pytest.approx(3.6 / 0.424071)  # TJ/GWh
    assert taken["energy_power-natural_gas", "natural_gas"] == pytest.approx(3.6 / 0.424071)
    assert taken["industry_combustion-raw_coal", "coal"] == pytest.approx(1 / 0.89)
    assert taken["transport_road-diesel", "diesel"] == pytest.approx(1.15, rel=1e-5)
    assert ("industry_steel_blast_furnace-coke", "coal") not in taken  # its coke has a flow of its own


def test_what_is_mined_washed_or_sold_is_not_burnt(grounds) -> None:
    rows = (
        ("energy.coal_mining", "raw_coal", "", 100.0, "万吨"),
        ("energy.coal_washing", "cleaned_coal", "", 50.0, "万吨"),
        ("energy.fuel_distribution", "gasoline", "", 10.0, "万吨"),
        ("energy.gas_extraction", "natural_gas", "", 1.0, "亿立方米"),
        ("transport.road", "gasoline", "", 10.0, "万吨"),
    )
    sheets, _ = sheets_of(grounds(rows))
    burnt = {r["technology"]: r["flow"] for r in sheets.of("technology_flow") if r["role"] == "input"}
    assert burnt == {"transport_road-gasoline": "gasoline"}


@pytest.mark.parametrize(("area", "most"), [(True, 100_000.0), (False, None)])
def test_a_park_takes_what_it_needs_from_the_grid_and_a_province_what_its_lines_carry(
    grounds, area, most
) -> None:
    rows = (
        ("energy.power", "raw_coal", "", 100.0, "万吨"),
        ("energy.purchased_electricity", "electricity", "", 1000.0, "亿千瓦时"),
    )
    sheets, _ = sheets_of(grounds(rows, area=area))
    options = {r["technology"]: r for r in sheets.of("technology_option")}
    found = options["energy_purchased_electricity-electricity"]
    assert found["potential"] == (most if most is None else pytest.approx(most))
    assert options["energy_power-raw_coal"]["potential"] is not None
