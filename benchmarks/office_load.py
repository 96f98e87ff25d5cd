"""Benchmark of an office under load: fifty people at once over a thousand enterprises, on both databases."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from tests.postgresql import Cluster, programs

from benchmarks.registry import Figure, Spec
from tongyuan.ledger.run_set import new_set, run_record
from tongyuan.ledger.table import empty
from tongyuan.ledger.write.write import write_parquet
from tongyuan.office.account import digest_of
from tongyuan.office.operation import Office
from tongyuan.store import bulk, people
from tongyuan.store.database import Session, open_database, writing
from tongyuan.store.published import publish
from tongyuan.store.scope import Scope
from tongyuan.store.tables import record, system
from tongyuan.store.upgrade import upgrade

ENTERPRISES, MONTHS, ROWS, EMISSIONS = 1_000, 12, 10, 1_000_000
PEOPLE, SECONDS, PAUSE = 50, 120.0, (0.5, 1.5)
"""People, how long they work [s], and how long one looks at an answer before asking again [s]."""

SEED = 20_261_130
MOMENT = "2026-01-01T00:00:00.000000+00:00"
EVERY = Scope.everything("benchmark", writes=True)
SERVER = """
import sys
from pathlib import Path
import uvicorn
from tongyuan.office.operation import Office
from tongyuan.store.database import open_database
from tongyuan.web.app import create_app
office = Office(open_database(sys.argv[1]), Path(sys.argv[2]))
uvicorn.run(create_app(office), port=int(sys.argv[3]), log_level="error", access_log=False)
"""


def fill(office: Office) -> dict[str, tuple[str, int]]:
    """Fill an office; return the token of everybody with their role and first submission, 0 for a bureau."""
    names = [f"E{n:04d}" for n in range(ENTERPRISES)]
    number = np.arange(1, ENTERPRISES * MONTHS + 1)
    owner = [names[(n - 1) // MONTHS] for n in number]
    with writing(office.engine, EVERY) as session:
        _add(session, "organisation", {
            "organisation": names, "kind": ["enterprise"] * ENTERPRISES,
            "region": ["370100" if n % 2 else "370200" for n in range(ENTERPRISES)],
            "title_zh": names, "title_en": names,
        })  # fmt: skip
        _add(session, "submission", {
            "submission": number, "organisation": owner, "kind": ["month"] * len(number),
            "period": [f"2025-{(n - 1) % MONTHS + 1:02d}" for n in number],
        })  # fmt: skip
        _add(session, "version", {
            "submission": number, "version": np.ones_like(number), "organisation": owner,
            "state": ["draft"] * len(number), "person": ["benchmark"] * len(number),
            "at": [MOMENT] * len(number), "reason": [""] * len(number),
        })  # fmt: skip
        _rows(session, number, owner)
        people.add_account(session, people.Account("maker", None, "maker", "-", None, False, True))
        tokens = {}
        for n in range(PEOPLE):
            name, token = f"p{n}", f"token-{n}"
            people.add_account(session, people.Account(name, None, name, "-", None, False, True))
            role = "province_bureau" if n < 2 else "city_bureau" if n < 10 else "enterprise"
            region = {"province_bureau": "370000", "city_bureau": "370100"}.get(role, "")
            organisation = names[n] if role == "enterprise" else ""
            people.add_grant(session, name, role, organisation=organisation, region=region)
            people.enter(session, digest_of(token), name, "2099-01-01T00:00:00.000000+00:00")
            tokens[token] = (role, n * MONTHS + 1 if organisation else 0)
    _publish(office, names[0])
    return tokens


def _add(session: Session, name: str, columns: dict[str, Any]) -> None:
    bulk.insert(session, system(name), pl.DataFrame(columns))
    if session.postgresql and name == "submission":
        session.connection.exec_driver_sql(
            "select setval(pg_get_serial_sequence('submission', 'submission'), max(submission))"
            " from submission"
        )


def _rows(session: Session, number: np.ndarray, owner: list[str]) -> None:
    many = len(number) * ROWS
    table = record("activity")
    frame = pl.DataFrame({
        "_organisation": np.repeat(np.array(owner), ROWS).tolist(),
        "_submission": np.repeat(number, ROWS),
        "_line": np.tile(np.arange(1, ROWS + 1), len(number)),
        "_version": np.ones(many, np.int64), "_removed": np.zeros(many, bool), "_place": [""] * many,
        "region": ["370100"] * many, "year": np.tile(np.arange(2016, 2016 + ROWS), len(number)),
        "process": ["energy.power"] * many, "product": ["raw_coal"] * many,
        "value": np.random.default_rng(SEED).uniform(1, 100, many), "unit": ["t"] * many,
        "source": ["book"] * many,
    })  # fmt: skip
    bulk.insert(session, table, frame)


def _publish(office: Office, organisation: str) -> None:
    """Publish a run with a million rows of emission."""
    shape = empty("emission").schema
    dice = np.random.default_rng(SEED)
    given: dict[str, Any] = {
        "value": dice.lognormal(0, 2, EMISSIONS), "year": dice.integers(2016, 2026, EMISSIONS),
        "region": "370100", "process": "energy.power", "species": "CO2", "unit": "t",
    }  # fmt: skip
    columns = [
        pl.Series(name, given[name]).cast(kind) if isinstance(given.get(name), np.ndarray)
        else pl.Series(name, [given.get(name)], dtype=kind).new_from_index(0, EMISSIONS)
        for name, kind in shape.items()
    ]  # fmt: skip
    emission = pl.DataFrame(columns)
    with new_set(office.archive / "made") as draft:
        write_parquet({"emission": emission}, draft.folder)
        draft.seal(run_record({}, {}, {"emission": emission}))
    draft.final.rename(office.archive / "run-1")
    with writing(office.engine, EVERY) as session:
        publish(session, office.archive, "run-1", organisation=organisation)


@dataclass
class Told:
    """What people saw: seconds of reads and of submissions, errors, and memory of the server [byte]."""

    reads: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def person(port: int, token: str, role: str, first: int, told: Told, until: float, seed: int) -> None:
    """Work like one person until the time is over."""
    dice, asking = random.Random(seed), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    versions = {first + n: 1 for n in range(MONTHS)} if first else {}
    while time.monotonic() < until:
        time.sleep(dice.uniform(*PAUSE))
        change = bool(first) and dice.random() < 0.2
        number = dice.choice(list(versions)) if first else dice.randrange(1, ENTERPRISES * MONTHS, 2 * MONTHS)
        window = ""
        if change:
            name, asked = "submission.write", {
                "submission": number, "version": versions[number], "table": "activity",
                "rows": [{"_line": 1, "region": "370100", "year": 2016, "process": "energy.power",
                          "product": "raw_coal", "value": dice.random() + 1, "unit": "t", "source": "book"}],
            }  # fmt: skip
        else:
            choices: list[tuple[str, dict[str, Any]]] = [
                ("submission.list", {}), ("submission.list", {}), ("notice.list", {}), ("run.list", {}),
                ("submission.history", {"submission": number if first else 13}),
                ("submission.rows", {"submission": number if first else 13, "table": "activity"}),
            ]  # fmt: skip
            if role == "province_bureau":
                choices += [("run.table", {"run": "run-1", "table": "emission"})] * 6
            name, asked = dice.choice(choices)
            window = f"?offset={dice.randrange(EMISSIONS) if name == 'run.table' else 0}&limit=50"
        body = json.dumps(asked)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        begun = time.perf_counter()
        try:
            asking.request("POST", f"/api/v1/{name.replace('.', '/')}{window}", body, headers)
            answer = asking.getresponse()
            content = answer.read()
        except OSError as error:
            told.errors.append(f"{name}: {error!r}")
            asking.close()
            continue
        (told.changes if change else told.reads).append(time.perf_counter() - begun)
        if answer.status != 200:
            told.errors.append(f"{name}: {answer.status} {content[:200]!r}")
        elif change:
            versions[number] = json.loads(content)["answer"]["version"]
    asking.close()


@contextmanager
def served(address: str, archive: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Have a server of its own process for the block."""
    with subprocess.Popen([sys.executable, "-c", SERVER, address, str(archive), str(port)]) as process:
        try:
            until = time.monotonic() + 120
            while time.monotonic() < until:
                try:
                    _ask(port, "/healthz")
                    break
                except OSError:
                    time.sleep(0.2)
            yield process
        finally:
            process.terminate()


