"""What a compartment without a volume may do, and an input without a rate may not."""

from pathlib import Path

import pytest

from kpksim.errors import DataError
from kpksim.models import parse_model

TEXT = (Path(__file__).parent / "mine.toml").read_text(encoding="utf-8")


def model_with(old="", new=""):
    assert TEXT.count(old) >= 1
    return parse_model(TEXT.replace(old, new, 1), "mine.toml")


@pytest.mark.parametrize(
    "way_out",
    ['[[flows]]\nfrom = "bile"\nrate = "ka"\n',
     '[[flows]]\nfrom = "bile"\nto = "central"\nrate = "ka"\n'],
)  # fmt: skip
def test_circle_without_a_volume_is_allowed_where_drug_finds_a_way_out(way_out):
    circle = (
        '[[compartments]]\nname = "gut"\n[[compartments]]\nname = "bile"\n'
        '[[flows]]\nfrom = "gut"\nto = "bile"\nrate = "ka"\n'
        '[[flows]]\nfrom = "bile"\nto = "gut"\nrate = "ka"\n'
    )
    first = 'volume  = "vp"\nanalyte = "ketamine"\n'
    assert model_with(first, first + circle + way_out).compartments[-1].name == "central_nk"
    leaking = circle.replace('to = "gut"', 'to = "gut"\nfraction = 0.9')
    assert model_with(first, first + leaking).flows[1].arrivals == {"gut": 0.9}


def test_collecting_compartment_without_a_volume_is_allowed():
    first = 'volume  = "vp"\nanalyte = "ketamine"\n'
    urine = (
        '[[compartments]]\nname = "urine"\n[[flows]]\nfrom = "central"\nto = "urine"\nrate = "ka"\n'
    )
    assert model_with(first, first + urine).compartments[3].name == "urine"


def test_metabolite_without_a_volume_gives_no_concentration():
    """What the norketamine model of Herd 2007 would be: its volume is not identifiable."""
    old = 'from      = "central_nk"\nclearance = "cl_nk"'
    assert old in TEXT
    text = TEXT.replace(old, 'from = "central_nk"\nrate = "ka"').replace('volume  = "vc_nk"\n', "")
    with pytest.raises(DataError, match=r"outputs\.norketamine: .* has no volume, so it has no c"):
        parse_model(text, "mine.toml")


def test_zero_order_input_without_a_rate_is_refused():
    text = TEXT.replace('bioavailability = "f"', 'rate = "r"')
    text = text.replace("[parameters]", '[parameters]\nr = { value = "0 mg/h" }')
    with pytest.raises(DataError, match=r"parameters\.r\.value, used as .*rate: must be > 0, got"):
        parse_model(text, "mine.toml")
