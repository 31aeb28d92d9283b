"""What the tasks found, as figures and as what is demanded of them."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from experiments.calibration_checks.ranks import (
    EACH,
    INTERVALS,
    JUDGED,
    POOLED,
    coverage,
    judge,
)

SLOW = "t_slow"
"""The one parameter that is declared beside the curves."""

FAVOURED = 5.0
RIGHT, WRONG = 27 / 40, 2 / 40
"""Least share in which the true hypothesis has the higher evidence; most in which it is refuted."""

SHIFT, DIFFERENCE = 0.15, 0.5


def simulated_summary(found: Sequence[xr.Dataset], parameters: int) -> dict:
    """Coverage and ranks over data sets; the curves come first, the parameters last."""
    names = [str(one) for one in found[0]["quantity"].values]
    curves = len(names) - parameters
    order = [*range(curves), names.index(SLOW)] if SLOW in names else [*range(curves)]
    rest = [k for k in range(len(names)) if k not in order]
    shares = np.array([one["share_below"].values for one in found])[:, order + rest]
    judged = judge(shares, len(order))
    covered = {f"{one:g}": coverage(shares, one) for one in INTERVALS}
    rows = [
        {
            "name": names[place], "declared": k < len(order), "p": judged["p"][k],
            "mean_share": float(shares[:, k].mean()),
            "coverage": {one: float(covered[one][k]) for one in covered},
        }
        for k, place in enumerate(order + rest)
    ]  # fmt: skip
    return {
        "data_sets": len(found), "quantities": rows,
        "pooled": {one: float(covered[one][: len(order)].mean()) for one in covered},
        "judged": {name: one for name, one in judged.items() if name != "p"},
        "likelihoods": float(np.median([one.attrs["likelihoods"] for one in found])),
        "seconds": float(np.median([one.attrs["seconds"] for one in found])),
    }  # fmt: skip


def recovery_summary(found: Sequence[xr.Dataset]) -> dict:
    """How often the evidence tells the truth; a difference is true minus false."""
    rows = []
    for one in found:
        truth = one.attrs["truth"]
        other = next(str(key) for key in one["hypothesis"].values if key != truth)
        lead = one["log_evidence"].sel(hypothesis=truth) - one["log_evidence"].sel(hypothesis=other)
        rows.append({"truth": truth, "difference": float(lead)})
    leads = np.array([one["difference"] for one in rows])
    right, wrong = int((leads > 0.0).sum()), int((leads <= -FAVOURED).sum())
    return {
        "data_sets": len(rows), "right": right, "wrong": wrong, "rows": rows,
        "favoured": int((leads >= FAVOURED).sum()),
        "right_passed": right >= RIGHT * len(rows), "wrong_passed": wrong <= WRONG * len(rows),
    }  # fmt: skip


def repeated_summary(first: xr.Dataset, second: xr.Dataset, errors: np.ndarray) -> dict:
    """Difference between seeds, and error of the nodes over the posterior of the first."""
    lead = first.attrs["log_evidence"] - second.attrs["log_evidence"]
    both = [one["at_target"].values for one in (first, second)]
    spread = np.sqrt((both[0].var(axis=0) + both[1].var(axis=0)) / 2.0)
    moved = np.abs(np.median(both[0], axis=0) - np.median(both[1], axis=0)) / spread
    wider = [one["at_target"].std("draw") / one["before"].std("draw") for one in (first, second)]
    return {
        "log_evidence": [first.attrs["log_evidence"], second.attrs["log_evidence"]],
        "log_evidence_error": [one.attrs["log_evidence_error"] for one in (first, second)],
        "difference": float(lead), "difference_passed": bool(abs(lead) <= DIFFERENCE),
        "largest_shift": float(moved.max()), "shift_passed": bool(moved.max() <= SHIFT),
        "where": str(first["target"].values[moved.argmax()]),
        "wider": float(np.mean(wider)),
        "draws": len(errors),
        "error_sd": float(errors.std()), "error_mean": float(errors.mean()),
        "error_largest": float(np.abs(errors).max()),
    }  # fmt: skip


def as_checks(found: dict) -> dict:
    """Give the figures as a calibration's results hold them: what was found and demanded."""
    checks = {"date": found["machine"]["date"], "commit": found["machine"]["commit"]}
    if one := found.get("simulated"):
        checks["sbc"] = _simulated_checks(one)
    if one := found.get("recovery"):
        checks["recovery"] = _recovery_checks(one)
    if one := found.get("repeated"):
        checks["repeatability"] = _repeated_checks(one)
    return checks


def _check(says: str, found: str, demanded: str, passed: bool | None) -> dict:
    return {"says": says, "found": found, "demanded": demanded, "passed": passed}


def _simulated_checks(one: dict) -> list[dict]:
    judged, percent = one["judged"], f"{100 * JUDGED:.0f} %"
    n = f"{one['data_sets']} simulated data sets"
    return [
        _check(
            f"truth inside the {percent} interval, all curves together, {n}",
            f"{judged['pooled']:.3f}", f"{POOLED[0]} to {POOLED[1]}", judged["pooled_passed"],
        ),
        _check(
            f"the same, each curve, {n}", f"{judged['lowest']:.3f} to {judged['highest']:.3f}",
            f"{EACH[0]} to {EACH[1]}", judged["each_passed"],
        ),
        _check(
            f"smallest p of even ranks, {len(one['quantities'])} quantities, {n}",
            f"{judged['smallest_p']:.2g}", f"above {judged['limit_p']:.2g}", judged["ranks_passed"],
        ),
    ]  # fmt: skip


def _recovery_checks(one: dict) -> list[dict]:
    n = one["data_sets"]
    return [
        _check(
            "the true hypothesis has the higher evidence", f"{one['right']} of {n}",
            f"at least {int(np.ceil(RIGHT * n - 1e-9))} of {n}", one["right_passed"],
        ),
        _check(
            f"the false one is favoured (by {FAVOURED:g} or more)", f"{one['wrong']} of {n}",
            f"at most {int(WRONG * n + 1e-9)} of {n}", one["wrong_passed"],
        ),
    ]  # fmt: skip


def _repeated_checks(one: dict) -> list[dict]:
    return [
        _check(
            "ln Z by two seeds, difference", f"{abs(one['difference']):.2f}",
            f"at most {DIFFERENCE}", one["difference_passed"],
        ),
        _check(
            "medians of curves by two seeds, largest difference in posterior SD",
            f"{one['largest_shift']:.2f} ({one['where']})", f"at most {SHIFT}", one["shift_passed"],
        ),
        _check(
            "SD of curves after draws have walked on, over that of nested sampling, mean",
            f"{one['wider']:.2f}", "", None,
        ),
        _check(
            f"ln L by the nodes against {one['nodes']:,} over {one['draws']} posterior draws",
            f"SD {one['error_sd']:.3f}, largest {one['error_largest']:.3f}", "", None,
        ),
    ]  # fmt: skip
