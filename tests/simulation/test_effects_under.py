"""Effects under a hypothesis are scaled to a model and driven by its outputs."""

import numpy as np
import pytest

import kpksim as kp
from kpksim.errors import ModelError
from kpksim.library.hypotheses import hypothesis_priors, list_hypotheses, load_hypothesis
from kpksim.population import typical_person
from kpksim.simulation.effects import (
    ReferencePeaks,
    effect_under,
    effects_for,
    reference_peak,
    why_no_hypothesis,
)
from kpksim.simulation.problem import problem_of
from kpksim.simulation.responses import all_curves
from kpksim.vocabulary import OUTCOMES

REFERENCE = kp.load_model("reference_racemic_2026b")
ARTERIAL = kp.load_model("simons2022")
INFUSION = kp.infusion("0.5 mg/kg", over="40 min")
TIMES = np.array([0.0, 0.5, 1.0, 24.0])


def medians(key, outcome):
    return {name: one.value for name, one in hypothesis_priors(key, outcome).items()}


def test_the_peak_of_a_mixture_is_that_of_the_sum_of_its_curves():
    fine = np.linspace(0.0, 6.0, 3601)
    curves = kp.simulate(REFERENCE, INFUSION, fine, outcomes=["ketamine", "norketamine"])
    peaks, weights = ReferencePeaks(REFERENCE), np.array([0.1, 0.9, 3.0])
    sums = curves["ketamine"].values + weights[:, None] * curves["norketamine"].values
    assert peaks("ketamine", "norketamine", weights) == pytest.approx(sums.max(axis=1), rel=2e-3)
    assert peaks("ketamine", "norketamine", 0.9) == pytest.approx(sums[1].max(), rel=2e-3)
    assert peaks("ketamine_arterial") == reference_peak(REFERENCE, "ketamine_arterial")
    assert peaks("ketamine_arterial") > 1.2 * peaks("ketamine")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_reference_model_can_be_driven_under_every_hypothesis(outcome):
    for key in list_hypotheses(outcome):
        assert why_no_hypothesis(REFERENCE, load_hypothesis(key)) == ""


def test_the_leading_hypothesis_at_its_medians_is_the_effect_of_the_main_job():
    for outcome, key in (("anxiety", "ketamine"), ("dissociation", "dissociation_venous")):
        found = effect_under(REFERENCE, load_hypothesis(key), medians(key, outcome))
        assert found == effects_for(REFERENCE, (outcome,))[outcome]


def test_a_model_that_is_all_arterial_drives_by_its_plain_output():
    arterial, venous = load_hypothesis("pressure_arterial"), load_hypothesis("pressure_venous")
    assert effect_under(ARTERIAL, arterial, medians("pressure_arterial", "sbp")).drive == "ketamine"
    assert "arterial" in why_no_hypothesis(ARTERIAL, venous)
    with pytest.raises(ModelError, match='"pressure_venous" cannot be computed with simons2022'):
        effect_under(ARTERIAL, venous, medians("pressure_venous", "sbp"))


@pytest.mark.parametrize("key", ["ketamine_norketamine", "slow_hydroxynorketamine", "mediator"])
def test_draws_in_copies_of_one_person_are_computed_one_by_one(key):
    hypothesis, rng = load_hypothesis(key), np.random.default_rng(3)
    draws = {
        name: one.scale * np.array([one.distribution.quantile(u) for u in rng.uniform(0.2, 0.8, 3)])
        for name, one in hypothesis_priors(key, "depression").items()
    }
    problem = problem_of(REFERENCE, INFUSION, typical_person())
    copies = problem.chosen(np.zeros(3, dtype=np.intp))

    def curves(values, where):
        effects = {"depression": effect_under(REFERENCE, hypothesis, values)}
        return all_curves(where, (), effects, TIMES)["depression_open"]

    together = curves(draws, copies)
    for k in range(3):
        alone = curves({name: one[k] for name, one in draws.items()}, problem)
        assert together[k] == pytest.approx(alone[0], rel=1e-12)
