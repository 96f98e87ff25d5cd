"""Every sentence of the room is said by a test that brings what is wrong."""

import re
from pathlib import Path

import pytest

from tongyuan.reference.language import catalogue

TESTS = Path(__file__).parents[1]
TEXT = "\n".join(
    path.read_text("utf-8")
    for folder in ("zoning", "flows/zoning")
    for path in sorted((TESTS / folder).rglob("test_*.py"))
)
SAID = dict.fromkeys(("no_projects", "layer_kind", "project_none"), "tests/cli/test_zoning.py")


@pytest.mark.parametrize("key", sorted(catalogue("zoning")))
def test_every_sentence_is_brought_about(key: str) -> None:
    assert key in SAID or re.search(rf"\"{key}\"", TEXT), key


def test_there_are_more_than_forty() -> None:
    assert len(catalogue("zoning")) > 40
