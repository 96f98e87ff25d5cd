"""A PostgreSQL of the tests' own: made, started and stopped by them, in a folder of theirs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HOMES = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL of this machine, as far as its programs are in reach."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    if not shutil.which("psql"):
        return None
    homes = sorted(HOMES.glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name))
    return homes[-1].parent if homes else None


class Cluster:
    """One server that listens on a socket in its own folder."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        self.socket = folder / "s"
        folder.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir()
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            for path in (folder, self.socket):
                shutil.chown(path, "postgres", "postgres")
        self._run(
            "initdb", "-D", str(folder / "data"), "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        self.start()
        self.sql("create role keeper login createdb")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.home / program), *arguments]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        options = f"-k {self.socket} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def sql(self, text: str, user: str = "owner", database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.address(database, user), autocommit=True) as connection:
            connection.execute(text)  # type: ignore[call-overload]

    def address(self, database: str, user: str = "keeper") -> str:
        return f"postgresql://{user}@/{database}?host={self.socket}"

    def database(self, name: str, model: str = "template1") -> str:
        """Make a database like `model` and return the address by which an ordinary user enters it."""
        self.sql(f'create database "{name}" owner keeper template "{model}" strategy file_copy')
        return self.address(name)
