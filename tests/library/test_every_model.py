"""Every shipped model keeps the same contract: traced numbers, conserved mass, exact areas."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

import kpksim.library
from kpksim.bibliography import all_sources
from kpksim.engine import Actions, area_after, integral, solve
from kpksim.library import list_models, load_model
from kpksim.models import intakes_by_route, output_rows, rate_matrix
from kpksim.population import sample_people
from kpksim.units import to_internal
from kpksim.vocabulary import (
    CLEARANCES,
    CONCENTRATIONS,
    DRUGS,
    FORMS,
    GRADES,
    KINDS,
    METABOLITE_MASSES,
    MOLAR_MASS,
    PARTS,
    PEOPLE,
    SITES,
)

FOLDER = Path(kpksim.library.__file__).parent / "models"
CONTENT = {
    key: tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    for key in list_models()
}
MANY = 100_000

every_model = pytest.mark.parametrize("key", list_models())


def routes():
    """Every model with every route, product and dose that it knows."""
    for key in list_models():
        entries = load_model(key).administrations
        for entry in entries:
            same = [one for one in entries if (one.route, one.product) == _way(entry)]
            doses = {dose for one in same for dose in one.fraction_by_dose} or {35.0}
            yield from ((key, *_way(entry), dose) for dose in sorted(doses))


def _way(entry):
    return entry.route, entry.product


every_route = pytest.mark.parametrize(
    ("key", "route", "product", "amount"), list(dict.fromkeys(routes()))
)


def people_values(model, n=1, weight_cv=0.0):
    """Parameters of n people, or of the typical person."""
    effects = [(block.parameters, block.omega) for block in model.blocks]
    people = sample_people(effects, n, seed=20260101, weight_cv=weight_cv)
    etas = people.etas if n > 1 else {}
    return model.values(people.with_covariates(model.typical_covariates).covariates, etas)


@lru_cache(maxsize=1)
def many_people(key):
    """Parameters of a hundred thousand people, kept for the routes of one model."""
    return people_values(load_model(key), MANY, weight_cv=0.2)


@every_model
def test_file_has_the_name_and_the_words_of_the_vocabulary(key):
    model = load_model(key)
    assert model.name == key
    assert model.title
    assert model.population
    assert model.notes
    assert model.drug in DRUGS
    assert model.form in FORMS
    assert model.sampling in SITES
    assert model.people in PEOPLE
    assert model.clearance in CLEARANCES
    assert model.metabolite_mass in METABOLITE_MASSES
    for name, output in model.outputs.items():
        assert name in CONCENTRATIONS
        assert output.site in SITES
        analytes = {model.compartments[model.index(one)].analyte for one in output.compartments}
        assert analytes == {PARTS[name][0]}
    for compartment in model.compartments:
        assert compartment.analyte in MOLAR_MASS


@every_model
def test_what_a_model_says_of_clearance_and_metabolites_fits_its_structure(key):
    """Only a dose into blood tells CL from CL/F; only molar flows keep metabolites in own mass."""
    model = load_model(key)
    if any(one.route == "iv" for one in model.administrations):
        assert model.clearance == "true"
    has_metabolite = any(one.analyte != "ketamine" for one in model.compartments)
    assert (model.metabolite_mass == "unknown") == (not has_metabolite)
    assert (model.metabolite_mass == "own") == any(flow.molar for flow in model.flows)


@every_model
def test_every_number_has_a_source_a_grade_and_a_place_or_a_reason(key):
    content = CONTENT[key]
    assert content["source"] in all_sources()
    records = {**content["parameters"], **content.get("residual", {})}
    records |= {str(block["parameters"]): block for block in content.get("variability", [])}
    for place, record in records.items():
        assert record.get("source", content["source"]) in all_sources(), place
        assert record["grade"] in GRADES, place
        assert record.get("kind", "estimated") in KINDS, place
        assert record.get("where") or record.get("reason"), place
        if record["grade"] == "D":
            assert record["reason"].endswith("."), place
        else:
            assert record.get("where"), place


@every_model
def test_every_spread_says_where_it_is_from(key):
    model = load_model(key)
    spreads = [
        one for parameter in model.parameters.values() for one in (parameter.iiv, parameter.iov)
    ]
    for one in [*filter(None, spreads), *(block.trace for block in model.blocks)]:
        assert one.source in all_sources()
        assert one.reason if one.grade == "D" else one.where, one


@every_model
def test_what_a_model_was_evaluated_against_names_a_source(key):
    said = load_model(key).evaluated
    assert said
    for text in said:
        named = set(re.findall(r"[a-z]+\d{4}[a-z]*", text))
        assert named <= set(all_sources())
        assert named or text.startswith("Not evaluated"), text


@every_model
def test_assumed_value_has_a_plausible_range_around_it(key):
    model = load_model(key)
    for name, parameter in model.parameters.items():
        if parameter.expression is None and (parameter.grade == "D" or parameter.kind == "assumed"):
            assert parameter.grade == "D", name
            low, high = (to_internal(one, parameter.dimension) for one in parameter.range)
            assert low <= parameter.value <= high, name
            assert low < high, name


@every_model
def test_every_parameter_is_used(key):
    """A name that stands in no other place of the file would be a number without an effect."""
    names = {name for one in load_model(key).parameters.values() for name in one.needs}
    structure = {part: CONTENT[key].get(part) for part in ("compartments", "flows")}
    used = str(structure | {"administrations": CONTENT[key]["administrations"]})
    for name in CONTENT[key]["parameters"]:
        assert name in names or f"'{name}'" in used, name


@every_model
def test_every_compartment_is_reached_by_some_route(key):
    model = load_model(key)
    rates = rate_matrix(model, people_values(model))[0]
    reached = {model.index(entry.into) for entry in model.administrations}
    for _ in model.compartments:
        reached |= {int(k) for k in np.flatnonzero((rates[:, list(reached)] > 0.0).any(axis=1))}
    assert reached == set(range(len(model.compartments)))


@every_model
def test_rate_matrix_of_people_is_compartmental(key):
    """No flow is negative and no column gains: molar flows are shares that stay below one."""
    model = load_model(key)
    rates = rate_matrix(model, people_values(model, 500, weight_cv=0.2))
    assert np.isfinite(rates).all()
    diagonal = np.einsum("skk->sk", rates)
    assert (diagonal <= 0.0).all()
    off_diagonal = rates - diagonal[:, :, None] * np.eye(rates.shape[1])
    assert (off_diagonal >= 0.0).all()
    assert (rates.sum(axis=1) <= 1e-12 * -diagonal).all()


def clearance_of_ketamine(model, values):
    """Clearance from the structure alone: dose over area, by the steady state of an infusion."""
    rates = rate_matrix(model, values)[0]
    kept = [k for k, one in enumerate(model.compartments) if one.analyte == "ketamine"]
    parent = rates[np.ix_(kept, kept)]
    central = [k for k in kept if model.compartments[k].name in CENTRAL]
    into = np.array([float(k in central) / len(central) for k in kept])
    amounts = np.linalg.solve(parent, -into)
    volumes = [values[model.compartments[k].volume][0] for k in central]
    return 1.0 / sum(amounts[kept.index(k)] / v for k, v in zip(central, volumes, strict=True))


CENTRAL = ("central", "central_s", "central_r")
"""Where a dose into blood goes; half of a racemate to each hand where a model holds both."""
CLEARANCE = {
    "clements1981": lambda v: v["vc"] * v["k10"],
    "domino1982": lambda v: v["vc"] * v["k10"],
    "fanta2015": lambda v: v["cl"],
    "flint2017": lambda v: v["cl"],
    "herd2007": lambda v: v["cl"],
    "herd2007norketamine": lambda v: v["cl_other"] + v["cl_formation"],
    "hijazi2003": lambda v: v["vc"] * v["k10"],
    "hornik2018": lambda v: v["cl"],
    "kamp2020": lambda v: v["cl"],
    "noppers2011": lambda v: v["cl"],
    "otto2021": lambda v: v["cl"],
    "reference_racemic_2026a": lambda v: v["cl"],
    "reference_racemic_2026b": lambda v: 1.0 / (0.5 / v["cl_s"] + 0.5 / v["cl_r"]),
    "simons2022": lambda v: v["cl"],
    # well-stirred liver: blood flow times extraction, which is what leaves against what returns
    "perezruixo2021": lambda v: (
        v["qh"] * (v["kel"] + v["kmet"]) / (v["kel"] + v["kmet"] + v["qh"] / v["vh"])
    ),
}
ARRIVING = {
    ("perezruixo2021", "intranasal"): lambda v, dose: _nasal(v, dose),
    ("perezruixo2021", "oral"): lambda v, dose: v["fgut"] * _escape(v),
    ("reference_racemic_2026a", "im"): lambda v, dose: v["f_im"],
    ("reference_racemic_2026a", "sc"): lambda v, dose: v["f_sc"],
    ("reference_racemic_2026a", "oral"): lambda v, dose: v["f_oral"],
    ("reference_racemic_2026a", "oral_er"): lambda v, dose: v["f_er"],
    ("reference_racemic_2026a", "intranasal"): lambda v, dose: (
        v["f_nasal"] + (1.0 - v["f_nasal"]) * v["f_oral"]
    ),
    ("reference_racemic_2026a", "sublingual"): lambda v, dose: v["f_mucosal"],
    ("reference_racemic_2026b", "im"): lambda v, dose: v["f_im"],
    ("reference_racemic_2026b", "sc"): lambda v, dose: v["f_sc"],
    ("reference_racemic_2026b", "oral"): lambda v, dose: _swallowed(v, "oral"),
    ("reference_racemic_2026b", "oral_er"): lambda v, dose: _swallowed(v, "er"),
    ("reference_racemic_2026b", "intranasal"): lambda v, dose: (
        v["f_nasal"] + (1.0 - v["f_nasal"]) * _swallowed(v, "oral")
    ),
    ("reference_racemic_2026b", "sublingual"): lambda v, dose: (
        v["f_mucosal"] + (1.0 - v["f_mucosal"]) * _swallowed(v, "oral")
    ),
    ("simons2022", "sublingual"): lambda v, dose: v["f_mucosal"],
}


def _swallowed(v, way):
    """Share of a swallowed racemate that arrives as ketamine, each hand by its own clearance."""
    hands = sum(0.5 * v[f"f_{way}_{hand}"] / v[f"cl_{hand}"] for hand in "sr")
    return hands / sum(0.5 / v[f"cl_{hand}"] for hand in "sr")


def _escape(v):
    """Share of ketamine in the liver that leaves it unchanged."""
    return v["qh"] / v["vh"] / (v["kel"] + v["kmet"] + v["qh"] / v["vh"])


def _nasal(v, dose):
    share = v["frn"] * {28.0: 1.0, 56.0: 1.62 / 2.0, 84.0: 2.24 / 3.0}[dose]
    return share + (1.0 - share) * v["fgut"] * _escape(v)


def given(model, values, route, product, amount):
    """Actions of one dose of the typical person, zero-order inputs included."""
    rows = []
    for way in intakes_by_route(model, values, route, amount, product):
        dose = amount * float(way.share[0] * way.bioavailability[0])
        start = float(way.lag[0])
        if way.duration is None:
            rows.append((start, way.compartment, dose, 0.0))
        else:
            length = float(way.duration[0])
            rows.append((start, way.compartment, 0.0, dose / length))
            rows.append((start + length, way.compartment, 0.0, -dose / length))
    time, compartment, dose, rate = zip(*rows, strict=True)
    return Actions(time=time, compartment=compartment, amount=dose, rate=rate)


@every_route
def test_area_of_the_simulated_curve_is_what_arrives_over_clearance(key, route, product, amount):
    model = load_model(key)
    values = people_values(model)
    rates, rows = rate_matrix(model, values), output_rows(model, ("ketamine",), values)
    actions, ends = given(model, values, route, product, amount), np.array([48.0])
    area = integral(rates, actions, ends, rows)[0, 0, -1]
    area += area_after(rates, solve(rates, actions, ends, rows).state, rows)[0, 0]
    arriving = 1.0 if route == "iv" else ARRIVING[key, route](values, amount)
    expected = amount * arriving / CLEARANCE[key](values)
    assert area == pytest.approx(expected.item(), rel=1e-9)


@every_model
def test_clearance_follows_from_the_rate_matrix(key):
    model = load_model(key)
    values = people_values(model)
    expected = CLEARANCE[key](values).item()
    assert clearance_of_ketamine(model, values) == pytest.approx(expected, rel=1e-12)


def shares_of_the_dose(model, values, way):
    """Share of the dose that one way brings to the body, the depot's outflow shares summed."""
    name = model.compartments[way.compartment].name
    share = way.share * way.bioavailability
    if not name.startswith(("depot", "gut")):
        return share
    (flow,) = (one for one in model.flows if one.origin == name)
    return share * sum(model.share(one, values) for one in flow.arrivals.values())


@every_route
def test_nobody_absorbs_more_than_the_dose(key, route, product, amount):
    model = load_model(key)
    values = many_people(key)
    ways = intakes_by_route(model, values, route, amount, product)
    parts = np.array([shares_of_the_dose(model, values, way) for way in ways])
    assert parts.shape == (len(ways), MANY)
    assert (parts >= 0.0).all()
    if any(entry.scale_factor for entry in model.administrations if entry.route == route):
        assert any("no bioavailability" in note for note in model.notes)
        reached = parts[[way.compartment == model.index("depot_mucosal") for way in ways]]
        assert (reached <= 1.0).all()
    else:
        assert parts.sum(axis=0).max() <= 1.0 + 1e-12
