"""Every method is registered, titled, cited, documented and tested; adaptors name registered methods."""

import inspect
import re
from pathlib import Path

import polars as pl
import pytest

from tongyuan.inventory.methods import registry
from tongyuan.inventory.methods.registry import method, methods, tables
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.read.read import read_frame
from tongyuan.ledger.table import names, table
from tongyuan.reference.shelf import shelf

HERE = Path(__file__).parent
SOURCE = Path(inspect.getfile(registry)).parent
NAMES = methods()["name"].to_list()


def test_names_are_unique_and_table_known() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert set(methods()["table"]) <= {"", *tables()}
    assert set(tables()) <= set(names())
    assert set(methods()["table"]) - {""} == set(tables())


def _tests_of(topic: str) -> str:
    """Return the test file of a topic: here, or of the equations that an enterprise needs as well."""
    places = (HERE / f"test_{topic}.py", HERE.parents[1] / "reference" / "method" / f"test_{topic}.py")
    return next(place for place in places if place.is_file()).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_titled_cited_documented_and_tested(name: str, pages: dict[str, str]) -> None:
    found = method(name)
    module = inspect.getmodule(found.function)
    assert module is not None
    assert found.function.__name__ == name
    assert found.title_zh
    assert found.title_en
    assert found.reproduced_against
    assert found.source in set(shelf("source")["id"])
    text = inspect.getdoc(found.function) or ""
    for part in ("Parameters", "Returns", "References"):
        assert part in text, part
    topic = module.__name__.rsplit(".", 1)[-1]
    assert re.search(rf"\b{name}\b", _tests_of(topic))
    assert f"automodule:: {module.__name__}\n" in pages["methods"]
    assert f"| `{name}` | {found.title_zh} |" in pages["methods"]
    assert found.reproduced_against in pages["methods"]


def test_every_public_function_of_a_topic_is_registered() -> None:
    own = {"adaptor", "area", "record", "registry", "__init__"}
    helpers = {"streams", "ammonia_rows", "water_rows", "counted", "sludge_rows", "temperature_class"}
    for path in SOURCE.glob("*.py"):
        if path.stem in own:
            continue
        defined = set(re.findall(r"^def ([a-z]\w*)\(", path.read_text("utf-8"), re.MULTILINE))
        public = {name for name in defined if not name.startswith(("emission_from_", "_"))} - helpers
        assert public <= set(NAMES), path.stem


def test_an_unknown_name_teaches() -> None:
    with pytest.raises(FindingError) as error:
        method("alchemy")
    found = error.value.findings[0]
    assert "ipcc_first_order_decay" in found.message("en")
    assert "alchemy" in found.message("zh")


def test_methods_named_in_results_are_registered() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCE.glob("*.py"))
    used = set(re.findall(r"emission\(\s*\"(\w+)\"", text)) | set(re.findall(r"method = \"(\w+)\"", text))
    assert used
    assert used <= set(NAMES)


@pytest.mark.parametrize("name", sorted(tables()))
def test_what_a_clerk_types_into_the_template_is_accounted(name: str) -> None:
    """The examples of the template under their Chinese titles, read by the ledger, handed to the adaptor."""
    cells = {column.title_zh: column.example for column in table(name).columns if column.example}
    if name == "forest":
        own = {"wood_density": "0.5", "expansion": "1.4", "root_ratio": "0.2", "carbon_fraction": "0.5"}
        cells |= {column.title_zh: own[column.name] for column in table(name).columns if column.name in own}
    frame, findings = read_frame(name, pl.DataFrame([cells]))
    assert not findings
    result = tables()[name](frame, None)
    assert not result.is_empty()
    assert result["value"].is_finite().all()
    keys = [column.name for column in table("emission").columns if column.key]
    assert result.select(keys).is_unique().all()
    processes, species = set(shelf("process")["process"]), set(shelf("species")["species"])
    assert set(result["process"]) <= processes
    assert set(result["species"]) <= species
