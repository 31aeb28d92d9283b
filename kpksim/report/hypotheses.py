"""Where hypotheses of what drives an effect part company, set for reading."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from kpksim.plots.curves import drawable, typical
from kpksim.plots.hypotheses import accounts, label_of
from kpksim.plots.words import short_name, when
from kpksim.report.tables import write_effect
from kpksim.vocabulary import OUTCOMES


@dataclass(frozen=True)
class PartedRow:
    """One effect of one regimen under each hypothesis.

    Attributes
    ----------
    place : int
        Place of the regimen among the curves.
    about, when : str
        The effect, and the time at which hypotheses are farthest apart.
    said : str
        What the mixture has there, and each hypothesis that parts from it, farthest first.
    """

    place: int
    about: str
    when: str
    said: str


def parted_rows(result: xr.Dataset) -> list[PartedRow]:
    """Set what each hypothesis says where they are apart.

    Parameters
    ----------
    result : Dataset
        Curves with ``<outcome>_hypotheses`` where effects are draws.

    Returns
    -------
    list of PartedRow
        By regimen; none where hypotheses agree.
    """
    rows = [row for name in drawable(result, tuple(OUTCOMES)) for row in _rows(result, name)]
    return sorted(rows, key=lambda row: row.place)


def _rows(result: xr.Dataset, name: str) -> Iterator[PartedRow]:
    """Set one effect."""
    found = accounts(result, name)
    times = np.asarray(result["time"].values, dtype=float)
    for place in dict.fromkeys(one.place for one in found):
        some = [one for one in found if one.place == place]
        mixture = typical(result, name)[place]
        at = int(np.abs([one.curve - mixture for one in some]).max(axis=0).argmax())
        some.sort(key=lambda one: -abs(float(one.curve[at] - mixture[at])))
        told = [f"Mixture {write_effect(float(mixture[at]))}"]
        told += [f"{label_of(one.key)} {write_effect(float(one.curve[at]))}" for one in some]
        unit = OUTCOMES[name].unit
        yield PartedRow(
            place, short_name(result, name), when(float(times[at])), f"{'; '.join(told)} {unit}"
        )
