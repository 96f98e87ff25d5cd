import pytest

import tongyuan as ty


def test_a_workspace_without_projects_has_no_verdicts() -> None:
    assert list(ty.screen_projects(ty.example("minimal"))) == []


def test_a_project_that_cannot_be_is_told() -> None:
    works = {
        "project": ["J"],
        "region": ["火星"],
        "industry": ["3120"],
        "kind": ["new"],
        "filed": ["2024-01-08"],
        "source": ["made up"],
    }
    with pytest.raises(ty.FindingError, match="火星"):
        ty.screen_projects(ty.workspace({"project": works}))
