"""What a calibration may say of each question, in words and from the numbers alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kpksim.calibration.results import HypothesisResult, Results
from kpksim.library.hypotheses import Hypothesis, list_hypotheses, load_hypothesis
from kpksim.vocabulary import ANALYTES

WORDS = {"cannot tell": "Cannot tell", "leans": "Leans to", "favoured": "Favoured"}
"""How an answer begins; the weaker first."""
_ARTERIAL = "_arterial"


@dataclass(frozen=True)
class Answer:
    """What may be said of one question.

    Attributes
    ----------
    question : str
        The question.
    word : str
        Cannot tell, Leans to or Favoured.
    choice : str
        Which answer that is, or the answers that cannot be told apart.
    against : tuple of str
        The other answers, each with how much speaks against it.
    """

    question: str
    word: str
    choice: str
    against: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """The answer in one line."""
        tail = f", against {'; '.join(self.against)}" if self.against else ""
        return f"{self.word}: {self.choice}{tail}."


def answers(results: Results) -> list[Answer]:
    """Answer every question to which the hypotheses give more than one answer.

    Parameters
    ----------
    results : Results
        What a calibration found.

    Returns
    -------
    list of Answer
        In the order of `QUESTIONS`.
    """
    known = set(list_hypotheses(results.outcome))
    found = []
    for question, group in QUESTIONS.items():
        keys = [one.key for one in results.hypotheses if one.key in known]
        names = {key: group(load_hypothesis(key)) for key in keys}
        answer = _answer(results, question, {key: name for key, name in names.items() if name})
        if answer is not None:
            found.append(answer)
    return found


def _answer(results: Results, question: str, names: Mapping[str, str]) -> Answer | None:
    """Answer one question; an answer is as weak as the verdict on its best hypothesis."""
    chosen = names.get(results.leading.key, "")
    rivals: dict[str, HypothesisResult] = {}
    for one in results.hypotheses:
        name = names.get(one.key, chosen)
        if name != chosen and (name not in rivals or _strength(one) < _strength(rivals[name])):
            rivals[name] = one
    if not chosen or not rivals:
        return None
    weakest = min((one.verdict for one in rivals.values()), key=list(WORDS).index)
    untold = [name for name, one in rivals.items() if one.verdict == "cannot tell"]
    told = {name: one for name, one in rivals.items() if name not in untold}
    against = tuple(_against(results, name, one) for name, one in told.items())
    choice = _listed([chosen, *untold]) if untold else chosen
    return Answer(question, WORDS[weakest], choice, against)


def _strength(one: HypothesisResult) -> tuple[int, float]:
    """Rank a hypothesis by how much speaks against it."""
    return list(WORDS).index(one.verdict), -one.smallest


def _against(results: Results, name: str, one: HypothesisResult) -> str:
    """Say how much speaks against an answer."""
    measure = f"{abs(one.smallest):.1f} in ln Z"
    if results.reruns:
        place = "the main fits" if one.smallest_in == "main" else f"“{one.smallest_in}”"
        measure += f" or more, least in {place}"
    weak = "leaning only: " if one.verdict == "leans" else ""
    return f"{name} ({weak}{measure})"


def _listed(names: list[str]) -> str:
    """Join answers that cannot be told apart."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _clocks(one: Hypothesis) -> str:
    """Say which clocks act."""
    if one.structure != "symptom":
        return ""
    if one.trigger:
        return "a threshold that sets off slow relief"
    words = {"both": "a fast and a slow clock", "fast": "a fast clock alone"}
    return words.get(one.clocks, "a slow clock alone")


def _analyte(one: Hypothesis) -> str:
    """Say what drives relief."""
    if one.structure != "symptom" or one.clocks != "both" or one.wanes:
        return ""
    drives = [_short(name) for name in (one.drive, one.also) if name]
    return " with ".join(drives)


def _slow(one: Hypothesis) -> str:
    """Say what drives the slow clock, where ketamine drives the fast one."""
    if one.structure != "symptom" or one.clocks != "both" or _short(one.drive) != "ketamine":
        return ""
    return _short(one.slow_drive or one.drive)


def _vessel(one: Hypothesis) -> str:
    """Say which plasma drives the effect."""
    return "arterial plasma" if one.drive.endswith(_ARTERIAL) else "venous plasma"


def _shape(one: Hypothesis) -> str:
    """Say how the drive grows with the concentration of ketamine."""
    is_plain = one.clocks == "both" and not (one.also or one.slow_drive or one.wanes)
    if one.structure != "symptom" or not is_plain or _short(one.drive) != "ketamine":
        return ""
    return {"hill": "a Hill curve", "power": "a power", "inverted U": "an inverted U"}[one.shape]


def _mediator(one: Hypothesis) -> str:
    """Say whether relief comes through dissociation."""
    if one.structure != "symptom" or one.clocks != "both":
        return ""
    return "through dissociation" if one.wanes else "not through dissociation"


def _short(name: str) -> str:
    """Name an analyte as a reader knows it."""
    analyte = name.removesuffix(_ARTERIAL)
    return ANALYTES[analyte].short.lower() if not ANALYTES[analyte].short.isupper() else analyte


QUESTIONS: dict[str, Callable[[Hypothesis], str]] = {
    "Which clocks act?": _clocks,
    "What drives relief?": _analyte,
    "What drives the slow clock?": _slow,
    "Does relief come through dissociation?": _mediator,
    "How does the drive grow with ketamine?": _shape,
    "Which plasma drives the effect?": _vessel,
}
"""Questions, and what each hypothesis answers; empty where it is about something else."""
