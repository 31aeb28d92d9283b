"""A model file means what it says, and every published number in it is traced."""

import math
from pathlib import Path

import numpy as np
import pytest

from kpksim.errors import DataError, KpksimError
from kpksim.models import parse_model, read_model
from kpksim.population import typical_person

TEXT = (Path(__file__).parent / "mine.toml").read_text(encoding="utf-8")


def model_with(old="", new=""):
    assert TEXT.count(old) >= 1
    return parse_model(TEXT.replace(old, new, 1), "mine.toml")


def test_whole_file_arrives_in_the_model():
    model = model_with()
    assert [one.name for one in model.compartments] == [
        "depot", "central", "peripheral1", "central_nk",
    ]  # fmt: skip
    assert [(one.origin, dict(one.arrivals), one.number) for one in model.flows] == [
        ("depot", {"central": "f_oral", "central_nk": "fn_oral"}, 1),
        ("central", {"peripheral1": 1.0}, 2),
        ("peripheral1", {"central": 1.0}, 2),
        ("central", {"central_nk": "fm"}, 3),
        ("central_nk", {}, 4),
    ]
    assert [one.molar for one in model.flows] == [False, False, False, True, False]
    assert [one.fraction for one in model.administrations] == [None, 0.9, "rest"]
    assert model.outputs["ketamine"].site == "venous"
    assert model.outputs["norketamine"].site == "arterial"
    assert (model.form, model.notes, model.place) == ("base", ("A made-up model.",), "mine.toml")
    assert model.covariates["age"].range == ("18 year", "86 year")
    assert model.residual["ketamine"].proportional == 0.2
    blocks = {block.parameters: block.omega for block in model.blocks}
    assert set(blocks) == {("vc", "cl"), ("f_oral",), ("ka",)}
    assert blocks["ka",][0, 0] == pytest.approx(math.log(1 + 1.32**2))


def test_user_model_needs_no_grades_and_a_published_one_does():
    assert model_with().parameters["vc"].grade == "D"
    with pytest.raises(DataError, match=r"mine.toml: parameters.f: .* needs a grade"):
        model_with('source   = "user"', 'source   = "otto2021"')


def test_expressions_come_after_what_they_name_and_have_dimensions():
    model = model_with()
    names = list(model.parameters)
    assert names.index("fn_oral") > max(names.index("f_abs"), names.index("f_oral"))
    assert model.parameters["fn_oral"].unit == "1"
    assert model.parameters["cl_nk"].unit == "L/h"
    values = model.values({"weight": np.array([70.0, 140.0])})
    assert values["cl_nk"] == pytest.approx(0.6 * 95.2 * np.array([1.0, 2.0**0.75]))
    assert values["fn_oral"] == pytest.approx(0.75)
    assert values["vc_nk"] == pytest.approx([98.7, 197.4])


def test_expression_may_divide_by_a_difference_of_like_parameters():
    model = model_with('"0.6 * cl"', '"cl * vp / (vp - vc)"')
    assert model.values({"weight": np.array([70.0])})["cl_nk"] == pytest.approx(
        95.2 * 187 / (187 - 133)
    )


def test_singular_block_is_a_covariance():
    block = "omega      = [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]"
    assert np.linalg.eigvalsh(np.ones((3, 3))).min() < 0.0  # by rounding
    model = parse_model(
        TEXT.replace('parameters = ["vc", "cl"]', 'parameters = ["vc", "cl", "vp"]').replace(
            "omega      = [[0.084, 0.0226], [0.0226, 0.026]]", block
        ),
        "mine.toml",
    )
    assert model.blocks[0].omega.shape == (3, 3)


def test_shares_above_one_need_a_scale_factor_and_a_note():
    both = "scale_factor = true\nfraction = 0.9\nlag      ="
    assert model_with("fraction = 0.9\nlag      =", both).administrations[1].scale_factor
    text = TEXT.replace("fraction = 0.9", "fraction = 1.5\nscale_factor = true")
    assert parse_model(text, "mine.toml").administrations[1].fraction == 1.5
    with pytest.raises(DataError, match=r"administrations\.2\.scale_factor: needs a note"):
        parse_model(text.replace('["A made-up model."]', "[]"), "mine.toml")


def test_share_by_dose_is_keyed_by_the_amount():
    model = model_with("fraction = 0.9", 'fraction_by_dose = { "28 mg" = 0.9, "0.056 g" = "fm" }')
    assert dict(model.administrations[1].fraction_by_dose) == {28.0: 0.9, 56.0: "fm"}


