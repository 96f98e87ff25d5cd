"""Every method is registered, titled, cited, documented and tested; adaptors name registered methods."""

import inspect
import re
from pathlib import Path

import polars as pl
import pytest

from tongyuan.inventory.methods import registry
from tongyuan.inventory.methods.registry import method, methods, tables
from tongyuan.ledger.finding import FindingError
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


@pytest.mark.parametrize("name", NAMES)
def test_titled_cited_documented_and_tested(name: str) -> None:
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
    assert re.search(rf"\b{name}\b", (HERE / f"test_{topic}.py").read_text("utf-8"))
    pages = (HERE.parents[2] / "docs" / "methods.md").read_text("utf-8")
    assert f"automodule:: {module.__name__}\n" in pages
    assert f"| `{name}` | {found.title_zh} |" in pages
    assert found.reproduced_against in pages


def test_every_public_function_of_a_topic_is_registered() -> None:
    own = {"adaptor", "area", "parameter", "record", "registry", "stoichiometry", "__init__"}
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
def test_the_examples_of_a_schema_are_accepted(name: str) -> None:
    """A clerk who types the examples of the template gets emissions, or a finding about a choice only."""
    cells: dict[str, object] = {}
    for column in table(name).columns:
        text = column.example
        if not text:
            continue
        if column.type == "year":
            cells[column.name] = int(text)
        elif column.type in ("number", "share", "integer"):
            cells[column.name] = float(text)
        elif column.type == "boolean":
            cells[column.name] = text == "true"
        else:
            cells[column.name] = text
    if name == "forest":
        cells |= {"wood_density": 0.5, "expansion": 1.4, "root_ratio": 0.2, "carbon_fraction": 0.5}
    result = tables()[name](pl.DataFrame([cells]), None)
    assert not result.is_empty()
    assert result["value"].is_finite().all()
    keys = [column.name for column in table("emission").columns if column.key]
    assert result.select(keys).is_unique().all()
