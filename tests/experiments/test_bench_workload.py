"""What the benchmark simulates is what it says."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from experiments.bench import workload
from experiments.bench.fill import fill
from experiments.bench.others.sbml import sbml_of
from experiments.bench.others.segments import segments
from experiments.bench.settings import FOLDER, read_settings
from kpksim.engine import solve
from kpksim.errors import DataError

FULL = read_settings(FOLDER / "full.toml")
SMALL = workload.cohort(subjects=3, days=7, step_minutes=5, seed=1)


def states_of(work):
    """The same work with every state as an output."""
    everything = np.broadcast_to(np.eye(work.rates.shape[1]), work.rates.shape)
    return solve(work.rates, work.actions, work.times, everything).at


def test_the_cohort_is_the_one_of_the_goals():
    size = FULL.cohort
    work = workload.cohort(size.subjects, size.days, size.step_minutes, FULL.seed)
    assert work.shape == (10_000, 3, 2_017)
    assert work.rates.shape == (10_000, 8, 8)
    assert (work.times[0], work.times[-1]) == (0.0, 168.0)
    assert FULL.rounds >= 9


def test_six_infusions_of_forty_minutes_start_and_end_on_the_grid():
    when, change = SMALL.actions.time, SMALL.actions.rate
    assert when.tolist() == sorted(when)
    assert np.isin(when.round(9), SMALL.times.round(9)).all()
    assert (change[::2] > 0.0).all()
    assert len(when) == 12
    assert when[1::2] - when[::2] == pytest.approx(np.full(6, 40 / 60))
    assert change[::2] * (when[1::2] - when[::2]) == pytest.approx(np.full(6, 35.0))
    assert change[1::2].tolist() == (-change[::2]).tolist()


def test_people_differ_with_the_stated_spread():
    rates, _ = workload.ketamine_people(20_000, seed=4)
    leaving_depot = -rates[:, workload.DEPOT, workload.DEPOT]
    assert leaving_depot.std() / leaving_depot.mean() == pytest.approx(0.3, rel=0.03)
    assert (rates.sum(axis=1) <= 1e-9).all()
    away = ~np.eye(8, dtype=bool)
    assert (rates[:, away] >= 0.0).all()


def test_what_enters_the_cohort_leaves_it_or_is_there():
    states = states_of(SMALL)
    assert states.sum(axis=1).max() < 6 * 35.0
    assert (states[:, workload.DEPOT] == 0.0).all()
    seen = solve(SMALL.rates, SMALL.actions, SMALL.times, SMALL.rows).at
    assert (seen[:, :, 1:] > 0.0).all()


def test_the_oral_course_is_the_one_of_the_goals_and_enters_the_depot():
    size = FULL.course
    work = workload.oral_course(2, size.doses, size.step_minutes, seed=1)
    assert (size.subjects, len(work.actions.time), len(work.times)) == (1000, 90, 8641)
    assert work.times[-1] == 90 * 24.0
    assert (work.actions.compartment == workload.DEPOT).all()
    assert states_of(work)[0, workload.DEPOT, 0] == 35.0


def test_lags_differ_between_subjects_and_move_every_dose():
    course = workload.oral_course(4, doses=3, step_minutes=15, seed=1)
    late = workload.lagged(course, lag_hours=0.25, seed=2).actions.time - course.actions.time
    assert late.shape == (4, 3)
    assert (late > 0.05).all()
    assert late == pytest.approx(np.broadcast_to(late[:, :1], late.shape))
    assert len(set(late[:, 0])) == 4


def test_irregular_times_are_whole_minutes_or_none():
    on = workload.on_minutes(25, days=7, seed=1)
    off = workload.off_minutes(25, days=7, seed=1)
    assert len(set(on)) == 25
    assert (60 * on).round(9).tolist() == (60 * on).round().tolist()
    assert not np.isclose(60 * off, (60 * off).round(), atol=1e-6).any()
    for times in (on, off):
        assert (np.diff(times) > 0.0).all()
        assert 0.0 < times[0] < times[-1] <= 168.0


@pytest.mark.parametrize("n", FULL.growth.states)
def test_every_state_of_a_system_of_n_states_is_reached_or_is_the_depot(n):
    work = workload.of_states(n, subjects=2, days=1, step_minutes=20, seed=1)
    assert work.rates.shape == (2, n, n)
    assert (work.rates.sum(axis=1) <= 1e-12).all()
    reached = (states_of(work)[0, :, -1] > 0.0).sum()
    assert reached == (n if n < 8 else n - 1)


def test_the_first_subjects_of_a_workload_are_solved_alike():
    late = workload.lagged(workload.oral_course(4, 2, 60, seed=1), 0.25, seed=1)
    for work in (SMALL, late):
        whole = solve(work.rates, work.actions, work.times, work.rows).at
        few = work.first(2)
        part = solve(few.rates, few.actions, few.times, few.rows).at
        assert np.array_equal(part, whole[:2])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("threads", [None, 1])
def test_the_fill_reaches_every_place(dtype, threads):
    out = np.zeros((37, 3, 11), dtype=dtype)
    fill(out, threads)
    assert (out == 1.0).all()


def test_segments_hold_every_observation_once_under_its_input():
    work = workload.cohort(subjects=1, days=2, step_minutes=20, seed=1)
    parts = segments(work)
    assert [round(part.feed, 9) for part in parts] == [52.5, 0.0, 52.5, 0.0]
    assert [part.first for part in parts] == [0, *(part.last for part in parts[:-1])]
    assert parts[-1].last == len(work.times)
    for part in parts:
        inside = work.times[part.first : part.last]
        assert (inside >= part.start - 1e-9).all()
        assert (inside <= part.end + 1e-9).all()


def test_the_sbml_says_the_same_equations():
    rates = np.array([[-1.0, 0.5], [0.25, -0.75]])
    text = sbml_of(rates != 0.0, entry=1)
    values = {"x0": 3.0, "x1": 5.0, "feed": 7.0}
    values |= {f"k_{i}_{j}": rates[i, j] for i in range(2) for j in range(2)}
    slopes = [evaluated(rule[0][0], values) for rule in of_kind(text, "rateRule")]
    assert slopes == (rates @ [3.0, 5.0] + [0.0, 7.0]).tolist()
    assert [one.get("id") for one in of_kind(text, "parameter")] == [
        "feed", "k_0_0", "k_0_1", "k_1_0", "k_1_1",
    ]  # fmt: skip


def of_kind(text, name):
    """Elements of a name, whatever their namespace."""
    return [one for one in ElementTree.fromstring(text).iter() if one.tag.endswith(f"}}{name}")]


def evaluated(node, values):
    """The value of a MathML sum of products."""
    if node.tag.endswith("}ci"):
        return values[node.text]
    operator, *terms = node
    numbers = [evaluated(one, values) for one in terms]
    return sum(numbers) if operator.tag.endswith("}plus") else float(np.prod(numbers))


def test_a_setting_that_is_no_size_is_refused(tmp_path):
    file = tmp_path / "bad.toml"
    text = (FOLDER / "quick.toml").read_text()
    file.write_text(text.replace("rounds = 2", "rounds = 0"))
    with pytest.raises(DataError, match="rounds"):
        read_settings(file)
