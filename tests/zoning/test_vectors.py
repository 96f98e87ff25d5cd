"""Published and hand-worked figures of access and land, one test each; none may be missing."""

import re
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import lists_of, unit_code
from tongyuan.zoning.access.screen import Case
from tongyuan.zoning.capacity.replace import capacity_ratio
from tongyuan.zoning.capacity.review import decision_day, energy_review, opinion_holds
from tongyuan.zoning.capacity.substitute import case_of, needs
from tongyuan.zoning.offset.allocate import allocate
from tongyuan.zoning.offset.reserve import Reserve, ReserveError

VECTORS = [
    "GEO-01",
    "GEO-02",
    "GEO-03",
    "ZH-01",
    "KR-01",
    "KR-02",
    "CAP-01",
    "CAP-02",
    "CAP-03",
    "EN-01",
    "EN-02",
    "EIA-01",
    "COAL-01",
    "SD-5R",
    "OFF-01",
    "OFF-02",
    "OFF-04",
    "CO2-01",
    "BV-01",
    "BV-02",
    "BV-04",
    "BV-05",
    "POL-01",
    "SOIL-01",
    "PV-01",
    "PV-02",
]
ELSEWHERE = {
    "GEO-01": "tests/zoning/zone/test_overlay.py",
    "GEO-02": "tests/zoning/zone/test_overlay.py",
    "GEO-03": "tests/zoning/zone/test_fault.py",
    "CO2-01": "tests/flows/zoning/test_project.py",
    "BV-01": "tests/zoning/green/test_guenther.py",
    "BV-02": "tests/zoning/green/test_guenther.py",
    "BV-04": "tests/zoning/green/test_guenther.py",
    "BV-05": "tests/zoning/green/test_guenther.py",
    "POL-01": "tests/zoning/green/test_pollen.py",
    "SOIL-01": "tests/zoning/land/test_remediation.py",
    "PV-01": "tests/zoning/land/test_reuse.py",
    "PV-02": "tests/zoning/land/test_reuse.py",
}


@pytest.mark.parametrize("name", VECTORS)
def test_every_vector_has_its_test(name: str, request: pytest.FixtureRequest) -> None:
    wanted = f"def test_{name.replace('-', '_')}"
    file = request.config.rootpath / ELSEWHERE.get(name, "tests/zoning/test_vectors.py")
    assert re.search(rf"{wanted}\b", file.read_text("utf-8")), name


def test_ZH_01() -> None:
    made = unit_code("ZH44060620002")
    assert (made.county, made.kind, made.serial) == ("440606", "key_unit", "0002")


def test_KR_01() -> None:
    cities = shelf("key_region_city").filter(pl.col("kind") == "city")
    counted = dict(cities.group_by("area").len().iter_rows())
    assert counted == {"jjj_surroundings": 38, "yangtze_delta": 31, "fenwei": 13}


def test_KR_02() -> None:
    lists, day = lists_of(), date(2024, 1, 1)
    shandong = shelf("region").filter(pl.col("parent") == "370000")["region"].to_list()
    outside = {c for c in shandong if not lists.holds("guofa_2023_24", c, day)}
    assert outside == {"370200", "370600", "371000"}
    assert len(shandong) - len(outside) == 13


def steel(case: str, key: bool) -> float | None:
    found = capacity_ratio("steel", "320500", date(2023, 5, 1), case=case, key_region=key)
    assert found is not None
    return found.value


def test_CAP_01() -> None:
    found = [
        steel("default", True),
        steel("merger", True),
        steel("default", False),
        steel("merger", False),
        steel("furnace_for_furnace", True),
    ]
    assert found == [1.50, 1.25, 1.25, 1.10, 1.00]


def test_CAP_02() -> None:
    found = capacity_ratio("steel", "320500", date(2024, 9, 1), key_region=True)
    assert found is not None
    assert (found.value, found.row["case"], found.row["valid_from"]) == (None, "suspended", "2024-08-23")


def test_CAP_03() -> None:
    day = date(2024, 12, 1)
    given = [("default", True), ("default", False), ("restricted_or_other_province", False)]
    found = [capacity_ratio("cement", "410100", day, case=c, key_region=k) for c, k in given]
    assert [4500 * f.value for f in found if f and f.value] == [9000, 6750, 9000]


def test_EN_01() -> None:
    day = date(2026, 1, 1)
    assert energy_review(9999.9, 9999, day) == "local"
    assert energy_review(10_000, 0, day) == "province"
    assert energy_review(500_000, 0, day, key_field=True) == "nation"
    assert energy_review(999, 999, day) == "none"
    assert energy_review(999, 1000, day) == "local"


def test_EN_02() -> None:
    assert not opinion_holds(date(2026, 1, 10), date(2028, 1, 11))
    assert opinion_holds(date(2026, 1, 10), date(2028, 1, 9))


