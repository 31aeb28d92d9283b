"""A faulty observed study is refused by file, place, rule and way out."""

import math
import re
from pathlib import Path

import pytest

from kpksim.errors import DataError
from kpksim.evidence import load_observed, parse_observed

HERE = Path(__file__).parent
ABOUT = (HERE / "mine.toml").read_text(encoding="utf-8")
ROWS = (HERE / "mine.csv").read_text(encoding="utf-8")

M1 = "M1,iv,ketamine,sum,concentration,,1,,,0.5,nmol/mL,0.1,,,SD,mean,A,table 1,no,quantitative,,,"
M2 = "M2,iv,ketamine,sum,auc,,,0,inf,6000,ng min/mL,"
M3 = "M3,iv,norketamine,s,auc_ratio,ketamine,,0,24,1.7,1,,1.2,2.1,range"
M4 = "M4,spray,ketamine,s,tmax,,,,,25,min,"
M5 = "M5,iv,ketamine,sum,vss,,,,,4,L/kg,,,,,mean,A,table 1,no,context,No mean weight.,,"

IN_ROWS = {
    "no row": (ROWS[ROWS.index("\n") + 1 :], "", "mine.csv: holds no row"),
    "unknown column": (",where,", ",place,", r'line 1: no column "place"'),
    "missing column": (",statistic,grade", ",grade", 'line 1: the column "statistic" is missing'),
    "column twice": (",grade,where", ",grade,grade", 'line 1: the column "grade" stands twice'),
    "comma without quotes": ('"table 2, through a review"', "table 2, through a review",
                             "line 4: has 24 values for 23 columns; put a text with a comma"),
    "quotes left open": ('"table 2, through a review"', '"table 2', "is not valid CSV"),
    "id twice": ("M2,", "M1,", 'line 3: id: "M1" stands twice'),
    "no id": ("M2,", ",", "line 3: id: is empty"),
    "unknown arm": ("M1,iv,", "M1,ivv,", 'line 2: arm: no arm "ivv"; did you mean "iv"'),
    "unknown analyte": ("M1,iv,ketamine", "M1,iv,ketamin", 'analyte: no analyte "ketamin"; did yo'),
    "unknown enantiomer": ("M1,iv,ketamine,sum", "M1,iv,ketamine,unknown",
                           'enantiomer: no enantiomer "unknown"; known: sum, s, r'),
    "enantiomer that was not given": ("M4,spray,ketamine,s,", "M4,spray,ketamine,r,",
                                      'line 5: enantiomer: "r" cannot be measured after esketamin'),
    "unknown metric": (",tmax,", ",tmx,", 'line 5: metric: no metric "tmx"; did you mean "tmax"'),
    "unit of another metric": ("0.5,nmol/mL", "0.5,h", r'line 2: unit: "0.5 h" is a time, expecte'),
    "unit of a time": ("25,min", "25,ng/mL", 'unit: "25.0 ng/mL" is a concentration, expected tim'),
    "unit of an area": ("ng min/mL", "ng/mL", '"ng/mL" is no unit of an area; write it like'),
    "area over a weight": ("ng min/mL", "ng kg/mL", "line 3: unit: .* expected time"),
    "ratio in percent of nothing": ("1.7,1,", "1.7,mg,", "line 4: unit: .* expected fraction"),
    "no unit": ("0.5,nmol/mL", "0.5,", "line 2: unit: is empty"),
    "no value": (",0.5,nmol/mL", ",,nmol/mL", "line 2: value: is empty; leave the row out"),
    "value as words": (",0.5,nmol/mL", ",about 0.5,nmol/mL", 'value: "about 0.5" is no number'),
    "value with its unit": (",25,min", ",25 min,min", 'value: "25 min" is no number'),
    "value not finite": (",0.5,nmol/mL", ",nan,nmol/mL", 'value: "nan" is no number'),
    "negative value": (",0.5,nmol/mL", ",-0.5,nmol/mL", "value: must be > 0, got -0.5; leave out"),
    "value of nothing": (",0.5,nmol/mL", ",0,nmol/mL", "value: must be > 0, got 0"),
    "negative spread": (",0.1,,,SD", ",-0.1,,,SD", "sd: must be >= 0, got -0.1"),
    "spread without words": (",0.1,,,SD", ",0.1,,,", "spread: say what sd, low and high are"),
    "range beside the value": ("1.2,2.1,range", "1.8,2.1,range", "low, high: must hold the value"),
    "per weight and quantitative": (
        M5, M5.replace("context,No mean weight.", "quantitative,"),
        r"line 6: unit: a quantitative vss is per person \[L\]; multiply by a mean weight",
    ),
    "no time": (",concentration,,1,,,", ",concentration,,,,,", "time_h: a concentration needs its"),
    "time of a peak": (",tmax,,,,,", ",tmax,,1,,,", "time_h: only a concentration has one"),
    "time before the dose": (",concentration,,1,", ",concentration,,-1,", "time_h: counts from"),
    "area without window": (",auc,,,0,inf,", ",auc,,,,,", "line 3: start_h, end_h: an area needs"),
    "window with one end": (",auc,,,0,inf,", ",auc,,,0,,", "start_h, end_h: a window has both"),
    "window that ends first": (",0,24,1.7", ",24,0,1.7", "must be 0 <= start < end, got 24 to 0"),
    "window without start": (",0,inf,", ",inf,not stated,", "must be 0 <= start < end, got inf to"),
    "window of a peak": (",tmax,,,,,", ",tmax,,,0,8,", "line 5: start_h, end_h: a tmax has no win"),
    "ratio without denominator": (",auc_ratio,ketamine,", ",auc_ratio,,", "line 4: over: an auc_r"),
    "ratio with itself": (",auc_ratio,ketamine,", ",auc_ratio,norketamine,", "over: a ratio has t"),
    "denominator of an area": (",auc,,,0", ",auc,ketamine,,0", "over: only an auc_ratio has a den"),
    "grade C": (",median,B,", ",median,C,", "line 4: grade: C is a number from memory and is not"),
    "unknown grade": (",median,B,", ",median,X,", 'grade: no grade "X"; known: A, B, D'),
    "no grade": (",median,B,", ",median,,", 'line 4: grade: no grade ""; known: A, B, D'),
    "no place": ("A,table 1,no,quant", "A,,no,quant", "line 2: where: is empty; every observation"),
    "unknown statistic": (",median,B,", ",geometric mean,B,", 'no statistic "geometric mean"'),
    "digitised or not": (",yes,context", ",perhaps,context", 'digitised: no digitised "perhaps"'),
    "context without reason": ("context,No mean weight.", "context,", 'why: says why a number is'),
    "reason without context": (M1, M1.replace("quantitative,", "quantitative,odd"), "why: says wh"),
    "quantitative without regimen": (
        "yes,context,A level that a pump held.", "yes,quantitative,",
        'line 7: use: the arm "pump" has no regimen, so no model can be compared',
    ),
}  # fmt: skip

