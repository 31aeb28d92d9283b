"""What sampled parameters are called in figures and tables."""

LABELS = {
    "ec50_ratio": "EC50 over the peak of IV 0.5 mg/kg",
    "g": "steepness of the drive",
    "t_ke0": "half-life into the effect site",
    "rf": "largest relief by the fast clock",
    "rs": "largest relief by the slow clock",
    "kin": "speed of the slow clock",
    "t_slow": "half-life of the slow clock",
    "t_d": "half-life of the delay",
    "p_blind": "expectation, blinded",
    "p_open": "expectation, open",
    "tau_p": "time that expectation takes",
    "m": "relief by midazolam",
    "w_also": "weight of the second analyte",
    "ic50_ratio": "IC50 over the same peak",
    "slow_ec50_ratio": "EC50 of the slow clock over its peak",
    "kappa": "growth of tolerance",
    "t_tol": "half-life of tolerance",
    "emax": "largest dissociation",
    "a": "rise at 200 ng/mL",
    "cv": "spread of scores",
    "sigma": "spread of changes",
    "rho": "share of the spread that is the person",
    "tau": "spread between studies",
    "potency": "esketamine over racemate, per mg",
}
"""Words by name."""
_OF_SCALE = {
    "sigma": "spread of changes on {}",
    "lambda": "effect on {} over that on others",
    "b": "baseline on {}",
}


def parameter_label(name: str) -> str:
    """Give the words for a sampled parameter.

    Parameters
    ----------
    name : str
        Its name, such as ``"t_slow"`` or ``"b_HAM-A"``.

    Returns
    -------
    str
        Few words; the name itself where there are none.

    Examples
    --------
    >>> parameter_label("t_slow"), parameter_label("b_HAM-A")
    ('half-life of the slow clock', 'baseline on HAM-A')
    """
    if name in LABELS:
        return LABELS[name]
    kind, _, scale = name.partition("_")
    return _OF_SCALE[kind].format(scale) if kind in _OF_SCALE and scale else name
