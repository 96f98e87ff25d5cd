import pytest

from tongyuan.office.role import needs_all, own, roles, scope_of
from tongyuan.store.people import Grant
from tongyuan.store.submission import Place

ORGANISATIONS = [
    Place("A", "370102", "P"), Place("B", "370200", None), Place("P", "370100", None),
    Place("far", "110000", None),
]  # fmt: skip


def grant(role: str, organisation: str = "", region: str = "") -> Grant:
    return Grant(1, "x", role, organisation, region, "", None, None)


@pytest.mark.parametrize(
    ("given", "reads", "writes"),
    [
        ([grant("enterprise", "A")], "A", "A"),
        ([grant("park", "P")], "AP", "P"),
        ([grant("city_bureau", region="370100")], "AP", "AP"),
        ([grant("province_bureau", region="370000")], "ABP", "ABP"),
        ([grant("enterprise", "A"), grant("enterprise", "B")], "AB", "AB"),
        ([grant("administrator")], "", ""),
        ([grant("auditor")], "", ""),
        ([grant("province_bureau")], "", ""),
        ([grant("city_bureau", region="000000")], "", ""),
        ([], "", ""),
    ],
)
def test_what_grants_reach(given: list[Grant], reads: str, writes: str) -> None:
    scope = scope_of("x", given, ORGANISATIONS)
    assert (scope.reads, scope.writes) == (frozenset(reads), frozenset(writes))


def test_the_roles_of_the_design() -> None:
    assert list(roles()) == [
        "public",
        "enterprise",
        "park",
        "verifier",
        "city_bureau",
        "province_bureau",
        "administrator",
        "auditor",
    ]
    assert all(role.title.zh and role.title.en for role in roles().values())


def test_all_organisations_are_needed_only_by_those_who_reach_beyond_their_own() -> None:
    works, bureau, auditor = (
        Grant(1, "x", role, organisation, region, "", None, None)
        for role, organisation, region in (
            ("enterprise", "A", ""), ("city_bureau", "", "370100"), ("auditor", "", ""),
        )
    )  # fmt: skip
    assert not needs_all([works, auditor])
    assert needs_all([works, bureau])
    every = [Place("A", "370100", None), Place("B", "370200", "A")]
    for grants in ([works], [works, auditor], [auditor], []):
        assert scope_of("x", grants, own(grants)) == scope_of("x", grants, every)
