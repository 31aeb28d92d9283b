"""Effect curves: from a concentration at the effect site to a clinical scale; no numbers.

Each effect is computed on a mesh from `graded_mesh`, where the engine supplies the
concentration at the effect site at the boundaries and at the `NODES` of every cell.
"""

from kpksim.models.effects.mesh import NODES, graded_mesh
from kpksim.models.effects.site import EffectSite
from kpksim.models.effects.structures import Dissociation, Effect, Pressure, Symptom

__all__ = [
    "NODES",
    "Dissociation",
    "Effect",
    "EffectSite",
    "Pressure",
    "Symptom",
    "graded_mesh",
]
