"""Numbers with a source: published models, effect priors and posteriors."""

from kpksim.library.catalogue import list_models, load_model, resolve_alias
from kpksim.library.interactions import list_interactions, load_interaction, under

__all__ = [
    "list_interactions",
    "list_models",
    "load_interaction",
    "load_model",
    "resolve_alias",
    "under",
]
