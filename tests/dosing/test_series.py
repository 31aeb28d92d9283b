from kpksim.dosing import Dose, Timed, oral, subcutaneous
from kpksim.dosing.series import find_series


def spans(regimen):
    return [(one.start, one.every, one.count) for one in find_series(regimen.doses)]


def test_a_single_dose_is_a_series_of_one():
    assert spans(oral("1 mg", at="3 h")) == [(3.0, 0.0, 1)]


def test_equal_spacing_is_one_series():
    assert spans(oral("1 mg").repeat("8 h", times=10)) == [(0.0, 8.0, 10)]


def test_a_change_of_spacing_starts_a_new_series():
    regimen = oral("1 mg").repeat("3.5 d", times=8).then(oral("1 mg").repeat("7 d", 4), "7 d")
    assert spans(regimen) == [(0.0, 84.0, 8), (756.0, 168.0, 4)]


def test_different_doses_are_different_series_even_when_they_alternate():
    regimen = oral("1 mg").repeat("1 d", times=3) + subcutaneous("1 mg", at=12.0).repeat("1 d", 3)
    assert spans(regimen) == [(0.0, 24.0, 3), (12.0, 24.0, 3)]


def test_two_equal_doses_at_one_time_are_both_kept():
    twice = oral("1 mg") + oral("1 mg")
    assert spans(twice) == [(0.0, 0.0, 1), (0.0, 0.0, 1)]


def test_rounding_does_not_break_a_series():
    dose = Dose(1.0, per_kg=False, route="oral")
    times = [72.0 + k / 3.0 for k in range(100)]
    (one,) = find_series([Timed(time, dose) for time in times])
    assert one.count == 100
    assert abs(one.last - times[-1]) <= 2e-14
    assert abs(one.every - 1.0 / 3.0) <= 1e-15


def test_a_second_more_does_break_a_series():
    dose = Dose(1.0, per_kg=False, route="oral")
    assert len(find_series([Timed(t, dose) for t in (0.0, 168.0, 336.0 + 1.0 / 3600.0)])) == 2
