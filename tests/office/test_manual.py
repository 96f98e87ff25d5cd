from tongyuan.office.manual import manual
from tongyuan.office.operation import operations
from tongyuan.office.role import roles


def test_every_role_has_its_steps_in_both_languages() -> None:
    assert set(manual()) == set(roles())
    for role, steps in manual().items():
        for step in steps:
            assert step.to.startswith("/")
            assert step.text.zh
            assert step.text.en
            assert not step.press or role in operations()[step.press].roles
