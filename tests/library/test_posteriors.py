"""Posterior files come back checked, and are mixed by weight, the same way every time."""

import numpy as np
import pytest
import xarray as xr

from kpksim.errors import DataError, ModelError, UnknownName
from kpksim.library.catalogue import resolve_alias
from kpksim.library.effect_catalogue import calibration_label
from kpksim.library.effect_document import Beta
from kpksim.library.hypotheses import effect_of, hypothesis_priors, study_priors
from kpksim.library.posteriors import list_posteriors, load_posterior, mixture

MODEL = resolve_alias("reference_racemic")
FACTS = {
    "model": MODEL,
    "weight": 1.0,
    "log_evidence": -37.7,
    "log_evidence_error": 0.2,
    "smallest_difference": float("nan"),
    "verdict": "cannot tell",
    "statement_hash": "abc",
    "pk_seed": 7,
    "pk_draws": 20,
}


@pytest.fixture
def write(tmp_path):
    """Write the posterior of an outcome under a hypothesis: draws of its priors."""

    def written(hypothesis, outcome="anxiety", n=1000, drop="", change=None, **facts):
        rng = np.random.default_rng([len(hypothesis), n])
        priors = hypothesis_priors(hypothesis, outcome) | study_priors(outcome)
        data = {}
        for name, one in priors.items():
            shape = one.distribution
            draws = (
                rng.beta(shape.a, shape.b, n)
                if isinstance(shape, Beta)
                else shape.median * np.exp(shape.sd * rng.normal(size=n)) * one.scale
            )
            data[name] = ("draw", draws.astype(np.float32))
        data["pk_draw"] = ("draw", rng.integers(20, size=n).astype(np.int32))
        data |= {name: ("draw", np.full(n, value)) for name, value in (change or {}).items()}
        data.pop(drop, None)
        attrs = {"outcome": outcome, "hypothesis": hypothesis} | FACTS | facts
        attrs = {name: value for name, value in attrs.items() if value is not None}
        file = tmp_path / f"{outcome}__{hypothesis}.nc"
        xr.Dataset(data, attrs=attrs).to_netcdf(file, engine="h5netcdf")
        return file

    return written


def everything(_):
    return True


def test_draws_and_facts_come_back(write, tmp_path):
    file = write("ketamine")
    found = load_posterior("anxiety", "ketamine", tmp_path)
    stored = xr.load_dataset(file, engine="h5netcdf")
    assert len(found) == 1000
    assert set(found.values) == set(stored.data_vars) - {"pk_draw"}
    for name, draws in found.values.items():
        assert draws.tolist() == stored[name].values.tolist()
    assert found.pk_draw.tolist() == stored["pk_draw"].values.tolist()
    for name, value in FACTS.items():
        if value == value:
            assert getattr(found, name) == value


def test_a_share_that_the_file_rounds_to_one_stays_below_it(write, tmp_path):
    write("ketamine", change={"rf": np.float32(1.0)})
    found = load_posterior("anxiety", "ketamine", tmp_path)
    assert found.values["rf"].max() < 1.0


def test_only_files_of_the_outcome_and_of_known_hypotheses_are_listed(write, tmp_path):
    for hypothesis in ("norketamine", "ketamine"):
        write(hypothesis)
    write("ketamine", outcome="depression")
    (tmp_path / "anxiety__magic.nc").write_bytes(b"")
    assert list_posteriors("anxiety", tmp_path) == ("ketamine", "norketamine")
    assert list_posteriors("sbp", tmp_path) == ()
    assert list_posteriors("sbp", tmp_path / "nowhere") == ()


def test_every_hypothesis_of_a_mixture_gets_draws_by_its_weight(write, tmp_path):
    write("ketamine", weight=0.5)
    write("ketamine_arterial", weight=0.3)
    write("norketamine", weight=0.2)
    write("fast_only", weight=0.0)
    mixed = mixture("anxiety", 11, everything, tmp_path)
    assert mixed.weights == pytest.approx(
        {"ketamine": 0.5, "ketamine_arterial": 0.3, "norketamine": 0.2}
    )
    assert [len(part) for part in mixed.parts] == [6, 3, 2]
    assert mixed.hypothesis.tolist() == (
        ["ketamine"] * 6 + ["ketamine_arterial"] * 3 + ["norketamine"] * 2
    )
    assert mixed.notes == ()
    assert (mixed.pk_seed, mixed.pk_draws, mixed.model) == (7, 20, MODEL)
    first = load_posterior("anxiety", "ketamine", tmp_path)
    assert mixed.parts[0].values["g"].tolist() == first.values["g"][:6].tolist()
    assert mixed.parts[0].pk_draw.tolist() == first.pk_draw[:6].tolist()


def test_a_mixture_is_the_same_every_time_and_its_draws_become_effects(write, tmp_path):
    write("ketamine", weight=0.6)
    write("ketamine_norketamine", weight=0.4)
    one, two = (mixture("anxiety", 50, everything, tmp_path) for _ in range(2))
    for part, again in zip(one.parts, two.parts, strict=True):
        assert all(np.array_equal(part.values[name], again.values[name]) for name in part.values)
        effect = effect_of(part.hypothesis, part.values, lambda drive, also="", w=0.0: 100.0 + w)
        assert effect.ec50.shape == (len(part),)


