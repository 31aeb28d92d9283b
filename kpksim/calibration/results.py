"""What a calibration found, as one document: read by the report, the figures and the pages."""

from collections.abc import Sequence
from math import hypot
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from kpksim.documents import Document

MIXTURE = "mixture"
"""Stands for all hypotheses together where curves or scores go by hypothesis."""
Interval = tuple[float, float, float]
"""5 %, 50 % and 95 % quantile."""
Judged = Literal["reproduced", "weak", "in conflict"]
Word = Literal["leading", "cannot tell", "leans", "favoured"]
"""How far the leading hypothesis is preferred; ``"leading"`` for itself."""
Evidence = tuple[float, float]
"""ln Z and its standard error."""


class Part(Document):
    """A part of the results; a program wrote it, so that lists may stand for tuples."""

    model_config = ConfigDict(strict=False)


class StatementFacts(Part):
    """A statement that was fitted, and how it was read; `hours` are the times it looks at.

    `alternative` is its other reading, or "not used"; empty where it has none.

    One that is read arm by arm stands once for each arm.
    """

    id: str
    study: str
    cluster: str
    reading: str
    alternative: str = ""
    says: str
    grade: str
    n: float | None = None
    q: float
    where: str = ""
    source: str = ""
    arms: list[str] = Field(default_factory=list)
    hours: list[float] = Field(default_factory=list)


class UnreadStatement(Part):
    """A statement about the outcome that no curve is held against, and why."""

    id: str
    study: str
    why: str


class HypothesisResult(Part):
    """Evidence of one hypothesis and what may be said of it; differences to the leading one.

    `difference` is ln Z minus that of the leading hypothesis (0 or less), `smallest` the one
    nearest to 0 over the re-runs, or of the other sign, `smallest_in` the name of that re-run.
    """

    key: str
    label: str
    says: str
    log_evidence: float
    error: float
    per_seed: list[Evidence] = Field(default_factory=list)
    max_log_likelihood: float | None = None
    information: float | None = None
    likelihoods: int | None = None
    seconds: float | None = None
    difference: float
    difference_error: float
    smallest: float
    smallest_in: str = "main"
    turned: list[str] = Field(default_factory=list)
    verdict: Word
    weight: float
    stacking: float | None = None
    elpd: float | None = None


class Rerun(Part):
    """A run of the sensitivity analysis: ln Z and error of the hypotheses that it covers."""

    name: str
    says: str
    hypotheses: dict[str, Evidence]


class SeedShift(Part):
    """How far two seeds of the same fit lie apart."""

    difference: float
    largest_shift_of_a_target_in_sd: float | None = None


class ParameterResult(Part):
    """Prior and posterior of a parameter, in the unit of the file of priors."""

    name: str
    unit: str
    label: str
    prior: Interval
    posterior: Interval
    contraction: float


class TargetResult(Part):
    """A point of a curve: prior, mixture, every hypothesis, every re-run (``"rerun: <name>"``)."""

    name: str
    unit: str
    with_expectation: str = "none"
    curves: dict[str, Interval]


class Predicted(Part):
    """What a posterior expects of a statement: probability, or quantiles of a replicate."""

    probability: float | None = None
    low: float | None = None
    median: float | None = None
    high: float | None = None
    judged: Judged


class Predictive(Predicted):
    """Posterior predictive of one statement, and of what the other studies expect of it.

    `observed` is 1 for what was stated as so, 0 else; the count; or the number. Low and high are
    the 5 % and 95 % quantile, `inner` the 25 % and 75 % quantile.
    """

    id: str
    family: Literal["yes/no", "count", "number"]
    observed: float
    n: float | None = None
    inner: tuple[float, float] | None = None
    left_out: Predicted | None = None


class LeftOutScore(Part):
    """Log score of one study: predicted by the others, by the prior, by a coin; standard errors."""

    study: str
    elpd: float
    error: float
    prior: float
    prior_error: float
    coin_flip: float
    k_hat: float | None = None
    effective_size: float | None = None
    carried: bool = False


