"""Every source is there once, can be found, and every number that ships has one."""

import re
import tomllib
import unicodedata
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path

import pytest

from kpksim.bibliography import Source, all_sources, cite, source
from kpksim.errors import UnknownName
from kpksim.library import list_models
from kpksim.vocabulary import SCALES, Scale

TOP = Path(__file__).parent.parent
KEY = re.compile(r"\b[a-z]+(?:19|20)\d\d[a-z]*\b")
LIBRARY = files("kpksim.library")
MODELS = {
    name: tomllib.loads((LIBRARY / "models" / f"{name}.toml").read_text(encoding="utf-8"))
    for name in list_models()
}
RECORDS = {
    f"{model}-{name}": record
    for model, content in MODELS.items()
    for name, record in content["parameters"].items()
}
ASSUMED = {name: one for name, one in RECORDS.items() if one["kind"] == "assumed"}
FITTED = {name: one for name, one in RECORDS.items() if "experiments/" in one.get("where", "")}
PRINTED = {name: one for name, one in RECORDS.items() if one["grade"] in ("A", "B")}


def plain(name: str) -> str:
    """Write a family name as in a key: no accents, blanks or initials."""
    family = " ".join(word for word in name.split() if not word.isupper())
    letters = unicodedata.normalize("NFKD", family).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]", "", letters.lower())


def texts(content):
    """Walk through every text of a document."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for inner in content.values() if isinstance(content, dict) else content:
            yield from texts(inner)


def unsourced(scale: Scale) -> set[str]:
    """Name the numbers of a scale without a source, and the sources without a number."""
    numbers = {
        "range": (scale.lower, scale.upper),
        "response": (scale.response,),
        "clinical level": (scale.clinical_level,),
    }
    given = {name for name, values in numbers.items() if set(values) != {None}}
    return given ^ (set(scale.sources) - {"scale"})


@pytest.mark.parametrize("one", all_sources().values(), ids=lambda one: one.key)
def test_a_key_is_the_first_author_and_the_year(one):
    if one.kind != "this project":
        assert one.key.startswith(plain(one.authors[0]))
        assert str(one.year) in one.key


@pytest.mark.parametrize("one", all_sources().values(), ids=lambda one: one.key)
def test_a_source_has_the_fields_in_the_types_that_it_promises(one):
    for field in fields(Source):
        value = getattr(one, field.name)
        if field.name in ("authors", "errata"):
            assert all(isinstance(text, str) and text for text in value)
        else:
            assert type(value) is {"year": int, "verified": bool}.get(field.name, str)
    assert one.kind in ("article", "abstract", "preprint", "book", "label", "this project")
    assert one.authors
    assert "others" not in one.authors[:-1]


@pytest.mark.parametrize("one", all_sources().values(), ids=lambda one: one.key)
def test_what_is_called_verified_can_be_found(one):
    assert re.fullmatch(r"(10\.\d{4,5}/\S+)?", one.doi)
    assert re.fullmatch(r"\d*", one.pmid)
    assert re.fullmatch(r"(PMC\d+)?", one.pmcid)
    if one.verified:
        assert one.doi or one.pmid or one.pmcid or one.url


@pytest.mark.parametrize("identifier", ["doi", "pmid", "pmcid"])
def test_no_work_stands_twice(identifier):
    known = [getattr(one, identifier) for one in all_sources().values()]
    known = [text for text in known if text]
    assert len(known) == len(set(known))


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("bowdle1998", "Bowdle et al. 1998, Anesthesiology 88(1):82-88."),
        ("hirlinger1984", "Hirlinger & Dick 1984, Anaesthesist 33:272-275. PMID:6476334"),
        ("domino1982", "Domino et al. 1982. PMID:7198883"),
        ("noppers2011", "Noppers et al. 2011, Anesthesiology 114:1435-1445. PMC3560924"),
        ("perezruixo2021", "Perez-Ruixo et al. 2021, Clin Pharmacokinet"),
    ],
)
def test_a_citation_is_one_line_that_leads_to_the_work(key, line):
    assert cite(key).startswith(line)
    assert "\n" not in cite(key)


def test_every_source_can_be_cited():
    for key, one in all_sources().items():
        assert str(one.year) in cite(key)
        assert one.doi in cite(key)


def test_an_unknown_key_is_refused_with_the_nearest_one():
    with pytest.raises(UnknownName, match=r'no source "oto2021"; did you mean "otto2021"\?'):
        source("oto2021")


def test_the_bibliography_cannot_be_changed_by_accident():
    with pytest.raises(TypeError, match="does not support item assignment"):
        all_sources()["new2026"] = source("otto2021")


@pytest.mark.parametrize("model", MODELS)
def test_every_source_that_a_model_names_is_known(model):
    named = {key for text in texts(MODELS[model]) for key in KEY.findall(text)}
    assert named <= set(all_sources())


def test_every_source_of_the_priors_is_known():
    priors = tomllib.loads((LIBRARY / "effects" / "priors.toml").read_text(encoding="utf-8"))
    assert {key for text in texts(priors) for key in KEY.findall(text)} <= set(all_sources())


@pytest.mark.parametrize("name", SCALES)
def test_every_source_of_a_scale_is_known(name):
    assert set(SCALES[name].sources.values()) <= set(all_sources())
    assert "scale" in SCALES[name].sources or SCALES[name].construct == "blood pressure"


@pytest.mark.parametrize("name", SCALES)
def test_every_range_and_threshold_of_a_scale_has_a_source(name):
    assert unsourced(SCALES[name]) == set()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"sources": {"scale": "marks1979"}}, {"range"}),
        ({"response": -50.0}, {"response"}),
        ({"clinical_level": 0.0}, {"clinical level"}),
        ({"lower": None, "upper": None}, {"range"}),
    ],
)
def test_a_number_of_a_scale_without_a_source_is_found(change, fault):
    assert unsourced(replace(SCALES["FQ"], **change)) == fault


@pytest.mark.parametrize("name", ASSUMED)
def test_an_assumed_number_has_a_reason_and_a_range_that_holds_it(name):
    record = ASSUMED[name]
    assert record["grade"] == "D"
    assert record["reason"]
    lower, value, upper = (
        text.split(" ", 1) for text in (record["range"][0], record["value"], record["range"][1])
    )
    assert float(lower[0]) <= float(value[0]) <= float(upper[0])
    assert lower[1:] == value[1:] == upper[1:]


@pytest.mark.parametrize("name", PRINTED)
def test_a_number_of_a_paper_names_its_place_and_through_whom_it_was_seen(name):
    record = PRINTED[name]
    assert record["where"]
    assert record["grade"] == "A" or "through" in record["where"]


def test_a_number_is_printed_or_assumed_or_fitted_here_or_follows_from_others():
    rest = RECORDS.keys() - ASSUMED.keys() - PRINTED.keys()
    assert {name for name in rest if "expression" not in RECORDS[name]} == FITTED.keys()
    assert all(RECORDS[name]["reason"] for name in rest)


@pytest.mark.parametrize("name", FITTED)
def test_a_number_that_was_fitted_here_names_its_experiment_and_its_page(name):
    record = FITTED[name]
    assert record["kind"] == "derived"
    assert record["grade"] == "D"
    for place in record["where"].split(", "):
        assert (TOP / place).exists()
