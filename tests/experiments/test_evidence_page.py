"""The page of the evidence in docs/ says what the package holds now."""

from experiments.command import TOP
from experiments.evidence import run
from experiments.evidence.page import page
from kpksim.evidence import audit, list_studies, load_study


def test_the_page_of_docs_is_the_current_one():
    current = page([load_study(key) for key in list_studies()], audit())
    assert (TOP / "docs" / "evidence.md").read_text(encoding="utf-8") == current
    for one in audit():
        assert one.title in current


def test_a_run_leaves_a_page_and_a_map(tmp_path, capsys):
    assert run.main(["-o", str(tmp_path)]) == 0
    assert (tmp_path / "evidence.svg").read_text().startswith("<svg")
    assert str(tmp_path / "evidence.md") in capsys.readouterr().out
