import re
from html.parser import HTMLParser

import pytest

from kpksim.analysis import Comparison
from kpksim.report import render
from kpksim.report.tables import write_effect
from kpksim.vocabulary import USE_LINE

VOID = {"meta", "link", "br", "path", "use"}


class Reader(HTMLParser):
    """Collects tags with their attributes, text by tag, and whether every tag is closed."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append((self.open[-1] if self.open else "", data))

    def text(self, *inside):
        return " ".join(text for tag, text in self.words if not inside or tag in inside)


def of(reader, tag):
    return [attrs for name, attrs in reader.tags if name == tag]


@pytest.fixture(scope="module")
def reader(page):
    return Reader(page)


def test_every_tag_is_closed(reader):
    assert reader.open == []


def test_nothing_is_asked_for_from_outside(reader, page):
    for tag, attrs in reader.tags:
        for name in ("src", "href", "xlink:href", "data", "action", "srcset", "poster"):
            address = attrs.get(name)
            assert address is None or tag == "a" or address.startswith(("data:", "#"))
    fetched = re.findall(r"url\(\s*['\"]?([^)'\"]*)", page)
    assert fetched
    assert all(one.startswith(("data:", "#")) for one in fetched)
    assert "@import" not in page


def test_a_strict_policy_comes_before_everything_that_it_governs(reader):
    first = next(attrs for attrs in of(reader, "meta") if "http-equiv" in attrs)
    assert first["http-equiv"] == "Content-Security-Policy"
    policy = dict(rule.split(" ", 1) for rule in first["content"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    order = [tag for tag, _ in reader.tags]
    assert order.index("meta") < order.index("style")
    assert not of(reader, "script")
    assert not [a for _, attrs in reader.tags for a in attrs if a.startswith("on")]


def test_no_id_occurs_twice_and_every_label_finds_its_heading(reader):
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["aria-labelledby"] for _, attrs in reader.tags if "aria-labelledby" in attrs} <= (
        set(ids)
    )


def test_the_use_line_stands_there_once(page):
    assert page.count(USE_LINE) == 1


def test_the_receipt_says_what_made_the_report_and_how_to_repeat_it(reader):
    terms = reader.text("dd", "code")
    for part in ("reference_racemic_2026a", "300 simulated people, seed 20260101", "kpksim 0.1.0"):
        assert part in terms
    assert "kpksim compare routes.toml -o DIR" in terms
    assert re.search(r"routes\.toml, SHA-256 [0-9a-f]{8}", terms)


def test_every_figure_is_there_for_a_page_and_for_a_phone_with_words_for_it(reader):
    pictures = of(reader, "svg")
    assert [one["width"] for one in pictures] == ["728", "358"] * 4
    assert {one["role"] for one in pictures} == {"img"}
    assert all(
        "peaks at" in one["aria-label"] or "falls to" in one["aria-label"] for one in pictures
    )
    assert len(of(reader, "figcaption")) == 4


def test_captions_say_what_varies_and_what_is_left_out(reader):
    words = reader.text("figcaption")
    assert words.count("middle 90 % of 300 simulated people") == 4
    assert words.count("Residual error is not drawn") == 4
    assert words.count("Effect curves show the drug alone") == 2


def test_sources_are_links_with_their_identifier(reader):
    links = {attrs["href"] for attrs in of(reader, "a")}
    assert "https://doi.org/10.1007/s00228-021-03104-1" in links
    assert "doi:10.1007/s00228-021-03104-1" in reader.text("a")


def test_the_configuration_is_printed_as_it_was(reader, comparison):
    assert comparison.result.attrs["configuration"] in reader.text("code").replace("\r", "")


def test_the_same_comparison_gives_the_same_bytes(make_comparison, page):
    again = render(
        make_comparison(), command="kpksim compare routes.toml -o DIR", config_name="routes.toml"
    )
    assert again == page


def test_what_a_user_writes_is_escaped(comparison):
    evil = '<img src=x onerror=alert(1)> & "co"'
    result = comparison.result.assign_coords(regimen=[evil, "SC", "Oral"])
    result = result.assign_attrs(configuration=f"# {evil}", warnings=f"{evil}\nsecond")
    summary = comparison.summary.replace("IV infusion", evil)
    page = render(Comparison(evil, result, summary), command=evil, config_name=evil)
    reader = Reader(page)
    assert not of(reader, "img")
    for tag in ("h1", "th", "li", "code", "title", "span", "text"):
        assert evil in reader.text(tag)


@pytest.mark.parametrize("count", [1, 8])
def test_one_to_eight_regimens_fit_into_the_size_that_is_allowed(make_comparison, count):
    page = render(make_comparison(count=count), command="", config_name="c.toml")
    assert len(page.encode()) <= 1_800_000
    reader = Reader(page)
    assert sum(attrs.get("class", "").startswith("chip ") for attrs in of(reader, "span")) == (
        count * 10
    )


def test_a_comparison_without_effects_has_no_part_about_them(make_comparison):
    few = make_comparison(names=("ketamine",), people=())
    page = render(few, command="", config_name="c.toml")
    reader = Reader(page)
    assert "Effects over time" not in page
    assert len(of(reader, "figure")) == 1
    assert "no spread between people" in reader.text("dd")


def test_warnings_stand_before_the_numbers(comparison):
    result = comparison.result.assign_attrs(warnings="SC absorption is assumed.\nOne more.")
    page = render(
        Comparison(comparison.title, result, comparison.summary), command="", config_name="c"
    )
    assert page.index("SC absorption is assumed.") < page.index(">Summary<")


def test_what_is_beyond_the_evidence_is_told_once_and_marked_in_the_tables():
    from kpksim.analysis import compare, parse_scenario

    text = """
    title   = "Two routes"
    model   = "reference_racemic_2026a"
    horizon = "30 h"
    outcomes = ["ketamine", "anxiety", "sbp", "dbp"]
    [[regimens]]
    name  = "IM"
    route = "im"
    dose  = "0.5 mg/kg"
    [[regimens]]
    name  = "SC"
    route = "sc"
    dose  = "0.5 mg/kg"
    """
    page = render(compare(parse_scenario(text, "t.toml")), command="-", config_name="t.toml")
    section = page.split('<h2 id="beyond">')[1].split("</section>")[0]
    rows = re.findall(r"<b>(.*?)</b> (.*?)</li>", section)
    assert rows == [
        ("Anxiety, Systolic rise, Diastolic rise", "no study of IM ketamine states it"),
        ("Anxiety", "no rating before 1 h"),
        ("Systolic rise, Diastolic rise", "no rating before 30 min; last rating 2 h after a dose"),
    ]
    summary = page.split('<h2 id="summary">')[1].split("</section>")[0]
    assert summary.count('class="beyond"') == 3  # IM: anxiety, when it is lowest, systolic


def test_a_result_within_the_evidence_has_no_section_about_it(page):
    assert 'id="beyond"' not in page


def test_a_report_of_fitted_effects_says_so_and_shows_their_spread(shipped):
    from kpksim.analysis import compare, parse_scenario

    shipped.ship()
    text = """
    title   = "Fitted"
    model   = "reference_racemic_2026b"
    horizon = "30 h"
    outcomes = ["ketamine", "anxiety", "sbp"]
    [[regimens]]
    name  = "Oral"
    route = "oral"
    dose  = "0.5 mg/kg"
    [[regimens]]
    name  = "IV"
    route = "iv"
    dose  = "0.5 mg/kg"
    over  = "40 min"
    """
    found = compare(parse_scenario(text, "t.toml"))
    page = render(found, command="-", config_name="t.toml")
    assert "uncalibrated" not in page
    assert "Effect curves calibrated to 40 statements of 2 studies." in page
    assert "not fitted to them yet" not in page
    assert "draws of parameters and mechanism of effects" in page
    parted = page.split('<h2 id="parted">')[1].split("</section>")[0]
    assert "Slow clock by norketamine" in parted
    rows = found.summary.set_index(["regimen", "quantity", "component", "metric"]).sort_index()
    low = rows.loc[("IV", "anxiety", "drug", "largest_change"), "parameters_p05"]
    summary = page.split('<h2 id="summary">')[1].split("</section>")[0]
    assert f"<small>{write_effect(low)} to " in summary
