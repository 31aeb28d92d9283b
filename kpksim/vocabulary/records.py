"""What is said of numbers and models: kinds, grades, people, sites, processes."""

SITES = ("venous", "arterial", "unknown")
PEOPLE = ("adults", "children", "intensive care", "anaesthesia", "unknown")
"""Kinds of people that a model or an observation is about."""
OTHER_PEOPLE = ("children", "intensive care")
"""Those who are unlike the adults of the regimens and of the effects."""
CLEARANCES = {
    "true": "a clearance from blood (CL)",
    "apparent": "a clearance over a bioavailability that is not known (CL/F)",
    "unknown": "not stated whether a clearance or CL/F",
}
"""What the clearance of the drug is in a model."""
METABOLITE_MASSES = {
    "own": "their own mass",
    "parent": "parent-equivalent mass; molar masses are in their apparent volumes and clearances",
    "unknown": "not stated",
}
"""What metabolites are counted in while they are in a model; outputs are their own mass."""
KINDS = ("estimated", "fixed", "derived", "digitised", "assumed")
GRADES = {
    "A": "seen in the paper itself",
    "B": "seen in a secondary source",
    "D": "derived or assumed here",
}
"""How well a number is traced; a number from memory is not accepted."""

PROCESSES = {
    "hepatic clearance": "intrinsic clearance of ketamine by the liver",
    "gut availability": "share of a swallowed dose that passes the gut wall as ketamine",
    "norketamine clearance": "clearance of norketamine",
}
"""What other drugs and genes change in the body; a model says which parameters measure it."""

USE_LINE = "For research and teaching. Not for dosing a patient."