def test_EIA_01() -> None:
    received = date(2026, 3, 2)
    assert decision_day(received, form=False) == date(2026, 5, 1)
    assert decision_day(received, form=True) == date(2026, 4, 1)


def asked(frame: pl.DataFrame) -> dict[str, float]:
    return {r["rule"]: r["need"] for r in frame.iter_rows(named=True)}


def test_COAL_01() -> None:
    day = date(2020, 1, 1)
    cement = asked(needs(case_of("3011", "370100", day, coal=100_000.0)))
    power = asked(needs(case_of("4411", "370100", day, coal=100_000.0, large_unit=1.0)))
    assert cement == {"coal.shandong.industry": pytest.approx(120_000)}
    assert power == {"coal.shandong.power": pytest.approx(110_000)}


def test_SD_5R() -> None:
    made = asked(needs(case_of("3011", "370100", date(2024, 1, 1), coal=50e3, energy=80e3, CO2=200e3)))
    assert made == {
        "coal.shandong.five": pytest.approx(60e3),
        "energy.shandong.five": pytest.approx(120e3),
        "carbon.shandong.five": pytest.approx(300e3),
    }


def test_OFF_01() -> None:
    said = {
        "NOx": {"emission": 60.0},
        "NMVOC": {"emission": 10.0},
        "SO2": {"emission": 5.0},
        "PM2.5": {"emission": 2.0},
    }
    failing = Case("", "320100", date(2026, 1, 1), species=said, facts={"fails_PM2_5": 1.0})
    assert needs(failing).is_empty()
    made = needs(failing, include_unverified=True).filter(pl.col("rule") == "air.197.all")
    assert dict(made.select("species", "need").iter_rows()) == {
        "NOx": 120,
        "NMVOC": 20,
        "SO2": 10,
        "PM2.5": 4,
    }
    ozone = {s: said[s] | {"fails": float(s == "NMVOC")} for s in said}
    alone = needs(Case("", "320100", date(2026, 1, 1), species=ozone), include_unverified=True)
    own = alone.filter(pl.col("rule") == "air.197.own")
    assert dict(own.select("species", "need").iter_rows()) == {"NMVOC": 20}


def test_OFF_02() -> None:
    late, early = date(2027, 6, 1), date(2026, 12, 1)
    project = pl.DataFrame(
        [("A", "X", late, 100.0), ("B", "X", early, 80.0), ("C", "Y", late, 50.0), ("D", "Y", late, 30.0)],
        schema=["project", "region", "start", "value"],
        orient="row",
    )
    ratio = {"A": 2, "B": 2, "C": 1, "D": 1}
    tonnes = {"A": (60, 10), "B": (40, 30), "C": (50, 20), "D": (20, 0)}
    need = pl.DataFrame(
        [
            (p, s, float(ratio[p] * v))
            for p, both in tonnes.items()
            for s, v in zip(("NOx", "VOC"), both, strict=True)
        ],
        schema=["project", "species", "value"],
        orient="row",
    )
    source = pl.DataFrame(
        [
            ("S1", "X", "NOx", 150.0, date(2026, 6, 1)),
            ("S2", "X", "NOx", 30.0, date(2027, 1, 1)),
            ("S2", "X", "VOC", 60.0, date(2027, 1, 1)),
            ("S3", "Y", "NOx", 60.0, date(2026, 1, 1)),
            ("S3", "Y", "VOC", 40.0, date(2026, 1, 1)),
        ],
        schema=["source", "region", "species", "value", "available"],
        orient="row",
    )
    made = allocate(project, need, source)
    assert made.admitted.filter("admitted")["project"].to_list() == ["A", "C"]
    assert (made.value, made.relaxed) == (150.0, pytest.approx(170.0))
    assert {r[:2]: r[2] for r in made.short.rows()} == {
        ("B", "VOC"): 60.0,
        ("B", "NOx"): 50.0,
        ("D", "NOx"): 10.0,
    } or {r[:2]: r[2] for r in made.short.rows()} == {("B", "VOC"): 60.0, ("D", "NOx"): 10.0}
    assert {r[:2]: r[2] for r in made.price.rows()}["Y", "NOx"] == pytest.approx(1.0)
    more = source.with_columns(
        pl.when((pl.col("source") == "S3") & (pl.col("species") == "NOx"))
        .then(70.0)
        .otherwise("value")
        .alias("value")
    )
    assert allocate(project, need, more).value == 180.0


def test_OFF_04() -> None:
    reserve = Reserve({("S1", "NOx"): Decimal(150)})
    reserve.promise("1", "A", "S1", "NOx", Decimal(90))
    with pytest.raises(ReserveError) as refused:
        reserve.promise("2", "B", "S1", "NOx", Decimal(70))
    assert refused.value.left == 60
