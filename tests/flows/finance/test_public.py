import polars as pl
import pytest
from tests.finance.credit.test_ledger import METHOD, acts
from tests.flows.impact.test_air import Brought

from tongyuan.finance.credit.ledger import first_broken
from tongyuan.flows.finance.public import public_credits
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform

METHODS = conform("public_behaviour", METHOD.with_columns(source=pl.lit("DB11/T 3043-2024")))


def brought(*rows, **more):
    return Brought({"public_act": conform("public_act", acts(*rows)), "public_behaviour": METHODS, **more})


def test_acts_become_accounts_and_a_whole_chain():
    rows = [(f"k{k}", f"u{k}", k, "metro", 20.0) for k in range(12)]
    made, found = public_credits(brought(*rows))
    assert not found
    assert made["public_statistic"].select("persons", "acts").rows() == [(12, 12)]
    assert made["public_account"]["balance"].to_list() == pytest.approx([1.44] * 12)
    assert first_broken(made["public_credit"]) is None


def test_what_is_not_credited_or_retired_is_said():
    asked = conform(
        "public_retirement",
        pl.DataFrame(
            {"retirement": ["r"], "person": ["u"], "amount": [9.0], "day": ["2025-06-01"]}
        ).with_columns(pl.col("day").str.to_date()),
    )
    _, found = public_credits(
        brought(("a", "u", 0, "metro", 20.0), ("a", "u", 1, "metro", 20.0), ("b", "u", 2, "rocket", 1.0),
                public_retirement=asked)
    )  # fmt: skip
    told = {f.check: f.message("en") for f in found}
    assert told["acts_left"] == "2 acts are not credited: repeated 1, unknown method 1."
    assert "9 kg are refused" in told["retirement_refused"]


@pytest.mark.parametrize("person", ["张三", "欧阳小明", "13800138000", "37010219900101001X"])
def test_no_name_or_number_of_a_person_stands_in_the_ledger(person):
    with pytest.raises(FindingError) as told:
        public_credits(brought(("a", person, 0, "metro", 1.0)))
    assert [f.check for f in told.value.findings] == ["person_plain"]
    assert person not in told.value.findings[0].message("zh")


def test_nothing_is_made_of_nothing():
    assert public_credits(Brought({})) == ({}, ())
