"""Questions of a notebook about what may be built where."""

from __future__ import annotations

from tongyuan.face.results import Results
from tongyuan.face.workspace import Source, opened


def screen_projects(what: Source) -> Results:
    """Return verdicts on the projects of a workspace, rule by rule, with all tables of zoning.

    Table ``verdict_rule`` has fact, limit, clause and document of every rule that applies, ``verdict_flip``
    the smallest change of each input that would turn the verdict. Nothing is written.

    Raises
    ------
    FindingError
        If a table cannot be used.

    Examples
    --------
    >>> works = {"project": ["J"], "region": ["370100"], "industry": ["3120"], "kind": ["new"],
    ...          "capacity": [1e6], "filed": ["2024-01-08"], "plan_conform": [True],
    ...          "standards_met": [True], "source": ["made up"]}
    >>> made = ty.screen_projects(ty.workspace({"project": works}))
    >>> made.verdict.frame["verdict"].item()
    'refused'
    >>> rules = made.verdict_rule.frame
    >>> rules.filter(rules["rule"] == "KR-ban")["document"].item()
    '空气质量持续改善行动计划（国发〔2023〕24号）'
    """
    from tongyuan.flows.zoning.screen import zoning

    chosen = opened(what)
    tables, found = zoning(chosen)
    return Results(tables, chosen.settings, (*chosen.findings, *found), workspace=chosen)
