"""What was measured in people: observed pharmacokinetics with source, place and grade."""

from kpksim.evidence.audit import Finding, audit
from kpksim.evidence.observed import Observation, ObservedArm, ObservedStudy
from kpksim.evidence.observed_catalogue import (
    left_out,
    list_observed,
    load_observed,
    observed_table,
)
from kpksim.evidence.observed_reading import parse_observed, read_observed
from kpksim.evidence.study import Statement, Study, StudyArm
from kpksim.evidence.study_catalogue import (
    REVIEW,
    list_studies,
    load_study,
    rows_left_out,
    statement_table,
)
from kpksim.evidence.study_reading import parse_study, read_study
from kpksim.evidence.support import Support, per_kg, support_of, supported

__all__ = [
    "REVIEW",
    "Finding",
    "Observation",
    "ObservedArm",
    "ObservedStudy",
    "Statement",
    "Study",
    "StudyArm",
    "Support",
    "audit",
    "left_out",
    "list_observed",
    "list_studies",
    "load_observed",
    "load_study",
    "observed_table",
    "parse_observed",
    "parse_study",
    "per_kg",
    "read_observed",
    "read_study",
    "rows_left_out",
    "statement_table",
    "support_of",
    "supported",
]
