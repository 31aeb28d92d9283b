"""Studies made up by chance: points, statements of every kind, what was found."""

import numpy as np

from kpksim.calibration.draws import draw_data
from kpksim.calibration.readings import READING, codes
from kpksim.calibration.rows import Effects, PointRows, StatementRows, stack, with_data

KEYS = tuple(READING)


def rows_of(kinds, **columns):
    """Give the rows of statements of these kinds; single points and 12 people unless said."""
    size = len(kinds)
    defaults = {
        "kind": [READING[one].code for one in kinds],
        "index": np.arange(4),
        "start": 0, "count": 1, "start2": 0, "count2": 0, "group": 0, "group2": 0,
        "same": 1, "own": 0, "baseline": -1, "unit": codes.AS_IT_IS,
        "n": 12.0, "lo": 0.0, "hi": 0.0, "thr": -50.0, "se": 0.0, "y": 0.0, "q": 0.05, "l0": 0.5,
    }  # fmt: skip
    for name, value in {**defaults, **columns}.items():
        whole = isinstance(defaults[name], int | list) or name == "index"
        dtype = np.int64 if whole else np.float64
        value = np.asarray(value, dtype=dtype)
        defaults[name] = value if name == "index" else np.broadcast_to(value, (size,)).copy()
    return StatementRows(**defaults)


def made_up(rng, latents=3, statements=20):
    """Give statements, effects, baselines, rho and tau of a study that could have been."""
    n_points = 12
    drug = rng.lognormal(-1.0, 0.8, n_points)
    effects = Effects(
        drug, rng.uniform(0.0, 0.3, n_points), np.full(n_points, rng.uniform(12.0, 35.0)),
        np.zeros(n_points),
    )  # fmt: skip
    rho, tau = rng.beta(8, 3), min(rng.lognormal(np.log(0.3), 0.7), 1.0)
    kinds = rng.choice(KEYS, statements)
    rows = [_row(rng, one, n_points, latents - 1) for one in kinds]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    study = rows_of(kinds, index=np.arange(n_points), **columns)
    points = PointRows(np.zeros(n_points, dtype=np.int64), np.full(n_points, -1))
    stacked = stack([(points, study)])
    baselines = np.array([14.0])
    found = draw_data(rng, stacked, effects, baselines, rho, tau)
    return with_data(stacked, found), effects, baselines, rho, tau


def _row(rng, key, n_points, groups):
    """Give the columns of one statement of a kind."""
    group, group2 = rng.integers(groups, size=2)
    row = {
        "group": group, "group2": group, "same": 1, "n": float(rng.choice([1, 7, 12, 20, 70])),
        "se": 0.0, "l0": 0.5, "unit": 0, "baseline": -1, "q": rng.choice([0.05, 0.15]),
        "start": rng.integers(n_points - 4), "count": 1, "start2": 0, "count2": 0, "own": 0,
        "lo": -30.0, "hi": -5.0, "thr": -50.0,
    }  # fmt: skip
    if row["n"] == 1.0:
        row["n"] = 15.0
    if key in ("percent change", "points", "mean score"):
        row |= {"se": rng.choice([2.0, 5.0, 10.0]), "l0": 0.01, "own": rng.integers(2)}
        if key != "percent change":
            row |= {"unit": 1 if key == "points" else 2, "baseline": 0, "l0": 1 / 15}
            row["se"] = rng.choice([0.5, 1.0])
    elif key == "effect size":
        row |= {"se": rng.choice([0.12, 0.3]), "l0": 0.5}
    elif key in ("ever responded", "responded"):
        row |= {"count": 4 if key[0] == "e" else 1, "l0": 1.0 / (row["n"] + 1.0)}
    elif key in ("order", "offset"):
        row["count"] = 2 if key == "offset" else rng.choice([2, 3])
    elif key == "plateau":
        row |= {"lo": -10.0, "hi": 10.0, "start2": row["start"] + 1, "count2": 1}
    elif key == "below threshold":
        row |= {"unit": 2, "baseline": 0, "thr": 9.0, "se": 1.0}
    if key in ("significant", "not significant", "direction", "effect size") and rng.random() < 0.7:
        row |= {"start2": rng.integers(n_points - 4), "count2": 1}
        if group2 != group:
            row |= {"group2": group2, "same": 0}
    return row
