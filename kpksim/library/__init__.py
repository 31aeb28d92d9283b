"""Numbers with a source: published models, effect priors and posteriors."""

from kpksim.library.catalogue import list_models, load_model, resolve_alias

__all__ = ["list_models", "load_model", "resolve_alias"]
