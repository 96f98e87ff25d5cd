"""One basis for a source over all years; a further device never raises what it removes."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.inventory.conftest import make_record

from tongyuan.inventory.account.account import Result, Settings, account
from tongyuan.inventory.account.basis import given_by

POWER = {"process": "energy.power", "product": "coal"}
YEARS = (2019, 2020, 2021)
LESS, MORE = "370000", "410000"
"""Two regions alike but for one device, so that one account tells what it does."""
DEVICES = ("wet_fgd", "dry_fgd", "esp")


def library(*records: dict[str, Any]) -> pl.DataFrame:
    every = [
        make_record("wet", "SO2", 0.9, "fraction", kind="removal_efficiency", control="wet_fgd"),
        make_record("dry", "SO2", 0.7, "fraction", kind="removal_efficiency", control="dry_fgd"),
        make_record("dust", "TSP", 0.99, "fraction", kind="removal_efficiency", control="esp"),
        *records,
    ]
    return pl.DataFrame(every, infer_schema_length=None)


def before(value: float, **more: Any) -> dict[str, Any]:
    return make_record(f"before {more}", "SO2", value, "kg/t", region="EU", **POWER, **more)


def after(value: float, **more: Any) -> dict[str, Any]:
    return make_record(
        f"after {more}", "SO2", value, "kg/t", kind="emission_factor", basis="controlled", **POWER, **more
    )


def activity(years: tuple[int, ...] = YEARS, region: str = LESS) -> pl.DataFrame:
    rows = [
        {"region": region, "year": y, "process": "energy.power", "product": "raw_coal",
         "technology": "", "value": 1000.0, "unit": "t"}
        for y in years
    ]  # fmt: skip
    return pl.DataFrame(rows)


def devices(*rows: tuple[int, str, float], region: str = LESS) -> pl.DataFrame | None:
    if not rows:
        return None
    return pl.DataFrame(
        [
            {"region": region, "year": y, "process": "energy.power", "product": "", "technology": "",
             "control": c, "applied": share, "operation": 1.0}
            for y, c, share in rows
        ]
    )  # fmt: skip


def sulphur(result: Result, region: str = LESS) -> dict[int, float]:
    rows = result.emission.filter(pl.col("species") == "SO2", pl.col("region") == region)
    return dict(rows.select("year", "value").iter_rows())


def bases(result: Result) -> dict[int, str | None]:
    return dict(result.emission.filter(pl.col("species") == "SO2").select("year", "basis").iter_rows())


def checks(result: Result) -> set[str]:
    return {f.check for f in result.issues}


def test_before_control_with_devices_where_that_never_leaves_more() -> None:
    """20 kg/t before control; 90 % removed leaves 2 kg/t, less than the 3 kg/t of the average after it."""
    records = library(before(20.0), after(3.0))
    fitted = devices(*((y, "wet_fgd", 1.0) for y in YEARS))
    result = account(activity(), fitted, records)
    assert sulphur(result) == pytest.approx(dict.fromkeys(YEARS, 2.0))
    assert set(bases(result).values()) == {"before_control"}
    assert "basis_after_control" not in checks(result)


def test_a_device_recorded_in_one_year_does_not_change_the_basis_of_another() -> None:
    """Without devices 2019 would be 20 kg/t: the average after control, 3 kg/t, serves every year."""
    records = library(before(20.0), after(3.0))
    result = account(activity(), devices((2021, "wet_fgd", 1.0)), records)
    assert sulphur(result) == pytest.approx(dict.fromkeys(YEARS, 3.0))
    assert set(bases(result).values()) == {"after_control"}
    (told,) = [f for f in result.issues if f.check == "basis_after_control"]
    assert "6.67 times" in told.message("en")
    assert told.values["year"] in (2019, 2020)
    assert "before_control" in told.next_step("en")


def test_what_the_device_removed_is_told_back_from_what_is_left() -> None:
    records = library(before(20.0), after(3.0))
    result = account(activity(), devices((2021, "wet_fgd", 0.5)), records)
    row = result.emission.filter(pl.col("species") == "SO2", pl.col("year") == 2021).to_dicts()[0]
    assert row["uncontrolled"] == pytest.approx(3.0 / 0.55)
    removed = result.control_effect.filter(pl.col("species") == "SO2")["removed"].to_list()
    assert removed == pytest.approx([3.0 / 0.55 * 0.45])


def test_the_rule_before_control_may_be_asked_for() -> None:
    records = library(before(20.0), after(3.0))
    chosen = Settings(basis="before_control")
    result = account(activity(), devices((2021, "wet_fgd", 1.0)), records, chosen)
    assert sulphur(result) == pytest.approx({2019: 20.0, 2020: 20.0, 2021: 2.0})
    assert set(bases(result).values()) == {"before_control"}


def test_years_of_two_bases_come_to_one() -> None:
    """A nearer factor before control begins in 2021; the average after control serves all years."""
    near = before(18.0, valid_from=2021) | {"region": "CN"}
    result = account(activity(), None, library(near, after(3.0)))
    assert sulphur(result) == pytest.approx(dict.fromkeys(YEARS, 3.0))
    assert set(bases(result).values()) == {"after_control"}
    # where the average ends in 2020, only the factor before control serves all years
    result = account(activity(), None, library(before(20.0), after(3.0, valid_to=2020)))
    assert sulphur(result) == pytest.approx(dict.fromkeys(YEARS, 20.0))
    assert set(bases(result).values()) == {"before_control"}


def test_where_no_basis_serves_every_year_it_is_said() -> None:
    measured = before(20.0, valid_from=2021) | {"status": "measured", "region": "370000"}
    result = account(activity(), None, library(after(3.0), measured))
    assert sulphur(result) == pytest.approx({2019: 3.0, 2020: 3.0, 2021: 20.0})
    assert "basis_mixed" in checks(result)


@pytest.mark.parametrize("basis", ["", "controlled"])
def test_a_value_of_the_source_itself_is_never_exchanged(basis: str) -> None:
    own = make_record("own", "SO2", 5.0, "kg/t", basis=basis, status="measured", region="370000", **POWER)
    result = account(activity(), devices((2021, "wet_fgd", 1.0)), library(before(20.0), after(3.0), own))
    passed = 0.5 if basis == "" else 5.0
    assert sulphur(result) == pytest.approx({2019: 5.0, 2020: 5.0, 2021: passed})


def test_a_measured_efficiency_goes_first_in_every_year() -> None:
    """20 kg/t less 80 % measured leaves 4 kg/t, more than the average of 3: measured goes first."""
    measured = make_record(
        "own", "SO2", 0.8, "fraction", kind="removal_efficiency", control="wet_fgd", status="measured",
        region="370000",
    )  # fmt: skip
    records = library(before(20.0), after(3.0), measured)
    result = account(activity(), devices((2021, "wet_fgd", 1.0)), records)
    assert sulphur(result) == pytest.approx({2019: 20.0, 2020: 20.0, 2021: 4.0})
    assert set(bases(result).values()) == {"before_control"}
    (told,) = [f for f in result.issues if f.check == "basis_measured"]
    assert told.values["record"] == "own"
    assert told.severity == "notice"
    # a device of the library beside it decides nothing: 20 × (1 − 0.8 × 0.5 − 0.7 × 0.5) = 5
    half = devices((2021, "wet_fgd", 0.5), (2021, "dry_fgd", 0.5))
    assert sulphur(account(activity(), half, records)) == pytest.approx({2019: 20.0, 2020: 20.0, 2021: 5.0})
    # where nothing is known before control, there is nothing it could act on
    alone = account(activity(), devices((2021, "wet_fgd", 1.0)), library(after(3.0), measured))
    assert sulphur(alone) == pytest.approx(dict.fromkeys(YEARS, 3.0))
    assert "control_in_factor" in checks(alone)


def test_records_named_as_ones_own_go_first() -> None:
    """An efficiency of status official acts as the library's, unless it is said to be the user's own."""
    records = library(before(20.0), after(3.0))
    fitted = devices((2021, "wet_fgd", 0.5))
    assert sulphur(account(activity(), fitted, records))[2021] == pytest.approx(3.0)
    chosen = account(activity(), fitted, records, own=pl.Series(["wet"]))
    assert sulphur(chosen)[2021] == pytest.approx(20.0 * 0.55)


def test_the_plan_takes_the_basis_of_its_inventory() -> None:
    records = library(before(20.0), after(3.0))
    whole = account(activity(), devices((2021, "wet_fgd", 1.0)), records)
    fitted = devices((2021, "wet_fgd", 1.0))
    alone = account(activity((2021,)), fitted, records, basis=given_by(whole.emission))
    assert sulphur(alone)[2021] == pytest.approx(sulphur(whole)[2021])
    assert sulphur(account(activity((2021,)), fitted, records))[2021] == pytest.approx(2.0)


ROW = st.tuples(st.sampled_from(YEARS), st.sampled_from(DEVICES), st.sampled_from([0.1, 0.5, 0.9, 1.0]))
FACTOR = st.tuples(
    st.sampled_from(["before", "after", "own", "own after"]),
    st.sampled_from([0.0, 0.5, 2.0, 3.0, 20.0]),
    st.sampled_from([None, *YEARS]),
    st.sampled_from([None, *YEARS]),
)


def record(number: int, kind: str, value: float, start: int | None, end: int | None) -> list[dict[str, Any]]:
    more: dict[str, Any] = {"valid_from": start, "valid_to": end}
    made = after(value, **more) if "after" in kind else before(value, **more)
    if "own" not in kind:
        return [made | {"record_id": f"{number}"}]
    own = {"status": "measured"}
    return [made | own | {"record_id": f"{number} {region}", "region": region} for region in (LESS, MORE)]


@given(
    factors=st.lists(FACTOR, min_size=1, max_size=5),
    rows=st.lists(ROW, max_size=4, unique_by=lambda r: r[:2]),
    further=ROW,
    own=st.booleans(),
)
def never_raises(
    factors: list[tuple[str, float, int | None, int | None]],
    rows: list[tuple[int, str, float]],
    further: tuple[int, str, float],
    own: bool,
) -> None:
    """Also where an efficiency of a device that stands already is the user's own."""
    records = library(*(r for n, f in enumerate(factors) for r in record(n, *f)))
    named = pl.Series(["wet"] if own and further[1] != "wet_fgd" else [], dtype=pl.String)
    if further[:2] in [r[:2] for r in rows]:
        rows = [r for r in rows if r[:2] != further[:2]]
    result = account(
        pl.concat(activity(region=region) for region in (LESS, MORE)),
        pl.concat(
            d for d in (devices(*rows, region=LESS), devices(*rows, further, region=MORE)) if d is not None
        ),
        records,
        own=named,
    )
    less, more = (sulphur(result, region) for region in (LESS, MORE))
    assert set(less) == set(more)
    for year in less:
        assert more[year] <= less[year] * (1 + 1e-9)


def test_a_further_device_never_raises_what_it_removes() -> None:
    settings(max_examples=50, deadline=None)(never_raises)()


@pytest.mark.soak
def test_a_further_device_never_raises_what_it_removes_in_many_examples() -> None:
    settings(max_examples=1_000, deadline=None)(never_raises)()


@given(rows=st.lists(ROW, min_size=1, max_size=5, unique_by=lambda r: r[:2]))
def one_basis(rows: list[tuple[int, str, float]]) -> None:
    result = account(activity(), devices(*rows), library(before(20.0), after(3.0)))
    assert len(set(bases(result).values())) == 1


def test_a_source_has_one_basis() -> None:
    settings(max_examples=20, deadline=None)(one_basis)()


@pytest.mark.soak
def test_a_source_has_one_basis_in_many_examples() -> None:
    settings(max_examples=500, deadline=None)(one_basis)()
