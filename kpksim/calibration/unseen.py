"""How well studies left out are predicted: by a hypothesis, and by the mixture of all."""

from collections.abc import Iterator, Mapping, Sequence
from math import hypot, log

import numpy as np
import xarray as xr
from scipy.special import logsumexp

from kpksim.calibration.leave_out import LeftOut, coin_flip
from kpksim.calibration.problem import Problem
from kpksim.calibration.results import LeftOutScore
from kpksim.calibration.verdict import Evidence, shares


def scores_of(problem: Problem, analysis: xr.Dataset, left: LeftOut) -> Iterator[LeftOutScore]:
    """Give the log score of every study under one hypothesis.

    Parameters
    ----------
    problem : Problem
        The problem.
    analysis : Dataset
        What was made of its samples.
    left : LeftOut
        Scores of studies, each left out.

    Yields
    ------
    LeftOutScore
        One for each study.
    """
    prior, prior_error = (
        np.asarray(analysis[one].values) for one in ("prior_score", "prior_score_error")
    )
    flat = np.array([row.l0 for row in problem.rows])
    nothing = coin_flip(left.studies, [row.cluster for row in problem.rows], flat)
    for k, study in enumerate(left.studies):
        carried = bool(np.isnan(left.k_hats[k]))
        yield LeftOutScore(
            study=study,
            elpd=float(left.log_scores[k]),
            error=float(left.errors[k]),
            prior=float(prior[k]),
            prior_error=float(prior_error[k]),
            coin_flip=float(nothing[k]),
            k_hat=None if carried else float(min(left.k_hats[k], 99.0)),
            effective_size=None if carried else float(left.effective_sizes[k]),
            carried=carried,
        )


def mixed_scores(
    main: Mapping[str, Evidence], scores: Mapping[str, Sequence[LeftOutScore]]
) -> Iterator[LeftOutScore]:
    r"""Give the log score of every study under the mixture of hypotheses.

    Each hypothesis has the share of the evidence that it has without that study, so that the
    study does not choose by whom it is predicted:

    .. math:: \ln \frac{\sum_k Z_k}{\sum_k Z_k^{(-s)}}, \qquad
              \ln Z_k^{(-s)} = \ln Z_k - \ell_{sk}

    with the log score l of a study under each hypothesis.

    Parameters
    ----------
    main : mapping of str to Evidence
        ln Z of every hypothesis, from all studies.
    scores : mapping of str to sequence of LeftOutScore
        What `scores_of` gives, by hypothesis.

    Yields
    ------
    LeftOutScore
        One for each study; by the prior, all hypotheses have the same share.
    """
    whole, whole_errors = np.array([(one.value, one.error) for one in main.values()]).T
    for rows in zip(*(scores[key] for key in main), strict=True):
        own, errors, prior, prior_errors = np.array(
            [(one.elpd, one.error, one.prior, one.prior_error) for one in rows]
        ).T
        rest = shares(whole - own)
        yield LeftOutScore(
            study=rows[0].study,
            elpd=float(logsumexp(whole) - logsumexp(whole - own)),
            error=hypot(*(rest * errors), *((shares(whole) - rest) * whole_errors)),
            prior=float(logsumexp(prior)) - log(len(rows)),
            prior_error=hypot(*(shares(prior) * prior_errors)),
            coin_flip=rows[0].coin_flip,
        )
