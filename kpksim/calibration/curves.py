r"""Typical curves at the times of statements, for one hypothesis and one set of parameters.

They are those of `kpksim.simulate` with the same parameters, within 0.002 of a clock; equations
stand with the structures in `kpksim.models.effects`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kpksim.calibration.clock_kernel import fast_clock, run_courses
from kpksim.calibration.courses import SPEEDS, Courses
from kpksim.library.hypotheses import Hypothesis
from kpksim.models.effects.polynomials import coefficients, repeated_integrals
from kpksim.models.effects.pressure import PRESSURE_REFERENCE
from kpksim.models.effects.transduction import SHAPES

Array = NDArray[np.float64]

LN2 = float(np.log(2.0))
_STEP = float(np.log(SPEEDS[1] / SPEEDS[0]))


@dataclass(frozen=True)
class Curves:
    """Courses of all arms, and what drives an effect in them.

    Attributes
    ----------
    hypothesis : Hypothesis
        What drives the effect and how.
    courses : Courses
        T times of regimens.
    reference : mapping of str to array, shape (R,)
        Concentrations after 0.5 mg/kg over 40 min, around and after the peak [ng/mL].
    potent : array of bool, shape (number of courses,)
        Whether a course is one of esketamine in a model of the racemate.
    """

    hypothesis: Hypothesis
    courses: Courses
    reference: Mapping[str, Array]
    potent: NDArray[np.bool_]

    def effect(self, values: Mapping[str, float]) -> Array:
        """Effect of the drug in the typical study.

        Parameters
        ----------
        values : mapping of str to float
            Parameters by the names of `kpksim.library.hypothesis_priors`, times in h.

        Returns
        -------
        array, shape (T,)
            Of a symptom what its logarithm loses, L; dissociation in points; a pressure in mmHg.
        """
        structure = self.hypothesis.structure
        if structure == "pressure":
            level = self._fast(values, ec50=1.0)[0]
            raised: Array = values["a"] * (level / PRESSURE_REFERENCE) ** values["g"]
            return raised
        ec50 = values["ec50_ratio"] * self.peak(values)
        fast = self._fast(values, ec50)[1]
        slow, passed = self._slow(values, ec50)
        if "kappa" in values:
            fast *= np.exp(-values["kappa"] * passed)
        if structure == "dissociation":
            return values["emax"] * fast
        lost = -np.log1p(-values["rf"]) * fast if "rf" in values else 0.0
        return lost - np.log1p(-values["rs"]) * slow if "rs" in values else lost + 0.0 * slow

    def peak(self, values: Mapping[str, float]) -> float:
        """Peak of the drive after 0.5 mg/kg over 40 min.

        Parameters
        ----------
        values : mapping of str to float
            Parameters.

        Returns
        -------
        float
            The peak [ng/mL].
        """
        own = self.reference[self.hypothesis.drive]
        if not self.hypothesis.also:
            return float(own.max())
        return float((own + values["w_also"] * self.reference[self.hypothesis.also]).max())

    def _site(self, values: Mapping[str, float]) -> tuple[float, float, Array]:
        """Place of the site's speed, share of what is added, and the factor on each course."""
        place = float(np.log(LN2 / values["t_ke0"] / SPEEDS[0])) / _STEP
        place = min(max(place, 0.0), len(SPEEDS) - 1.0)
        factors = np.where(self.potent, values.get("potency", 1.0), 1.0)
        return place, values.get("w_also", 0.0), factors

    def _drive(self, values: Mapping[str, float], ec50: float) -> tuple[float, float, int, float]:
        """Parameters of the drive."""
        ic50 = values.get("ic50_ratio", 1.0) * self.peak(values)
        return ec50, values.get("g", 1.0), SHAPES[self.hypothesis.shape], ic50

    def _fast(self, values: Mapping[str, float], ec50: float) -> tuple[Array, Array]:
        """Level at the effect site, and the drive it gives."""
        at = self.courses.at
        own, also = self.hypothesis.drive, self.hypothesis.also or self.hypothesis.drive
        found = np.empty(at[own].shape[1]), np.empty(at[own].shape[1])
        drive = (*self._drive(values, ec50), 0.0)
        fast_clock(at[own], at[also], self._site(values), self.courses.course, drive, found)
        return found

    def _slow(self, values: Mapping[str, float], ec50: float) -> tuple[Array, Array]:
        """Slow clock and tolerance."""
        found = np.zeros(len(self.courses.places)), np.zeros(len(self.courses.places))
        kappa = values.get("kappa", 0.0)
        if "kin" not in values and not kappa:
            return found
        slow_ec50 = 0.0
        if self.hypothesis.slow_drive:
            peak = float(self.reference[self.hypothesis.slow_drive].max())
            slow_ec50 = values["slow_ec50_ratio"] * peak
        clock = (
            values.get("kin", 0.0),
            LN2 / values.get("t_slow", 1.0),
            LN2 / values["t_d"] if "t_d" in values else 0.0,
            kappa,
            LN2 / values.get("t_tol", 1.0),
        )
        drive = (*self._drive(values, ec50), slow_ec50)
        run_courses(self._cells, self._levels, self._site(values), drive, clock, found)
        return found

    @cached_property
    def _cells(self) -> tuple[NDArray[np.generic], ...]:
        """Cells of all courses as the kernel takes them."""
        one = self.courses
        tables = repeated_integrals(1), coefficients()
        return (
            one.steps, one.first, one.count, one.starts, one.owner, one.begins, one.places, *tables
        )  # fmt: skip

    @cached_property
    def _levels(self) -> tuple[Array, Array, Array]:
        """Levels of the drive, of what is added, and of the drive of the slow clock."""
        inside, own = self.courses.inside, self.hypothesis.drive
        also = inside[self.hypothesis.also or own]
        return inside[own], also, inside[self.hypothesis.slow_drive or own]
