"""A comparison with closed-form curves, to draw."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from kpksim.analysis import Comparison
from kpksim.vocabulary import ANALYTES, QUANTITIES, USE_LINE

REGIMENS = (
    ("IV infusion", "35 mg IV over 40 min, once", "iv"),
    ("SC", "35 mg SC, once", "sc"),
    ("Oral", "35 mg oral, once", "oral"),
)
PEOPLE = ("ketamine", "norketamine", "hydroxynorketamine", "dissociation", "sbp", "anxiety")


def time_grid(horizon):
    parts = [np.arange(0, 2, 1 / 60), np.arange(2, 24, 1 / 6), np.arange(24, horizon + 0.5)]
    return np.unique(np.round(np.concatenate(parts), 9))


def bateman(time, scale, rise, fall):
    """Rise and fall with the peak `scale` at ln(rise/fall) / (rise - fall)."""
    peak = np.log(rise / fall) / (rise - fall)
    top = np.exp(-fall * peak) - np.exp(-rise * peak)
    return scale * (np.exp(-fall * time) - np.exp(-rise * time)) / top


SHAPES = {  # scale, rise [1/h], fall [1/h] by route
    "ketamine": [(158, 4.5, 0.42), (105, 4.0, 0.40), (14, 2.2, 0.33)],
    "norketamine": [(75, 1.3, 0.16), (68, 1.1, 0.16), (101, 1.9, 0.19)],
    "hydroxynorketamine": [(28, 0.7, 0.12), (26, 0.65, 0.12), (32, 0.8, 0.13)],
    "dehydronorketamine": [(10, 1.0, 0.15), (9.1, 0.9, 0.15), (13, 1.2, 0.16)],
    "anxiety": [(-46, 0.35, 0.0067), (-41, 0.3, 0.0066), (-9, 0.25, 0.0064)],
    "depression": [(-38, 0.08, 0.0055), (-34, 0.075, 0.0055), (-7, 0.07, 0.0055)],
    "dissociation": [(21, 4.0, 0.9), (12, 3.6, 0.85), (0.4, 2.0, 0.6)],
    "sbp": [(14, 4.2, 0.5), (10.5, 3.6, 0.48), (1.8, 2.0, 0.4)],
    "dbp": [(8.2, 4.2, 0.5), (6.3, 3.6, 0.48), (1.1, 2.0, 0.4)],
}


def regimen_at(place):
    """Three regimens that differ, then weaker copies of them."""
    return REGIMENS[place] if place < 3 else (f"Regimen {place + 1}", f"{place} mg SC, once", "sc")


def make_curves(name, time, count):
    curves = []
    for place in range(count):
        scale, rise, fall = SHAPES[name][place % 3]
        curves.append(bateman(time, scale * (1 - 0.11 * (place // 3)), rise, fall))
    return np.array(curves)


def make_result(*, count=3, horizon=336.0, names=tuple(QUANTITIES), people=PEOPLE):
    time = time_grid(horizon)
    regimens = [regimen_at(place) for place in range(count)]
    data = {}
    for name in names:
        quantity = QUANTITIES[name]
        attrs = {"units": quantity.unit, "long_name": quantity.label}
        curves = make_curves(name, time, count)
        data[name] = (("regimen", "time"), curves, attrs)
        if name in people:
            spread = np.array([0.68, 1.0, 1.42])
            cube = np.sort(curves * spread[:, None, None], axis=0)
            data[f"{name}_people"] = (("quantile", "regimen", "time"), cube, attrs)
    return xr.Dataset(
        data,
        coords={
            "regimen": [name for name, _, _ in regimens],
            "quantile": [0.05, 0.5, 0.95],
            "time": ("time", time, {"units": "h"}),
            "sentence": ("regimen", [text for _, text, _ in regimens]),
            "route": ("regimen", [route for _, _, route in regimens]),
            "model": ("regimen", ["reference_racemic_2026a"] * count),
            "last_dose": ("regimen", [0.0] * count),
        },
        attrs={
            "title": "IV, subcutaneous and oral 0.5 mg/kg",
            "version": "0.1.0",
            "models": "reference_racemic_2026a",
            "citations": "otto2021 clements1981",
            "n_people": 300 if people else 0,
            "seed": "20260101",
            "weight": 70.0,
            "configuration": 'title = "IV, subcutaneous and oral 0.5 mg/kg"\nhorizon = "14 d"\n',
            "use_line": USE_LINE,
            "calibration": "uncalibrated: prior medians",
            "warnings": "",
            "expectation": "none",
        },
    )


MARKS = {"40min": 2 / 3, "1h": 1, "2h": 2, "4h": 4, "24h": 24, "72h": 72, "7d": 168, "14d": 336}
COLUMNS = ["regimen", "model", "quantity", "component", "metric", "value", "unit", "p05", "p95"]


def metrics(time, curve, name):
    """Metrics read off a curve."""
    if name in ANALYTES:
        area = np.trapezoid(curve, time)
        yield from {"cmax": curve.max(), "tmax": time[curve.argmax()], "t_half": 2.0}.items()
        yield from {"auc_horizon": area, "auc_inf": area}.items()
        return
    place = np.abs(curve).argmax()
    yield from {"largest_change": curve[place], "time_of_largest": time[place]}.items()
    for mark, moment in MARKS.items():
        if moment <= time[-1]:
            yield f"at_{mark}", np.interp(moment, time, curve)
    above = np.abs(curve) >= np.abs(curve[place]) / 2
    yield "hours_above_half", np.trapezoid(above.astype(float), time)


def make_summary(result):
    rows = []
    time = result["time"].values
    for place, regimen in enumerate(result["regimen"].values):
        model = result["model"].values[place]
        for name in (name for name in QUANTITIES if name in result):
            for metric, value in metrics(time, result[name].values[place], name):
                has = f"{name}_people" in result and metric in ("cmax", "auc_inf", "largest_change")
                ends = np.sort([0.68 * value, 1.42 * value]) if has else [np.nan, np.nan]
                component = "total" if name in ANALYTES else "drug"
                rows.append((regimen, model, name, component, metric, value, "", *ends))
                if name in ("anxiety", "depression"):
                    rows.append((regimen, model, name, "open", metric, 2 * value, "", *ends))
    return pd.DataFrame(rows, columns=COLUMNS)


def make_comparison(**choices):
    result = make_result(**choices)
    return Comparison(result.attrs["title"], result, make_summary(result))


@pytest.fixture(scope="session")
def result():
    return make_result()


@pytest.fixture(scope="session")
def comparison():
    return make_comparison()


@pytest.fixture(name="make_result", scope="session")
def make_result_of_choice():
    return make_result
