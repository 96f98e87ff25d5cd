from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger.example import copy_example
from tongyuan.office.entry import enter
from tongyuan.office.operation import perform
from tongyuan.office.operator import DEMO, add_user, bring_folder, new_organisation, people_to_look
from tongyuan.office.place import open_office, verify
from tongyuan.office.role import roles


def test_people_to_look_have_every_role_that_sees_data_and_enter(tmp_path: Path) -> None:
    office = open_office(tmp_path / "o")
    copy_example("minimal", tmp_path / "w")
    brought = bring_folder(office, tmp_path / "w")
    made = people_to_look(office, brought)
    assert set(made) == {name for name, _, _ in DEMO}
    assert people_to_look(office, brought) == {}
    assert {role for _, role, _ in DEMO} | {"public", "administrator"} == set(roles())
    own = "a word of my own"
    token = enter(office, "bureau", made["bureau"])
    perform(office, token, "account.change_password", {"old": made["bureau"], "new": own})
    token = enter(office, "bureau", own)
    listed = perform(office, token, "submission.list", {})
    assert set(listed["organisation"]) == {brought.organisation}  # type: ignore[index, arg-type]


def test_what_the_operator_does_stands_in_the_trail(tmp_path: Path) -> None:
    office = open_office(tmp_path / "o")
    new_organisation(office, "w7", "enterprise", "济南市")
    assert add_user(office, "lin", "enterprise", organisation="w7")
    assert add_user(office, "lin", "city_bureau", region="370100") == ""
    assert verify(office)["number"] == 4


def test_a_folder_comes_in_once(tmp_path: Path) -> None:
    office = open_office(tmp_path / "o")
    copy_example("minimal", tmp_path / "w")
    first, again = (bring_folder(office, tmp_path / "w") for _ in range(2))
    assert (first.new, again.new) == (True, False)
    assert first.submission == again.submission


@pytest.mark.parametrize("organisation", ["w7"])
def test_a_folder_comes_in_for_an_organisation_that_is_there(organisation: str, tmp_path: Path) -> None:
    office = open_office(tmp_path / "o")
    new_organisation(office, organisation, "city", "济南市")
    copy_example("minimal", tmp_path / "w")
    assert bring_folder(office, tmp_path / "w", organisation).organisation == organisation
