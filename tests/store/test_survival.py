"""What was acknowledged stays, through processes that are ended and writers that come together."""

from __future__ import annotations

import random
import select
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, add_people, coal, submit

from tongyuan.store import trail
from tongyuan.store.database import reading, writing
from tongyuan.store.record import Change, rows, write
from tongyuan.store.submission import head_of, versions

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from tests.store.people import LIN, coal, frame
from tongyuan.store.database import open_database, writing
from tongyuan.store.record import Change, write
from tongyuan.store.submission import head_of

engine = open_database(sys.argv[1])
print("ready", flush=True)
while True:
    with writing(engine, LIN) as session:
        version = head_of(session, 1).version
        many = [coal(float(version), f"p{n}") for n in range(200)]
        made = write(session, 1, {"activity": Change(frame(*many))}, based_on=version)
    print(made, flush=True)
"""

ADDER = """
import sys
from tests.store.people import LIN, coal, frame
from tongyuan.store.database import open_database, writing
from tongyuan.store.record import Change, write

engine = open_database(sys.argv[1])
for number in range(int(sys.argv[2])):
    with writing(engine, LIN) as session:
        write(session, 1, {"activity": Change(frame(coal(float(number))))}, based_on=1)
"""


def ended(address: str, after: float) -> int:
    """Let a process write until it is killed `after` seconds; return the last version it acknowledged."""
    command = [sys.executable, "-c", WRITER, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        until, last = time.monotonic() + after, 0
        while (left := until - time.monotonic()) > 0:
            if select.select([process.stdout], [], [], left)[0]:
                last = int(process.stdout.readline() or last)
        process.kill()
        told = process.stdout.read().split("\n")
        return max([last, *(int(line) for line in told[:-1] if line.isdigit())])


def whole(engine: sa.Engine, acknowledged: int) -> int:
    """Hold that every version is whole and the chain intact; return the last version."""
    with reading(engine, ALL) as session:
        last = head_of(session, 1).version
        assert last >= acknowledged
        assert versions(session, 1)["version"].to_list() == list(range(1, last + 1))
        counted = rows(session, "activity").group_by("value").len()
        assert set(counted.filter(pl.col("value") >= 2)["len"]) <= {200}
        assert counted.height == last - 1
        assert trail.faults(session) == []
    return last


def killed(ready: str, engine: sa.Engine, times: int, seed: int) -> None:
    add_people(engine)
    submit(engine, LIN, coal(0.0))
    dice = random.Random(seed)
    for _ in range(times):
        whole(engine, ended(ready, dice.uniform(0.0, 0.4)))
    last = whole(engine, 0)
    with writing(engine, LIN) as session:
        assert write(session, 1, {"activity": Change(pl.DataFrame([coal()]))}, based_on=last) == last + 1


def test_what_was_acknowledged_stays_when_the_writer_is_killed(ready: str, engine: sa.Engine) -> None:
    killed(ready, engine, 3, 0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_two_hundred_writers_are_killed(seed: int, ready: str, engine: sa.Engine) -> None:
    killed(ready, engine, 20, 100 + seed)


def together(ready: str, engine: sa.Engine, writers: int, count: int) -> None:
    add_people(engine)
    submit(engine, LIN, coal())
    command = [sys.executable, "-c", ADDER, ready, str(count)]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(writers)]
    assert [process.wait(600) for process in running] == [0] * writers
    with reading(engine, ALL) as session:
        assert rows(session, "activity").height == 1 + writers * count
        assert head_of(session, 1).version == 2 + writers * count
        assert trail.faults(session) == []


def test_writers_that_come_together_lose_nothing(ready: str, engine: sa.Engine) -> None:
    together(ready, engine, 3, 8)


@pytest.mark.soak
def test_sixteen_writers_of_five_hundred_transactions(ready: str, engine: sa.Engine) -> None:
    together(ready, engine, 16, 500)
