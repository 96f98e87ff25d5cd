"""Findings as plain values, and back: between processes, into the archive, over the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tongyuan.reference.finding import Bilingual, Finding


def plain(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as values that JSON has; words in both languages stay so."""
    return [
        {
            **{name: getattr(one, name) for name in PARTS},
            "values": {key: _plain(value) for key, value in one.values.items()},
        }
        for one in found
    ]


PARTS = ("room", "check", "severity", "file", "sheet", "row", "column")


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return {"zh": value.zh, "en": value.en}
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def findings(told: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return the findings that :func:`plain` told."""
    return tuple(
        Finding(
            **{name: one[name] for name in PARTS},
            values={
                key: Bilingual(**value) if isinstance(value, dict) else value
                for key, value in one["values"].items()
            },
        )
        for one in told
    )
