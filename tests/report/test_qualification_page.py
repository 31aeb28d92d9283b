"""The page and the document of a qualification, and what is left on disk."""

import re
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import kpksim as kp
from kpksim.analysis.qualification import qualify
from kpksim.analysis.verdicts import Verdict, verdicts
from kpksim.errors import OutputError
from kpksim.evidence import list_observed, load_observed
from kpksim.library import list_models
from kpksim.plots.words import EN_DASH
from kpksim.report.qualification_document import qualification_document
from kpksim.report.qualification_output import write_qualification
from kpksim.report.qualification_page import render_qualification
from kpksim.report.qualification_tables import (
    agreement_lines,
    apart_lines,
    far_lines,
    group_lines,
    refusal_lines,
)
from kpksim.vocabulary import USE_LINE

TOP = Path(__file__).parents[2]
Reader = runpy.run_path(str(Path(__file__).with_name("test_page.py")))["Reader"]
MODELS = [kp.load_model(key) for key in ("otto2021", "reference_racemic_2026a")]
STUDIES = [load_observed(key) for key in ("otto2021", "hasan2017", "hasan2021")]


@pytest.fixture(scope="module")
def found():
    return qualify(MODELS, STUDIES)


@pytest.fixture(scope="module")
def page(found):
    return render_qualification(found, command="kpksim qualify -o DIR")


@pytest.fixture(scope="module")
def reader(page):
    return Reader(page)


def test_a_verdict_is_the_smallest_fold_that_holds_three_of_four_rows(found):
    rows = found.ratios.query(
        "model == 'otto2021' and used == 'qualification' and part == 'levels'"
    )
    off = np.exp(np.abs(np.log(rows["ratio"])))
    fold = next(fold for fold in (1.25, 1.5, 2.0) if (off <= fold).mean() >= 0.75)
    foreign, own = verdicts(found)["otto2021"]["iv"][0]
    grade = {1.25: "a", 1.5: "b", 2.0: "c"}[fold]
    assert foreign == Verdict(f"{fold:g}-fold", len(rows), False, grade)
    assert (own.own, own.n, own.grade) == (True, 8, "")


def test_what_was_not_tested_has_no_verdict(found):
    cells = verdicts(found)["otto2021"]["iv"]
    assert cells[2:] == [(), ()]
    assert list(verdicts(found)["otto2021"]) == ["iv"]


def test_statistics_stand_apart_for_rows_that_were_used_and_that_were_not(found):
    table = agreement_lines(found, "levels")
    assert list(dict.fromkeys(row[0] for row in table.rows)) == ["not used", "own data"]
    assert {len(row) for row in table.rows} == {len(table.heads)}
    own = next(row for row in table.rows if row[:2] == ("own data", "otto2021"))
    assert own[2:6] == ("K and NK", "16", "1", "100 %")


def test_groups_are_routes_analytes_and_sources_in_this_order(found):
    names = [row[0] for row in group_lines(found, "otto2021").rows]
    assert names == [
        "IV", "IV", "Ketamine", "Ketamine", "Norketamine", "hasan2021", "otto2021",
    ]  # fmt: skip


def test_rows_that_are_far_off_are_listed_the_farthest_first(found):
    table = far_lines(found, "reference_racemic_2026a")
    off = [max(float(row[-1]), 1.0 / float(row[-1])) for row in table.rows]
    assert off == sorted(off, reverse=True)
    assert min(off) > 1.99
    rows = found.ratios.query("part == 'levels' and model == 'reference_racemic_2026a'")
    assert len(table.rows) == min(8, ((rows["ratio"] > 2.0) | (rows["ratio"] < 0.5)).sum())


def test_the_contradicted_ratio_stands_apart(found):
    assert [row[1] for row in apart_lines(found).rows] == ["PK072"]


def test_refusals_and_comparisons_add_up_to_all_observations(found):
    total = sum(len(one.observations) for one in STUDIES)
    for row in refusal_lines(found).rows:
        assert sum(map(int, row[1:])) == total


