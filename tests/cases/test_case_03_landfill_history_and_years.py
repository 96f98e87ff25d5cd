"""`years` chooses what is reported; the deposits of all earlier years stay behind the methane of a year.

Food waste, boreal and temperate dry, half-life 12 years (IPCC 2006 Vol.5 ch.3): D = 10,000 t · 0.15 · 0.7 · 1
= 1,050 t C a year. Of n earlier deposits D·(1 − 2^(−n/12)) decomposes in a year; CH4 = that · 0.5 · 16/12.
"""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import load

HEAD = "region,year,site,site_kind,waste,climate,amount,source"


def deposits(*years: int, waste: str = "food", site: str = "S1") -> str:
    return "\n".join(f"370000,{y},{site},managed_anaerobic,{waste},temperate_dry,10000,x" for y in years)


def methane(folder: object, year: int) -> float:
    emission = account(load(folder)).tables["emission"]  # type: ignore[arg-type]
    here = emission.filter(pl.col("species") == "CH4_biogenic", pl.col("year") == year)
    return float(here["value"].sum())


def of(deposited: int) -> float:
    return 1050 * (1 - 2 ** (-deposited / 12)) * 0.5 * 16 / 12


@pytest.mark.parametrize(
    "years",
    ["", "[account]\nyears = [2021]", "[account]\nyears = [2019, 2021]", "[account]\nyears = [2021, 2010]"],
)
def test_every_choice_of_years_gives_the_same_methane(make: Make, years: str) -> None:
    folder = make(years, landfill_deposit=f"{HEAD}\n{deposits(*range(2010, 2022))}")
    assert methane(folder, 2021) == pytest.approx(329.19, abs=0.005)
    assert methane(folder, 2021) == pytest.approx(of(11))


def test_only_the_years_asked_for_are_reported(make: Make) -> None:
    folder = make("[account]\nyears = [2019]", landfill_deposit=f"{HEAD}\n{deposits(*range(2010, 2022))}")
    done = account(load(folder)).tables
    assert done["emission"]["year"].unique().to_list() == [2019]
    assert methane(folder, 2019) == pytest.approx(of(9))
    assert sorted(done["activity"]["year"]) == list(range(2010, 2020))


def test_a_gap_is_an_error_with_and_without_years(make: Make) -> None:
    table = f"{HEAD}\n{deposits(*range(2010, 2015), *range(2016, 2022))}"
    for number, years in enumerate(("", "[account]\nyears = [2021]")):
        with pytest.raises(FindingError) as error:
            account(load(make(years, folder=f"w{number}", landfill_deposit=table)))
        assert [f.check for f in error.value.findings] == ["landfill-year-gap"]


def test_a_closed_landfill_does_not_fall_silent(make: Make) -> None:
    table = f"{HEAD}\n{deposits(*range(2010, 2019))}"
    with pytest.raises(FindingError) as error:
        account(load(make("[account]\nyears = [2021]", landfill_deposit=table)))
    (found,) = error.value.findings
    assert found.check == "landfill-series-ends"
    assert (found.values["ends"], found.values["last"]) == (2018, 2021)


def test_a_waste_no_longer_entered_decays_on(make: Make) -> None:
    table = f"{HEAD}\n{deposits(*range(2010, 2022))}\n{deposits(*range(2010, 2015), waste='paper')}"
    with pytest.raises(FindingError) as error:
        account(load(make("[account]\nyears = [2021]", landfill_deposit=table)))
    assert [f.check for f in error.value.findings] == ["landfill-series-ends"]


def test_two_sites_of_which_one_is_younger(make: Make) -> None:
    table = f"{HEAD}\n{deposits(*range(2010, 2022))}\n{deposits(2019, 2020, 2021, site='S2')}"
    folder = make("[account]\nyears = [2021]", landfill_deposit=table)
    assert methane(folder, 2021) == pytest.approx(of(11) + of(2))
