"""A statement with all that its reading needs to know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpksim.calibration.document import CalibrationDocument
from kpksim.calibration.moments import PRESSURES, SAME_PEOPLE, Moment, moments
from kpksim.calibration.statement_row import StatementRow
from kpksim.evidence import Statement, Study


@dataclass(frozen=True)
class Asked:
    """A statement with all that its reading needs to know.

    Attributes
    ----------
    study : Study
        Its study.
    statement : Statement
        The statement.
    outcome : str
        Name of the outcome.
    reading : str
        A key of `kpksim.vocabulary.READINGS`.
    settings : CalibrationDocument
        The calibration file.
    cluster : str
        Name of the group of people.
    """

    study: Study
    statement: Statement
    outcome: str
    reading: str
    settings: CalibrationDocument
    cluster: str

    @property
    def sign(self) -> float:
        """-1 where an effect is a rise, so that down is effect."""
        return -1.0 if self.outcome in PRESSURES or self.outcome == "dissociation" else 1.0

    @property
    def n(self) -> float:
        """People behind the statement."""
        arms = [self.study.arms[one] for one in self.statement.arms]
        if self.statement.id in self.settings.people:
            return float(self.settings.people[self.statement.id])
        if self.statement.n is not None:
            return float(self.statement.n)
        stated = [one.n for one in arms if one.n is not None]
        apart = self.study.layout not in SAME_PEOPLE and len(stated) == len(arms)
        if apart and self.statement.versus not in self.study.arms:
            return float(sum(stated))
        return float(stated[0] if stated and self.study.layout in SAME_PEOPLE else self.study.n)

    def at(self, hours: Sequence[float], arms: Sequence[str] | None = None) -> tuple[Moment, ...]:
        """Give moments of the arms of the statement, or of others, at some times.

        Parameters
        ----------
        hours : sequence of float
            Times as the statement counts them [h].
        arms : sequence of str, optional
            Keys of other arms.

        Returns
        -------
        tuple of Moment
            One for each arm and time.
        """
        chosen = self.statement.arms if arms is None else arms
        return tuple(moments(self.study, self.statement, chosen, hours, self.outcome))

    def row(self, first: Sequence[Moment], **more: object) -> StatementRow:
        """Give a row with what every one holds.

        Parameters
        ----------
        first : sequence of Moment
            What it is about.
        **more : object
            What this reading has besides.

        Returns
        -------
        StatementRow
            The row.
        """
        plain = StatementRow(
            id=self.statement.id,
            cluster=self.cluster,
            reading=self.reading,
            grade=self.statement.grade,
            first=tuple(first),
            n=self.n,
            same=self.study.layout in SAME_PEOPLE,
            peak=self.statement.span and self.sign < 0.0,
            q=_weight(self.settings, self.statement.id, self.reading, self.statement.grade),
        )
        return replace(plain, **more)  # type: ignore[arg-type]


def _weight(settings: CalibrationDocument, name: str, reading: str, grade: str) -> float:
    """Give q of a statement: its own, that of its reading if larger, or that of its grade."""
    weights = settings.weights
    if name in weights.statements:
        return weights.statements[name]
    by_grade = {str(key): share for key, share in weights.grades.items()}
    return max(by_grade.get(grade, 0.0), weights.readings.get(reading, 0.0))
