"""kpksim studies and check-study."""

import json


def test_the_list_names_every_study(kpksim):
    answer = kpksim("studies")
    assert answer.status == 0
    assert "taylor2018" in answer.out
    assert len(json.loads(kpksim("studies", "--json").out)) == 18


def test_a_card_shows_arms_statements_and_where_sources_differ(kpksim):
    answer = kpksim("studies", "lucchese2021")
    assert answer.status == 0
    assert "0.5 mg/kg esketamine SC, 6 weekly doses" in answer.out
    assert "35 of 70" in answer.out
    assert "lucchese2021-5: The review says the opposite." in answer.out


def test_statements_of_a_construct_are_plain_json(kpksim):
    found = json.loads(kpksim("studies", "--construct", "dissociation", "--json").out)
    assert {one["construct"] for one in found} == {"dissociation"}
    assert all(one["value"] is None or isinstance(one["value"], float) for one in found)


def test_the_audit_of_one_study(kpksim):
    answer = kpksim("studies", "salloum2019", "--audit")
    assert "A study by vein among the subcutaneous ones" in answer.out


def test_unknown_names_are_refused(kpksim):
    assert kpksim("studies", "--construct", "fear").status == 1
    answer = kpksim("studies", "taylor2019")
    assert answer.status == 1
    assert 'did you mean "taylor2018"' in answer.err


def test_a_starter_study_passes_its_own_check(kpksim, tmp_path):
    path = tmp_path / "mine.toml"
    assert kpksim("init", "--study", str(path)).status == 0
    answer = kpksim("check-study", str(path))
    assert answer.status == 0
    assert "author2026 is in order: 2 arms, 1 statements" in answer.out


def test_a_likely_double_is_a_warning(kpksim, tmp_path):
    path = tmp_path / "mine.toml"
    kpksim("init", "--study", str(path))
    path.write_text(
        path.read_text().replace('cohort            = "author2026"', 'cohort="dunedin"')
    )
    answer = kpksim("check-study", str(path))
    assert answer.status == 0
    assert "may hold the same people" in answer.err


def test_the_map_is_drawn_or_refused(kpksim, tmp_path):
    assert kpksim("studies", "--map", str(tmp_path / "map.svg")).status == 0
    assert (tmp_path / "map.svg").read_text().startswith("<svg")
    answer = kpksim("studies", "--map", str(tmp_path / "map.pdf"))
    assert answer.status == 1
    assert not (tmp_path / "map.pdf").exists()
