import dataclasses

import pytest

from tongyuan.report.base.block import Column, Heading, Section, TableBlock


def test_blocks_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Heading("a").text = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        Column("a").numeric = True


def test_defaults_are_plain():
    table = TableBlock("t", (Column("a"),), [["1"]])
    assert not table.folded
    assert table.strong == frozenset()
    assert Section("k", "t").blocks == ()
    assert Heading("a").level == 1
