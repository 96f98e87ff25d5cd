import dataclasses

import pytest

from tongyuan.report.base.block import (
    ChartBlock,
    Choice,
    Column,
    Heading,
    Note,
    Section,
    TableBlock,
    flat,
    folds,
)


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


def chart(name):
    return ChartBlock(name, {}, name)


def test_a_choice_is_laid_out_where_it_cannot_be_operated():
    blocks = [Note("a"), Choice("species", [("SO2", chart("x")), ("NOx", chart("y"))])]
    assert [getattr(b, "caption", "") for b in flat(blocks)] == ["", "x", "y"]


def test_what_is_not_shown_is_folded_under_its_headings():
    blocks = (Note("a"), Note("b"), Note("c"), Heading("H", 2), chart("x"), Heading("I", 2))
    made = folds(Section("k", "t", blocks, shown=2))
    assert [(f.title, len(f.blocks), f.open) for f in made] == [
        ("", 2, True),
        ("", 1, False),
        ("H", 1, False),
    ]
    assert folds(Section("k", "t", blocks, shown=None))[0].blocks == blocks


def test_folded_tables_alone_are_not_folded_twice():
    table = TableBlock("t", [Column("a")], [["1"]], folded=True)
    assert [f.open for f in folds(Section("k", "t", (Note("a"), table), shown=1))] == [True, True]
