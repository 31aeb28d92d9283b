"""Effect curves: from a concentration at the effect site to a clinical scale; no numbers.

Slow effects are computed on a mesh from `graded_mesh`, where the engine supplies the concentration
at the effect site at the nodes of every cell; they are read at the times wanted.
"""

from kpksim.models.effects.dissociation import Dissociation
from kpksim.models.effects.effect import Number
from kpksim.models.effects.mesh import NODES, Mesh, graded_mesh
from kpksim.models.effects.pressure import Pressure
from kpksim.models.effects.site import EffectSite
from kpksim.models.effects.symptom import Symptom

Effect = Symptom | Dissociation | Pressure
"""Any of the structures."""

__all__ = [
    "NODES",
    "Dissociation",
    "Effect",
    "EffectSite",
    "Mesh",
    "Number",
    "Pressure",
    "Symptom",
    "graded_mesh",
]
