"""What was measured in people: observed pharmacokinetics with source, place and grade."""

from kpksim.evidence.observed import Observation, ObservedArm, ObservedStudy
from kpksim.evidence.observed_catalogue import (
    left_out,
    list_observed,
    load_observed,
    observed_table,
)
from kpksim.evidence.observed_reading import parse_observed, read_observed

__all__ = [
    "Observation",
    "ObservedArm",
    "ObservedStudy",
    "left_out",
    "list_observed",
    "load_observed",
    "observed_table",
    "parse_observed",
    "read_observed",
]
