"""A faulty model file is refused with place, rule and way out."""

import re
from pathlib import Path

import pytest

from kpksim.errors import DataError
from kpksim.models import parse_model

TEXT = (Path(__file__).parent / "mine.toml").read_text(encoding="utf-8")


def model_with(old="", new=""):
    assert TEXT.count(old) >= 1
    return parse_model(TEXT.replace(old, new, 1), "mine.toml")


VC = 'value = "133 L"'
CL = 'scaling = { covariate = "weight", reference = "70 kg", exponent = 0.75 }'
OMEGA = "omega      = [[0.084, 0.0226], [0.0226, 0.026]]"

FAULTS = {
    # what stands in the file
    "no TOML": ('name     = "mine"', "name = mine", "mine.toml: is not valid TOML"),
    "duplicate key": (VC, f"{VC}\n{VC}", "mine.toml: a key stands twice"),
    "duplicate table": ("[parameters.vc]", "[parameters.cl]", "a key stands twice"),
    "duplicate inline key": ('{ value = "0.9" }', '{ value = "1", value = "1" }', "stands twice"),
    "unknown key": ("sampling =", "samling =", 'samling: unknown key; did you mean "sampling"?'),
    "unknown key in a parameter": (VC, 'valu = "133 L"', "parameters.vc.valu: unknown key; did "),
    "unknown key in a list": ("both_ways =", "bothways =", 'flows.2.bothways: .* "both_ways"'),
    "unknown key two tables deep": ("cv =", "cw =", 'parameters.ka.iiv.cw: .* mean "cv"'),
    "unknown key in a choice of tables": (
        "exponent = 0.75", "exponnt = 0.75",
        r'parameters\.cl\.scaling\.exponnt: unknown key; did you mean "exponent"',
    ),
    "unknown key in a list of a choice": (
        CL, CL.replace("= {", "= [{").replace("exponent", "exponnt") + "]",
        r'parameters\.cl\.scaling\.1\.exponnt: unknown key; did you mean "exponent"',
    ),
    "missing key": ('title    = "Two compartments and a metabolite"', "", "title: this key is mis"),
    "missing key in a list": ('route = "iv"\n', "", r"administrations\.1\.route: this key is mis"),
    "bad name": ('name     = "mine"', 'name = "My model"', "name: string should match pattern"),
    "value without quotes": (VC, "value = 133", r"parameters\.vc\.value: .* valid string, got 133"),
    "share of the wrong type": (
        'fraction  = "fm"', "fraction  = true", r"flows\.3\.fraction: input should be a valid str"
    ),
    "text instead of a table": (
        "iiv = { cv = 1.32 }", 'iiv = "132 %"', r"parameters\.ka\.iiv: must be a table, got '132 %'"
    ),
    "exponent as text": ("= 0.75 }", '= "0.75" }', r"parameters\.cl\.scaling\.exponent: .* number"),
    "no compartments": (TEXT[: TEXT.index("[[flows]]")], 'name="m"\ntitle=""\nsource="user"\n'
                        "compartments=[]\n", "compartments: list should have at least 1 item"),
    # sources and grades
    "unknown source": (
        '"user"', '"oto2021"', r'source .* source = "user"\): no source "oto2021"; did you mean'
    ),
    "unknown source it was fitted to": (
        '"user"', '"user"\nfitted_to = ["otto2021", "hasn2021"]',
        r'fitted_to\.2 .*no source "hasn2021"; did you mean "hasan2021"',
    ),
    "unknown source of a number": (
        VC, VC + '\nsource = "oto2021"', r'parameters\.vc\.source .*no source "oto2021"; did you',
    ),
    "unknown grade": (VC, VC + '\ngrade = "E"', r"parameters\.vc\.grade: must be one of A, B, D"),
    "grade C": (
        VC, VC + '\ngrade = "C"', r'parameters\.vc\.grade: .* memory, is not accepted; find its so'
    ),
    "grade C of a spread": (
        "cv = 1.32", 'cv = 1.32, grade = "C"', r"parameters\.ka\.iiv\.grade: .* is not accepted"
    ),
    "grade C of a covariance": (
        OMEGA, OMEGA + '\ngrade = "C"', r"variability\.1\.grade: .* is not accepted; find its"
    ),
    "grade C of a residual": (
        "proportional = 0.2", 'proportional = 0.2\ngrade = "C"', r"residual\.ketamine\.grade: .* is"
    ),
    "unknown source of a spread": (
        "cv = 1.32", 'cv = 1.32, source = "oto2021"', r"ka\.iiv\.source .*no source \"oto2021\"; d"
    ),
    "unknown source of a covariance": (
        OMEGA, OMEGA + '\nsource = "oto2021"', r"variability\.1\.source .*no source \"oto2021\"; d"
    ),
    "graded spread without a place": (
        "cv = 1.32", 'cv = 1.32, source = "otto2021", grade = "B"',
        r'parameters\.ka\.iiv: a number of grade "B" needs "where"',
    ),
    "reason of a spread without a grade": (
        "iiv = { cv = 1.32 }", 'grade = "B", iiv = { cv = 1.32, reason = "Why not." }',
        r'parameters\.ka\.iiv: a spread with a "reason" of its own needs a "grade" of its own',
    ),
    "graded covariance without a reason": (
        OMEGA, OMEGA + '\nsource = "otto2021"\ngrade = "D"', r"variability\.1: .* needs a \"rea"
    ),
    "unknown kind": (VC, VC + '\nkind = "guessed"', r"vc\.kind: must be one of estimated, fixed"),
    # quantities
    "unreadable quantity": (VC, 'value = "133 Lt"', r'parameters\.vc\.value: cannot read "133 Lt"'),
    "decimal comma": (VC, 'value = "133,5 L"', r"parameters\.vc\.value: .* decimal point"),
    "wrong dimension": (
        VC, 'value = "133 L/h"',
        r'parameters\.vc\.value: "133 L/h" is of dimension clearance, expected volume \(unit like L'
        r"\) for compartments\.central\.volume",
    ),
    "missing unit": (
        VC, 'value = "133"',
        r'parameters\.vc\.value: "133" has no unit, expected volume \(unit like L\) for comp',
    ),
    "missing unit of a rate": (
        '"0.97 1/h"', '"0.97"', r'ka\.value: "0\.97" has no unit, expected rate constant \(.* 1/h\)'
    ),
    "missing unit of a reference": (
        'reference = "70 kg"', 'reference = "70"', r'parameters\.cl\.scaling: "70" is a fraction'
    ),
    "missing unit of a covariate": (
        '"45 year"', '"45"', r'covariates\.age\.unit: "1 year" is a time, expected fraction'
    ),
    "missing unit of a range": (
        VC, VC + '\nrange = ["100", "150"]', r'parameters\.vc\.range: "100" is a fraction, expected'
    ),
    "missing unit of a residual": (
        "proportional = 0.2", 'additive = "0.02"',
        r'residual\.ketamine\.additive: "0\.02" is no concentration; give it a unit',
    ),
    "missing unit of a dose": (
        "fraction = 0.9", 'fraction_by_dose = { "28" = 0.5 }',
        r'administrations\.2\.fraction_by_dose: "28" is a fraction, expected amount',
    ),
    "wrong dimension of a rate": (
        '"0.97 1/h"', '"0.97 h"', r"parameters\.ka\.value: .* rate constant .* for flows\.1\.rate"
    ),
    "wrong dimension after a flow both ways": (
        '{ expression = "0.6 * cl" }', '{ value = "3 L" }', r"cl_nk\.value: .* flows\.4\.clearance"
    ),
    "wrong dimension of an expression": (
        '"0.6 * cl"', '"0.6 * vc"', r"parameters\.cl_nk\.expression: .* is of dimension volume"
    ),
    "dimension of no model": (VC, 'value = "133 L^2"', r"parameters\.vc\.value: .* no model uses"),
    "negative value": (VC, 'value = "-133 L"', r'parameters\.vc\.value: .* >= 0, got "-133 L"'),
    "volume 0": (VC, 'value = "0 L"', r"vc\.value, used as compartments\.central\.volume: .* > 0"),
    "nan": (VC, 'value = "nan L"', r"parameters\.vc\.value: .* finite number"),
    "infinity": (VC, 'value = "1e999 L"', r"parameters\.vc\.value: .* finite number"),
    "nan in an omega": ("0.084", "nan", r"variability\.1\.omega\.1\.1: .* finite number"),
    "value and expression": (
        VC, VC + '\nexpression = "q"', r'parameters\.vc: a parameter has either "value" or "expres'
    ),
    "neither value nor expression": (VC, 'note = "?"', r"parameters\.vc: a parameter has either"),
    "range of another dimension": (
        VC, VC + '\nrange = ["1 h", "2 h"]', r'parameters\.vc\.range: "1 h" is a time, expected vol'
    ),
    "value outside its range": (
        VC, VC + '\nrange = ["1 L", "2 L"]', r"parameters\.vc\.range: the value must lie between"
    ),
    # names
    "unknown parameter": (
        'clearance = "cl"', 'clearance = "cll"',
        r'flows\.3\.clearance: no parameter "cll"; did you mean "cl"\? each parameter has a table',
    ),
    "unknown compartment": (
        'to        = "peripheral1"', 'to = "peripheral"',
        r'flows\.2\.to: no compartment "peripheral"; did you mean "peripheral1"',
    ),
    "unknown compartment of a dose": (
        'into     = "depot"', 'into = "gut"', r"administrations\.2\.into: no compartment \"gut\""
    ),
    "unknown compartment of an output": (
        'compartment = "central_nk"', 'compartment = "nk"', r"outputs\.norketamine: no compartment"
    ),
    "two compartments of one name": (
        'name    = "peripheral1"', 'name = "central"', 'compartments: the name "central" stands tw'
    ),
    "unknown route": (
        'route    = "oral"', 'route = "orl"', r'administrations\.2\.route: .* did you mean "oral"\?'
    ),
    "unknown people": (
        'drug     =', 'people = "babies"\ndrug     =', "people: must be one of adults, children,"
    ),
    "unknown clearance": (
        'drug     =', 'clearance = "CL/F"\ndrug =', "clearance: must be one of true, apparent, unk"
    ),
    "unknown drug": ('"racemic ketamine"', '"racemate"', "drug: must be one of racemic ketamine"),
    "name that no expression can hold": ("vp      =", '"v-p" =', '"v-p" cannot stand in an expr'),
    "name of a Python keyword": ("vp      =", "lambda =", '"lambda" cannot stand in an expression'),
    "parameter named like a covariate": (
        "vp      =", "weight =", 'parameters: "weight" is a covariate'
    ),
    "residual of no output": (
        "[residual.ketamine]", "[residual.ketamin]", r'residual\.ketamin: no output "ketamin"; did '
    ),
    "empty residual": ("proportional = 0.2", "", r"residual\.ketamine: a residual has at"),
    "output named like an effect": ("[outputs.norketamine]", "[outputs.sbp]", r"outputs\.sbp: is "),
    # flows
    "rate and clearance": (
        'rate = "ka"', 'rate = "ka"\nclearance = "q"', r'flows\.1: .* needs either "rate" or "clea'
    ),
    "fraction without one arrival": ('rate = "ka"', 'rate = "ka"\nfraction = 0.5', r"flows\.1: .*"
                                     ' so "to" must be one name'),
    "both ways by a rate": (
        'clearance = "q"', 'rate = "ka"', r"flows\.2: .* goes both ways: it needs"
    ),
    "both ways with a fraction": (
        "both_ways = true", "both_ways = true\nfraction = 0.5", r'flows\.2: .* takes no "fraction"'
    ),
    "flow from nowhere": (
        'from      = "central_nk"', 'from = "nk"',
        r'flows\.4\.from: no compartment "nk"; known: depot, central, peripheral1, central_nk',
    ),
    "flow without an origin": (
        'from      = "central_nk"\n', "", r"flows\.4\.from: this key is missing"
    ),
    "flow to itself": (
        'to        = "central_nk"', 'to = "central"', r'flows\.3: a flow from "central" to itself'
    ),
    "clearance without volume": (
        'volume  = "vp"\n', "", r'flows\.2: a clearance needs a volume in compartment "peripheral1"'
    ),
    "molar without an analyte": (
        'analyte = "norketamine"', "", r"flows\.3: a molar flow needs an analyte .* in \"central_nk"
    ),
    "molar with an unknown analyte": (
        'analyte = "norketamine"', 'analyte = "nk"', r"flows\.3: a molar flow .* known are ketamine"
    ),
    "share above 1": (
        'fm      = { value = "0.8" }', 'fm = { value = "80" }',
        r'parameters\.fm\.value, used as flows\.3\.to\.central_nk: a share must be <= 1, got "80"',
    ),
    "number above 1": ('fraction  = "fm"', "fraction  = 1.2", r"flows\.3\.to\.central_nk: a share"),
    "negative number": ('"f_oral", central_nk', "-0.1, central_nk", r"flows\.1\.to\.central: must"),
    "shares of a flow above 1 in sum": (
        '"f_oral", central_nk = "fn_oral"', '"fm", central_nk = "f_abs"',
        'in the typical person: mine: shares of the flow from "depot" add up to 1.73',
    ),
    # administrations
    "two rests": ("fraction = 0.9", 'fraction = "rest"', r'administrations\.3\.fraction: .*\.2 is'),
    "fraction and fraction_by_dose": (
        "fraction = 0.9", 'fraction = 0.9\nfraction_by_dose = { "1 mg" = 0.5 }',
        r'administrations\.2: give either "fraction" or "fraction_by_dose"',
    ),
    "dose of a share is no amount": (
        "fraction = 0.9", 'fraction_by_dose = { "1 h" = 0.5 }',
        r'administrations\.2\.fraction_by_dose: "1 h" is a time, expected amount',
    ),
    "fraction of a dose above 1": (
        "fraction = 0.9", "fraction = 1.5", r"administrations\.2\.fraction: a share must be <= 1"
    ),
    "shares of a dose above 1 in sum": (
        'fraction = "rest"', "fraction = 0.3", "shares of a dose by route oral .* sum is 1.1"
    ),
    "duration and rate": (
        'lag      = "tlag"', 'duration = "tlag"\nrate = "ka"', r'administrations\.2: give either "d'
    ),
    "duration and rate of a compartment": (
        'bioavailability = "f"', 'duration = "tlag"\nrate = "ka"', r'compartments\.1: give either'
    ),
    # outputs
    "output of no compartment": (
        'compartment = "central"', "compartments = []", r'outputs\.ketamine: an output has either'
    ),
    "output without volume": (
        'compartment = "central"', 'compartment = "depot"',
        r'outputs\.ketamine: compartment "depot" has no volume',
    ),
    "circle without a volume and without a way out": (
        'volume  = "vp"\nanalyte = "ketamine"\n',
        'volume = "vp"\n[[compartments]]\nname = "gut"\n[[compartments]]\nname = "bile"\n'
        '[[flows]]\nfrom = "gut"\nto = "bile"\nrate = "ka"\n'
        '[[flows]]\nfrom = "bile"\nto = "gut"\nrate = "ka"\n',
        r"flows\.1\.to: the compartments gut, bile have no volume and feed only each other.*; let",
    ),
    "circle by a clearance without a volume": (
        'volume  = "vp"\nanalyte = "ketamine"\n',
        '[[compartments]]\nname = "bile"\n'
        '[[flows]]\nfrom = "peripheral1"\nto = "bile"\nclearance = "q"\nboth_ways = true\n',
        r'flows\.1: a clearance needs a volume in compartment "peripheral1"; give it one, or',
    ),
    # expressions
    "circle": (
        '{ value = "0.93" }', '{ expression = "fn_oral + 0.1" }',
        "parameters: expressions go in a circle: .*f_abs -> fn_oral|fn_oral -> f_abs",
    ),
    "unknown name in an expression": (
        "f_abs - f_oral", "f_abs - f_orl",
        r'parameters\.fn_oral\.expression: no parameter or covariate "f_orl"; did you mean "f_or',
    ),
    "adding unlike things": (
        '"0.6 * cl"', '"cl + vc"', r'parameters\.cl_nk\.expression: "cl \+ vc": units do not agree'
    ),
    "power of a quantity by a parameter": (
        '"0.6 * cl"', '"cl ^ fm"', r"parameters\.cl_nk\.expression: .* no quantity of a model"
    ),
    "unreadable expression": (
        '"0.6 * cl"', '"0.6 * (cl"', r"parameters\.cl_nk\.expression: cannot read the expression"
    ),
    "empty expression": (
        '"0.6 * cl"', '""', r"parameters\.cl_nk\.expression: cannot read the expression"
    ),
    "foreign function": (
        '"0.6 * cl"', '"open(cl)"', r'parameters\.cl_nk\.expression: "open\(cl\)" is not allowed'
    ),
    "expression without a value": (
        '"0.6 * cl"', '"cl / (f_abs - f_abs)"', 'in the typical person: .* "cl_nk" is inf'
    ),
    "expression below 0": (
        "max(f_abs - f_oral, 0)", "f_oral - f_abs", 'typical person: .* "fn_oral" is -0.75'
    ),
    "expression that varies": (
        '"max(f_abs - f_oral, 0)"', '"f_abs - f_oral", iiv = { cv = 0.1 }',
        r'parameters\.fn_oral: an "expression" takes no "iiv"; give it to the parameters',
    ),
    "expression that scales": (
        '"0.6 * cl" }', '"0.6 * cl", scaling = { covariate = "weight", reference = "70 kg", '
        "exponent = 1.0 } }", r'parameters\.cl_nk: an "expression" takes no "scaling"',
    ),
    # variability
    "omega2 and cv": ("cv = 1.32", "cv = 1.32, omega2 = 1.0", r'ka\.iiv: give either "omega2"'),
    "cv on the logit scale": (
        "omega2 = 0.372", "cv = 0.5", r'parameters\.f_oral\.iiv: the logit scale takes "omega2"'
    ),
    "negative cv": ("cv = 1.32", "cv = -1.32", r"parameters\.ka\.iiv\.cv: .* greater than or"),
    "logit around 1": ('"18 %"', '"1"', r"parameters\.f_oral: varies on the logit scale"),
    "logit of no share": (
        '"187 L"', '"0.5 L", iiv = { omega2 = 0.1, scale = "logit" }',
        r'parameters\.vp: varies on the logit scale, .* got "0.5 L"',
    ),
    "omega of the wrong size": (
        OMEGA, "omega = [[0.1]]", r"variability\.1: omega must be 2 x 2 for vc, cl"
    ),
    "omega not symmetric": (
        "[0.0226, 0.026]", "[0.0, 0.026]", r"variability\.1\.omega: must be a covariance: symmetric"
    ),
    "omega with a correlation above 1": (
        OMEGA, "omega = [[0.1, 0.2], [0.2, 0.1]]", r"variability\.1\.omega: .* correlation"
    ),
    "unknown parameter in a block": (
        '["vc", "cl"]', '["vc", "cll"]', r'variability\.1\.parameters: no parameter "cll"; did you'
    ),
    "parameter that varies twice": (
        '["vc", "cl"]', '["vc", "ka"]', r'variability\.1\.parameters: "ka" varies in another place'
    ),
    "expression in a block": (
        '["vc", "cl"]', '["vc", "cl_nk"]', r'variability\.1\.parameters: "cl_nk" is an expression'
    ),
    # covariates
    "scaling without exponent": (
        ", exponent = 0.75", "", r'parameters\.cl\.scaling: .* form "power" needs the key "exponent'
    ),
    "scaling with a foreign key": (
        "exponent = 0.75", 'exponent = 0.75, slope = "1 L/h"',
        r'parameters\.cl\.scaling: a scaling of form "power" has no key "slope"',
    ),
    "scaling by an unknown covariate": (
        'covariate = "weight"', 'covariate = "wieght"',
        r"parameters\.cl: scaling: no covariate \"wieght\"; did you mean \"weight\"",
    ),
    "scaling with another dimension": (
        'covariate = "weight", reference = "70 kg"', 'covariate = "age", reference = "70 kg"',
        r"parameters\.cl: scaling\.reference: is of dimension amount, but age is of dimension time",
    ),
    "reference 0": ('reference = "70 kg"', 'reference = "0 kg"', r"cl\.scaling: .* must be > 0"),
    "slope of another dimension": (
        CL,
        'scaling = { covariate = "age", form = "additive", reference = "60 year", slope = "-2 L", '
        'per = "1 year" }', r'parameters\.cl\.scaling: "-2 L" is a volume, expected clearance',
    ),
    "slope per nothing": (
        CL,
        'scaling = { covariate = "age", form = "additive", reference = "60 year", '
        'slope = "-2 L/h", per = "0 year" }', r'parameters\.cl\.scaling: "per" .* must be > 0',
    ),
    "unreadable covariate": ('"45 year"', '"middle"', r'covariates\.age\.reference: cannot read'),
    "unit of a covariate": (
        'unit      = "year"', 'unit = "kg"', r'covariates\.age\.unit: "1 kg" is an amount, expected'
    ),
    "range of a covariate": (
        '["18 year", "86 year"]', '["60 year", "86 year"]', r"covariates\.age\.range: must hold"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_faulty_file_is_refused_with_place_and_rule(fault):
    old, new, message = FAULTS[fault]
    with pytest.raises(DataError, match=message) as refusal:
        model_with(old, new)
    words = str(refusal.value)
    assert words.startswith("mine.toml: ")
    assert "\n" not in words.replace(new, "")
    assert not re.search(r"Document|dict\[|list\[|Traceback", words)
