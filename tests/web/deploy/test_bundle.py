"""A bundle is made, and its guide followed literally in a clean environment that reaches no network."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import zipfile
from importlib.metadata import distribution
from importlib.resources import files
from inspect import signature
from pathlib import Path

import pytest

from tongyuan.web.deploy.bundle import bundle, contents, needed, pack

PORT = "8466"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "bundle"
    assert any(name.startswith("tongyuan-") for name in bundle(folder))
    return folder


def commands(language: str) -> list[str]:
    """Return the blocks of commands of the guide, in order."""
    text = files("tongyuan.web.deploy").joinpath(f"guide.{language}.md").read_text("utf-8")
    return re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)


def test_both_guides_say_the_same_commands() -> None:
    plain = [
        [re.sub(r'--title (".*?"|\S+)', "--title x", block) for block in commands(la)] for la in ("zh", "en")
    ]
    assert plain[0] == plain[1]
    assert len(plain[0]) == 4


def test_what_is_needed_is_found_with_what_it_needs() -> None:
    found = needed()
    assert {"tongyuan", "polars", "sqlalchemy", "fastapi", "starlette", "httpx"} <= set(found)
    assert "psycopg-binary" in found
    assert not {"pytest", "ruff", "mypy", "pyspark"} & set(found)


def test_a_wheel_holds_what_was_installed_and_is_the_same_again(tmp_path: Path) -> None:
    there = distribution("markupsafe")
    (tmp_path / "a").mkdir()
    first = pack(there, tmp_path)
    again = pack(there, tmp_path / "a")
    assert first.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(first) as wheel:
        names = set(wheel.namelist())
        assert wheel.testzip() is None
    assert set(contents(there)) <= names
    assert any(name.endswith("/RECORD") for name in names)


@pytest.mark.soak
def test_the_bundle_names_what_it_is_for_and_is_whole(made: Path) -> None:
    for path in made.glob("*"):
        if path.is_file():
            assert "@" not in re.sub(r"keeper:…@/|\$@", "", path.read_text("utf-8")), path.name
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made, check=False)
    assert checked.returncode == 0


@pytest.mark.soak
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_the_service_is_one(made: Path, tmp_path: Path) -> None:
    unit = (made / "tongyuan.service").read_text("utf-8")
    unit = unit.replace("/opt/tongyuan/bin/tongyuan", "/bin/true").replace("User=tongyuan\n", "")
    (tmp_path / "tongyuan.service").write_text(unit)
    command = ["systemd-analyze", "verify", str(tmp_path / "tongyuan.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "tongyuan.service" not in done.stderr, done.stderr


def free(port: str) -> bool:
    with socket.socket() as held:
        return held.connect_ex(("127.0.0.1", int(port))) != 0


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_is_followed_literally(language: str, made: Path, tmp_path: Path) -> None:
    assert free(PORT)
    shutil.copytree(made, tmp_path / "bundle")
    script = "set -eux\n" + "\n".join(commands(language))
    env = {
        "PATH": os.defpath + ":/usr/local/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
        "PIP_CONFIG_FILE": os.devnull, "PYTHON": str(Path(os.path.realpath(shutil.which("python3") or ""))),
        "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1",
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "admin2" in done.stdout
    assert (tmp_path / "elsewhere" / "archive.db").is_file()
    assert not (tmp_path / "start.txt").exists()
    code = "import tongyuan; print(tongyuan.__file__)"
    where = subprocess.run(
        [str(tmp_path / "program/bin/python"), "-c", code], capture_output=True, text=True, env=env
    )
    assert where.stdout.startswith(str(tmp_path / "program"))


KNOWN = ("FROM", "RUN", "COPY", "USER", "WORKDIR", "VOLUME", "EXPOSE", "CMD")


def test_the_image_is_made_of_what_the_bundle_has_and_serves_as_nobody_special() -> None:
    """No daemon builds it here: its lines are held against the bundle and the command they start."""
    from tongyuan.web.serve import serve

    text = files("tongyuan.web.deploy").joinpath("Dockerfile").read_text("utf-8")
    lines = [line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    assert lines[0][0] == "FROM"
    assert {word for word, _ in lines} <= set(KNOWN)
    told = dict(lines)
    assert told["COPY"].split()[0] == "wheels"
    order = [word for word, _ in lines]
    assert order.index("USER") > max(n for n, word in enumerate(order) if word == "RUN")
    assert told["USER"] in next(rest for word, rest in lines if word == "RUN")
    command = json.loads(told["CMD"])
    assert command[:2] == ["tongyuan", "serve"]
    assert command[2].startswith(told["VOLUME"])
    assert told["EXPOSE"] == PORT
    assert "host" in signature(serve).parameters
