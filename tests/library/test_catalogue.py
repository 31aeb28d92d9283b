"""Models are found by key, by alias and by path; a wrong key is answered with the nearest."""

from pathlib import Path

import pytest

import kpksim.library
from kpksim.errors import DataError, UnknownName
from kpksim.library import catalogue, list_models, load_model, resolve_alias
from kpksim.library.catalogue import aliases

FOLDER = Path(kpksim.library.__file__).parent / "models"


def test_every_file_of_the_folder_is_listed_in_order():
    assert list_models() == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert {"otto2021", "simons2022", "perezruixo2021", "domino1982", "clements1981", "kamp2020",
            "reference_racemic_2026a"} <= set(list_models())  # fmt: skip


def test_alias_leads_to_a_model_and_is_no_model_itself():
    for alias, key in aliases().items():
        assert key in list_models()
        assert alias not in list_models()
        assert resolve_alias(alias) == key
        assert load_model(alias) is load_model(key)
    assert resolve_alias("reference_racemic") == "reference_racemic_2026b"


def test_key_that_is_no_alias_stays():
    assert resolve_alias("otto2021") == "otto2021"
    assert resolve_alias("nothing") == "nothing"


def test_model_of_the_library_says_where_it_stands_without_a_path_of_this_machine():
    assert load_model("otto2021").place == "library/models/otto2021.toml"


@pytest.mark.parametrize("kind", [str, Path])
def test_file_is_loaded_by_its_path(kind):
    path = FOLDER / "otto2021.toml"
    assert load_model(kind(path)).parameters.keys() == load_model("otto2021").parameters.keys()


def test_own_model_may_not_take_the_name_of_one_in_the_library(tmp_path):
    path = tmp_path / "otto2021.toml"
    text = (FOLDER / "otto2021.toml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    assert load_model(path).name == "otto2021"
    path.write_text(text.replace('"95.2 L/h"', '"90 L/h"'), encoding="utf-8")
    message = (
        r'otto2021\.toml: name: "otto2021" is a model of the library, and this file differs fr'
    )
    with pytest.raises(DataError, match=message + r".*: give yours a name of its own"):
        load_model(path)
    alias = text.replace('"otto2021"', '"reference_racemic"', 1)
    path.write_text(alias, encoding="utf-8")
    with pytest.raises(DataError, match='name: "reference_racemic" is a model of the library'):
        load_model(path)


def test_two_files_of_the_library_with_one_name_are_refused(tmp_path, monkeypatch):
    for name in ("otto2021", "otto2022"):
        text = (FOLDER / "otto2021.toml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "_folder", lambda: tmp_path)
    message = (
        r"library/models/otto2022\.toml: name: two models must not have one key, .* \"otto2021\""
    )
    with pytest.raises(DataError, match=message):
        catalogue._shipped.__wrapped__("otto2022")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"mine\.toml: no such file"):
        load_model(str(tmp_path / "mine.toml"))


@pytest.mark.parametrize(
    ("key", "guess"),
    [("domino", "domino1982"), ("Otto2021", "otto2021"), ("reference", "reference_racemic"),
     ("simons2021", "simons2022")],
)  # fmt: skip
def test_wrong_key_is_answered_with_the_nearest(key, guess):
    message = rf'no model "{key}"; did you mean "{guess}.*"\? `kpksim models` lists all \d+$'
    with pytest.raises(UnknownName, match=message):
        load_model(key)


def test_key_near_nothing_gets_the_way_out_alone():
    with pytest.raises(UnknownName, match=r'no model "xyz"; `kpksim models` lists all \d+$'):
        load_model("xyz")
