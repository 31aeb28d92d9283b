"""The page of calibration as Markdown, from results alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.calibration_checks.page import stored_section
from kpksim.calibration import carried, pk_carried
from kpksim.calibration.chains import STEPS
from kpksim.calibration.results import Results
from kpksim.calibration.verdict import FAVOURED, LEANS
from kpksim.models.effects.pressure import PRESSURE_REFERENCE
from kpksim.models.effects.symptom import MIDAZOLAM_TIME
from kpksim.report.calibration_answers import answers
from kpksim.report.calibration_statements import conflicts, judged_lines, statement_lines
from kpksim.report.calibration_tables import (
    hypothesis_lines,
    parameter_lines,
    rerun_lines,
    target_lines,
    unidentified,
)
from kpksim.report.calibration_trust import check_lines, ensemble_lines, score_lines, seed_lines
from kpksim.report.calibration_words import WORDS, caveats, limits, settings_words, span
from kpksim.report.lines import Lines, markdown
from kpksim.vocabulary import QUANTITIES, READINGS, USE_LINE

MODEL = Path(__file__).with_name("model.txt")
NOT_READ = "not used"

TEXT = """\
# Calibration

How effect curves follow from what the reviewed studies state, and what they cannot tell. {use_line}
Numbers come from the results of `make calibration`; `kpksim calibrate` makes the same with figures.

{verdicts}
{model}
{outcomes}{checks}"""
NOTHING = "No results are stored yet; `make calibration OPTIONS=--docs` makes and stores them.\n"


def page(found: Sequence[Results]) -> str:
    """Write the page.

    Parameters
    ----------
    found : sequence of Results
        One per outcome, in the order of the page.

    Returns
    -------
    str
        Markdown.
    """
    return TEXT.format(
        use_line=USE_LINE,
        verdicts="\n".join(_verdicts(one) for one in found) or NOTHING,
        model=model(),
        outcomes="\n".join(_outcome(one) for one in found),
        checks=_checks(),
    )


def model() -> str:
    """Write the part that is the same whatever was found."""
    readings = {key: words for key, words in READINGS.items() if key != NOT_READ}
    return MODEL.read_text(encoding="utf-8").format(
        midazolam=MIDAZOLAM_TIME,
        pressure=PRESSURE_REFERENCE,
        readings="\n".join(f"| {key} | {words} |" for key, words in readings.items()),
        steps=STEPS,
        draws=carried.DRAWS,
        carried=carried.STEPS,
        people=pk_carried.DRAWS,
        leans=LEANS,
        favoured=FAVOURED,
    )


def _checks() -> str:
    """Write the section of the checks of the machinery; nothing before they are made."""
    section = stored_section()
    return f"\n{section}" if section else ""


def _verdicts(found: Results) -> str:
    """Write what may be said of one outcome."""
    lines = [f"## {QUANTITIES[found.outcome].label}: what may be said", ""]
    lines += [f"- {one.question} **{one.word}:** {_rest(one.says)}" for one in answers(found)]
    lines += [f"- *{text}*" for text in caveats(found)]
    return "\n".join([*lines, f"- Leading hypothesis: {found.leading.label}.", ""])


def _rest(says: str) -> str:
    """Give an answer without its first word, which stands in bold before it."""
    return says.partition(": ")[2]


def _outcome(found: Results) -> str:
    """Write the sections of one outcome."""
    parts = [f"## {found.title}", f"{span(found)} {_origin(found)}"]
    for title, table, caption in _sections(found):
        if table.rows:
            parts += [f"### {title}", markdown(_safe(table)), *([caption] if caption else [])]
    named = conflicts(found, found.leading.key)
    parts += [f"### {WORDS['conflicts']}", _listed(named) or "No statement."]
    parts += [f"### {WORDS['limits']}", _listed(limits(found))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _origin(found: Results) -> str:
    """Say how and when the results came about."""
    made = " ".join(part for part in (found.date, found.commit) if part)
    of = f"Model of concentrations: `{found.model}`. Statements: `{found.statement_hash}`."
    return f"{of} {settings_words(found).capitalize()}. Made {made}." if made else of


def _sections(found: Results) -> Iterator[tuple[str, Lines, str]]:
    """Give title, table and caption of every section."""
    key = found.leading.key
    unknown = "; ".join(unidentified(found, key))
    not_known = f"Not identified: {unknown}. " if unknown else ""
    yield WORDS["evidence"], hypothesis_lines(found), WORDS["of_evidence"]
    yield WORDS["reruns"], rerun_lines(found), WORDS["of_reruns"]
    yield WORDS["curves"], target_lines(found), WORDS["of_targets"]
    yield WORDS["identified"], parameter_lines(found, key), not_known + WORDS["of_identified"]
    yield WORDS["statements"], statement_lines(found, key), WORDS["of_statements"]
    yield "What is reproduced", judged_lines(found), WORDS["of_judged"]
    yield WORDS["scores"], score_lines(found), WORDS["of_scores"]
    yield WORDS["ensemble"], ensemble_lines(found), WORDS["of_ensemble"]
    yield WORDS["sampler"], seed_lines(found), WORDS["of_sampler"]
    checked = found.checks
    made = "" if checked is None else f"Made {checked.date}, {checked.commit}."
    yield WORDS["checks"], check_lines(found), made


def _safe(table: Lines) -> Lines:
    """Keep a bar in a cell from ending it."""
    rows = tuple(tuple(cell.replace("|", "\\|") for cell in row) for row in table.rows)
    return Lines(table.heads, rows, table.labels)


def _listed(sentences: Sequence[str]) -> str:
    """Write sentences as a list."""
    return "\n".join(f"- {one}" for one in sentences)
