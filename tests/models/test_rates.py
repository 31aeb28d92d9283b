"""Rate matrices against matrices written by hand, outputs, and what drug can reach."""

import numpy as np
import pytest

from kpksim.errors import ModelError, UnknownName
from kpksim.models import output_rows, parse_model, rate_matrix, reachable

ORAL = """
name = "oral"
title = "Two compartments, oral"
source = "user"
compartments = [
  { name = "depot" }, { name = "central", volume = "vc" }, { name = "peripheral1", volume = "vp" },
]
flows = [
  { from = "depot", to = "central", rate = "ka" },
  { from = "central", to = "peripheral1", clearance = "q", both_ways = true },
  { from = "central", clearance = "cl" },
]
outputs.ketamine.compartment = "central"
outputs.both.compartments = ["central", "peripheral1"]
[parameters]
ka = { value = "0.97 1/h" }
vc = { value = "133 L", iiv = { omega2 = 0.1 } }
vp = { value = "187 L" }
q  = { value = "23.2 L/h" }
cl = { value = "95.2 L/h" }
"""

SPLIT = """
name = "split"
title = "Parent that becomes two metabolites and a third of unchanged mass"
source = "user"
compartments = [
  { name = "depot" },
  { name = "central", volume = "vc", analyte = "ketamine" },
  { name = "central_nk", volume = "vm", analyte = "norketamine" },
  { name = "central_hnk", volume = "vm", analyte = "hydroxynorketamine" },
  { name = "central_dhnk", volume = "vm", analyte = "dehydronorketamine" },
]
flows = [
  { from = "depot", to = { central = "f", central_nk = 0.7 }, rate = "ka" },
  { from = "central", to = "central_nk", clearance = "cl", fraction = 0.8, molar = true },
  { from = "central", rate = "ke" },
  { from = "central_nk", to = { central_hnk = "fh", central_dhnk = "fd" }, rate = "km", molar = true },
]
outputs.norketamine.compartment = "central_nk"
[parameters]
ka = { value = "2 1/h" }
ke = { value = "0.5 1/h" }
km = { value = "4 1/h" }
cl = { value = "100 L/h" }
vc = { value = "50 L" }
vm = { value = "1 L" }
f  = { value = "0.2" }
fh = { value = "0.56" }
fd = { value = "0.12" }
"""  # noqa: E501

PEOPLE = {"weight": np.array([70.0, 70.0])}


def of_people(text, **etas):
    model = parse_model(text, "m.toml")
    return model, model.values(PEOPLE, {name: np.array(eta) for name, eta in etas.items()})


def test_two_compartment_oral_matrix_is_the_one_written_by_hand():
    model, values = of_people(ORAL, vc=[0.0, np.log(2.0)])
    ka, cl, q, vp = 0.97, 95.2, 23.2, 187.0
    for person, vc in enumerate((133.0, 266.0)):
        by_hand = [
            [-ka, 0.0, 0.0],
            [ka, -(cl + q) / vc, q / vp],
            [0.0, q / vc, -q / vp],
        ]
        assert rate_matrix(model, values)[person] == pytest.approx(np.array(by_hand), rel=1e-14)


def test_split_flow_gives_each_metabolite_its_share_and_its_molar_mass():
    model, values = of_people(SPLIT)
    nk, hnk, dhnk = 223.70 / 237.73, 239.70 / 223.70, 221.68 / 223.70
    by_hand = [
        [-2.0, 0.0, 0.0, 0.0, 0.0],
        [0.4, -2.5, 0.0, 0.0, 0.0],
        [1.4, 2.0 * 0.8 * nk, -4.0, 0.0, 0.0],
        [0.0, 0.0, 4.0 * 0.56 * hnk, 0.0, 0.0],
        [0.0, 0.0, 4.0 * 0.12 * dhnk, 0.0, 0.0],
    ]
    assert rate_matrix(model, values)[0] == pytest.approx(np.array(by_hand), rel=1e-14)


def test_share_of_a_flow_above_one_in_one_person_names_the_person():
    text = SPLIT.replace('f  = { value = "0.2" }', 'f = { value = "0.2", iiv = { omega2 = 0.1 } }')
    model, values = of_people(text, f=[0.0, 1.0])
    with pytest.raises(ModelError, match=r'flow from "depot" add up to 1.24366 in person 2'):
        rate_matrix(model, values)


def test_output_is_the_sum_of_concentrations():
    model, values = of_people(ORAL, vc=[0.0, np.log(2.0)])
    rows = output_rows(model, ("both", "ketamine"), values)
    assert rows.shape == (2, 2, 3)
    assert rows[1] == pytest.approx(np.array([[0.0, 1 / 266, 1 / 187], [0.0, 1 / 266, 0.0]]))


def test_volume_of_zero_in_some_person_is_refused():
    model, values = of_people(ORAL, vc=[0.0, -800.0])
    assert values["vc"][1] == 0.0
    with pytest.raises(ModelError, match='a volume must be > 0, "vc" is 0 in some person'):
        rate_matrix(model, values)
    with pytest.raises(ModelError, match='a volume must be > 0, "vc" is 0 in some person'):
        output_rows(model, ("ketamine",), values)


@pytest.mark.parametrize(
    ("start", "found"), [({0}, [0, 1, 2, 3, 4]), ({1}, [1, 2, 3, 4]), ({3}, [3]), (set(), [])]
)
def test_drug_reaches_what_lies_downstream(start, found):
    assert reachable(of_people(SPLIT)[0], start) == found


def test_drug_reaches_nothing_more_when_the_matrix_says_so():
    model, values = of_people(SPLIT)
    links = (rate_matrix(model, values)[0] != 0.0) | np.eye(5, dtype=bool)
    paths = np.linalg.matrix_power(links.astype(float), 5) > 0.0
    for start in range(5):
        assert reachable(model, {start}) == np.flatnonzero(paths[:, start]).tolist()


def test_compartment_has_a_position_and_an_unknown_one_a_suggestion():
    model = of_people(ORAL)[0]
    assert model.index("peripheral1") == 2
    with pytest.raises(UnknownName, match='in oral "centre"; did you mean "central"'):
        model.index("centre")
