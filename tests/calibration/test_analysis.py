"""What is made of the draws of a hypothesis before anything is shown of them."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import logsumexp

from kpksim.calibration import analysis
from kpksim.calibration.study import read_calibration

CONFIGS = Path(__file__).parents[2] / "configs" / "calibrations"
DRAWS, SHOWN, PRIOR = 6, 10, 30


@pytest.fixture(scope="module")
def asked():
    return read_calibration(CONFIGS / "sbp.toml")


@pytest.fixture
def analysed(asked, monkeypatch):
    """An analysis of made-up fits, whose draws walk from the prior towards its middle."""
    problem = asked.setting().problem("pressure_venous")
    drawn = problem.transform(
        np.random.default_rng(1).uniform(0.3, 0.7, (DRAWS, len(problem.names)))
    )
    walked, seen = [], {}

    def walk_on(problem, values, rng, *, steps):
        middle = problem.transform(np.full(len(problem.names), 0.5))
        walked.append((values, steps))
        return SimpleNamespace(values=0.5 * (values + middle), accepted=0.3)

    def spread_over_pk(fitted, rng):
        seen["fitted"] = fitted
        return {}

    fits = [SimpleNamespace(effective_size=size) for size in (400.0, 300.0)]
    monkeypatch.setattr(analysis, "read_fits", lambda *_: fits)
    monkeypatch.setattr(analysis, "pooled", lambda *_: (drawn, np.arange(DRAWS) % 2))
    monkeypatch.setattr(analysis, "walk_on", walk_on)
    monkeypatch.setattr(analysis, "spread_over_pk", spread_over_pk)
    monkeypatch.setattr(analysis, "other_choices", lambda *_: {})
    monkeypatch.setattr(analysis, "PRIOR_SHOWN", SHOWN)
    found = analysis.analyse(
        SimpleNamespace(checkpoint=Path("fits") / "one"), asked=asked.plain(),
        hypothesis="pressure_venous", seeds=[1, 2], live_points=100, steps=41, prior_draws=PRIOR,
        statement_hash="a", model_hash="b",
    )  # fmt: skip
    return problem, drawn, walked, seen["fitted"], found


def test_draws_halfway_serve_beside_those_at_the_end(analysed):
    _, drawn, walked, fitted, found = analysed
    (first, half), (second, rest) = walked
    assert (half, rest) == (20, 21)
    assert np.array_equal(first, drawn)
    assert np.array_equal(fitted.pool[:DRAWS], second)
    assert np.array_equal(fitted.pool[DRAWS:], fitted.values)
    assert np.array_equal(found["value"].values, fitted.values)
    assert not np.array_equal(second, fitted.values)
    assert fitted.worth == found.attrs["worth"] == 700.0


def test_prior_scores_are_of_all_its_draws_and_the_first_are_shown(analysed):
    problem, *_, found = analysed
    shown = found["prior_value"].values
    assert shown.shape == (SHOWN, len(problem.names))
    assert found["prior_target"].sizes["prior_draw"] == SHOWN
    likelihoods = np.array([problem.by_study(one) for one in shown])
    of_shown = logsumexp(likelihoods, axis=0) - np.log(SHOWN)
    assert not np.allclose(found["prior_score"].values, of_shown, atol=1e-3)
    # the first draws are among all: they cannot have more than all of the sum
    assert np.all(found["prior_score"].values >= of_shown + np.log(SHOWN / PRIOR) - 1e-9)
