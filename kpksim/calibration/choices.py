"""Other choices: what each does to the evidence and to scores of studies left out."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from kpksim.calibration.analysis import by_weights, weights_tell
from kpksim.calibration.carried import WITHOUT, Carried
from kpksim.calibration.document import ChangesDocument
from kpksim.calibration.leave_out import LeftOut
from kpksim.calibration.results import Rerun
from kpksim.calibration.study import Done
from kpksim.calibration.verdict import Evidence, shifted


def carried_without(done: Done, key: str) -> dict[str, Carried]:
    """Give what a hypothesis is without each study, for the studies that it was carried past.

    Parameters
    ----------
    done : Done
        What was computed.
    key : str
        Key of the hypothesis.

    Returns
    -------
    dict of str to Carried
        By study.
    """
    studies = done.asked.setting().problem(key).studies
    return {
        study: done.reruns[name][key]
        for study in studies
        if key in done.reruns.get(name := f"{WITHOUT}{study}", {})
    }


def left_out(analysis: xr.Dataset, without_it: Mapping[str, Carried]) -> LeftOut:
    """Score every study by the others: by weights, or by draws carried over where there are some.

    Parameters
    ----------
    analysis : Dataset
        What was made of the samples of a hypothesis.
    without_it : mapping of str to Carried
        What `carried_without` gives.

    Returns
    -------
    LeftOut
        The scores.
    """
    scores = {study: Evidence(-one.log_ratio, one.error) for study, one in without_it.items()}
    return by_weights(analysis).with_scores(scores)


def evidence_under(done: Done, left: Mapping[str, LeftOut]) -> dict[str, dict[str, Evidence]]:
    """Give the evidence under every other choice: by draws carried over, or by weights that tell.

    Both give the difference to the main fits, for the typical person; what draws of the
    pharmacokinetic model add to the main fits they add to every re-run.

    Parameters
    ----------
    done : Done
        What was computed.
    left : mapping of str to LeftOut
        Scores of studies, each left out, by hypothesis.

    Returns
    -------
    dict of str to dict of str to Evidence
        By the name of the choice and hypothesis; without those of which nobody can tell.
    """
    main = done.evidence
    found: dict[str, dict[str, Evidence]] = {}
    for changes in done.asked.settings.sensitivity:
        found[changes.name] = {
            key: one for key in main if (one := _under(done, key, changes.name, main[key]))
        }
    for key, scores in left.items():
        for study, one in scores.evidence(main[key]).items():
            found.setdefault(f"{WITHOUT}{study}", {})[key] = one
    return found


def _under(done: Done, key: str, name: str, main: Evidence) -> Evidence | None:
    """Give the evidence of a hypothesis under another choice; None where nobody can tell."""
    carried = done.reruns.get(name, {}).get(key)
    if carried is not None:
        return shifted(main, Evidence(carried.log_ratio, carried.error))
    one = done.analyses[key].sel(rerun=name)
    if not weights_tell(one, "rerun"):
        return None
    error = 1.0 / np.sqrt(float(one["rerun_size"]))
    return shifted(main, Evidence(float(one["rerun_shift"]), float(error)))


def reruns(done: Done, found: Mapping[str, Mapping[str, Evidence]]) -> Iterator[Rerun]:
    """Give the evidence under every other choice with what it does otherwise.

    Parameters
    ----------
    done : Done
        What was computed.
    found : mapping of str to mapping of str to Evidence
        What `evidence_under` gives.

    Yields
    ------
    Rerun
        One for each choice.
    """
    told = {one.name: says(one) for one in done.asked.settings.sensitivity}
    for name, runs in found.items():
        yield Rerun(
            name=name,
            says=told.get(name, f"The people of {name.removeprefix(WITHOUT)} are left out."),
            hypotheses={key: (one.value, one.error) for key, one in runs.items()},
        )


def says(changes: ChangesDocument) -> str:
    """Say what a run does otherwise.

    Parameters
    ----------
    changes : ChangesDocument
        The run.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> says(ChangesDocument(name="doubts doubled", weights_times=2.0))
    'Doubts q of all statements times 2.'
    """
    parts = []
    if changes.alternative_readings:
        parts.append("every statement read in its other way")
    if changes.weights_times != 1.0:
        parts.append(f"doubts q of all statements times {changes.weights_times:g}")
    parts += [f"prior of {name} {by:g} times as wide" for name, by in changes.widen.items()]
    parts += [f"likelihood of {name} to the power {by:g}" for name, by in changes.power.items()]
    parts += [f"without {name}" for name in changes.without_studies]
    if changes.without_routes:
        parts.append(f"without doses by {' or '.join(changes.without_routes)}")
    parts += [f"the model's {name} times {by:g}" for name, by in changes.factors.items()]
    parts += [f"{n} people behind {name}" for name, n in changes.people.items()]
    if not changes.responder_shift:
        parts.append("people chosen as responders taken as anybody")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."