GRADED = """
name   = "published"
title  = "One compartment"
source = "otto2021"
[[compartments]]
name   = "central"
volume = "vc"
[outputs.ketamine]
compartment = "central"
[parameters.vc]
value = "133 L"
"""


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("", r'parameters\.vc: a published number needs a grade: "A", "B" or "D"'),
        ('grade = "A"', r'parameters\.vc: a number of grade "A" needs "where"'),
        ('grade = "B"', r'parameters\.vc: a number of grade "B" needs "where"'),
        ('grade = "D"\nrange = ["1 L", "200 L"]', r'parameters\.vc: .* "D" needs a "reason"'),
        ('grade = "D"\nreason = "A guess."', r'parameters\.vc: .* "D" needs a plausible "range"'),
    ],
)
def test_published_number_needs_grade_and_trace(record, message):
    with pytest.raises(DataError, match=message):
        parse_model(GRADED + record, "published.toml")


@pytest.mark.parametrize(
    "record",
    ['grade = "B"\nwhere = "table 3"', 'grade = "D"\nreason = "x"\nrange = ["1 L", "1 kL"]'],
)
def test_traced_number_is_accepted(record):
    assert parse_model(GRADED + record, "p.toml").parameters["vc"].source == "otto2021"


def test_file_is_read_from_a_path_given_as_text(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert read_model(str(path)).name == "mine"
    assert read_model(path).place == str(path)


def test_people_without_a_covariate_are_refused():
    aged = model_with("0.6 * cl", "cl * min(age / age, 1)")
    weight = np.array([70.0])
    assert aged.values({"weight": weight, "age": weight})["cl_nk"] == pytest.approx(95.2)
    with pytest.raises(KpksimError, match='mine: parameter "cl_nk" depends on "age", which the p'):
        aged.values({"weight": weight})
    with pytest.raises(KpksimError, match='mine: people need a "weight"'):
        aged.values({"age": weight})


def test_impossible_value_of_one_person_names_the_person():
    model = model_with()
    weight = np.array([70.0, 70.0])
    with pytest.raises(KpksimError, match='"cl" is inf in person 2'), np.errstate(over="ignore"):
        model.values({"weight": weight}, {"cl": np.array([0.0, 1e4])})


def test_category_needs_no_description_but_people_who_have_it():
    sex = 'scaling = { covariate = "sex", form = "category", factors = { female = 1.5 } }'
    model = model_with(TEXT[TEXT.index("scaling = ") : TEXT.index("[[variability]]")], sex + "\n\n")
    people = {"weight": np.array([50.0, 90.0]), "sex": np.array(["female", "male"])}
    assert model.values(people)["cl"] == pytest.approx([1.5 * 95.2, 95.2])
    with pytest.raises(KpksimError, match='"cl" depends on "sex", which the people do not have'):
        model.values({"weight": people["weight"]})


SEX = """[covariates.sex]
reference  = "male"
categories = ["male", "female"]

[covariates.age]"""


def with_sex(sex=SEX):
    factors = 'scaling = { covariate = "sex", form = "category", factors = { female = 1.5 } }'
    text = TEXT.replace("[covariates.age]", sex)
    place = text[text.index("scaling = ") : text.index("[[variability]]")]
    return parse_model(text.replace(place, factors + "\n\n"), "mine.toml")


def test_described_category_has_a_typical_person():
    model = with_sex()
    assert model.typical_covariates["sex"] == "male"
    people = typical_person().with_covariates(model.typical_covariates).covariates
    assert model.values(people)["cl"] == pytest.approx([95.2])
    assert model.values(people | {"sex": np.array(["female"])})["cl"] == pytest.approx([142.8])


def test_person_of_an_unknown_category_is_refused():
    people = {"weight": np.array([70.0, 70.0]), "sex": np.array(["male", "Female"])}
    message = 'person 2: no category of sex in mine "Female"; did you mean "female"'
    with pytest.raises(KpksimError, match=message):
        with_sex().values(people | {"age": np.array([4e5, 4e5])})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["male", "female"]', '["male"]', 'scaling.factors: no category of sex "female"'),
        ('"male"\n', '"other"\n', 'covariates.sex: the reference "other" must be one of male, fem'),
        ("categories", 'unit = "kg"\ncategories', 'sex: a covariate has either a "unit" or "categ'),
        ("categories", 'range = ["a", "b"]\ncategories', 'sex: .* "categories" has no "range"'),
        (
            '"male"\ncategories = ["male", "female"]',
            '"1 kg"\nunit = "kg"',
            "sex is a quantity",
        ),
    ],
)
def test_faulty_category_is_refused(old, new, message):
    text = SEX.replace("  =", " =").replace("reference =", "reference =")
    assert old in text
    with pytest.raises(KpksimError, match=message):
        with_sex(text.replace(old, new, 1))
