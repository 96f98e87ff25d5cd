"""Change the code in small ways and see whether its tests notice: ``make mutate``.

Every mutant is one changed operator, number, bound or condition of a module of ``mutate.toml``. It runs in
a process of its own, forked from one that has loaded the libraries, against the tests named there. A mutant
that no test notices needs a test, or a reason in ``mutate_reason.csv`` why it changes nothing.
"""

from __future__ import annotations

import argparse
import ast
import copy
import csv
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
LIBRARIES = ("numpy", "scipy.sparse", "scipy.stats", "scipy.optimize", "polars", "pydantic", "pytest", "rich",
             "numba", "highspy")  # fmt: skip

COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
CALLS = {
    "min": "max", "max": "min", "sum": "mean", "first": "last", "last": "first", "any": "all", "all": "any",
    "is_null": "is_not_null", "is_not_null": "is_null", "head": "tail", "cum_sum": "sum", "abs": "sqrt",
}  # fmt: skip
WORDS = {"left": "inner", "anti": "semi", "semi": "anti", "first": "last", "inner": "left"}


@dataclass(frozen=True)
class Mutant:
    """One change: the module, where, and how the line reads before and after."""

    module: str
    line: int
    before: str
    after: str
    number: int

    @property
    def key(self) -> str:
        """Return what names the change wherever the line moves."""
        return f"{self.module}: {self.before} → {self.after}"


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of `node`."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARE:
        yield ast.Compare(node.left, [COMPARE[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        text = any(isinstance(p, ast.JoinedStr) or (isinstance(p, ast.Constant) and isinstance(p.value, str))
                   for p in (node.left, node.right))  # fmt: skip
        if not text:
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, int | float):
            yield ast.Constant(node.value * 2 if abs(node.value) > 1 else node.value + 1)
        elif isinstance(node.value, str) and node.value in WORDS:
            yield ast.Constant(WORDS[node.value])
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
        other = ast.Attribute(node.func.value, CALLS[node.func.attr], ast.Load())
        yield ast.Call(other, node.args, node.keywords)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)


def _skipped(tree: ast.AST) -> set[int]:
    """Return ids of nodes that are no arithmetic: docstrings, annotations, decorators, errors, guards."""
    parts: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            parts += node.decorator_list
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts += [a.annotation for a in ast.walk(node.args) if isinstance(a, ast.arg) and a.annotation]
            parts += [node.returns] if node.returns else []
        if isinstance(node, ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.append(node)
        if isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom):
            parts.append(node)
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and "np.where" in ast.unparse(node.right)
        ):
            parts += [p for p in ast.walk(node.right) if isinstance(p, ast.Constant) and p.value == 1.0]
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            parts.append(node)
    return {id(inner) for part in parts for inner in ast.walk(part)}


def mutants(module: str, text: str) -> list[Mutant]:
    """Return every mutant of the source `text` of `module`, in the order of the text."""
    found, lines = [], text.splitlines()
    for number, (node, other) in enumerate(_places(ast.parse(text))):
        placed = ast.fix_missing_locations(ast.copy_location(other, node))
        before, after = ast.unparse(node), ast.unparse(placed)
        if before != after:
            whole = lines[node.lineno - 1].strip()  # type: ignore[attr-defined]
            found.append(Mutant(module, node.lineno, f"{whole[:60]} ⟨{before}⟩", after, number))  # type: ignore[attr-defined]
    return found


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    skipped = _skipped(tree)
    for node in ast.walk(tree):
        if id(node) not in skipped:
            for other in _changes(node):
                yield node, other


def mutated(text: str, number: int) -> ast.Module:
    """Return the syntax tree of `text` with its change of that number made."""
    tree = ast.parse(text)
    node, other = next(pair for place, pair in enumerate(_places(tree)) if place == number)

    class Put(ast.NodeTransformer):
        def visit(self, at: ast.AST) -> ast.AST:
            return ast.copy_location(copy.deepcopy(other), node) if at is node else self.generic_visit(at)

    made: ast.Module = Put().visit(tree)
    return ast.fix_missing_locations(made)


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module, and makes it of a changed tree."""

    def __init__(self, module: str, tree: ast.Module, path: Path) -> None:
        self.module, self.tree, self.path = module, tree, path

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the place of the module that is changed."""
        if name != self.module:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def exec_module(self, module: object) -> None:
        """Run the changed tree in the namespace of the module."""
        exec(compile(self.tree, str(self.path), "exec"), vars(module))


def path_of(module: str) -> Path:
    """Return the file of a module."""
    return SOURCE / (module.replace(".", "/") + ".py")


