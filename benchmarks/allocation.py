"""Benchmarks of allocation: weights beside emiproc, and hours written beside the speed of the disk.

emiproc is run by the Python that the variable ``EMIPROC_PYTHON`` names (it pins other versions of what this
package builds on); without it, GEOS through a tree of the cells stands for it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import shapely

from benchmarks.registry import Figure, Spec, median_seconds
from tongyuan.allocation.field import Field, ModelSpecies
from tongyuan.allocation.grid import Grid
from tongyuan.allocation.profile.hour import clock, hour_shares
from tongyuan.allocation.weight.source import geometry_shares
from tongyuan.allocation.write.coards import write_cf

GB = 1024**3
SPECIES = 12
PROFILES = 6
BEGIN = datetime(2021, 1, 1, tzinfo=UTC)

PEER = """
import sys, time
import geopandas, numpy, shapely
from emiproc.regrid import calculate_weights_mapping
given = numpy.load(sys.argv[1], allow_pickle=True)
shapes = geopandas.GeoSeries(shapely.from_wkb(given["shapes"]))
cells = geopandas.GeoSeries(shapely.from_wkb(given["cells"]))
start = time.perf_counter()
made = calculate_weights_mapping(shapes, cells, loop_over_inv_objects=True)
taken = time.perf_counter() - start
numpy.savez(sys.argv[2], taken=taken, **made)
"""


def shapes_of(polygons: int, points: int, grid: Grid, seed: int = 0) -> npt.NDArray[np.object_]:
    """Return stars of 24 vertices, a tenth of a degree to a degree wide, and points, inside a grid."""
    draw = np.random.default_rng(seed)
    low = np.array([grid.x_edges[0], grid.y_edges[0]]) + 1
    high = np.array([grid.x_edges[-1], grid.y_edges[-1]]) - 1
    middle = draw.uniform(low, high, (polygons, 2))
    angle = np.sort(draw.uniform(0, 2 * np.pi, (polygons, 24)), axis=1)
    reach = draw.uniform(0.05, 0.5, (polygons, 1)) * draw.uniform(0.5, 1, (polygons, 24))
    ring = middle[:, None] + np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=2)
    stars = shapely.make_valid(shapely.polygons(ring))
    stars = stars[shapely.get_type_id(stars) == 3]
    return np.concatenate([stars, shapely.points(draw.uniform(low, high, (points, 2)))])


def cells_of(grid: Grid) -> npt.NDArray[np.object_]:
    """Return the cells of a grid as polygons, in their order."""
    west, south = np.meshgrid(grid.x_edges[:-1], grid.y_edges[:-1])
    east, north = np.meshgrid(grid.x_edges[1:], grid.y_edges[1:])
    return shapely.box(west.ravel(), south.ravel(), east.ravel(), north.ravel())  # type: ignore[no-any-return]


def geos_shares(
    shapes: npt.NDArray[np.object_], cells: npt.NDArray[np.object_]
) -> tuple[float, sp.csr_array]:
    """Return the time GEOS takes for the shares, and the shares."""
    start = time.perf_counter()
    one, other = shapely.STRtree(cells).query(shapes, predicate="intersects")
    cut = shapely.area(shapely.intersection(shapes[one], cells[other]))
    whole = shapely.area(shapes)[one]
    share = np.where(whole > 0, cut / np.where(whole > 0, whole, 1), 1.0)
    taken = time.perf_counter() - start
    return taken, sp.csr_array((share, (one, other)), shape=(shapes.size, cells.size))


def emiproc_shares(
    shapes: npt.NDArray[np.object_], cells: npt.NDArray[np.object_], python: str
) -> tuple[float, sp.csr_array]:
    """Return the time emiproc takes for the shares, and the shares."""
    with tempfile.TemporaryDirectory() as place:
        given, made = Path(place) / "given.npz", Path(place) / "made.npz"
        np.savez(given, shapes=shapely.to_wkb(shapes), cells=shapely.to_wkb(cells))
        subprocess.run([python, "-c", PEER, str(given), str(made)], check=True, stdout=subprocess.DEVNULL)
        told = np.load(made)
        where = (told["inv_indexes"], told["output_indexes"])
        shares = sp.csr_array((told["weights"], where), shape=(shapes.size, cells.size))
        return float(told["taken"]), shares


def weights(polygons: int, points: int, columns: int, rows: int) -> list[Figure]:
    """Return the time for shares of polygons and points in a grid of 0.05°, beside that of a peer."""
    grid = Grid("g", "longlat", 100, 20, 0.05, 0.05, columns, rows)
    shapes, cells = shapes_of(polygons, points, grid), cells_of(grid)
    ours = median_seconds(lambda: geometry_shares(shapes, grid, plane=True), 3)
    made = geometry_shares(shapes, grid, plane=True)
    python = os.environ.get("EMIPROC_PYTHON", "")
    taken, told = emiproc_shares(shapes, cells, python) if python else geos_shares(shapes, cells)
    peer = "emiproc" if python else "GEOS"
    mass = np.random.default_rng(1).uniform(0, 1e3, shapes.size)
    apart = np.abs(made.T @ mass - told.T @ mass).max() / (made.T @ mass).max()
    return [
        Figure("tongyuan", ours, "s"),
        Figure(peer, taken, "s"),
        Figure(f"tongyuan against {peer}", taken / ours, "×", 10.0),
        Figure("cells apart from it, of the largest", float(apart), "", 1e-12, at_most=True),
        Figure(
            "total apart from what was given",
            float(abs(made.sum() / shapes.size - 1)),
            "",
            1e-12,
            at_most=True,
        ),
    ]


def field_of(columns: int, rows: int) -> Field:
    """Return a field of twelve species with six profiles in time."""
    grid = Grid("g", "longlat", 75, 15, 0.05, 0.05, columns, rows)
    when = clock(2021, "Asia/Shanghai")
    draw = np.random.default_rng(0)
    sets = [{"month": draw.random(12), "hour": draw.random(24)} for _ in range(PROFILES)]
    shares = np.stack([hour_shares(when, one) for one in sets])
    base = draw.random((PROFILES, 1, SPECIES, grid.size), dtype=np.float32)
    species = tuple(ModelSpecies(f"S{n}", "g", 1.0, 1.0, 0.0) for n in range(SPECIES))
    return Field(grid, when, species, base, shares)


def _raw(path: Path, size: int) -> float:
    """Return how long the disk takes for `size` bytes of a file [s]."""
    block = np.random.default_rng(0).bytes(64 * 2**20)
    start = time.perf_counter()
    with path.open("wb", buffering=0) as stream:
        for left in range(size, 0, -len(block)):
            stream.write(block[: min(left, len(block))])
        os.fsync(stream.fileno())
    return time.perf_counter() - start


def writing(columns: int, rows: int, hours: int, step: int, every: int = 1) -> list[Figure]:
    """Return the speed of writing hours, in files of `step` hours that go once they are whole.

    A plain write of as many bytes follows one in `every` files, so that both meet the same disk.
    """
    field = field_of(columns, rows)
    folder = Path(os.environ.get("BENCHMARK_DISK", tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(dir=folder) as place:
        written, taken, used, bare, probed = 0, 0.0, 0.0, 0.0, 0
        for first in range(0, hours, step):
            many = min(step, hours - first)
            start, busy = time.perf_counter(), time.process_time()
            (file,) = write_cf(field, Path(place), BEGIN + timedelta(hours=first), many)
            taken, used = taken + time.perf_counter() - start, used + time.process_time() - busy
            size = file.stat().st_size
            written += size
            file.unlink()
            if first % (every * step) == 0:
                bare += _raw(Path(place) / "raw", size)
                probed += size
                (Path(place) / "raw").unlink()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [
        Figure("written", written / GB, "GB"),
        Figure("hours a second", hours / taken, ""),
        Figure("speed of writing", written / GB / taken, "GB/s"),
        Figure("speed by processor time", written / GB / used, "GB/s"),
        Figure("speed of the disk", probed / GB / bare, "GB/s"),
        Figure("part of the speed of the disk", (written / taken) / (probed / bare), "", 0.5),
        Figure("peak memory", memory, "GB", 6.0, at_most=True),
    ]


def _alone(run: str) -> Callable[[], list[Figure]]:
    """Return a benchmark that runs in a process of its own, so that its memory is its own."""

    def measured() -> list[Figure]:
        code = f"import benchmarks.allocation as a; [print(f) for f in map(a.packed, {run})]"
        done = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ
        )
        return [unpacked(line) for line in done.stdout.splitlines()]

    return measured


def packed(figure: Figure) -> str:
    """Return a figure as a line of text."""
    goal = "" if figure.goal is None else repr(figure.goal)
    return "\t".join((figure.name, repr(figure.value), figure.unit, goal, str(figure.at_most)))


def unpacked(line: str) -> Figure:
    """Return the figure that a line stands for."""
    name, value, unit, goal, at_most = line.split("\t")
    return Figure(name, float(value), unit, float(goal) if goal else None, at_most == "True")


SPECS = [
    Spec(
        "allocation-weights",
        "shares of 2,000 polygons and 20,000 points in 200 × 200 cells",
        lambda: weights(2_000, 20_000, 200, 200),
    ),
    Spec(
        "allocation-weights-1e6",
        "shares of 1e4 polygons and 1e6 points in 1e6 cells",
        lambda: weights(10_000, 1_000_000, 1250, 800),
        slow=True,
    ),
    Spec(
        "allocation-write",
        "240 hours of 12 species in 1e5 cells written as netCDF",
        _alone("a.writing(400, 250, 240, 24)"),
    ),
    Spec(
        "allocation-write-year",
        "8,760 hours of 12 species in 1e6 cells of 0.05° written as netCDF",
        _alone("a.writing(1250, 800, 8760, 24, 30)"),
        slow=True,
    ),
]
