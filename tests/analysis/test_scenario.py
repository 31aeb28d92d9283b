"""Scenario files: what they mean, and what is refused with file and place."""

from pathlib import Path

import pytest

from kpksim.analysis import parse_scenario, read_scenario
from kpksim.analysis.scenario_document import ALL_OUTCOMES
from kpksim.dosing import extended_release, infusion, subcutaneous
from kpksim.errors import DataError, KpksimError
from kpksim.library import resolve_alias

WHOLE = """
title    = "Test"
model    = "reference_racemic_2026a"
horizon  = "14 d"
outcomes = ["ketamine", "anxiety"]
[subject]
weight = "70 kg"
[[regimens]]
name  = "A"
route = "iv"
dose  = "0.5 mg/kg"
over  = "40 min"
[population]
n    = 10
seed = 1
"""
SHORT = WHOLE[: WHOLE.index("[population]")]
A = SHORT[SHORT.index("[[regimens]]") :]


def scenario(text):
    """Read a scenario from a text."""
    return parse_scenario(text, "test.toml")


def only_regimen(*lines):
    """Read the regimen of a scenario from lines."""
    body = "\n".join(('name = "A"', *lines))
    return scenario(SHORT.replace(A, f"[[regimens]]\n{body}\n")).regimens["A"]


def test_a_file_says_all_of_a_scenario(tmp_path):
    file = tmp_path / "test.toml"
    file.write_text(WHOLE.replace("seed = 1", "seed = 1\nweight_cv = 0.2"))
    found = read_scenario(file)
    assert found.title == "Test"
    assert [model.name for model in found.models] == ["reference_racemic_2026a"]
    assert found.regimens == {"A": infusion("0.5 mg/kg", over="40 min")}
    assert (found.horizon, found.weight, found.outcomes) == (336.0, 70.0, ("ketamine", "anxiety"))
    assert (found.people, found.seed, found.weight_cv) == (10, 1, 0.2)
    assert found.expectation == "none"
    assert found.text == file.read_text()


def test_what_is_left_out_has_a_meaning():
    text = SHORT.replace('outcomes = ["ketamine", "anxiety"]', "").replace('weight = "70 kg"', "")
    found = scenario(text)
    assert found.outcomes == ALL_OUTCOMES
    assert (found.people, found.weight) == (0, 70.0)


def test_repeated_doses_end_after_a_number_or_at_a_time():
    weekly = only_regimen('route = "sc"', 'dose = "1 mg/kg"', 'every = "1 week"', "times = 3")
    assert weekly == subcutaneous("1 mg/kg").repeat(every=168.0, times=3)
    q12h = only_regimen('route = "oral_er"', 'product = "R-107"', 'dose = "60 mg"',
                        'every = "12 h"', 'until = "72 h"')  # fmt: skip
    assert q12h == extended_release("60 mg", "R-107").repeat(every=12.0, until=72.0)
    assert len(q12h.doses) == 7


def test_steps_follow_each_other_and_a_start_moves_them_all():
    steps = 'steps = [{ dose = "10 mg", over = "10 min" }, { dose = "20 mg", after = "7 d" }]'
    found = only_regimen('route = "iv"', 'start = "2 h"', steps)
    assert [(one.time, one.dose.amount, one.dose.over) for one in found.doses] == [
        (2.0, 10.0, pytest.approx(1 / 6)),
        (170.0, 20.0, 0.0),
    ]


def test_drug_form_and_product_reach_every_dose():
    found = only_regimen('route = "sc"', 'drug = "esketamine"', 'form = "hydrochloride"',
                         'dose = "35 mg"', 'every = "1 d"', "times = 2")  # fmt: skip
    assert {(one.dose.drug, one.dose.form) for one in found.doses} == {
        ("esketamine", "hydrochloride")
    }


