"""What a user of the reference model must know; it stands in the model file."""

from collections.abc import Container
from pathlib import Path

from experiments.reference_model.fitting import Estimate
from experiments.reference_model.judged import COUNTED_ANALYTES, Compared, by_source
from experiments.reference_model.model_file import PARTLY

STANDING = (Path(__file__).parent / "notes.txt").read_text(encoding="utf-8").splitlines()
"""What does not change with the fit, a note in each line."""


def notes(estimate: Estimate) -> list[str]:
    """Give the notes of a model file.

    Parameters
    ----------
    estimate : Estimate
        The fit.

    Returns
    -------
    list of str
        What does not change with the fit, then what rests on priors alone.
    """
    pairs = zip(estimate.objective.belief.names, estimate.learned, strict=True)
    prior = ", ".join(name for name, share in pairs if share < PARTLY)
    return [*STANDING, f"At their priors, because no fitted row says more: {prior}."]


def evaluated(compared: Compared, fitted: Container[str]) -> list[str]:
    """Say what the model was compared with, source by source.

    Parameters
    ----------
    compared : Compared
        Observed rows and predictions.
    fitted : container of str
        Sources that it was fitted to.

    Returns
    -------
    list of str
        A sentence for each source.
    """
    return [
        f"{key}, {'fitted' if key in fitted else 'held back'}: ketamine and norketamine, "
        f"{one.n} levels and exposures, geometric mean fold error {one.gmfe:.2f}, "
        f"{100 * one.within_2:.0f} % within twofold."
        for key, one in by_source(compared, COUNTED_ANALYTES).items()
    ]
