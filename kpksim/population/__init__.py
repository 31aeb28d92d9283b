"""WHO receives the drug: covariates, random effects, people."""

from kpksim.population.people import People, sample_people, typical_person

__all__ = ["People", "sample_people", "typical_person"]
