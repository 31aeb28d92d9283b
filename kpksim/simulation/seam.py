"""`simulate`: where dosing, model, person and effect meet."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from kpksim.documents import at_place
from kpksim.dosing import EventTable, Regimen
from kpksim.errors import ScenarioError
from kpksim.models import Model
from kpksim.models.effects import Effect
from kpksim.population import Draws, People, typical_person
from kpksim.simulation.beyond import with_beyond
from kpksim.simulation.central import at_central_draws, central_draws
from kpksim.simulation.curves import curves_of_people
from kpksim.simulation.dataset import to_dataset
from kpksim.simulation.effects import site_warning
from kpksim.simulation.grid import default_times
from kpksim.simulation.inputs import regimen_inputs
from kpksim.simulation.mixtures import EFFECT_DRAWS
from kpksim.simulation.origin import dose_warnings, drug_of, potency_warning
from kpksim.simulation.problem import people_values
from kpksim.simulation.question import Question, Wish, ask, usual_wish
from kpksim.simulation.records import simulate_records
from kpksim.simulation.whom import effect_people_warning, people_warnings
from kpksim.units import hours
from kpksim.vocabulary import OUTCOMES

Array = NDArray[np.float64]
DRAWN = 'draws of parameters, each as one person (a share with scale = "logit" stays below 1)'
"""Place in front of what is refused in a draw."""


def simulate(
    model: Model,
    regimen: Regimen | Mapping[str, Regimen] | EventTable,
    times: ArrayLike | None = None,
    *,
    subjects: People | None = None,
    draws: Draws | None = None,
    outcomes: Sequence[str] | None = None,
    effects: str | Mapping[str, Effect] = "posterior",
    effect_draws: int = EFFECT_DRAWS,
    expectation: str = "none",
    horizon: float | str | None = None,
    progress: Callable[[float], None] | None = None,
) -> xr.Dataset:
    """Concentrations and effects over time.

    Parameters
    ----------
    model : Model
        A model, from `kpksim.load_model`. One that is not linear (a flow with vmax and km, or an
        enzyme) is integrated step by step: up to a second per person and regimen.
    regimen : Regimen, mapping of str to Regimen, or EventTable
        One regimen, several by name, or an event table.
    times : array, shape (T,), optional
        Times, ascending, from 0 at the start of the simulation [h]; a fine default grid when
        left out. An event table brings its own.
    subjects : People, optional
        People; the typical person of 70 kg when left out.
    draws : Draws, optional
        Parameters as uncertain as their estimates, in the one typical person of `subjects`: the
        result has the dim draw instead of subject. Draws and people are never crossed.
    outcomes : sequence of str, optional
        Concentrations and effects that are wanted; all that the model gives when left out.
    effects : str or mapping of str to Effect
        ``"posterior"``: curves of the typical person are draws of what was fitted to the studies,
        those of people are at the central draw, and an effect without a posterior is at the
        medians of its priors; ``"prior"``: all are at those medians; or effects of your own.
    effect_draws : int
        How many draws of each effect; with `draws` there are as many as those.
    expectation : str
        ``"none"``: effect curves show the drug alone; ``"blinded"`` or ``"open"``: with the
        expectation of such a study.
    horizon : float or str, optional
        End of the default grid [h, or text with a unit]; two weeks after the last dose when left
        out.
    progress : callable, optional
        Called with the share of the work that is done.

    Returns
    -------
    xarray.Dataset
        Dims among regimen, subject or draw, time; for an event table one dim ``record``.
        Concentrations in ng/mL; symptoms in % change, dissociation in CADSS points, pressures in
        mmHg. The coordinate ``beyond_evidence``, dims among regimen, outcome, time, marks where no
        study supports an effect curve; ``why_beyond`` says why. What was converted or extrapolated
        stands in ``attrs["warnings"]``, one sentence a line.

    Raises
    ------
    KpksimError
        If the model cannot be given this regimen, or does not know an outcome.

    Examples
    --------
    >>> import kpksim as kp
    >>> model = kp.load_model("reference_racemic")
    >>> regimen = kp.infusion("35 mg", over="40 min")
    >>> result = kp.simulate(model, regimen, [0.0, 2 / 3], outcomes=["ketamine"])
    >>> result["ketamine"].values.round(1).tolist()
    [0.0, 198.1]
    """
    if isinstance(regimen, EventTable):
        _refuse_beside_table(times, subjects, draws, horizon)
        return simulate_records(model, regimen, _outputs_of_table(model, outcomes))
    named = {"": regimen} if isinstance(regimen, Regimen) else dict(regimen)
    if not named:
        raise ScenarioError("nothing to simulate: give at least one regimen")
    told = [one for regimen in named.values() for one in dose_warnings(model, regimen)]
    person = subjects if subjects is not None and _is_typical(subjects) else typical_person()
    wish = Wish(effects, effect_draws if draws is None else len(draws), person, draws)
    drugs = [drug_of(one) for one in named.values()]
    question = ask(model, outcomes, expectation=expectation, drugs=drugs, wish=wish)
    who = subjects if draws is None else draws.of(subjects or person)

    def tell(regimen: int, share: float) -> None:
        if progress:
            progress((regimen + share) / len(named))

    with at_place(DRAWN) if draws else nullcontext():
        people, values = people_values(model, who or person)
        grid = _times(model, named, people, times, horizon)
        if draws is None and not (subjects is None or _is_typical(subjects)):
            question = _at_center(model, named, question, people, grid)
        curves = [
            curves_of_people(
                model, one, people, values, question=question, times=grid, progress=partial(tell, k)
            )
            for k, one in enumerate(named.values())
        ]
    said = _warnings(model, question, people, told)
    result = to_dataset(model, named, grid, curves, who, question=question, warnings=said)
    result = result if draws is None or "subject" not in result.dims else _all_draws(result)
    weight = float(np.median(people.covariates["weight"]))
    changed = frozenset(named if model.unchanged else ())
    return with_beyond(result, named, question.outcomes, weight=weight, changed=changed)


def _is_typical(people: People) -> bool:
    """Tell whether people are one typical person."""
    return len(people) == 1 and not people.etas and not people.shifts


def _all_draws(result: xr.Dataset) -> xr.Dataset:
    """Give people who are the typical person in every draw the dim of draws."""
    renamed = result.drop_dims("draw", errors="ignore").rename(subject="draw")
    return renamed.merge(result.drop_dims("subject"), combine_attrs="override")


def _at_center(
    model: Model, named: Mapping[str, Regimen], question: Question, people: People, times: Array
) -> Question:
    """Put effects of people at the central draw of a typical person of their middle weight."""
    person = typical_person(float(np.median(people.covariates["weight"])))
    which = central_draws(model, named, question, person, times)
    return at_central_draws(question, which)


def _refuse_beside_table(*stated: object) -> None:
    """Refuse what an event table states itself."""
    if any(one is not None for one in stated):
        raise ScenarioError(
            "an event table brings its own times and subjects; leave out times, subjects, draws "
            "and horizon"
        )


def _warnings(model: Model, question: Question, people: People, told: list[str]) -> list[str]:
    """Say what a reader must know of doses, people and site of sampling, each thing once."""
    said = [*told, *people_warnings(model, people), *question.warnings]
    if question.outcomes:
        said += [site_warning(model, question.drives), effect_people_warning(model)]
        said += [potency_warning(model, drug) for drug in question.drugs]
    return [one for one in dict.fromkeys(said) if one]


def _outputs_of_table(model: Model, outcomes: Sequence[str] | None) -> tuple[str, ...]:
    """Give the concentrations that are asked of an event table, and refuse effects."""
    names = tuple(model.outputs if outcomes is None else outcomes)
    for name in names:
        if name in OUTCOMES:
            raise ScenarioError(
                f'an event table gives concentrations only so far, got "{name}"; '
                "simulate a regimen for effects"
            )
    wish = usual_wish(typical_person())
    return ask(model, names, expectation="none", drugs=[], wish=wish).outputs


def _times(
    model: Model,
    named: Mapping[str, Regimen],
    people: People,
    times: ArrayLike | None,
    horizon: float | str | None,
) -> Array:
    """Check the wanted times, or make the default grid from every event of the typical person."""
    if times is not None:
        wanted = np.atleast_1d(np.asarray(times, dtype=float))
        if wanted.ndim != 1 or not np.isfinite(wanted).all() or (np.diff(wanted) <= 0.0).any():
            raise ScenarioError("times must be finite and ascend without repeats")
        if not wanted.size:
            raise ScenarioError("times must hold at least one time; leave them out for a fine grid")
        return wanted
    typical, values = people_values(model, typical_person(float(people.covariates["weight"][0])))
    events = [
        moment
        for one in named.values()
        for entry in regimen_inputs(model, values, one, typical)
        for moment in (entry.start[0], (entry.start + entry.duration)[0])
    ]
    doses = np.array([timed.time for one in named.values() for timed in one.doses])
    end = float(doses.max()) + 336.0 if horizon is None else hours(horizon)
    return default_times(np.concatenate([events, doses]), doses, end)
