"""The drawing of a structure is what a hand would draw, and always fits."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpksim.library import list_models, load_model
from kpksim.models import parse_model, read_model
from kpksim.models.diagram import WIDTH, draw

HERE = Path(__file__).parent
START = 'name = "drawn"\ntitle = "Drawn"\nsource = "user"\noutputs.c.compartment = "a"\n'


def model_of(volumes, flows, doses=(), names="abcdefgh"):
    """A model of compartments with or without a volume, and of flows (from, to, parameter)."""
    text = START
    for name, volume in zip(names, volumes, strict=False):
        text += f'[[compartments]]\nname = "{name}"\n' + ('volume = "v"\n' if volume else "")
    for origin, target, size in flows:
        text += f'[[flows]]\nfrom = "{origin}"\nrate = "{size}"\n'
        text += f"to = {target}\n" if target else ""
    for route, into in doses:
        text += f'[[administrations]]\nroute = "{route}"\ninto = "{into}"\n'
    sizes = dict.fromkeys(size for _, _, size in flows)
    text += '[parameters]\nv = { value = "1 L" }\n'
    text += "".join(f'{size} = {{ value = "1 1/h" }}\n' for size in sizes)
    return parse_model(text, "drawn.toml")


def test_one_compartment():
    model = model_of([True], [("a", None, "k")], [("iv", "a")])
    assert draw(model) == [
        "+- iv v -+",
        "|   a    |--k-> out",
        "+--------+",
    ]  # fmt: skip


def test_depot_left_peripheral_right_metabolite_below():
    assert draw(read_model(HERE / "induced.toml")) == [
        "+- oral v -+       +- iv v -----+         +-------------+",
        "|  depot   |-ka--->|            |<-q----->| peripheral1 |",
        "+----------+       |  central   |         +-------------+",
        "                   |            |--cl----> out",
        "                   +------------+",
        "                          | vmax (fm)",
        "                          v",
        "                   +------------+",
        "                   | central_nk |--cl_nk-> out",
        "                   +------------+",
    ]


def test_depot_that_feeds_parent_and_metabolite_has_a_line_that_forks():
    assert draw(read_model(HERE / "mine.toml")) == [
        "+- oral v -+         +- iv, oral v -+         +-------------+",
        "|  depot   |-ka--+-->|   central    |<-q----->| peripheral1 |",
        "+----------+     |   +--------------+         +-------------+",
        "                 |           | cl (fm)",
        "                 |           v",
        "                 |   +--------------+",
        "                 +-->|  central_nk  |--cl_nk-> out",
        "                     +--------------+",
    ]


def test_two_metabolites_of_one_parent():
    """The second one stands below the first and is reached by a line around it."""
    flows = [("a", "{ b = 0.5, c = 0.25 }", "k"), ("b", None, "l"), ("c", None, "m")]
    assert draw(model_of([True] * 3, flows, [("iv", "a")])) == [
        "             +- iv v -+",
        "k (0.25) +---|   a    |",
        "         |   +--------+",
        "         |        | k (0.5)",
        "         |        v",
        "         |   +--------+",
        "         |   |   b    |--l-> out",
        "         |   +--------+",
        "         |",
        "         |   +--------+",
        "         +-->|   c    |--m-> out",
        "             +--------+",
    ]


def test_chain_of_depots_stands_one_above_the_other():
    flows = [("b", '"c"', "k"), ("c", '"a"', "l"), ("a", None, "m")]
    assert draw(model_of([True, False, False], flows, [("oral", "b")])) == [
        "+- oral v -+      +---+",
        "|    b     |      |   |--m-> out",
        "+----------+      |   |",
        "      | k         | a |",
        "      v           |   |",
        "+----------+      |   |",
        "|    c     |-l--->|   |",
        "+----------+      +---+",
    ]


def test_exchange_in_the_middle_goes_both_ways_and_may_have_two_words():
    flows = [("a", '"b"', "k"), ("b", '"a"', "l"), ("b", '"c"', "m"), ("c", None, "n")]
    assert draw(model_of([True, True, True], flows, [("iv", "a")])) == [
        "+- iv v -+",
        "|   a    |",
        "+--------+",
        "     ^",
        "     | k/l",
        "     v",
        "+--------+",
        "|   b    |",
        "+--------+",
        "     | m",
        "     v",
        "+--------+",
        "|   c    |--n-> out",
        "+--------+",
    ]


def test_line_back_to_the_top_goes_up_the_left_side():
    flows = [("a", '"b"', "k"), ("b", '"c"', "k"), ("c", '"a"', "back")]
    assert draw(model_of([True] * 3, flows, [("iv", "a")])) == [
        "         +- iv v -+",
        "     +-->|   a    |",
        "     |   +--------+",
        "     |        | k",
        "     |        v",
        "     |   +--------+",
        "     |   |   b    |",
        "     |   +--------+",
        "     |        | k",
        "     |        v",
        "     |   +--------+",
        "back +---|   c    |",
        "         +--------+",
    ]


def test_drawing_that_is_too_wide_loses_blanks_then_words_then_names():
    model = load_model("reference_racemic_2026a")
    airy, tight, silent, numbers = (draw(model, width) for width in (90, 80, 70, 50))
    assert "| depot_swallowed |-ka_swallowed" in "\n".join(airy)
    assert "|depot_swallowed |-ka_swallowed" in "\n".join(tight)
    assert "| depot_swallowed |-----+" in "\n".join(silent)
    assert numbers[-15:] == [f"{k + 1} = {one.name}" for k, one in enumerate(model.compartments)]
    for lines, width in ((airy, 90), (tight, 80), (silent, 70), (numbers, 50)):
        assert max(map(len, lines)) <= width
        assert len(lines) - 15 * (lines is numbers) == len(airy)


@pytest.mark.parametrize("key", list_models())
def test_every_model_of_the_library_fits_with_all_its_names(key):
    model = load_model(key)
    lines = draw(model)
    assert max(map(len, lines)) <= WIDTH
    text = "\n".join(lines)
    numbered = f"1 = {model.compartments[0].name}" in lines  # too wide: names stand in a list
    assert numbered == (key == "reference_racemic_2026b")
    for number, one in enumerate(model.compartments, start=1):
        said = number if numbered else one.name
        assert len(re.findall(rf"\| *{said} *\|", text)) == 1
    for entry in model.administrations:
        assert entry.route in text
    for flow in model.flows:
        assert numbered or str(flow.rate or flow.clearance) in text


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_flows_where_every_box_is_drawn_and_whole(data):
    """Random graphs, cycles and dead ends among them, of boxes with and without a volume."""
    n = data.draw(st.integers(1, 7))
    names = [f"box{k}" for k in range(n)]
    volumes = [True, *data.draw(st.lists(st.booleans(), min_size=n - 1, max_size=n - 1))]
    pairs = [(a, b) for a in range(n) for b in [*range(n), None] if a != b]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12))
    flows = [
        (names[a], None if b is None else f'"{names[b]}"', "k") for a, b in chosen
        if b is None or volumes[a] or volumes[b] or a < b
    ]  # fmt: skip
    doses = [("iv", names[k]) for k in data.draw(st.lists(st.integers(0, n - 1), max_size=1))]
    text = START.replace('"a"', '"box0"')
    for name, volume in zip(names, volumes, strict=True):
        text += f'[[compartments]]\nname = "{name}"\n' + ('volume = "v"\n' if volume else "")
    for origin, target, size in flows:
        text += f'[[flows]]\nfrom = "{origin}"\nrate = "{size}"\n' + (
            f"to = {target}\n" if target else ""
        )
    for route, into in doses:
        text += f'[[administrations]]\nroute = "{route}"\ninto = "{into}"\n'
    text += '[parameters]\nv = { value = "1 L" }\nk = { value = "1 1/h" }\n'
    lines = draw(parse_model(text, "drawn.toml"))
    drawn = "\n".join(lines)
    assert all(drawn.count(name) == 1 for name in names)
    assert drawn.count("> out") == sum(target is None for _, target, _ in flows)
    assert all(line == line.rstrip() for line in lines)
    assert set(drawn) <= set("+-|<>^v/ \nabcdefghijklmnopqrstuvwxyz0123456789=()")
