"""A control arm: what symptoms do without ketamine, by expectation or midazolam."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from kpksim.errors import ModelError, unknown
from kpksim.library.effect_catalogue import load_effects, outcome_notes
from kpksim.models.effects import Symptom
from kpksim.vocabulary import QUANTITIES, USE_LINE

KINDS = ("placebo", "midazolam")
"""What people get who get no ketamine."""


def control_arm(
    times: ArrayLike,
    *,
    outcomes: Sequence[str] = ("anxiety", "depression"),
    kind: str = "placebo",
) -> xr.Dataset:
    """Simulate people who get no ketamine.

    Their symptoms change by expectation and by midazolam, if that is given; dissociation and blood
    pressure do not change.

    Parameters
    ----------
    times : array_like, shape (T,)
        Times since the control was given [h].
    outcomes : sequence of str
        Symptoms, names among `kpksim.vocabulary.OUTCOMES`.
    kind : str
        ``"placebo"`` or ``"midazolam"``.

    Returns
    -------
    xarray.Dataset
        ``<outcome>_blinded`` and ``<outcome>_open``, dim time [% change].

    Raises
    ------
    UnknownName
        If there is no such outcome or kind.
    ModelError
        If an outcome is no symptom.

    Examples
    --------
    >>> curve = control_arm([0.0, 1e6])["anxiety_blinded"]
    >>> curve.values.round(1).tolist()
    [0.0, -12.6]
    >>> control_arm([0.0, 1e6], kind="midazolam")["anxiety_blinded"].values.round(1).tolist()
    [-14.8, -12.6]
    """
    if kind not in KINDS:
        raise unknown("kind of control", kind, list(KINDS))
    since = np.asarray(times, dtype=float)
    effects = load_effects(reference_peak=1.0)  # a control has no concentration
    result = xr.Dataset(coords={"time": ("time", since, {"units": "h", "long_name": "Time"})})
    for name in outcomes:
        if name not in effects:
            raise unknown("outcome", name, list(effects))
        effect = effects[name]
        if not isinstance(effect, Symptom):
            raise ModelError(f'"{name}" does not change without ketamine; ask for a symptom')
        given = effect.midazolam if kind == "midazolam" else effect.expectation
        for study, curve in given(since).items():
            label = f"{QUANTITIES[name].label}, {kind} in a study that is {study}"
            attrs = {"units": QUANTITIES[name].unit, "long_name": label}
            result[f"{name}_{study}"] = ("time", curve, attrs)
    notes = [note for name in outcomes for note in outcome_notes(name)]
    return result.assign_attrs(use_line=USE_LINE, effect_notes="\n".join(notes))
