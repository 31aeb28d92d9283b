"""Verdicts follow the rule, at its edges too."""

import numpy as np
import pytest

from kpksim.calibration.verdict import (
    Evidence,
    combine,
    difference,
    judge,
    judge_all,
    leader,
    mixture_weights,
)


def evidences(**values):
    return {name: Evidence(value, 0.2) for name, value in values.items()}


@pytest.mark.parametrize(
    ("main", "others", "word", "where"),
    [
        (2.99, [], "cannot tell", "main"),
        (3.0, [], "leans", "main"),
        (4.99, [], "leans", "main"),
        (5.0, [], "favoured", "main"),
        (-5.0, [-7.0], "favoured", "main"),
        (-5.1, [-4.7, -6.4], "leans", "rerun0"),
        (-5.1, [-4.7, -2.9], "cannot tell", "rerun1"),
        (9.0, [-8.0], "cannot tell", "rerun0"),
        (9.0, [8.0, 7.0], "favoured", "rerun1"),
    ],
)
def test_the_smallest_difference_decides(main, others, word, where):
    reruns = {f"rerun{k}": Evidence(value, 0.3) for k, value in enumerate(others)}
    found = judge(Evidence(main, 0.2), reruns)
    assert (found.word, found.where) == (word, where)
    assert abs(found.smallest.value) == min(map(abs, [main, *others]))
    assert found.main == Evidence(main, 0.2)


def test_a_turned_sign_is_named():
    found = judge(Evidence(9.0, 0.2), evidences(first=8.0, second=-6.0))
    assert found.turned == ("second",)
    assert found.says("K", "NK") == "cannot tell K from NK (sign turns second)"


@pytest.mark.parametrize(
    ("main", "said"),
    [
        (1.0, "cannot tell K from NK (smallest difference 1.0, main runs)"),
        (3.4, "leans to K over NK (smallest difference 3.4, main runs)"),
        (-8.0, "NK is favoured over K (smallest difference 6.0, wide EC50)"),
    ],
)
def test_a_verdict_in_words_names_the_better_one(main, said):
    found = judge(Evidence(main, 0.2), evidences(**{"wide EC50": np.copysign(6.0, main)}))
    assert found.says("K", "NK") == said


def test_the_leader_is_judged_against_every_other_in_the_reruns_that_have_both():
    main = evidences(K=-37.7, NK=-42.8, HNK=-45.8)
    reruns = {
        "q doubled": evidences(K=-38.0, NK=-41.5),
        "EC50 wider": evidences(K=-38.0, NK=-44.0, HNK=-46.0),
    }
    found = judge_all(main, reruns)
    assert leader(main) == "K"
    assert set(found) == {"NK", "HNK"}
    assert (found["NK"].word, found["NK"].where) == ("leans", "q doubled")
    assert found["NK"].smallest.value == pytest.approx(3.5)
    assert (found["HNK"].word, found["HNK"].where) == ("favoured", "EC50 wider")
    assert found["HNK"].main.error == pytest.approx(0.2 * np.sqrt(2))


def test_survivors_share_by_evidence_and_the_rest_have_nothing():
    main = evidences(K=-37.0, arterial=-38.0, NK=-41.0, HNK=-44.0)
    weights = mixture_weights(main, judge_all(main, {}))
    assert weights["HNK"] == 0.0
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["arterial"] / weights["K"] == pytest.approx(np.exp(-1.0))
    assert weights["NK"] / weights["K"] == pytest.approx(np.exp(-4.0))


def test_a_hypothesis_that_one_rerun_spares_survives_with_little():
    main = evidences(K=-37.0, HNK=-44.0)
    weights = mixture_weights(main, judge_all(main, {"no oral": evidences(K=-30.0, HNK=-31.0)}))
    assert weights["HNK"] == pytest.approx(np.exp(-7.0) / (1 + np.exp(-7.0)))


def test_weights_of_tiny_evidences_do_not_underflow():
    main = evidences(K=-5000.0, NK=-5000.0)
    assert mixture_weights(main, judge_all(main, {})) == pytest.approx({"K": 0.5, "NK": 0.5})


def test_seeds_that_agree_halve_the_variance_and_seeds_that_do_not_enlarge_it():
    assert combine([Evidence(-1.0, 0.2), Evidence(-1.0, 0.2)]).error == pytest.approx(
        0.2 / np.sqrt(2)
    )
    apart = combine([Evidence(-1.0, 0.2), Evidence(-3.0, 0.2)])
    assert (apart.value, apart.error) == pytest.approx((-2.0, 1.0))
    assert combine([Evidence(-1.0, 0.2)]) == Evidence(-1.0, 0.2)


def test_errors_of_a_difference_add_in_squares():
    found = difference(Evidence(-1.0, 0.3), Evidence(-4.0, 0.4))
    assert (found.value, found.error) == (3.0, pytest.approx(0.5))
