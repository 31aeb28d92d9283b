import numpy as np

import kpksim as kp
from kpksim.analysis.exposure import exposure


def test_of_equal_peaks_of_a_course_the_first_counts():
    weekly = kp.subcutaneous("1 mg/kg").repeat(every="1 week", times=6)
    model = kp.load_model("reference_racemic_2026a")
    one = exposure(model, kp.subcutaneous("1 mg/kg"), horizon=1344.0)
    six = exposure(model, weekly, horizon=1344.0)
    np.testing.assert_allclose(six.tmax, one.tmax, rtol=1e-2)
    np.testing.assert_allclose(six.cmax, one.cmax, rtol=2e-3)
