"""A linear system as SBML (level 3), written by hand."""

import numpy as np
from numpy.typing import NDArray

MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'
SBML = 'xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"'


def sbml_of(pattern: NDArray, entry: int) -> str:
    """Write ``dx/dt = rates @ x + feed`` as SBML.

    Parameters
    ----------
    pattern : array of bool, shape (n, n)
        Which rates are there; their parameters are called ``k_<to>_<from>``.
    entry : int
        State that ``feed`` enters.
    """
    n = len(pattern)
    species = "".join(
        f'<species id="x{k}" compartment="body" initialAmount="0" hasOnlySubstanceUnits="true" '
        'boundaryCondition="false" constant="false"/>'
        for k in range(n)
    )
    names = ["feed", *(f"k_{to}_{of}" for to, of in np.argwhere(pattern))]
    parameters = "".join(f'<parameter id="{one}" value="0" constant="false"/>' for one in names)
    rules = "".join(_rule(pattern, to, entry) for to in range(n))
    return (
        f'<?xml version="1.0"?><sbml {SBML}><model><listOfCompartments>'
        '<compartment id="body" size="1" spatialDimensions="3" constant="true"/>'
        f"</listOfCompartments><listOfSpecies>{species}</listOfSpecies>"
        f"<listOfParameters>{parameters}</listOfParameters>"
        f"<listOfRules>{rules}</listOfRules></model></sbml>"
    )


def _rule(pattern: NDArray, to: int, entry: int) -> str:
    """Write the rate of one state."""
    terms = "".join(
        f"<apply><times/><ci>k_{to}_{of}</ci><ci>x{of}</ci></apply>"
        for of in np.flatnonzero(pattern[to])
    )
    terms += "<ci>feed</ci>" if to == entry else ""
    math = f"<math {MATH}><apply><plus/>{terms}</apply></math>"
    return f'<rateRule variable="x{to}">{math}</rateRule>'