def test_several_models_and_an_own_one_beside_the_scenario(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'name = "own"\ntitle = "t"\nsource = "user"\ndrug = "racemic ketamine"\nform = "base"\n'
        'sampling = "venous"\npopulation = "nobody"\n[[compartments]]\nname = "central"\n'
        'volume = "vc"\n[[flows]]\nfrom = "central"\nclearance = "cl"\n[[administrations]]\n'
        'route = "iv"\ninto = "central"\n[outputs.ketamine]\ncompartment = "central"\n'
        '[parameters]\nvc.value = "10 L"\ncl.value = "1 L/h"\n'
    )
    file = tmp_path / "test.toml"
    file.write_text(
        SHORT.replace('model    = "reference_racemic_2026a"', 'models = ["domino1982", "own.toml"]')
    )
    assert [model.name for model in read_scenario(file).models] == ["domino1982", "own"]


def changed(old, new):
    """Change the whole scenario in one place."""
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


BAD = {
    "unknown key": (changed("title ", "titel "), 'titel: unknown key; did you mean "title"'),
    "unknown key of a regimen": (changed("over ", "ovr "), r"regimens\.1\.ovr: unknown key"),
    "unknown key of the population": (changed("seed =", "sed ="), r"population\.sed: unknown key"),
    "missing key": (changed('horizon  = "14 d"', ""), "horizon: this key is missing"),
    "duplicate key": (changed("n    = 10", "n = 10\nn = 10"), "a key stands twice"),
    "no TOML": (changed("[subject]", "[subject"), "is not valid TOML"),
    "no model": (changed('model    = "reference_racemic_2026a"', ""), 'give either "model"'),
    "both models": (changed("horizon ", 'models = ["otto2021"]\nhorizon '), 'give either "model"'),
    "a model twice": (
        changed('model    = "reference_racemic_2026a"',
                f'models = ["reference_racemic", "{resolve_alias("reference_racemic")}"]'),
        f'models: the model "{resolve_alias("reference_racemic")}" stands twice; name each model',
    ),
    "unknown model": (
        changed('"reference_racemic_2026a"', '"domino"'), 'model: .*did you mean "domino1982"'
    ),
    "missing model file": (changed('"reference_racemic_2026a"', '"no.toml"'), "model: .*no such"),
    "wrong dimension of a dose": (
        changed("0.5 mg/kg", "0.5 h"), r'regimens\.1 \("A"\): "0.5 h" is a time, expected amount'
    ),
    "dose without unit": (changed("0.5 mg/kg", "0.5"), r'regimens\.1 \("A"\): "0.5" is a'),
    "negative dose": (changed("0.5 mg/kg", "-1 mg"), r'regimens\.1 \("A"\): .* > 0, got -1 mg'),
    "zero dose": (changed("0.5 mg/kg", "0 mg"), r'regimens\.1 \("A"\): .* > 0, got 0 mg'),
    "dose not finite": (changed("0.5 mg/kg", "inf mg"), r'regimens\.1 \("A"\): .* finite'),
    "infusion of 0 min": (changed("40 min", "0 min"), r'regimens\.1 .* duration > 0, got "0 min"'),
    "oral infusion": (changed('"iv"', '"oral"'), r"regimens\.1 .*only IV, IM and SC doses"),
    "unknown route": (changed('"iv"', '"ivv"'), r'regimens\.1 .*"ivv"; did you mean "iv"'),
    "unknown drug": (changed("over ", 'drug = "esket"\nover '), r'regimens\.1 .*no drug "esket"'),
    "unknown form": (changed("over ", 'form = "salt"\nover '), r'regimens\.1 .*no form "salt"'),
    "unknown outcome": (
        changed('"anxiety"', '"anxeity"'), 'outcomes: no outcome "anxeity"; did you mean "anxiety"'
    ),
    "no outcomes": (changed('["ketamine", "anxiety"]', "[]"), "outcomes: .*at least 1"),
    "horizon too short": (
        changed("over ", 'start = "15 d"\nover '),
        r'regimens\.1 \("A"\): the horizon must lie after .* "14 d" with the first dose at 360 h',
    ),
    "horizon of no time": (changed('"14 d"', '"14 mg"'), 'horizon: "14 mg" is an amount'),
    "horizon not finite": (changed('"14 d"', '"inf d"'), "horizon: .*finite"),
    "name twice": (WHOLE.replace(A, A + A), 'the regimen name "A" stands twice; give each its own'),
    "name empty": (changed('"A"', '""'), r"regimens\.1\.name: "),
    "times of zero": (changed("over ", 'every = "1 d"\ntimes = 0\nover '), r"regimens\.1 .*times"),
    "times and until": (
        changed("over ", 'every = "1 d"\ntimes = 2\nuntil = "3 d"\nover '),
        r"regimens\.1 .*times or until and not both",
    ),
    "every of zero": (changed("over ", 'every = "0 h"\ntimes = 2\nover '), r"regimens.* every > 0"),
    "every alone": (changed("over ", 'every = "1 d"\nover '), r'regimens\.1: repeated doses need'),
    "times alone": (changed("over ", "times = 2\nover "), r'regimens\.1: repeated doses need'),
    "no dose": (changed('dose  = "0.5 mg/kg"', ""), r'regimens\.1: .*either "dose" or "steps"'),
    "dose and steps": (
        changed("over ", 'steps = [{ dose = "1 mg" }]\nover '), r'regimens\.1: .*either "dose" or'
    ),
    "over beside steps": (
        changed('dose  = "0.5 mg/kg"', 'steps = [{ dose = "1 mg" }]'),
        r'regimens\.1: with "steps", "over" belongs into each step',
    ),
    "a step back in time": (
        SHORT.replace('dose  = "0.5 mg/kg"\nover  = "40 min"',
                      'start = "1 d"\nsteps = [{ dose = "1 mg" }, '
                      '{ dose = "2 mg", after = "-2 h" }]'),
        r'regimens\.1 \("A"\): "after" counts from the step before and must be >= 0, got "-2 h"',
    ),
    "start before zero": (changed("over ", 'start = "-1 h"\nover '), r"regimens\.1 .*time >= 0 h"),
    "weight of zero": (changed("70 kg", "0 kg"), r"subject\.weight: a body weight must"),
    "weight of tons": (changed("70 kg", "7000 kg"), r'.* between 0\.5 and 500 kg, got "7000 kg"'),
    "horizon of a century": (changed("14 d", "100 years"), r"horizon: the longest is 5 years"),
    "name of two lines": (changed('name  = "A"', 'name = "A\\nB"'), r"regimens\.1\.name: needs 1"),
    "weight in litres": (changed("70 kg", "70 L"), r'subject\.weight: "70 L" is a volume'),
    "weight not finite": (changed('"70 kg"', "nan"), r"subject\.weight: "),
    "nobody": (changed("n    = 10", "n = 0"), r"population\.n: .*greater than or equal to 1"),
    "half a person": (changed("n    = 10", "n = 1.5"), r"population\.n: "),
    "negative seed": (changed("seed = 1", "seed = -1"), r"population\.seed: "),
    "expectation": (
        changed("horizon ", 'with_expectation = "opn"\nhorizon '), "with_expectation: .*blinded"
    ),
    "no regimens": (WHOLE.replace(A, ""), "regimens: this key is missing"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD.keys())
def test_a_bad_scenario_is_refused_with_file_and_place(tmp_path, text, message):
    file = tmp_path / "bad.toml"
    file.write_text(text)
    with pytest.raises(KpksimError, match=rf"bad\.toml: {message}") as refusal:
        read_scenario(file)
    assert "\n" not in str(refusal.value)


def test_a_scenario_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"none\.toml: no such file"):
        read_scenario(tmp_path / "none.toml")


def test_two_files_with_one_name_are_refused_by_both_places(tmp_path):
    own = Path(__file__).parents[1] / "models" / "mine.toml"
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(own.read_text(encoding="utf-8"), encoding="utf-8")
    text = changed('model    = "reference_racemic_2026a"', 'models = ["a.toml", "b.toml"]')
    message = (
        r'the models .*a\.toml and .*b\.toml both have the name "mine"; give each a name of its'
    )
    with pytest.raises(KpksimError, match=message):
        parse_scenario(text, "s.toml", folder=tmp_path)
