"""The verdicts on the projects of a submission: where they lie, what each rule says, what would change it."""

from __future__ import annotations

from typing import Any

from fastapi.responses import Response

from tongyuan.office.operation import Refused
from tongyuan.reference.told import findings as back
from tongyuan.web.console.pages.submission import head_of, number_of
from tongyuan.web.console.visit import Route, Visit, findings, markup, page

LABELLED = 12
"""Most projects whose ids stand beside their points; of more, the one that was asked for."""

LAYERS = ("red_line", "core_reserve", "priority", "key_unit", "general_unit")
"""Classes of units and layers with a colour of their own; others are grey."""


def _show(visit: Visit) -> Response:
    number = number_of(visit)
    head = head_of(visit, number)
    asked = visit.one("project")
    told: dict[str, Any] = {"html": "", "charts": [], "map": None, "projects": []}
    try:
        answer = visit.do("admission.page", submission=number, project=asked, language=visit.language)
        assert isinstance(answer, dict)
        told, found = answer, findings(visit, back(answer["findings"]))
    except Refused as error:
        if error.status != 422:
            raise
        found = findings(visit, error.findings)
    return page(
        visit, "admission.html.j2", visit.say("admission"), head=head, number=number, asked=asked,
        found=found, html=markup(told["html"]), charts=told["charts"], projects=told["projects"],
        map=_drawn(told, asked), changes=head["writable"] and visit.may("submission.write"),
    )  # fmt: skip


def _drawn(told: dict[str, Any], asked: str) -> dict[str, Any] | None:
    """Return the map with the class of every zone, the verdict of every project, and whose id is written."""
    drawn = told["map"]
    if drawn is None:
        return None
    verdicts = {row["project"]: row["verdict"] for row in told["projects"]}
    few = len(drawn["projects"]) <= LABELLED
    zones = [row | {"layer": _layer(row)} for row in drawn["zones"]]
    points = [
        row | {"verdict": verdicts.get(row["project"], ""), "named": few or row["project"] == asked}
        for row in drawn["projects"]
    ]
    layers = [one for one in (*LAYERS, "other") if any(row["layer"] == one for row in zones)]
    return {"height": drawn["height"], "zones": zones, "points": points, "layers": layers}


def _layer(zone: dict[str, Any]) -> str:
    """Return the class of a unit, else the kind of its layer."""
    return next((one for one in (zone["kind"], zone["class"]) if one in LAYERS), "other")


ROUTES = (Route("/submission/{submission}/admission", _show),)
