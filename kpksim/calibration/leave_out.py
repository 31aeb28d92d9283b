"""How well a hypothesis predicts a study that it has not seen.

The log score of a study is the logarithm of the probability that the fit to all other studies
gave to its statements. It is had from the fit to all studies by weights 1 / L of that study, and
by draws that were carried over to the other studies where those weights fail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from kpksim.calibration.importance import smooth
from kpksim.calibration.samples import Array
from kpksim.calibration.verdict import Evidence, shifted
from kpksim.errors import unknown


@dataclass(frozen=True)
class LeftOut:
    """Each study predicted by the others.

    Attributes
    ----------
    studies : tuple of str
        The studies (clusters of reports about the same people).
    log_scores, errors : array, shape (S,)
        Log score of each, which is ln Z less that of the fit to the others, and its standard error.
    effective_sizes, k_hats : array, shape (S,)
        Of the weights behind each; NaN where draws carried over gave the score.
    reliable : array of bool, shape (S,)
        Whether the score can be relied on.
    log_weights : array, shape (n, S)
        Weights that turn the draws of the fit to all studies into those without each study.
    """

    studies: tuple[str, ...]
    log_scores: Array
    errors: Array
    effective_sizes: Array
    k_hats: Array
    reliable: NDArray[np.bool_]
    log_weights: Array

    @property
    def untold(self) -> tuple[str, ...]:
        """Studies of whose score weights do not tell."""
        pairs = zip(self.studies, self.reliable, strict=True)
        return tuple(study for study, reliable in pairs if not reliable)

    @property
    def total(self) -> float:
        """Sum of the log scores."""
        return float(self.log_scores.sum())

    def evidence(self, main: Evidence) -> dict[str, Evidence]:
        """Give the evidence without each study, where it can be told.

        Parameters
        ----------
        main : Evidence
            ln Z of the fit to all studies.

        Returns
        -------
        dict of str to Evidence
            By study.
        """
        told = zip(self.studies, self.log_scores, self.errors, self.reliable, strict=True)
        return {
            study: shifted(main, Evidence(-float(score), float(error)))
            for study, score, error, reliable in told
            if reliable
        }

    def with_scores(self, log_scores: Mapping[str, Evidence]) -> "LeftOut":
        """Put in scores that were had without weights.

        Parameters
        ----------
        log_scores : mapping of str to Evidence
            Score by study, with its standard error.

        Returns
        -------
        LeftOut
            With these scores.

        Raises
        ------
        UnknownName
            If there is no such study.
        """
        arrays = {
            name: getattr(self, name).copy()
            for name in ("log_scores", "errors", "effective_sizes", "k_hats", "reliable")
        }
        for study, score in log_scores.items():
            if study not in self.studies:
                raise unknown("study", study, list(self.studies))
            place = self.studies.index(study)
            arrays["log_scores"][place] = score.value
            arrays["errors"][place] = score.error
            arrays["effective_sizes"][place] = arrays["k_hats"][place] = np.nan
            arrays["reliable"][place] = True
        return replace(self, **arrays)


def leave_one_out(studies: Sequence[str], log_likelihoods: Array, *, independent: float) -> LeftOut:
    """Score every study by the fit to all, reweighted as if it had not been seen.

    Parameters
    ----------
    studies : sequence of str
        The studies.
    log_likelihoods : array, shape (n, S)
        ln L of each study at n equally weighted draws of the fit to all of them.
    independent : float
        How many independent draws the n are worth.

    Returns
    -------
    LeftOut
        Scores, with what says whether they can be trusted.

    Raises
    ------
    MissingPackage
        If arviz-stats is not installed.

    References
    ----------
    Vehtari, Gelman and Gabry, Stat. Comput. 27 (2017) 1413.
    """
    smoothed = [smooth(-column, independent=independent) for column in log_likelihoods.T]
    log_weights = np.stack([one.log_weights for one in smoothed], axis=1)
    sizes = np.array([one.effective_size for one in smoothed])
    return LeftOut(
        studies=tuple(studies),
        log_scores=np.asarray(logsumexp(log_weights + log_likelihoods, axis=0)),
        errors=1.0 / np.sqrt(sizes),
        effective_sizes=sizes,
        k_hats=np.array([one.k_hat for one in smoothed]),
        reliable=np.array([one.reliable for one in smoothed]),
        log_weights=log_weights,
    )


def log_mean(log_likelihoods: Array) -> tuple[Array, Array]:
    r"""Give the logarithm of a mean likelihood, and its standard error.

    Over draws of a prior it is the prior predictive score of a study.

    .. math:: \ln \frac{1}{n} \sum_i L_i, \qquad \frac{s_L}{\bar{L} \sqrt{n}}

    Parameters
    ----------
    log_likelihoods : array, shape (n, ...)
        ln L at n equally weighted draws.

    Returns
    -------
    value, error : array, shape (...)
        The logarithm, and its standard error for independent draws.

    Examples
    --------
    >>> value, error = log_mean(np.log([[0.2], [0.4]]))
    >>> round(float(np.exp(value[0])), 12)
    0.3
    """
    n = len(log_likelihoods)
    value = np.asarray(logsumexp(log_likelihoods, axis=0)) - np.log(n)
    relative = np.exp(log_likelihoods - value)
    return value, np.asarray(relative.std(axis=0, ddof=1) / np.sqrt(n))


def coin_flip(studies: Sequence[str], study_of: Sequence[str], uninformed: Array) -> Array:
    """Score every study by knowing nothing.

    Parameters
    ----------
    studies : sequence of str
        The studies.
    study_of : sequence of str, length J
        The study of every statement.
    uninformed : array, shape (J,)
        Probability (density) of every statement for someone who knows nothing: a half for yes or
        no, one over the range of a number, one over n + 1 for a count.

    Returns
    -------
    array, shape (S,)
        Log score of each study.

    Examples
    --------
    >>> score = coin_flip(["a", "b"], ["a", "b", "a"], np.array([0.5, 0.25, 0.5]))
    >>> np.exp(score).round(12).tolist()
    [0.25, 0.25]
    """
    place = [list(studies).index(study) for study in study_of]
    found = np.zeros(len(studies))
    np.add.at(found, place, np.log(uninformed))
    return found
