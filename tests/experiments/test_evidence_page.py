"""The page of the evidence in docs/ says what the package holds now."""

import pytest

from experiments.command import TOP
from experiments.evidence import run
from experiments.evidence.exposures import arm_exposures
from experiments.evidence.page import page
from kpksim.evidence import audit, list_studies, load_study
from kpksim.library import load_model


def test_the_page_of_docs_is_the_current_one():
    studies = [load_study(key) for key in list_studies()]
    model = load_model(run.MODEL)
    current = page(studies, audit(), arm_exposures(studies, model), model.name)
    assert (TOP / "docs" / "evidence.md").read_text(encoding="utf-8") == current
    for one in audit():
        assert one.title in current


def test_a_run_leaves_a_page_and_a_map(tmp_path, capsys):
    assert run.main(["-o", str(tmp_path)]) == 0
    assert (tmp_path / "evidence.svg").read_text().startswith("<svg")
    assert str(tmp_path / "evidence.md") in capsys.readouterr().out


def test_every_arm_has_its_exposure_and_an_arm_without_ketamine_none():
    studies = [load_study(key) for key in list_studies()]
    table = arm_exposures(studies, load_model("reference_racemic_2026a")).set_index(
        ["study", "arm"]
    )
    assert len(table) == sum(len(study.arms) for study in studies)
    assert table.loc[("taylor2018", "saline"), "ketamine_auc"] == 0.0
    area = table.loc[("taylor2018", "ketamine"), "ketamine_auc"]
    assert area == pytest.approx(35_000.0 / 95.2, rel=1e-6)
    oral = table.loc[("irwin2013", "oral"), "norketamine_auc"]
    assert oral == pytest.approx(0.93 * 28 * 35_000.0 / 57.72, rel=1e-6)