def test_every_tag_is_closed_and_no_id_occurs_twice(reader):
    assert reader.open == []
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    labels = [attrs["aria-labelledby"] for _, attrs in reader.tags if "aria-labelledby" in attrs]
    assert set(labels) <= set(ids)
    links = [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= set(ids)


def test_nothing_is_asked_for_from_outside(reader, page):
    assert not re.search(r"<script|<iframe|@import|url\((?!data:|#)", page)
    sources = [attrs["src"] for _, attrs in reader.tags if "src" in attrs]
    assert sources == []


def test_the_page_names_every_model_and_what_it_is_for(reader, page):
    assert page.count(USE_LINE) == 1
    assert "kpksim qualify -o DIR" in reader.text("code")
    headings = reader.text("h2")
    for model in MODELS:
        assert model.name in headings
    figures = [attrs for tag, attrs in reader.tags if tag == "svg"]
    assert len(figures) == 2 * (1 + 3 * len(MODELS))
    assert all("within 2-fold" in attrs["aria-label"] for attrs in figures)


def test_the_same_numbers_give_the_same_bytes(found, page):
    assert render_qualification(found, command="kpksim qualify -o DIR") == page


def test_a_model_that_claims_nothing_says_so():
    found = qualify([kp.load_model("otto2021")], [load_observed("hasan2017")])
    text = Reader(render_qualification(found, command="kpksim qualify")).text()
    assert "Compared with nothing" in text
    assert "not tested" in text
    assert "None." in qualification_document(found)
    dashes = " | ".join([EN_DASH] * 4)
    assert f"| otto2021 | not tested | {dashes} |" in qualification_document(found)


def test_the_folder_holds_page_document_tables_figures_and_netcdf(found, tmp_path):
    report = write_qualification(found, tmp_path / "q", command="kpksim qualify -o q")
    assert report == tmp_path / "q" / "report.html"
    names = {one.name for one in report.parent.iterdir()}
    assert names == {
        "report.html", "results.nc", "ratios.csv", "summary.csv", "refused.csv", "figures",
        "qualification.md",
    }  # fmt: skip
    table = pd.read_csv(report.parent / "ratios.csv")
    assert table["ratio"].to_numpy() == pytest.approx(found.ratios["ratio"].to_numpy(), rel=1e-5)
    with xr.open_dataset(report.parent / "results.nc", engine="h5netcdf") as result:
        assert dict(result.sizes)["model"] == 2
    drawn = {one.name for one in (report.parent / "figures").iterdir()}
    assert {"ratios.svg", "ratios.png", "otto2021_residuals.svg"} <= drawn


def test_an_earlier_result_is_replaced_on_request_only(found, tmp_path):
    write_qualification(found, tmp_path / "q", command="kpksim qualify")
    with pytest.raises(OutputError, match="holds results already; replace them with --force"):
        write_qualification(found, tmp_path / "q", command="kpksim qualify")
    write_qualification(found, tmp_path / "q", command="kpksim again", force=True)
    assert "kpksim again" in (tmp_path / "q" / "report.html").read_text()


def test_nothing_is_left_when_a_figure_cannot_be_drawn(found, tmp_path, monkeypatch):
    def fail(*_):
        raise RuntimeError("no ink")

    monkeypatch.setattr("kpksim.report.qualification_output.save_figures", fail)
    with pytest.raises(RuntimeError, match="no ink"):
        write_qualification(found, tmp_path / "q", command="kpksim qualify")
    assert list(tmp_path.iterdir()) == []


def test_the_table_in_the_documentation_is_what_the_library_gives():
    models = [kp.load_model(key) for key in list_models()]
    found = qualify(models, [load_observed(key) for key in list_observed()])
    kept = (TOP / "docs" / "qualification.md").read_text(encoding="utf-8")
    assert "t_half" not in set(found.ratios["metric"]), "the page says that it is not compared"
    assert qualification_document(found) == kept, "docs have drifted: run `make qualification`"
