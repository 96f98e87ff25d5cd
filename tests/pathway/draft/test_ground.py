import pytest

from tongyuan.pathway.draft.ground import Sheets, best, cost_library, identifier, parameter, titles
from tongyuan.reference.shelf import shelf


def test_the_nearest_process_goes_before_the_nearest_product() -> None:
    rows = [
        {"process": "industry", "product": "raw_coal"},
        {"process": "industry.combustion", "product": ""},
        {"process": "industry.combustion", "product": "coal"},
    ]
    assert best(rows, "industry.combustion.boiler", "raw_coal") is rows[2]
    assert best(rows, "industry.combustion", "natural_gas") is rows[1]
    assert best(rows, "industry.steel", "raw_coal") is rows[0]
    assert best(rows, "energy.power", "raw_coal") is None


def test_every_row_says_where_it_came_from() -> None:
    sheets = Sheets()
    sheets.add("demand", "default", node="a", flow="heat", year=2030, value=1.0, unit="TJ", source="x")
    made = sheets.tables()
    assert made["plan_origin"].row(0) == ("demand", "a · heat · 2030", "default", ["x"], "")
    assert made["demand"]["value"].to_list() == [1.0]


def test_the_year_2030_of_the_library_counts_and_nothing_unverified() -> None:
    assert float(parameter("cn_wind_onshore.cost_capital")["value"]) == 521.0  # RMC table 2-4, 2030
    assert all(row["status"] != "unverified" for row in cost_library().values())


def test_ids_and_titles() -> None:
    assert identifier("energy.power", "raw_coal", "") == "energy_power-raw_coal"
    assert titles("energy.power", "raw_coal")["title_zh"] == "火力发电 · 原煤"


NAMES = {
    "service": ("process", "product"), "service_option": ("process", "product"),
    "service_device": ("process", "product"), "service_chain": ("process", "product"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NAMES))
def test_processes_products_and_flows_of_the_shelves_exist(name: str) -> None:
    rows = shelf(name)
    known = {"process": set(shelf("process")["process"]), "product": set(shelf("product")["product"])}
    for column in NAMES[name]:
        assert set(rows[column]) - {""} <= known[column], (name, column)
    if "flow" in rows.columns:
        assert set(rows["flow"]) <= set(shelf("service_flow")["flow"])


def test_every_number_of_a_service_shelf_has_a_source() -> None:
    known = set(shelf("source")["id"])
    for name in ("service", "service_price", "renewable_potential"):
        for row in shelf(name).to_dicts():
            if row.get("parameter"):
                assert parameter(row["parameter"])["source"] in known
            elif row["locator"].startswith("1 ÷ cn_truck"):
                assert float(row["conversion"]) == pytest.approx(1 / 1.15, rel=1e-6)
            else:
                assert row["source"], row
                assert set(row["source"].split("|")) <= known, row
    assert set(shelf("service_option")["technology"]) <= set(shelf("technology_cost")["technology"])
    assert set(shelf("service_device")["source_group"]) <= set(shelf("control_cost")["source_group"])
