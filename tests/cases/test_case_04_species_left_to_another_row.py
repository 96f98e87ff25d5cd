"""A list of species in a cell acts however it is written, and a word that names nothing stops the run."""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import check, load

HEAD = "activity_id,region,year,process,product,value,unit,excluded,source"
PLACES = [
    f"{process},{fuel}"
    for process in ("energy.power", "industry.combustion.boiler")
    for fuel in ("bituminous", "anthracite", "lignite", "raw_coal")
]


def rows(*lists: str) -> str:
    lines = [
        f'A{n},370000,2021,{place},1000,t,"{text}",x'
        for n, (place, text) in enumerate(zip(PLACES, lists, strict=False), start=1)
    ]
    return "\n".join([HEAD, *lines])


def test_every_way_of_writing_it_leaves_carbon_to_the_other_row(make: Make) -> None:
    ways = ("CO2|NOx", "CO2, NOx", "CO2、NOx", "co2", "CO2 | NOx", "二氧化碳", "only: CO2", "only:二氧化碳")
    emission = account(load(make(activity=rows(*ways)))).tables["emission"]
    row = pl.col("activity_id").list.first().str.slice(0, 2)
    parts = emission.group_by(row, maintain_order=True)
    species = {key: set(part["species"]) for (key,), part in parts}
    for left_out in ("A1", "A2", "A3", "A4", "A5", "A6"):
        assert "CO2" not in species[left_out]
        assert "SO2" in species[left_out]
    for left_out in ("A1", "A2", "A3", "A5"):
        assert "NOx" not in species[left_out]
    assert species["A7"] == species["A8"] == {"CO2"}


@pytest.mark.parametrize("text", ["only：CO2", "Only:CO2", "只计CO2", "仅：co2", "ONLY CO2"])
def test_only_in_every_way(make: Make, text: str) -> None:
    emission = account(load(make(activity=rows(text)))).tables["emission"]
    assert set(emission["species"]) == {"CO2"}


@pytest.mark.parametrize("text", ["C02", "CO2；二氧化炭", "only: SOx?", "全部"])
def test_a_word_that_names_nothing_is_an_error_at_its_cell(make: Make, text: str) -> None:
    folder = make(activity=rows("CO2", text))
    (said,) = [f for f in check(folder)[1] if f.severity == "error"]
    assert (said.check, said.row, said.column) == ("unknown_list_word", 3, "H")
    with pytest.raises(FindingError):
        load(folder)


def test_a_slip_of_the_hand_gets_a_suggestion(make: Make) -> None:
    (said,) = [f for f in check(make(activity=rows("二氧化硫，二氧化炭")))[1] if f.severity == "error"]
    assert "二氧化炭" in said.message("zh")
    assert "二氧化碳" in said.message("zh").replace("二氧化炭", "")
