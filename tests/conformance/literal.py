"""A slow and literal simulator of event records, in 40 digits and more.

It is written apart from kpksim and shares no code with it: exact fractions for times, so that ties
are ties; matrix exponentials by Taylor series of mpmath; steady states by inverse matrices. Run as
a program it writes `exact.csv` into the folder of every case, or says where one differs.
"""

import csv
import json
import re
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import mpmath

HERE = Path(__file__).parent
DIGITS = 60
CASES = sorted(path.parent for path in HERE.glob("*/meta.json"))
mp = mpmath.mp


def exact(text):
    """The fraction that the shortest decimal of a double says."""
    return Fraction(repr(float(text)))


def real(value):
    """A fraction as a number of mpmath."""
    return mpmath.mpf(value.numerator) / value.denominator


@dataclass
class System:
    """What holds at one record: matrix, outputs by number of the compartment, dosing by its number.

    `f`, `lag`, `duration` and `rate` map the number of a compartment, from 1, to a fraction.
    """

    matrix: mpmath.matrix
    outputs: dict
    f: dict = field(default_factory=dict)
    lag: dict = field(default_factory=dict)
    duration: dict = field(default_factory=dict)
    rate: dict = field(default_factory=dict)


def taken(matrix, step, known={}):  # noqa: B006  # what was computed once is remembered
    """The exponential of matrix x step."""
    key = (tuple(matrix), step)
    if key not in known:
        known[key] = mpmath.expm(matrix * real(step), method="taylor")
    return known[key]


def ahead(matrix, state, inputs, step):
    """The state after a step under constant inputs, as one more state that does not change."""
    n = len(state)
    if not step:
        return state
    if not any(inputs):
        return taken(matrix, step) * state
    larger = mpmath.zeros(n + 1)
    larger[:n, :n] = matrix
    for k in range(n):
        larger[k, n] = inputs[k]
    whole = taken(larger, step)
    return whole[:n, :n] * state + whole[:n, n]


def unit(n, place, value):
    """A vector that is 0 but in one place."""
    vector = mpmath.zeros(n, 1)
    vector[place] = value
    return vector


def literal(records, systems):
    """Outputs at the observations of one subject: {position of the record: value}.

    `records` are dictionaries with the columns as text, CMT a number; `systems` gives one System
    for each of them.
    """
    with mpmath.workdps(DIGITS):
        return _literal(records, systems)


def _literal(records, systems):
    n = systems[0].matrix.rows
    state, clock = mpmath.zeros(n, 1), None
    coming, running, found = [], [], {}
    for place, (record, system) in enumerate(zip(records, systems, strict=True)):
        now, evid, ss = exact(record["TIME"]), int(record["EVID"]), int(record["SS"])
        if evid in (3, 4) or ss in (1, 3):
            state, coming, running = mpmath.zeros(n, 1), [], []
        elif clock is not None:
            while clock < now:
                stops = [one[0] for one in coming + running] + [now]
                stop = min(one for one in stops if one > clock)
                inputs = [mpmath.mpf(0)] * n
                for _, where, rate in running:
                    inputs[where] += real(rate)
                state = ahead(system.matrix, state, inputs, stop - clock)
                clock = stop
                running = [one for one in running if one[0] > clock]
                for dose in [one for one in coming if one[0] == clock]:
                    state = begin(dose, state, running)
                coming = [one for one in coming if one[0] > clock]
        clock = now
        if evid in (1, 4):
            where = int(record["CMT"]) - 1
            amount, length, rate, lag = dose_of(record, system, where)
            every = exact(record["II"])
            if ss and not exact(record["AMT"]):
                state += mpmath.lu_solve(-system.matrix, unit(n, where, real(rate)))
                continue
            if ss:
                left, rest = steady(system.matrix, where, amount, length, lag, every)
                state += left
                for begins, ends in rest:
                    if begins <= 0:
                        running.append((now + ends, where, amount / length))
                    else:
                        coming.append((now + begins, where, amount, length))
            for copy in range(int(record["ADDL"]) + 1):
                dose = (now + copy * every + lag, where, amount, length)
                if dose[0] == now:
                    state = begin(dose, state, running)
                else:
                    coming.append(dose)
        if evid == 0:
            compartment, factor = system.outputs[int(record["CMT"])]
            found[place] = factor * state[compartment]
    return found


