import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.alternative import alternatives
from tongyuan.pathway.draft.draft import drop_targets, start
from tongyuan.pathway.draft.target import targets

POWER = "energy_power-raw_coal"


def programme(*rows: tuple[str, int, str, float | None, str, int | None]) -> pl.DataFrame:
    columns = ["indicator", "year", "comparator", "value", "unit", "base_year"]
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("n")
    frame = frame.select(
        "indicator", "year", "comparator", "value", "unit", "base_year", plan=pl.lit("p"),
        target=pl.format("{}.{}", "indicator", "n"), region=pl.lit("370000"), document=pl.lit("d"),
        printed=pl.lit("as printed"),
    )  # fmt: skip
    return conform("programme_target", frame)


def carried(grounds, *rows):
    ground = grounds(target=programme(*rows))
    begun = start(ground)
    stock = next(r["activity"] for r in begun.of("stock") if r["technology"] == POWER)
    alternatives(ground, begun, begun.base)
    rate = {
        "technology": POWER,
        "species": ["NOx", "CO2"],
        "value": [1000.0 / stock, 9e6 / stock],
        "unit": "t/GWh",
    }
    targets(ground, begun, conform("emission_coefficient", pl.DataFrame(rate)))
    return begun


def test_what_key_projects_cut_is_taken_off_the_base_year(grounds) -> None:
    begun = carried(grounds, ("nox_project", 2025, "at_least", 0.03, "10^4 t", 2020))
    (row,) = begun.of("target")
    assert row["bound"] == pytest.approx(1000.0 - 300.0)
    assert (row["comparator"], row["unit"], row["year"], row["family"]) == ("at_most", "t", 2025, "pollution")


def test_shares_of_power_are_ratios_of_groups(grounds) -> None:
    begun = carried(grounds, ("power_coal_share", 2025, "at_most", 60.0, "%", None))
    (row,) = begun.of("target")
    assert (row["bound"], row["year_to"]) == (0.6, 2035)
    members = {r["member"] for r in begun.of("quantity_member") if r["quantity"] == "coal_power"}
    assert members == {POWER}


def test_the_stricter_of_two_documents_counts(grounds) -> None:
    begun = carried(
        grounds,
        ("nox_project", 2025, "at_least", 0.02, "10^4 t", 2020),
        ("nox_project", 2025, "at_least", 0.05, "10^4 t", 2020),
    )
    assert [r["bound"] for r in begun.of("target")] == pytest.approx([500.0])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("pm25", 2025, "at_most", 38.0, "µg/m3", None), "没有对应的量"),
        (("nox_project", 2050, "at_least", 1.0, "10^4 t", None), "晚于规划年份"),
        (("cod_project", 2025, "at_least", 1.0, "10^4 t", None), "没有这种物质"),
        (("nox_reduction", 2025, "at_least", 10.0, "%", 2015), "基准年"),
        (("nox_project", 2025, "at_least", None, "", None), "没有可用的数值"),
        (("nox_project", 2025, "at_least", 5.0, "10^4 t", None), "没有可用的数值"),  # more than there is
        (("renewable_capacity", 2025, "at_least", 9000.0, "10^4 kW", None), "装机没有填写"),
        (("power_import_share", 2025, "at_least", 20.0, "%", None), "没有属于它的技术"),
    ],
)
def test_what_is_not_carried_says_why(grounds, row, words) -> None:
    begun = carried(grounds, row)
    assert not begun.of("target")
    (note,) = begun.of("plan_note")
    assert words in note["sentence_zh"]
    assert note["kind"] == "not_carried"


def test_reductions_and_peaks_are_shares_of_the_base(grounds) -> None:
    begun = carried(
        grounds,
        ("nox_reduction", 2025, "at_least", 10.0, "%", 2021),
        ("carbon_peak", 2030, "qualitative", None, "", None),
    )
    bounds = {r["quantity"]: (r["bound"], r["basis"]) for r in begun.of("target")}
    assert bounds == {"NOx": (pytest.approx(0.9), "share_of_base"), "CO2": (1.0, "share_of_base")}


def test_a_target_out_of_reach_moves_to_the_notes(grounds) -> None:
    begun = carried(grounds, ("nox_project", 2025, "at_least", 0.03, "10^4 t", 2020))
    drop_targets(begun, [begun.of("target")[0]["target"]])
    assert not begun.of("target")
    assert "达不到" in begun.of("plan_note")[0]["sentence_zh"]
    assert not any(o["table"] == "target" for o in begun.origin)
