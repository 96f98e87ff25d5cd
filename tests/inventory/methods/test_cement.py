import pytest

from tongyuan.inventory.methods.cement import emission_from_clinker_line, ets_clinker_co2, ipcc_clinker_co2
from tongyuan.ledger.finding import FindingError


def test_equations() -> None:
    assert ets_clinker_co2(1000, 0.535) == 535
    assert ets_clinker_co2(1000, 0.535, [100, 50], [0.48, 0.055]) == pytest.approx(535 - 48 - 2.75)
    assert round(float(ipcc_clinker_co2(1, 0.51)), 2) == 0.52


def test_one_line_with_two_substitutes(rows) -> None:
    line = {
        "line": "1号窑",
        "clinker": "硅酸盐水泥熟料",
        "clinker_output": 1e6,
        "substitute": "电石渣",
        "substitute_amount": 1e4,
    }
    more = {"line": "1号窑", "substitute": "钢渣", "substitute_amount": 2e4}
    other = {"line": "2号窑", "clinker": "white", "clinker_output": 1e5}
    result = emission_from_clinker_line(rows(line, more, other))
    assert result["value"].to_list() == [pytest.approx(535000 - 4800 - 4300), pytest.approx(55000)]
    assert result["activity_id"].to_list() == [["clinker_line:1", "clinker_line:2"], ["clinker_line:3"]]
    assert result["uncontrolled"][0] == pytest.approx(535000)


def test_own_factor_and_missing_amount(rows) -> None:
    own = {"line": "1", "clinker": "portland", "clinker_output": 100.0, "factor": 0.52}
    assert emission_from_clinker_line(rows(own))["value"].to_list() == [pytest.approx(52.0)]
    with pytest.raises(FindingError, match="Amount of the substitute"):
        emission_from_clinker_line(rows({**own, "substitute": "电石渣"}))