def begin(dose, state, running):
    """The state after a dose begins; one that lasts joins what is running."""
    time, where, amount, length = dose
    if length:
        running.append((time + length, where, amount / length))
        return state
    return state + unit(len(state), where, real(amount))


def dose_of(record, system, where):
    """Amount that enters, its duration, its rate and its lag."""
    number = where + 1
    f, lag = system.f.get(number, Fraction(1)), system.lag.get(number, Fraction(0))
    amount, rate = exact(record["AMT"]) * f, exact(record["RATE"])
    if rate == -1:
        rate = system.rate[number]
    if rate == -2:
        length = system.duration[number]
        return amount, length, (amount / length if length else 0), lag
    return amount, (amount / rate if rate else Fraction(0)), rate, lag


def steady(matrix, where, amount, length, lag, every):
    """What doses given every interval for ever have left, and when the others begin and end.

    The k-th dose before the record begins at lag - k x every from it, k = 1, 2, ...
    """
    n = matrix.rows
    state, rest, k = mpmath.zeros(n, 1), [], 1
    zeros = mpmath.zeros(n, 1)
    while lag - k * every + length > 0 or lag - k * every > 0:
        begins = lag - k * every
        rest.append((begins, begins + length))
        if begins <= 0:
            state += ahead(matrix, zeros, unit(n, where, real(amount / length)), -begins)
        k += 1
    whole = unit(n, where, real(amount))
    if length:
        whole = ahead(matrix, zeros, unit(n, where, real(amount / length)), length)
    since = k * every - lag - length
    past = mpmath.lu_solve(mpmath.eye(n) - taken(matrix, every), whole)
    return state + (taken(matrix, since) * past if since else past), rest


def subjects(rows):
    """Positions of the records of each subject."""
    groups = []
    for k, row in enumerate(rows):
        if not k or row["ID"] != rows[k - 1]["ID"]:
            groups.append([])
        groups[-1].append(k)
    return groups


def case_values(folder):
    """The 40-digit values of a case, one for each observation in the order of its file."""
    meta = json.loads((folder / "meta.json").read_text())
    with (folder / "events.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = {}
    with mpmath.workdps(DIGITS):
        for group in subjects(rows):
            records = [rows[k] for k in group]
            values = literal(records, [case_system(meta, row) for row in records])
            found |= {group[k]: value for k, value in values.items()}
    return [found[k] for k in sorted(found)]


def case_system(meta, row):
    """The system of a case at one record, read from the equations in its meta.json."""
    numbers = {name: real(exact(value)) for name, value in meta["parameters"].items()}
    if meta["covariates"] == "WT":
        share = real(exact(row["WT"])) / 70
        numbers["CL"] *= share ** mpmath.mpf("0.75")
        numbers["V2"] *= share
    parts = meta["model"]["compartments"]
    names = [one.split()[1] for one in ([parts] if isinstance(parts, str) else parts)]
    equations = dict(re.findall(r"dxdt_(\w+)\s*=\s*([^;]+);", meta["model"]["ode"]))
    matrix = mpmath.zeros(len(names))
    for column, source in enumerate(names):
        at_one = dict.fromkeys(names, mpmath.mpf(0)) | {source: mpmath.mpf(1)}
        for line, name in enumerate(names):
            matrix[line, column] = eval(equations[name], {}, numbers | at_one)
    outputs = {}
    for number, formula in re.findall(r"CMT (\d+) -> ([^;]+)", meta["output"]):
        (name,) = [one for one in names if re.search(rf"\b{one}\b", formula)]
        at_one = numbers | {name: mpmath.mpf(1)}
        outputs[int(number)] = (names.index(name), eval(formula, {}, at_one))
    given = meta["dosing_parameters"]
    given = {} if isinstance(given, str) else given
    dosing = {"F": {}, "ALAG": {}, "D": {}, "R": {}}
    for name, value in given.items():
        kind, number = re.fullmatch(r"([A-Z]+)(\d+)", name).groups()
        dosing[kind][int(number)] = exact(value)
    return System(matrix, outputs, dosing["F"], dosing["ALAG"], dosing["D"], dosing["R"])


def written(values):
    """The text of an exact.csv."""
    with mpmath.workdps(DIGITS):
        return "\n".join(["value", *(mpmath.nstr(value, 40) for value in values), ""])


if __name__ == "__main__":
    for folder in CASES:
        (folder / "exact.csv").write_text(written(case_values(folder)))
        sys.stderr.write(f"{folder.name}\n")
