import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.pathway.draft.driver import check, growth


def rows(*given: tuple[str, int, float]) -> pl.DataFrame:
    return conform("driver", pl.DataFrame(given, schema=["driver", "year", "value"], orient="row"))


def test_demand_stays_where_there_is_no_driver(ground) -> None:
    assert growth("electricity", ground) == {2025: 1.0, 2030: 1.0, 2035: 1.0}


def test_only_the_ratio_to_the_base_year_counts(grounds) -> None:
    here = grounds(driver=rows(("electricity", 2021, 200.0), ("electricity", 2031, 300.0)))
    found = growth("electricity", here)
    assert found[2025] == pytest.approx(1.2)
    assert found[2030] == pytest.approx(1.45)
    assert found[2035] == pytest.approx(1.5)  # beyond the last year the last value holds


def test_a_driver_of_the_flow_goes_before_one_of_its_group(grounds) -> None:
    here = grounds(
        driver=rows(("population", 2021, 1.0), ("population", 2035, 0.9), ("car_motion", 2021, 1.0),
                    ("car_motion", 2035, 1.4))
    )  # fmt: skip
    assert growth("car_motion", here)[2035] == pytest.approx(1.4)
    assert growth("heat_household", here)[2035] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((("steel", 2021, 1.0), ("steel", 2035, 1.0)), {"draft_driver_unknown"}),
        ((("electricity", 2020, 1.0), ("electricity", 2035, 1.0)), {"draft_driver_base"}),
        ((("electricity", 2021, 1.0), ("electricity", 2030, 1.0)), {"draft_driver_short"}),
        ((("electricity", 2021, 1.0), ("electricity", 2035, 0.0)), {"draft_driver_zero"}),
        ((("electricity", 2021, 1.0), ("electricity", 2035, 1.1)), set()),
    ],
)
def test_what_is_wrong_with_drivers_is_said(grounds, given, said) -> None:
    assert {f.check for f in check(grounds(driver=rows(*given)), {"electricity"})} == said
