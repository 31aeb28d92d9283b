"""What the model says of known doses: both sites of an infusion, one dose by each route."""

from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

import kpksim as kp
from kpksim.analysis.prediction import predict
from kpksim.dosing import Regimen
from kpksim.models import Model

Array = NDArray[np.float64]
MG, END, LATER = "35 mg", 2.0 / 3.0, 4.0 / 3.0
ROUTES: dict[str, Regimen] = {
    "IV over 40 min": kp.infusion(MG, over="40 min"),
    "IM": kp.intramuscular(MG),
    "SC": kp.subcutaneous(MG),
    "oral": kp.oral(MG),
    "PR tablet": kp.extended_release(MG, product="PR tablet"),
    "intranasal": kp.intranasal(MG),
    "sublingual": kp.sublingual(MG),
}


@dataclass(frozen=True)
class Asked:
    """A number to be read off a course."""

    analyte: str
    metric: str
    enantiomer: str = "sum"
    time: float = nan
    window: tuple[float, float] = (0.0, inf)
    over: str = ""


def sites(model: Model) -> dict[str, float]:
    """Compare arterial and venous ketamine during and after 35 mg IV over 40 min.

    Parameters
    ----------
    model : Model
        The reference model.

    Returns
    -------
    dict of str to float
        Levels at the end of the infusion and 40 min later [ng/mL], when they cross [h], and the
        ratio of the areas [1].
    """
    names = ["ketamine_arterial", "ketamine"]

    def levels(*times: float) -> Array:
        found = kp.simulate(model, ROUTES["IV over 40 min"], list(times), outcomes=names)
        return np.array([found[name].to_numpy() for name in names])

    arterial, venous = levels(END, LATER)
    crossing = brentq(lambda time: float(np.subtract(*levels(time)).item()), END, 2.0)
    areas = [
        _one(model, ROUTES["IV over 40 min"], Asked("ketamine", "auc"), site)
        for site in ("arterial", "venous")
    ]
    return {
        "arterial_end": arterial[0], "venous_end": venous[0],
        "arterial_later": arterial[1], "venous_later": venous[1],
        "crossing": float(crossing), "areas": areas[0] / areas[1],
    }  # fmt: skip


def by_route(model: Model) -> dict[str, dict[str, float]]:
    """Give peaks and areas of 35 mg of racemate by each route.

    Parameters
    ----------
    model : Model
        A model of the racemate.

    Returns
    -------
    dict of str to dict of str to float
        By route: Cmax [ng/mL], Tmax [h] and area [ng h/mL] of ketamine, and Cmax and area of
        norketamine and hydroxynorketamine.
    """
    wanted = {
        "K Cmax": Asked("ketamine", "cmax"), "K Tmax": Asked("ketamine", "tmax"),
        "K AUC": Asked("ketamine", "auc"),
        "NK Cmax": Asked("norketamine", "cmax"), "NK AUC": Asked("norketamine", "auc"),
        "HNK Cmax": Asked("hydroxynorketamine", "cmax"),
        "HNK AUC": Asked("hydroxynorketamine", "auc"),
    }  # fmt: skip
    return {
        route: dict(zip(wanted, _read(model, regimen, list(wanted.values())), strict=True))
        for route, regimen in ROUTES.items()
    }


def oral_peak(model: Model) -> float:
    """Give the peak of ketamine after 25 mg by mouth [ng/mL]."""
    return _one(model, kp.oral("25 mg"), Asked("ketamine", "cmax"))


def terminal_half_life(model: Model, analyte: str) -> float:
    """Give the half-life of an analyte between 48 and 72 h after an infusion [h]."""
    asked = Asked(analyte, "t_half", window=(48.0, 72.0))
    return _one(model, ROUTES["IV over 40 min"], asked)


def _read(model: Model, regimen: Regimen, asked: list[Asked], site: str = "venous") -> Array:
    """Read some numbers off one course."""
    return predict(model, regimen, asked, weight=70.0, site=site)


def _one(model: Model, regimen: Regimen, asked: Asked, site: str = "venous") -> float:
    """Read one number."""
    return float(_read(model, regimen, [asked], site)[0])
