"""What is given: doses, regimens and the event table of NONMEM."""

from kpksim.dosing.constructors import (
    ascending,
    bolus,
    daily,
    extended_release,
    given,
    infusion,
    intramuscular,
    intranasal,
    oral,
    subcutaneous,
    sublingual,
    twice_weekly,
    weekly,
)
from kpksim.dosing.dose import Dose, Timed
from kpksim.dosing.event_files import read_events, write_events
from kpksim.dosing.event_order import UnrolledDoses, unroll
from kpksim.dosing.event_table import EventTable
from kpksim.dosing.events import from_events, to_events
from kpksim.dosing.regimen import Regimen
from kpksim.dosing.regimen_document import (
    RegimenDocument,
    StepDocument,
    Words,
    regimen_of,
    regimens_of,
)

__all__ = [
    "Dose",
    "EventTable",
    "Regimen",
    "RegimenDocument",
    "StepDocument",
    "Timed",
    "UnrolledDoses",
    "Words",
    "ascending",
    "bolus",
    "daily",
    "extended_release",
    "from_events",
    "given",
    "infusion",
    "intramuscular",
    "intranasal",
    "oral",
    "read_events",
    "regimen_of",
    "regimens_of",
    "subcutaneous",
    "sublingual",
    "to_events",
    "twice_weekly",
    "unroll",
    "weekly",
    "write_events",
]
