"""A control arm: what symptoms do without ketamine, by expectation alone."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from kpksim.errors import ModelError, unknown
from kpksim.library.effect_catalogue import load_effects, outcome_notes
from kpksim.models.effects.structures import Symptom
from kpksim.vocabulary import QUANTITIES, USE_LINE


def control_arm(
    times: ArrayLike, *, outcomes: Sequence[str] = ("anxiety", "depression")
) -> xr.Dataset:
    """Simulate people who get no ketamine.

    Their symptoms change by expectation alone; dissociation and blood pressure do not change. What
    midazolam itself does to symptoms is not part of the effects yet, so that an arm of midazolam is
    one of placebo here.

    Parameters
    ----------
    times : array_like, shape (T,)
        Times since the control was given [h].
    outcomes : sequence of str
        Symptoms, names among `kpksim.vocabulary.OUTCOMES`.

    Returns
    -------
    xarray.Dataset
        ``<outcome>_blinded`` and ``<outcome>_open``, dim time [% change].

    Raises
    ------
    UnknownName
        If there is no such outcome.
    ModelError
        If an outcome is no symptom.

    Examples
    --------
    >>> curve = control_arm([0.0, 1e6])["anxiety_blinded"]
    >>> curve.values.round(1).tolist()
    [0.0, -12.6]
    """
    since = np.asarray(times, dtype=float)
    effects = load_effects(reference_peak=1.0)  # expectation has no concentration
    result = xr.Dataset(coords={"time": ("time", since, {"units": "h", "long_name": "Time"})})
    for name in outcomes:
        if name not in effects:
            raise unknown("outcome", name, list(effects))
        effect = effects[name]
        if not isinstance(effect, Symptom):
            raise ModelError(f'"{name}" does not change without ketamine; ask for a symptom')
        for study, curve in effect.expectation(since).items():
            label = f"{QUANTITIES[name].label}, expectation of a study that is {study}"
            attrs = {"units": QUANTITIES[name].unit, "long_name": label}
            result[f"{name}_{study}"] = ("time", curve, attrs)
    notes = [note for name in outcomes for note in outcome_notes(name)]
    return result.assign_attrs(use_line=USE_LINE, effect_notes="\n".join(notes))