def together(scores: Sequence[LeftOutScore]) -> LeftOutScore:
    """Add log scores of studies.

    Parameters
    ----------
    scores : sequence of LeftOutScore
        One for each study.

    Returns
    -------
    LeftOutScore
        Their sum, the errors taken as independent.
    """
    return LeftOutScore(
        study="all studies",
        elpd=sum(one.elpd for one in scores),
        error=hypot(*(one.error for one in scores)),
        prior=sum(one.prior for one in scores),
        prior_error=hypot(*(one.prior_error for one in scores)),
        coin_flip=sum(one.coin_flip for one in scores),
    )


class EnsembleResult(Part):
    """Posterior over draws of the pharmacokinetic model: what is left of it, and what ln Z does.

    ln Z of the hypothesis holds the shift where it is reliable; `carried` says that draws were
    carried over to every draw of the model, as weights would not have been reliable.
    """

    draws: int
    effective_size: float
    log_evidence_shift: float
    reliable: bool = True
    carried: bool = False


class Influence(Part):
    """Shift of every target when one study is left out, in posterior standard deviations."""

    left_out: str
    shifts: dict[str, float]


class Check(Part):
    """One figure of a check of the machinery, with what is demanded of it."""

    says: str
    found: str
    demanded: str = ""
    passed: bool | None = None


class Checks(Part):
    """Checks of the machinery, with the day and the commit at which they were made."""

    date: str
    commit: str
    brute_force: list[Check] = Field(default_factory=list)
    sbc: list[Check] = Field(default_factory=list)
    recovery: list[Check] = Field(default_factory=list)
    repeatability: list[Check] = Field(default_factory=list)


class Results(Part):
    """Everything that a calibration found; hypotheses stand best first."""

    title: str
    outcome: str
    model: str
    mode: Literal["quick", "default", "full"]
    statement_hash: str
    configuration: str
    versions: dict[str, str] = Field(default_factory=dict)
    settings: dict[str, float | int | str | list[int]] = Field(default_factory=dict)
    date: str = ""
    commit: str = ""
    statements: list[StatementFacts]
    unread: list[UnreadStatement] = Field(default_factory=list)
    hypotheses: Annotated[list[HypothesisResult], Field(min_length=1)]
    reruns: list[Rerun] = Field(default_factory=list)
    seeds: dict[str, SeedShift] = Field(default_factory=dict)
    parameters: dict[str, list[ParameterResult]] = Field(default_factory=dict)
    targets: list[TargetResult] = Field(default_factory=list)
    predictive: dict[str, list[Predictive]] = Field(default_factory=dict)
    leave_out: dict[str, list[LeftOutScore]] = Field(default_factory=dict)
    ensemble: dict[str, EnsembleResult] = Field(default_factory=dict)
    influence: list[Influence] = Field(default_factory=list)
    checks: Checks | None = None

    @model_validator(mode="after")
    def _same_statements(self) -> Self:
        ids = [one.id for one in self.statements]
        for key, rows in self.predictive.items():
            if [one.id for one in rows] != ids:
                raise ValueError(
                    f"predictive.{key}: must stand in the order of the statements, one each"
                )
        return self

    @property
    def leading(self) -> HypothesisResult:
        """The hypothesis with the most evidence."""
        return self.hypotheses[0]

    @property
    def forecaster(self) -> str:
        """Key in `leave_out` of what is shown to predict studies left out.

        The mixture where every hypothesis has been taken past every study, else the leading
        hypothesis.
        """
        return MIXTURE if MIXTURE in self.leave_out else self.leading.key

    @property
    def surviving(self) -> list[HypothesisResult]:
        """Hypotheses with a share in the mixture, best first."""
        return [one for one in self.hypotheses if one.weight > 0.0]
