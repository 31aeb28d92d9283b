import re
from xml.etree import ElementTree

import pytest
from PIL import Image

from kpksim.errors import OutputError
from kpksim.plots import available, concentrations, save_figures, to_svg, without_foot
from kpksim.plots.sheet import foot_height

SVG = "{http://www.w3.org/2000/svg}"


def test_every_figure_is_written_as_svg_and_png(result, tmp_path):
    files = save_figures(result, tmp_path / "figures")
    names = ["concentrations", "metabolites", "effects_hours", "effects_days"]
    assert [file.name for file in files] == [f"{n}.{end}" for n in names for end in ("svg", "png")]
    assert sorted(files) == sorted((tmp_path / "figures").iterdir())
    with Image.open(files[1]) as picture:
        assert picture.width == 2 * 728
        assert len(picture.getcolors(1 << 20)) > 20


def test_the_same_result_gives_the_same_bytes(result, tmp_path):
    for folder in ("a", "b"):
        save_figures(result, tmp_path / folder)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_an_svg_file_keeps_text_as_text_and_falls_back_to_the_font_of_the_system(result):
    drawing = to_svg(concentrations(result), "k", "words")
    root = ElementTree.fromstring(drawing)
    words = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert {"Ketamine in plasma", "Hours after the first dose", "IV infusion"} <= set(words)
    assert root.get("font-family") == "'Kpksim Sans', system-ui, sans-serif"
    assert (root.get("role"), root.get("aria-label")) == ("img", "words")
    assert root.get("width") == "728"


def test_two_figures_on_one_page_share_no_id_and_find_their_own(result):
    seen = set()
    for kind in available(result):
        for width in ("wide", "narrow"):
            drawing = to_svg(kind.draw(result, width=width), f"{kind.name}-{width}", "")
            ids = re.findall(r'\bid="([^"]*)"', drawing)
            used = re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', drawing)
            assert {a or b for a, b in used} == set(ids)
            assert len(ids) == len(set(ids))
            assert not seen & set(ids)
            seen |= set(ids)


def test_names_with_signs_of_xml_and_of_mathematics_are_written_as_they_are(result):
    odd = result.assign_coords(regimen=['<b> & "x"', "$a_b$ 5 %", "\N{CJK UNIFIED IDEOGRAPH-4E2D}"])
    drawing = to_svg(concentrations(odd), "k", 'a "quoted" <label>')
    root = ElementTree.fromstring(drawing)
    words = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert {'<b> & "x"', "$a_b$ 5 %"} <= set(words)
    assert root.get("aria-label") == 'a "quoted" <label>'


def test_a_long_name_is_cut_to_the_width_of_the_figure(result):
    long = result.assign_coords(regimen=["very " * 40, "B", "C"])
    figure = concentrations(long, width="narrow")
    figure.canvas.draw()
    edges = [text.get_window_extent().x1 for text in figure.texts]
    assert max(edges) <= 358.5


def test_a_folder_that_cannot_be_written_is_named(result, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"a figure needs a folder that can be written: .*file"):
        save_figures(result, tmp_path / "file" / "figures")


def test_a_figure_without_its_foot_is_the_same_figure_lower(result):
    kind = next(iter(available(result)))
    whole = to_svg(kind.draw(result), "one", "Ketamine")
    cut = without_foot(whole)
    assert "Not for dosing" in whole
    assert "Not for dosing" not in cut
    before, after = ElementTree.fromstring(whole), ElementTree.fromstring(cut)
    lines = whole.count('class="foot"')
    assert lines >= 1
    assert float(after.get("height")) == float(before.get("height")) - foot_height(lines)
    assert after.get("viewBox").split()[-1] == after.get("height")
    assert without_foot(cut) == cut
