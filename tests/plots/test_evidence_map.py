"""The map of the evidence draws every statement once."""

import pytest

from kpksim.evidence import list_studies, load_study
from kpksim.plots import evidence_map
from kpksim.plots.evidence import MARKS, PANELS
from kpksim.vocabulary import STATEMENT_TYPES


def test_every_type_of_statement_has_one_mark():
    drawn = [name for mark in MARKS for name in mark.types]
    assert sorted(drawn) == sorted(STATEMENT_TYPES)


@pytest.mark.parametrize("panel", range(len(PANELS)))
def test_a_panel_holds_a_mark_for_each_of_its_statements(panel):
    studies = [load_study(key) for key in list_studies()]
    axes = evidence_map(studies).axes
    ax = axes[panel]
    constructs = list(PANELS.values())[panel]
    wanted = [
        one
        for study in studies
        for one in study.statements
        if one.construct in constructs and one.versus != "nothing"
    ]
    marks = [line for line in ax.lines if line.get_linestyle() == "None"]
    assert len(marks) == len(wanted) > 0
    names = [label.get_text() for label in axes[0].get_yticklabels()]
    assert [name.split()[0] for name in names] == list_studies()