def test_what_a_model_cannot_drive_is_left_out_with_its_reason(write, tmp_path):
    write("ketamine", weight=0.6)
    write("ketamine_arterial", weight=0.3)
    write("norketamine", weight=0.1)
    venous = mixture("anxiety", 70, lambda one: "ketamine_arterial" not in one.drives, tmp_path)
    assert venous.weights == pytest.approx({"ketamine": 6 / 7, "norketamine": 1 / 7})
    assert [len(part) for part in venous.parts] == [60, 10]
    (note,) = venous.notes
    assert 'anxiety: the hypothesis "Arterial ketamine" is left out' in note
    assert "(ketamine_arterial); the others share its weight of 30 %." in note
    with pytest.raises(ModelError, match="lacks what drives each hypothesis that survives"):
        mixture("anxiety", 70, lambda one: False, tmp_path)


def test_a_hypothesis_too_unlikely_for_a_draw_keeps_its_weight(write, tmp_path):
    write("ketamine", weight=0.999)
    write("norketamine", weight=0.001)
    mixed = mixture("anxiety", 10, everything, tmp_path)
    assert mixed.weights == pytest.approx({"ketamine": 0.999, "norketamine": 0.001})
    assert [(part.hypothesis.key, len(part)) for part in mixed.parts] == [("ketamine", 10)]


@pytest.mark.parametrize("n", [1, 7, 200, 999])
def test_draws_shared_out_are_all_there_and_near_their_weights(write, tmp_path, n):
    weights = {"ketamine": 0.371, "ketamine_power": 0.333, "norketamine": 0.296}
    for hypothesis, weight in weights.items():
        write(hypothesis, weight=weight)
    counts = {p.hypothesis.key: len(p) for p in mixture("anxiety", n, everything, tmp_path).parts}
    assert sum(counts.values()) == n
    assert all(abs(counts.get(key, 0) - n * weight) < 1.0 for key, weight in weights.items())


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"model": "reference_racemic_2026a"}, f'model is "reference_.*2026a", expected "{MODEL}"'),
        ({"hypothesis_fact": "norketamine"}, 'its hypothesis is "norketamine", expected "ketamine'),
        ({"outcome_fact": "depression"}, 'its outcome is "depression", expected "anxiety"'),
        ({"statement_hash": None}, 'is no posterior, it has no attribute "statement_hash"'),
        ({"drop": "t_slow"}, 'lacks "t_slow", which the hypothesis has by now'),
        ({"drop": "pk_draw"}, 'lacks "pk_draw"'),
        ({"change": {"rf": 1.5}}, "rf: every draw is a share from 0 to 1, got 1.5"),
        ({"change": {"g": -1.0}}, "g: every draw is a positive number, got -1.0"),
        ({"change": {"tau": float("nan")}}, "tau: every draw is a positive number, got nan"),
        ({"change": {"pk_draw": 20}}, "pk_draw: is a whole number from -1 to 19"),
        ({"change": {"pk_draw": 0.5}}, "pk_draw: is a whole number from -1 to 19"),
    ],
)
def test_a_posterior_of_something_else_is_refused(write, tmp_path, how, message):
    facts = {name.removesuffix("_fact"): value for name, value in how.items() if "_fact" in name}
    rest = {name: value for name, value in how.items() if "_fact" not in name}
    file = write("ketamine", **rest)
    if facts:
        changed = xr.load_dataset(file, engine="h5netcdf").assign_attrs(facts)
        changed.to_netcdf(file, engine="h5netcdf")
    with pytest.raises(DataError, match=rf"anxiety__ketamine\.nc: .*{message}.*kpksim calibrate"):
        load_posterior("anxiety", "ketamine", tmp_path)


def test_a_file_that_is_no_netcdf_is_refused(tmp_path):
    (tmp_path / "anxiety__ketamine.nc").write_text("no")
    with pytest.raises(DataError, match="cannot be read as netCDF"):
        load_posterior("anxiety", "ketamine", tmp_path)


def test_a_posterior_of_another_model_may_be_asked_for(write, tmp_path):
    write("ketamine", model="reference_racemic_2026a")
    found = load_posterior("anxiety", "ketamine", tmp_path, model="reference_racemic_2026a")
    assert found.model == "reference_racemic_2026a"


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"weight": 0.3, "statement_hash": "xyz"}, "its statement_hash differs from that of"),
        ({"weight": 0.3, "pk_seed": 8}, "its pk_seed differs from that of"),
        ({"weight": float("nan")}, "weight: is a share from 0 to 1, got nan"),
        ({"weight": 0.2}, r"add up to 1, got 0\.9; a file is missing"),
    ],
)
def test_posteriors_that_do_not_belong_together_are_refused(write, tmp_path, second, message):
    write("ketamine", weight=0.7)
    write("norketamine", **second)
    with pytest.raises(DataError, match=message):
        mixture("anxiety", 10, everything, tmp_path)


def test_too_many_draws_and_none_at_all_are_refused(write, tmp_path):
    with pytest.raises(UnknownName, match='no posterior of "anxiety"; none is there yet'):
        mixture("anxiety", 10, everything, tmp_path)
    with pytest.raises(UnknownName, match="kpksim calibrate makes them"):
        load_posterior("anxiety", "ketamine", tmp_path)
    write("ketamine", n=20)
    with pytest.raises(DataError, match="has 20 draws, and its share of the mixture is 21"):
        mixture("anxiety", 21, everything, tmp_path)
    with pytest.raises(UnknownName, match='under "norketamin"; did you mean'):
        load_posterior("anxiety", "norketamin", tmp_path)


def test_the_label_says_whether_curves_are_calibrated(write, tmp_path):
    write("ketamine", weight=0.6)
    write("norketamine", weight=0.4)
    mixed = mixture("anxiety", 10, everything, tmp_path)
    assert calibration_label(mixed.weights) == (
        "calibrated: posterior draws (ketamine 60 %, norketamine 40 %)"
    )
    assert calibration_label() == "uncalibrated: prior medians"
