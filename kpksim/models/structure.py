"""The compartment graph of a model: what flows where, and where a dose by a route goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Share = str | float
"""A parameter's name, or a number."""


@dataclass(frozen=True)
class Compartment:
    """A place where drug can be.

    Attributes
    ----------
    name : str
        Its name; the position in the model's list is the NONMEM CMT number, from 1.
    volume : str or None
        Parameter that turns its amount into a concentration [L].
    analyte : str or None
        What the mass in it is.
    bioavailability : str, float or None
        NONMEM's F of a dose into it [1].
    lag, duration, rate : str or None
        Parameters: NONMEM's ALAG [h], D [h] and R [mg/h] of a dose into it.
    """

    name: str
    volume: str | None = None
    analyte: str | None = None
    bioavailability: Share | None = None
    lag: str | None = None
    duration: str | None = None
    rate: str | None = None


@dataclass(frozen=True)
class Flow:
    """Drug leaving a compartment whole, and the shares of it that arrive elsewhere.

    Attributes
    ----------
    origin : str
        Compartment it leaves.
    arrivals : mapping of str to (str or float)
        Share that arrives in each compartment [1]; the rest leaves the body.
    rate : str or None
        Parameter that is its rate constant [1/h].
    clearance : str or None
        Parameter that is its clearance [L/h]: rate constant = clearance / volume of `origin`.
    vmax, km : str or None
        Parameters of a flow that saturates, vmax C / (km + C): its largest size [mg/h], and the
        concentration C in `origin` at half of it [mg/L].
    enzyme : str or None
        Enzyme whose amount multiplies the flow.
    molar : bool
        Whether mass changes with the molar mass of the analyte on arrival.
    number : int
        Its position in the model file, from 1; one that goes both ways gives two flows.
    """

    origin: str
    arrivals: Mapping[str, Share] = field(default_factory=dict)
    rate: str | None = None
    clearance: str | None = None
    vmax: str | None = None
    km: str | None = None
    enzyme: str | None = None
    molar: bool = False
    number: int = 0


@dataclass(frozen=True)
class Enzyme:
    """A pool of enzyme E that a concentration C induces, from a baseline of 1.

    dE/dt = turnover (1 + emax C / (ec50 + C) - E)

    Attributes
    ----------
    name : str
        Its name, for the flows that it catalyses.
    turnover : str
        Parameter: rate constant of its loss [1/h].
    emax : str or float
        Largest increase of its formation, over the baseline [1].
    ec50 : str
        Parameter: concentration that gives half of it [mg/L].
    inducer : str
        Compartment whose concentration induces it.
    """

    name: str
    turnover: str
    emax: Share
    ec50: str
    inducer: str


@dataclass(frozen=True)
class Administration:
    """Where a dose by a route goes.

    Attributes
    ----------
    route : str
        A key of `kpksim.vocabulary.ROUTES`.
    into : str
        Compartment that receives it.
    product : str or None
        Which tablet, spray or wafer.
    drug : str or None
        A key of `kpksim.vocabulary.DRUGS` that goes here by this route; None is the model's drug.
    fraction : str, float or None
        Share of the dose that goes here [1]; ``"rest"`` is one minus the others.
    fraction_by_dose : mapping of float to (str or float)
        Share by the dose in one administration [mg].
    bioavailability, lag, duration, rate
        Override those of the compartment.
    scale_factor : bool
        Whether the shares may add up to more than one (they are no bioavailability then).
    """

    route: str
    into: str
    product: str | None = None
    drug: str | None = None
    fraction: Share | None = None
    fraction_by_dose: Mapping[float, Share] = field(default_factory=dict)
    bioavailability: Share | None = None
    lag: str | None = None
    duration: str | None = None
    rate: str | None = None
    scale_factor: bool = False


@dataclass(frozen=True)
class Output:
    """A concentration that can be observed.

    Attributes
    ----------
    name : str
        Name in a dataset, a key of `kpksim.vocabulary.ANALYTES` for a model of ketamine.
    compartments : tuple of str
        Its concentration is the sum of theirs.
    site : str
        Where blood was sampled.
    """

    name: str
    compartments: tuple[str, ...]
    site: str
