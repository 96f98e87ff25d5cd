import pytest

from tongyuan.reference.shelf import shelf
from tongyuan.report.base import label


@pytest.mark.parametrize(
    ("species", "sign"),
    [
        ("SO2", "SO₂"),
        ("PM2.5", "PM₂.₅"),
        ("HFC-134a", "HFC-134a"),
        ("NH3-N", "NH₃-N"),
        ("C2F6", "C₂F₆"),
        ("CO2e", "CO₂e"),
        ("CH4_fossil", "CH₄ (fossil)"),
        ("Hg_water", "Hg (water)"),
    ],
)
def test_signs(species, sign):
    assert label.symbol(species, "en") == sign


def test_names_carry_their_sign_once():
    assert label.species_title("SO2", "zh") == "二氧化硫 SO₂"
    assert label.species_title("CH4_fossil", "en") == "Methane (fossil) CH₄"
    assert label.species_title("HFC-134a", "en") == "HFC-134a"
    assert label.species_title("fly_ash", "zh") == "粉煤灰"
    assert label.species_title("no_such_thing", "en") == "no_such_thing"


def test_sectors_keep_order_and_colour():
    sectors = label.sectors()
    assert sectors[0] == "energy"
    assert len({label.colour(s) for s in sectors[:12]}) == 12
    assert label.sector_title("transport", "zh") == "交通"


def test_every_sector_and_medium_has_a_name_in_both_languages():
    for language in ("zh", "en"):
        assert all(label.sector_title(s, language) != s for s in label.sectors())
        assert all(label.medium_title(m, language) for m in label.MEDIA)


def test_source_keys_in_words():
    assert label.source_key("industry.steel.sinter", "coke", "", "en") == "Iron and steel · Sintering · Coke"
    assert label.source_key("energy.power", None, None, "zh") == "火力发电"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_options_of_methods_have_words(language):
    pairs = [(label.technology_title, n) for n in label.TECHNOLOGY_SHELVES]
    pairs += [(label.product_title, n) for n in (*label.PRODUCT_SHELVES, "animal")]
    for words, name in pairs:
        for option in shelf(name)[name]:
            assert words(option, language) != option, (name, option)


def test_fuels_lead_to_their_group():
    assert label.fuel_group("raw_coal") == "coal"
    assert label.fuel_group("jet_kerosene") == "oil"
    assert label.fuel_group("") == ""


def test_titles_of_unknown_shelves_and_tables_are_the_ids():
    assert label.title("no_such_shelf", "x", "zh") == "x"
    assert label.citation("no such source") == "no such source"
    assert label.table_column("no_such_table", "x", "zh") == "x"
    assert label.table_column("emission", "species", "zh") == "物质"
