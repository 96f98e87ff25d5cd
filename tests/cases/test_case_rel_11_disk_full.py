"""A disk that is full, or a file that may not be written: the old result stands, and a finding says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import polars as pl
import pytest
from tests.cases.interrupt import litter

SIZED = """
    import resource, signal, sys
    from pathlib import Path
    import polars as pl
    {load}
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    from tongyuan.ledger.finding import FindingError
    target = Path(sys.argv[1])
    try:
        {work}
    except FindingError as error:
        print(*(f.check for f in error.findings))
    else:
        print("written")
"""

FRAME = 'frame = pl.DataFrame({"x": [f"{i}" * 9 for i in range(20_000)], "y": range(20_000)})'
BLOCKS = (
    "from tongyuan.report.base.block import Heading, Paragraph; "
    "blocks = [Heading('甲', 0), *(Paragraph(str(i) * 50) for i in range(400))]"
)
WRITERS = {
    "a.parquet": (
        FRAME,
        "from tongyuan.ledger.write.write import write_parquet; write_parquet({'a': frame}, target.parent)",
    ),
    "a.csv": (FRAME, "from tongyuan.ledger.write.write import write_csv; write_csv(frame, target)"),
    "ledger.xlsx": (
        FRAME,
        "from tongyuan.ledger.write.write import write_excel; write_excel({'a': frame}, target)",
    ),
    "report.xlsx": (
        FRAME,
        "from tongyuan.report.excel.full import write_tables; write_tables({'run': frame}, target, 'en')",
    ),
    "report.html": (
        "from tongyuan.report.html.document import write_html",
        "write_html({'emission': pl.DataFrame()}, target, 'en')",
    ),
    "a.docx": (BLOCKS, "from tongyuan.report.word.document import document; document(blocks, target, 'zh')"),
    "document.xlsx": (
        BLOCKS,
        "from tongyuan.report.excel.document import workbook; workbook(blocks, target, 'zh')",
    ),
    "template.xlsx": (
        "from tongyuan.ledger.write.template import write_template, input_tables",
        "write_template(target, input_tables(), 'zh')",
    ),
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of file size are a matter of POSIX")
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file(name: str, tmp_path: Path) -> None:
    load, work = WRITERS[name]
    target = tmp_path / name
    target.write_text("old")
    code = dedent(SIZED).format(load=load, work=work)
    for limit in (0, 3_000):
        command = [sys.executable, "-B", "-c", code, str(target), str(limit)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.stdout.strip() == "cannot_write", (limit, done.stderr[-500:])
        assert target.read_text() == "old"
        assert litter(tmp_path) == []
    command = [sys.executable, "-B", "-c", code, str(target), str(10**9)]
    assert subprocess.run(command, capture_output=True, text=True, timeout=120).stdout.strip() == "written"
    assert target.stat().st_size > 3_000


def command(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    code = "from tongyuan.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"TONGYUAN_LANGUAGE": "en", "COLUMNS": "300", **environment},
        timeout=120,
        encoding="utf-8",
        errors="surrogateescape",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("kind", ["technology", "control", "target"])
def test_a_device_that_is_full_is_a_finding(kind: str, tmp_path: Path) -> None:
    done = command("plan", "library", kind, "-o", "/dev/full", cwd=tmp_path)
    assert done.returncode == 1
    assert "No space left" in " ".join(done.stdout.split()) + " ".join(done.stderr.split())
    assert Path("/dev/full").is_char_device()


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="standard output is no file here")
def test_a_device_gets_the_whole_file(tmp_path: Path) -> None:
    done = command("plan", "library", "target", "-o", "/dev/stdout", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.lstrip("\ufeff").startswith("id,")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    from tongyuan.ledger.write.write import write_csv

    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_csv(pl.DataFrame({"a": [1]}), tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text("utf-8-sig") == "a\n1\n"
