"""The file of a posterior as calibration writes it, read back and checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from kpksim.errors import DataError
from kpksim.library.effect_document import Beta, Prior
from kpksim.library.hypotheses import (
    Hypothesis,
    hypothesis_priors,
    load_hypothesis,
    study_priors,
)

Array = NDArray[np.float64]

DRAW, PK_DRAW = "draw", "pk_draw"
"""Dimension of the draws, and the draw of the concentrations that each belongs to."""

TYPICAL = -1
"""The draw of concentrations of an effect that was drawn under those of the typical person."""

TEXTS = ("outcome", "hypothesis", "model", "statement_hash")
"""Texts that a file says of its draws."""

NUMBERS = ("weight", "log_evidence", "log_evidence_error", "pk_seed", "pk_draws")
"""Numbers that a file says of its draws."""

BELOW_ONE = 1.0 - 2.0**-24
"""Largest share below 1: one that is nearer in 64 bits is 1 in the 32 bits of the file."""

CALIBRATE = "write it anew with kpksim calibrate"


@dataclass(frozen=True, eq=False)
class Posterior:
    """Equally weighted draws of the parameters of one outcome under one hypothesis.

    Attributes
    ----------
    hypothesis : Hypothesis
        What drives the effect and how.
    values : mapping of str to array, shape (N,)
        Draws of each parameter, times in h; those of how studies scatter are among them. They are
        in random order, so that the first n are a fair sample.
    pk_draw : array of int, shape (N,)
        Draw of the parameters of concentrations that each belongs to; `TYPICAL` for those of the
        typical person.
    weight : float
        Share in the mixture of hypotheses, 0 for one that does not survive; NaN before it is known.
    facts : mapping of str to object
        All that the file says: ``model``, ``log_evidence`` and its error, ``statement_hash``;
        ``pk_seed`` and ``pk_draws``, from which the draws of concentrations are made again (0 for
        none); versions, seeds and settings.
    place : str
        The file.
    """

    hypothesis: Hypothesis
    values: Mapping[str, Array]
    pk_draw: NDArray[np.int64]
    weight: float
    facts: Mapping[str, Any]
    place: str

    def __len__(self) -> int:
        """Give the number of draws, N."""
        return len(self.pk_draw)

    def first(self, n: int) -> Self:
        """Give the first draws, a fair sample of all.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        Posterior
            These draws alone.

        Raises
        ------
        DataError
            If there are fewer.
        """
        if n > len(self):
            raise DataError(
                f"{self.place}: has {len(self)} draws, got a wish for {n}; ask for fewer"
            )
        values = {name: draws[:n] for name, draws in self.values.items()}
        return replace(self, values=values, pk_draw=self.pk_draw[:n])


def read_posterior(path: Path, place: str, outcome: str, hypothesis: str, model: str) -> Posterior:
    """Read the posterior of an outcome under a hypothesis.

    Parameters
    ----------
    path : Path
        The file.
    place : str
        What messages call it.
    outcome, hypothesis : str
        What it must be of.
    model : str
        Key of the model that it must have been fitted with.

    Returns
    -------
    Posterior
        Its draws.

    Raises
    ------
    DataError
        If the file cannot be read, is of something else, or holds impossible values.
    """
    found = _read(path, place)
    facts = _facts(found, place)
    _check_origin(facts, place, {"outcome": outcome, "hypothesis": hypothesis, "model": model})
    expected = hypothesis_priors(hypothesis, outcome)
    if missing := [name for name in (*expected, PK_DRAW) if name not in found.arrays]:
        raise DataError(
            f'{place}: lacks "{missing[0]}", which the hypothesis has by now; {CALIBRATE}'
        )
    priors = study_priors(outcome) | expected
    names = [name for name in found.arrays if name != PK_DRAW]
    return Posterior(
        hypothesis=load_hypothesis(hypothesis),
        values={name: _draws(found, name, priors.get(name), place) for name in names},
        pk_draw=_pk_draws(found, int(facts["pk_draws"]), place),
        weight=float(facts["weight"]),
        facts=facts,
        place=place,
    )


class _Content(NamedTuple):
    """What stands in a file: attributes, and an array for each variable."""

    attributes: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def _read(path: Path, place: str) -> _Content:
    """Read a netCDF file of plain variables: by h5py, which takes a tenth of xarray's time."""
    import h5py  # slow to import, and `kpksim --help` needs it not

    try:
        with h5py.File(path) as file:
            attributes = {name: _plain(value) for name, value in file.attrs.items()}
            arrays = {name: file[name][...] for name in file}
    except (OSError, ValueError) as error:
        raise DataError(f"{place}: cannot be read as netCDF ({error}); {CALIBRATE}") from None
    if arrays.pop(DRAW, None) is None:
        raise DataError(f'{place}: is no posterior, it has no dimension "{DRAW}"; {CALIBRATE}')
    return _Content(attributes, arrays)


def _plain(value: Any) -> Any:
    """Give an attribute as a number or a text."""
    if isinstance(value, np.ndarray | np.generic) and np.size(value) == 1:
        return np.asarray(value).item()
    return value


def _facts(found: _Content, place: str) -> dict[str, Any]:
    """Give the attributes; JSON among them is read. A file that is no posterior is refused."""
    facts = {name: _parsed(value) for name, value in found.attributes.items()}
    for name in (*TEXTS, *NUMBERS):
        if name not in facts:
            raise DataError(f'{place}: is no posterior, it has no attribute "{name}"; {CALIBRATE}')
        if name in NUMBERS and not isinstance(facts[name], int | float | np.number):
            raise DataError(f'{place}: {name}: is a number, got "{facts[name]}"; {CALIBRATE}')
    return facts


def _parsed(value: Any) -> Any:
    """Read JSON; what is none stays as it is."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


def _check_origin(facts: Mapping[str, Any], place: str, expected: Mapping[str, str]) -> None:
    """Refuse a posterior of something else."""
    for name, key in expected.items():
        if facts[name] != key:
            raise DataError(
                f'{place}: its {name} is "{facts[name]}", expected "{key}"; {CALIBRATE}'
            )


def _draws(found: _Content, name: str, prior: Prior | None, place: str) -> Array:
    """Give the draws of one parameter, inside the range that its prior allows."""
    values = np.asarray(found.arrays[name], dtype=float)
    is_share = prior is not None and isinstance(prior.distribution, Beta)
    top = 1.0 if is_share else np.inf
    fine = np.isfinite(values) & (values >= 0.0) & (values <= top) & ((values > 0.0) | is_share)
    if values.ndim != 1 or not fine.all():
        rule = "a share from 0 to 1" if is_share else "a positive number"
        wrong = values[~fine][0] if not fine.all() else f"shape {values.shape}"
        raise DataError(f"{place}: {name}: every draw is {rule}, got {wrong}; {CALIBRATE}")
    return np.minimum(values, BELOW_ONE) if is_share else values


def _pk_draws(found: _Content, largest: int, place: str) -> NDArray[np.int64]:
    """Give the draws of concentrations, each of which must be in the ensemble."""
    which = found.arrays[PK_DRAW]
    fine = np.issubdtype(which.dtype, np.integer) and ((which >= TYPICAL) & (which < largest)).all()
    if not fine:
        raise DataError(
            f"{place}: {PK_DRAW}: is a whole number from -1 to {largest - 1}, since the ensemble "
            f"has {largest} draws; {CALIBRATE}"
        )
    return which.astype(np.int64)
