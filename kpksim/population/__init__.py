"""WHO receives the drug: covariates, random effects, people; draws of uncertain parameters."""

from kpksim.population.draws import Draws, sample_draws
from kpksim.population.people import People, sample_people, typical_person

__all__ = ["Draws", "People", "sample_draws", "sample_people", "typical_person"]
