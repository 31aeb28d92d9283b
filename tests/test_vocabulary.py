"""Names of concentrations and what they say."""

import pytest

from kpksim.vocabulary import ANALYTES, CONCENTRATIONS, EVERY_QUANTITY, OUTCOMES


def test_a_plain_analyte_is_described_as_before():
    for name, quantity in ANALYTES.items():
        assert CONCENTRATIONS[name] == quantity


@pytest.mark.parametrize(
    ("name", "label", "short"),
    [
        ("ketamine_s", "S-ketamine in plasma", "S-ketamine"),
        ("ketamine_arterial", "Ketamine in arterial plasma", "Arterial ketamine"),
        ("ketamine_r_arterial", "R-ketamine in arterial plasma", "Arterial R-ketamine"),
        ("hydroxynorketamine_s", "S-hydroxynorketamine in plasma", "S-HNK"),
    ],
)
def test_enantiomer_and_site_are_in_the_words(name, label, short):
    quantity = CONCENTRATIONS[name]
    assert (quantity.name, quantity.label, quantity.short) == (name, label, short)
    assert quantity.unit == "ng/mL"


def test_every_analyte_has_three_forms_at_two_sites():
    assert len(CONCENTRATIONS) == 3 * 2 * len(ANALYTES)
    assert len(EVERY_QUANTITY) == len(CONCENTRATIONS) + len(OUTCOMES)
    assert len({one.label for one in CONCENTRATIONS.values()}) == len(CONCENTRATIONS)