def _ask(port: int, path: str) -> str:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    asking.request("GET", path)
    text = asking.getresponse().read().decode()
    asking.close()
    return text


def processor(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds of the processor that a process has used."""
    parts = Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def load(kind: str, address: str, archive: Path) -> list[Figure]:
    """Fill an office, let everybody work, and return what they saw."""
    office = Office(open_database(address), archive)
    upgrade(office.engine)
    tokens = fill(office)
    office.engine.dispose()
    told, port = Told(), random.SystemRandom().randrange(20_000, 50_000)
    with served(address, archive, port) as process:
        before, until = processor(process), time.monotonic() + SECONDS
        working = [
            threading.Thread(target=person, args=(port, token, *who, told, until, SEED + n))
            for n, (token, who) in enumerate(tokens.items())
        ]
        for one in working:
            one.start()
        while any(one.is_alive() for one in working):
            held = [x for x in _ask(port, "/metrics").split("\n") if x.startswith("tongyuan_memory_bytes")]
            told.memory += [float(line.rpartition(" ")[2]) for line in held]
            time.sleep(2)
        used = processor(process) - before
    count = len(told.reads) + len(told.changes)
    reads, changes = (np.percentile(seconds, [50, 99]) for seconds in (told.reads, told.changes))
    half = len(told.memory) // 2
    for line in told.errors[:5]:
        print(line)
    return [
        Figure(f"{kind}: reads, p50", float(reads[0]), "s"),
        Figure(f"{kind}: reads, p99", float(reads[1]), "s", 0.8, at_most=True),
        Figure(f"{kind}: submissions, p50", float(changes[0]), "s"),
        Figure(f"{kind}: submissions, p99", float(changes[1]), "s", 2.0, at_most=True),
        Figure(f"{kind}: errors of {count}", float(len(told.errors)), "", 0.0, at_most=True),
        Figure(f"{kind}: requests", count / SECONDS, "1/s"),
        Figure(f"{kind}: processor a request", 1000 * used / max(count, 1), "ms"),
        Figure(f"{kind}: memory in the first half", float(np.max(told.memory[:half] or [0])) / 2**20, "MiB"),
        Figure(f"{kind}: memory in the second half", float(np.max(told.memory[half:] or [0])) / 2**20, "MiB"),
    ]


def run() -> list[Figure]:
    """Measure both databases; PostgreSQL where its programs are."""
    figures = []
    with tempfile.TemporaryDirectory() as made:
        for name in ("sqlite", "postgresql"):
            (Path(made) / name).mkdir()
        figures += load("SQLite", f"sqlite:///{made}/archive.db", Path(made) / "sqlite")
        home = programs()
        if home is not None:
            folder = Path(tempfile.mkdtemp(prefix="pg-"))
            folder.chmod(0o755)
            cluster = Cluster(folder / "c", home)
            try:
                figures += load("PostgreSQL", cluster.database("load"), Path(made) / "postgresql")
            finally:
                cluster.stop("immediate")
                shutil.rmtree(folder, ignore_errors=True)
    return figures


SPECS = [
    Spec("office-load", "fifty people, 1,000 enterprises × 12 months, 1e6 rows of emission", run, slow=True)
]