IN_ABOUT = {
    "unknown key": ("licence =", "license =", 'mine.toml: license: unknown key; did you mean "lic'),
    "no licence": ('licence = "My own."\n', "", "mine.toml: licence: this key is missing"),
    "unknown source": ('"user"', '"hasan2012"', r'source .* source = "user"\): no source "hasan20'),
    "unknown people": ('people     = "adults"', 'people = "adult"', 'arms.iv.people: .* mean "adu'),
    "unknown site": ('site       = "venous"', 'site = "vein"', "arms.iv.site: must be one of veno"),
    "weight in pounds": ('"72 kg"', '"72 L"', 'arms.iv: weight: "72 L" is a volume, expected weig'),
    "weight of nothing": ('"72 kg"', '"0 kg"', "arms.iv: weight: must be > 0 kg"),
    "no people": ("n          = 8", "n = 0", "arms.iv.n: input should be greater than 0"),
    "unknown route": ('route = "intranasal"', 'route = "nasal"', 'arms.spray: regimens.1: no rout'),
    "dose without unit": ('"28 mg"\n\n', '"28"\n\n', "arms.spray: regimens.1: "),
    "regimen and none": (
        "why_no_regimen =",
        'regimens = [{ name = "x", route = "iv", dose = "1 mg" }]\nwhy_no_regimen =',
        'arms.pump: an arm has either "regimens" or "why_no_regimen"',
    ),
    "no regimen and no reason": (
        'why_no_regimen = "The rates are not known."', "", 'arms.pump: an arm has either "regimens"'
    ),
    "not said what was given": (
        'given          = "racemic ketamine by a pump that follows a target"\n', "",
        'arms.pump: "given" says in words what was given',
    ),
    "no arm": (ABOUT[ABOUT.index("[arms.iv]") :], "[arms]\n", "arms: dictionary should have at le"),
}  # fmt: skip


def parse(about=ABOUT, rows=ROWS):
    return parse_observed(about, rows, "mine.toml", "mine.csv")


@pytest.mark.parametrize("fault", IN_ROWS)
def test_a_faulty_row_is_refused_by_line_and_column(fault):
    old, new, message = IN_ROWS[fault]
    assert old in ROWS
    with pytest.raises(DataError, match=message) as refusal:
        parse(rows=ROWS.replace(old, new, 1))
    assert str(refusal.value).startswith("mine.csv: ")


@pytest.mark.parametrize("fault", IN_ABOUT)
def test_a_faulty_description_is_refused_by_key(fault):
    old, new, message = IN_ABOUT[fault]
    assert old in ABOUT
    with pytest.raises(DataError, match=message) as refusal:
        parse(about=ABOUT.replace(old, new, 1))
    assert str(refusal.value).startswith("mine.toml: ")


def test_a_study_of_ones_own_is_loaded_by_its_path():
    study = load_observed(HERE / "mine.toml")
    assert load_observed(str(HERE / "mine.toml")) == study
    first, second, third, fourth, fifth, sixth = study.observations
    assert (first.value, first.unit, first.sd) == pytest.approx((118.865, "ng/mL", 23.773))
    assert (second.value, second.window) == (100.0, (0.0, math.inf))
    assert (third.over, third.low, third.high) == ("ketamine", 1.2, 2.1)
    assert fourth.value == pytest.approx(25.0 / 60.0)
    assert (fifth.unit, fifth.use) == ("L/kg", "context")
    assert math.isnan(sixth.time) and sixth.digitised
    assert study.arms["iv"].given == "0.5 mg/kg IV over 40 min, once"
    assert study.arms["pump"].regimen is None and math.isnan(study.arms["pump"].weight)


def test_a_missing_file_of_numbers_is_named(tmp_path):
    (tmp_path / "mine.toml").write_text(ABOUT, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(f"{tmp_path / 'mine.csv'}: no such file")):
        load_observed(tmp_path / "mine.toml")


def test_columns_may_stand_in_any_order_with_blanks_and_empty_lines():
    lines = [line.split(",") for line in ROWS.splitlines() if '"' not in line]
    turned = "\n\n".join(" , ".join(reversed(line)) for line in lines) + "\n"
    kept = [one for one in parse().observations if one.id != "M3"]
    assert str(parse(rows=turned).observations) == str(tuple(kept))
