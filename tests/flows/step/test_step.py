from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from tongyuan.flows.source import Inputs
from tongyuan.flows.step import FLOWS, Made, Step, Tell, of_flows, ordered, run_steps, steps
from tongyuan.ledger.finding import Bilingual, finding
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import names, table, tables_of

SETTINGS = Settings(name="x", kind="city")
FRAME = pl.DataFrame({"value": [1.0]})


def step(
    name: str, reads: Sequence[str] = (), writes: Sequence[str] = (), given: Sequence[str] = (),
    needs: Sequence[str] = (), flow: str = "assess", made: Sequence[str] | None = None,
) -> Step:  # fmt: skip
    def run(inputs: Inputs, tell: Tell) -> Made:
        seen.append((name, sorted(inputs.tables), sorted(inputs.made)))
        return Made(
            dict.fromkeys(writes if made is None else made, FRAME), (finding("flows", "no_activity"),)
        )

    return Step(
        name, (flow,), Bilingual(name, name), frozenset(given), frozenset(reads), frozenset(writes), run,
        frozenset(needs),
    )  # fmt: skip


seen: list[tuple[str, list[str], list[str]]] = []


def test_steps_run_after_those_whose_tables_they_read() -> None:
    late = step("a_late", reads=["made"])
    early = step("z_early", writes=["made"])
    assert [s.name for s in ordered([late, early])] == ["z_early", "a_late"]


def test_a_second_writer_a_cycle_a_double_name_and_an_unknown_flow_are_refused() -> None:
    for wrong, words in (
        ([step("a", writes=["t"]), step("b", writes=["t"])], "t has two writers: a and b"),
        ([step("a", reads=["t"], writes=["u"]), step("b", reads=["u"], writes=["t"])], "wait for each other"),
        ([step("a"), step("a")], "one name"),
        ([step("a", flow="dance")], "no known flow"),
    ):
        with pytest.raises(ValueError, match=words):
            ordered(wrong)


def test_a_step_is_handed_only_what_it_names_and_left_out_without_what_it_needs() -> None:
    seen.clear()
    chosen = ordered(
        [
            step("one", writes=["made"], given=["brought"]),
            step("two", reads=["made"], given=["other"]),
            step("three", needs=["nowhere"]),
        ]
    )
    tables = {"brought": FRAME, "other": FRAME, "more": FRAME}
    told: list[str] = []
    made, findings, ran = run_steps(chosen, Inputs(SETTINGS, tables), told.append)
    assert seen == [("one", ["brought"], []), ("two", ["other"], ["made"])]
    assert told == ran == ["one", "two"]
    assert set(made) == {"made"}
    assert len(findings) == 1


def test_what_a_step_did_not_declare_it_may_not_write() -> None:
    with pytest.raises(ValueError, match="did not declare: stray"):
        run_steps([step("one", writes=["made"], made=["made", "stray"])], Inputs(SETTINGS, {}))


def test_the_steps_of_the_house_in_their_order() -> None:
    house = ["facility", "account", "ledgers", "plan", "synergy", "deploy", "track", "assessment"]
    assert [s.name for s in steps() if s.name in house] == house
    first = ["facility", "account", "ledgers", "allocation"]
    assert [s.name for s in of_flows(["plan"])] == [*first, "plan", "benefit"]
    assert [s.name for s in of_flows([])] == first


def test_every_table_names_its_one_writer_and_its_room() -> None:
    writers = {name: s.name for s in steps() for name in s.writes}
    for name in names():
        definition = table(name)
        assert definition.writer == writers.get(name, ""), name
        assert definition.room, name
        assert definition.version >= 1, name
    known = set(names())
    for one in steps():
        named = {t.removeprefix("parent.") for t in one.given} | one.reads | one.needs
        assert named <= known, one.name
        assert one.reads <= set(writers), one.name


def test_tables_are_found_by_room_role_and_writer() -> None:
    assert "livestock" in tables_of(room="inventory", role="input")
    assert "emission" not in tables_of(room="inventory", role="input")
    assert tables_of(writer="track") == {"indicator_observation", "target_status"}


def test_flows_stand_in_the_order_of_the_plan_of_2022() -> None:
    assert list(FLOWS) == ["account", "plan", "deploy", "advance", "assess"]
