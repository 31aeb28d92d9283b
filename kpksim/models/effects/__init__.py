"""Effect curves: from a concentration at the effect site to a clinical scale; no numbers.

Slow effects are computed on a mesh from `graded_mesh`, where the engine supplies the concentration
at the effect site at the nodes of every cell; they are read at the times wanted.
"""

from kpksim.models.effects.mesh import NODES, Mesh, graded_mesh
from kpksim.models.effects.site import EffectSite
from kpksim.models.effects.structures import Dissociation, Effect, Pressure, Symptom

__all__ = [
    "NODES",
    "Dissociation",
    "Effect",
    "EffectSite",
    "Mesh",
    "Pressure",
    "Symptom",
    "graded_mesh",
]