def _child(mutant: Mutant | None, tests: Sequence[str], log: Path) -> int:
    """Run `tests` against a mutant, or the code as it is, in this process; return the exit code of pytest."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(ROOT)
    if mutant is not None:
        path = path_of(mutant.module)
        tree = mutated(path.read_text("utf-8"), mutant.number)
        sys.meta_path.insert(0, Loader(mutant.module, tree, path))
    os.environ["NUMBA_DISABLE_JIT"] = "1" if mutant and ".synergy" in mutant.module else "0"
    import pytest

    quiet = [
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:cov",
        "--no-header",
        "--tb=line",
        "--hypothesis-profile=mutate",
    ]
    return int(pytest.main([*quiet, "-o", "addopts=--import-mode=importlib", *tests]))


class Running:
    """A child process that runs tests against a mutant, or against the code as it is."""

    def __init__(self, mutant: Mutant | None, tests: Sequence[str], limit: float) -> None:
        self.mutant, self.limit, self.started = mutant, limit, time.monotonic()
        self.log = Path(tempfile.gettempdir()) / f"mutate-{os.getpid()}-{time.monotonic_ns()}.log"
        self.process = os.fork()
        if self.process == 0:
            os.setpgid(0, 0)
            code = 70
            try:
                code = _child(mutant, tests, self.log)
            except BaseException:  # a mutant that cannot even be imported is noticed
                traceback.print_exc()
                code = 1
            finally:
                os._exit(code)

    def code(self) -> int | None:
        """Return the exit code of pytest once it has ended, -1 past the limit of seconds, None before."""
        done, status = os.waitpid(self.process, os.WNOHANG)
        if not done and time.monotonic() - self.started <= self.limit:
            return None
        if not done:
            os.killpg(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            self.log.unlink(missing_ok=True)
            return -1
        found = os.waitstatus_to_exitcode(status)
        if self.mutant is not None or found == 0:
            self.log.unlink(missing_ok=True)
        return found


def _reasons() -> dict[str, str]:
    path = ROOT / "tools" / "mutate_reason.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["mutant"]: row["reason"] for row in csv.DictReader(stream)}


def chosen(module: str, most: int, seed: int) -> list[Mutant]:
    """Return up to `most` mutants of `module`, drawn with `seed`."""
    found = mutants(module, path_of(module).read_text("utf-8"))
    if len(found) > most:
        found = sorted(random.Random(f"{seed}{module}").sample(found, most), key=lambda m: m.number)
    return found


def examine(module: str, tests: Sequence[str], tried: Sequence[Mutant], jobs: int) -> list[Mutant]:
    """Return which of the mutants `tried` no test notices, running `jobs` at once."""
    plain = Running(None, tests, 900.0)
    while (code := plain.code()) is None:
        time.sleep(0.02)
    if code != 0:
        raise SystemExit(f"{module}: its tests fail as it is: {' '.join(tests)}; see {plain.log}")
    limit = 10 * (time.monotonic() - plain.started) + 20
    waiting, running, survived = list(reversed(tried)), [], []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(Running(waiting.pop(), tests, limit))
        for one in list(running):
            if (code := one.code()) is not None:
                running.remove(one)
                survived += [one.mutant] if code == 0 and one.mutant else []
        time.sleep(0.02)
    return sorted(survived, key=lambda m: m.number)


def main(words: Sequence[str] | None = None) -> int:
    """Print the table of modules, and every survivor; return how many survivors have no reason."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "modules", nargs="*", help="modules, as in mutate.toml; all of table module when none is named"
    )
    parser.add_argument("--most", type=int, default=16, help="mutants of a module, drawn by chance (16)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once")
    given = parser.parse_args(words)
    file = tomllib.loads((ROOT / "tools" / "mutate.toml").read_text("utf-8"))
    registered = file["module"] | file["next"]
    names = given.modules or list(file["module"])
    for library in LIBRARIES:
        importlib.import_module(library)
    sys.path[:0] = [str(SOURCE), str(ROOT)]
    reasons, total, open_ones = _reasons(), [0, 0], 0
    print(f"{'module':44} {'mutants':>7} {'noticed':>7}", flush=True)
    for name in names:
        tried = chosen(name, given.most, given.seed)
        count, survived = len(tried), examine(name, registered[name], tried, given.jobs)
        total = [total[0] + count, total[1] + count - len(survived)]
        print(f"{name:44} {count:7} {count - len(survived):7}", flush=True)
        for mutant in survived:
            reason = reasons.get(mutant.key, "")
            open_ones += not reason
            print(
                f"    {mutant.line}: {mutant.before} → {mutant.after}   {reason or '(no reason)'}", flush=True
            )
    print(f"{'all':44} {total[0]:7} {total[1]:7}  {100 * total[1] / max(total[0], 1):.1f} %")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
