"""What may be said of two hypotheses, by the evidence and by how much it depends on choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

LEANS = 3.0
"""Smallest |difference of ln Z| of which one may say that the evidence leans."""
FAVOURED = 5.0
"""And from which on one may say that a hypothesis is favoured."""
CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Evidence:
    """A natural logarithm of an evidence, or a difference of two, with its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Verdict:
    """What may be said of one hypothesis against another.

    Attributes
    ----------
    word : str
        cannot tell, leans or favoured.
    main : Evidence
        The difference in ln Z of the main runs; above 0 for the first hypothesis.
    smallest : Evidence
        The difference that is nearest to 0, over the main runs and all re-runs.
    where : str
        The re-run with that difference; ``main`` for the main runs.
    turned : tuple of str
        Re-runs whose difference has the other sign.
    """

    word: str
    main: Evidence
    smallest: Evidence
    where: str
    turned: tuple[str, ...]

    def says(self, first: str, second: str) -> str:
        """Say the verdict in words.

        Parameters
        ----------
        first, second : str
            What the hypotheses are called.

        Returns
        -------
        str
            A clause.

        Examples
        --------
        >>> judge(Evidence(-6.1, 0.2), {"without 31": Evidence(-4.0, 0.2)}).says("NK", "K")
        'leans to K over NK (smallest difference 4.0, without 31)'
        """
        if self.word == CANNOT_TELL:
            why = f"sign turns {self.turned[0]}" if self.turned else self._measure()
            return f"cannot tell {first} from {second} ({why})"
        better, worse = (first, second) if self.main.value > 0 else (second, first)
        if self.word == "leans":
            return f"leans to {better} over {worse} ({self._measure()})"
        return f"{better} is favoured over {worse} ({self._measure()})"

    def _measure(self) -> str:
        """Say how large the smallest difference is and where."""
        place = "main runs" if self.where == "main" else self.where
        return f"smallest difference {abs(self.smallest.value):.1f}, {place}"


def combine(runs: Sequence[Evidence]) -> Evidence:
    """Join the evidence of runs that differ in their seed alone.

    Parameters
    ----------
    runs : sequence of Evidence
        ln Z of each run.

    Returns
    -------
    Evidence
        Their mean; its standard error by the errors of the runs or by their scatter, whichever is
        larger.

    Examples
    --------
    >>> combine([Evidence(-37.0, 0.3), Evidence(-38.0, 0.4)])
    Evidence(value=-37.5, error=0.5)
    """
    values = np.array([run.value for run in runs])
    errors = np.array([run.error for run in runs])
    stated = np.sqrt((errors**2).sum()) / len(runs)
    scatter = values.std(ddof=1) / np.sqrt(len(runs)) if len(runs) > 1 else 0.0
    return Evidence(float(values.mean()), float(max(stated, scatter)))


def difference(first: Evidence, second: Evidence) -> Evidence:
    """Give how much more evidence there is for the first of two hypotheses.

    Parameters
    ----------
    first, second : Evidence
        ln Z of each.

    Returns
    -------
    Evidence
        The difference and its standard error.
    """
    return Evidence(first.value - second.value, float(np.hypot(first.error, second.error)))


def shifted(one: Evidence, shift: Evidence) -> Evidence:
    """Give an evidence with a correction added to its logarithm.

    Parameters
    ----------
    one : Evidence
        ln Z.
    shift : Evidence
        What is added, with its standard error.

    Returns
    -------
    Evidence
        The sum and its standard error.

    Examples
    --------
    >>> shifted(Evidence(-37.0, 0.3), Evidence(0.5, 0.4))
    Evidence(value=-36.5, error=0.5)
    """
    return Evidence(one.value + shift.value, float(np.hypot(one.error, shift.error)))


def judge(main: Evidence, reruns: Mapping[str, Evidence]) -> Verdict:
    """Judge a difference of ln Z by the smallest one that any declared choice gives.

    Below 3, or when any re-run turns the sign: cannot tell. From 3 to 5: leans. From 5: favoured.

    Parameters
    ----------
    main : Evidence
        The difference in the main runs.
    reruns : mapping of str to Evidence
        The difference in every declared re-run, by what was changed.

    Returns
    -------
    Verdict
        What may be said.
    """
    turned = tuple(name for name, one in reruns.items() if one.value * main.value < 0)
    every = {"main": main, **reruns}
    where = min(every, key=lambda name: abs(every[name].value))
    least = abs(every[where].value)
    word = "favoured" if least >= FAVOURED else "leans"
    if turned or least < LEANS:
        word = CANNOT_TELL
    return Verdict(word, main, every[where], where, turned)


def judge_all(
    main: Mapping[str, Evidence], reruns: Mapping[str, Mapping[str, Evidence]]
) -> dict[str, Verdict]:
    """Judge the leading hypothesis against every other.

    Parameters
    ----------
    main : mapping of str to Evidence
        ln Z of every hypothesis in the main runs.
    reruns : mapping of str to mapping
        ln Z of hypotheses in every re-run; one that lacks either of two is not used for them.

    Returns
    -------
    dict of str to Verdict
        By hypothesis other than the leading one; differences are leader minus it.
    """
    first = leader(main)
    return {
        other: judge(
            difference(main[first], main[other]),
            {
                name: difference(run[first], run[other])
                for name, run in reruns.items()
                if first in run and other in run
            },
        )
        for other in main
        if other != first
    }


def leader(main: Mapping[str, Evidence]) -> str:
    """Give the hypothesis with the most evidence.

    Parameters
    ----------
    main : mapping of str to Evidence
        ln Z of every hypothesis.

    Returns
    -------
    str
        Its name.
    """
    return max(main, key=lambda name: main[name].value)


def mixture_weights(
    main: Mapping[str, Evidence], verdicts: Mapping[str, Verdict]
) -> dict[str, float]:
    """Give the share of each hypothesis in predictions.

    A hypothesis survives unless the leading one is favoured over it, by every declared re-run.
    The survivors share the predictions in proportion to their evidence Z of the main runs, each
    being as likely as the others beforehand; the rest have no share.

    Parameters
    ----------
    main : mapping of str to Evidence
        ln Z of every hypothesis in the main runs.
    verdicts : mapping of str to Verdict
        What `judge_all` gives.

    Returns
    -------
    dict of str to float
        Share of every hypothesis; they sum to 1.
    """
    out = {name for name, verdict in verdicts.items() if verdict.word == "favoured"}
    share = shares([-np.inf if name in out else one.value for name, one in main.items()])
    return dict(zip(main, share.tolist(), strict=True))


def shares(log_evidence: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the share of each hypothesis, all being as likely beforehand.

    Parameters
    ----------
    log_evidence : array, shape (H,)
        ln Z of every hypothesis.

    Returns
    -------
    array, shape (H,)
        In proportion to Z; they sum to 1.

    Examples
    --------
    >>> shares([-40.0, -40.0 + np.log(3.0)]).round(12).tolist()
    [0.25, 0.75]
    """
    return np.asarray(np.exp(np.asarray(log_evidence) - logsumexp(log_evidence)))
