"""The model file of the reference model: structure from the template, numbers from the fit."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import numpy as np
from jinja2 import Environment, StrictUndefined

from experiments.reference_model.fitting import Estimate
from experiments.reference_model.parameters import belief_of, interval, plain
from experiments.reference_model.settings import Prior
from kpksim.models import Model, parse_model

TEMPLATE = Path(__file__).parent / "model.toml.j2"
NAME = "reference_racemic_2026b"
INFORMED, PARTLY = 0.5, 0.1
"""Share of the prior's standard deviation that the rows must take away to be said to inform."""
DIGITS = 4
UNCERTAINTY = (
    "Covariance of the fit from its derivatives, on these scales; of a parameter that no row "
    "informs it is that of its prior."
)


def structure(priors: Mapping[str, Prior]) -> Model:
    """Give the model with every fitted parameter at the centre of its prior.

    Parameters
    ----------
    priors : mapping of str to Prior
        Priors by parameter.

    Returns
    -------
    Model
        The model before the fit.
    """
    belief = belief_of(priors)
    records = {
        name: _record(prior, place, sd, 0.0)
        for (name, prior), place, sd in zip(priors.items(), belief.centre, belief.sd, strict=True)
    }
    return parse_model(_filled(records, ["Before the fit."], ""), f"{NAME} before the fit")


def written(
    estimate: Estimate,
    priors: Mapping[str, Prior],
    notes: Sequence[str],
    evaluated: Sequence[str] = (),
) -> str:
    """Give the text of the model file after the fit.

    Parameters
    ----------
    estimate : Estimate
        The fit.
    priors : mapping of str to Prior
        Priors by parameter.
    notes : sequence of str
        What a user must know.
    evaluated : sequence of str
        What it was compared with.

    Returns
    -------
    str
        TOML.
    """
    records = {
        name: _record(priors[name], place, sd, share)
        for name, place, sd, share in zip(
            estimate.objective.belief.names, estimate.point, estimate.sd, estimate.learned,
            strict=True,
        )
    }  # fmt: skip
    fitted_to = list(dict.fromkeys(row.source for row in estimate.objective.rows))
    lists = _listed("fitted_to", fitted_to) + _listed("evaluated", evaluated)
    return _filled(records, notes, uncertainty(estimate), lists)


def _listed(key: str, texts: Sequence[str]) -> str:
    """Write a list of texts under a key."""
    if not texts:
        return ""
    return f"{key} = [\n" + "".join(f'  "{one}",\n' for one in texts) + "]\n"


def informed(share: float) -> str:
    """Say in a word what a parameter rests on, from the share of its prior spread taken away."""
    if share >= INFORMED:
        return "rows"
    return "rows and prior" if share >= PARTLY else "prior"


def said_of(share: float, prior: Prior) -> str:
    """Say in a sentence what a parameter rests on."""
    taken = f"the fitted rows take away {100 * max(share, 0.0):.0f} % of the prior's spread"
    return f"Rests on {informed(share)}: {taken}. Prior {prior.centre}: {prior.basis}"


def uncertainty(estimate: Estimate) -> str:
    """Give the table of the covariance.

    Parameters
    ----------
    estimate : Estimate
        The fit.

    Returns
    -------
    str
        TOML: parameters, their scales and the covariance there.
    """
    belief = estimate.objective.belief
    rows = ",\n".join(f"  [{', '.join(_number(one) for one in row)}]" for row in _rounded(estimate))
    return dedent("""
        [uncertainty]
        parameters = [{names}]
        scale      = [{scales}]
        note       = "{note}"
        covariance = [
        {rows},
        ]
        """).format(
        names=", ".join(f'"{one}"' for one in belief.names),
        scales=", ".join(f'"{one}"' for one in belief.scales),
        rows=rows,
        note=UNCERTAINTY,
    )


def _rounded(estimate: Estimate) -> np.ndarray:
    """Round the covariance by its correlations, so that it stays symmetric."""
    sd = estimate.sd
    correlation = np.round(estimate.covariance / np.outer(sd, sd), 4)
    spread = np.array([float(f"{one:.4g}") for one in sd])
    return correlation * np.outer(spread, spread)


def _number(value: float) -> str:
    """Write a covariance shortly."""
    return f"{value:.6g}" if value else "0.0"


def _record(prior: Prior, place: float, sd: float, share: float) -> dict[str, str]:
    """Give what the template says of one parameter, with how much the rows inform it."""
    unit = prior.centre.partition(" ")[2]
    low, high = interval(place, sd, prior.scale)
    value = interval(place, 0.0, prior.scale)[0]
    return {
        "value": _quantity(value, unit, DIGITS),
        "low": _quantity(low, unit, 3),
        "high": _quantity(high, unit, 3),
        "kind": "derived" if share >= PARTLY else "assumed",
        "reason": said_of(share, prior),
    }


def _quantity(value: float, unit: str, digits: int) -> str:
    """Write a quantity; a share or a ratio has no unit."""
    return f"{plain(value, digits)} {unit}".strip()


def _filled(
    records: Mapping[str, Mapping[str, str]], notes: Sequence[str], table: str, lists: str = ""
) -> str:
    """Fill the template."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        fit=records,
        notes=notes,
        uncertainty=table,
        lists=lists,
        omega2_oral=_delta_method(records["f_oral_s"]["value"]),
        omega2_er=_delta_method(records["f_er_s"]["value"]),
    )


def _delta_method(share: str, cv: float = 0.5) -> str:
    """Give the variance on the logit scale of a share with a coefficient of variation."""
    return f"{(cv / (1.0 - float(share))) ** 2:.3f}"
