"""libRoadRunner (CVODE, compiled SBML), started anew where the input changes."""

import numpy as np
import roadrunner
from numpy.typing import NDArray

from experiments.bench.others.sbml import sbml_of
from experiments.bench.others.segments import Segment, segments
from experiments.bench.workload import Workload


class RoadRunnerWay:
    """A compiled model, ready for one subject after another."""

    def __init__(self, work: Workload, rtol: float, atol: float):
        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
        self.work, self.parts = work, segments(work)
        self.pattern = (work.rates != 0.0).any(axis=0)
        self.model = roadrunner.RoadRunner(sbml_of(self.pattern, int(work.actions.compartment[0])))
        self.model.timeCourseSelections = [f"x{k}" for k in range(len(self.pattern))]
        integrator = self.model.getIntegrator()
        integrator.relative_tolerance, integrator.absolute_tolerance = rtol, atol

    def __call__(self) -> NDArray:
        """Outputs of every subject, shape (S, A, T)."""
        out = np.zeros(self.work.shape)
        for rates, rows, found in zip(self.work.rates, self.work.rows, out, strict=True):
            self.model.reset()
            values = np.concatenate([[0.0], rates[self.pattern]])
            self.model.model.setGlobalParameterValues(values)
            for part in self.parts:
                self.model["feed"] = part.feed
                states = self._through(part)
                found[:, part.first : part.last] = rows @ states
        return out

    def _through(self, part: Segment) -> NDArray:
        """States at the observations of a segment, shape (n, k); the model ends at its end."""
        times = self.work.times[part.first : part.last].clip(part.start, part.end)
        lead = [] if len(times) and times[0] == part.start else [part.start]
        tail = [] if len(times) and times[-1] == part.end else [part.end]
        found = self.model.simulate(times=[*lead, *times, *tail])
        return np.asarray(found)[len(lead) : len(lead) + len(times)].T
