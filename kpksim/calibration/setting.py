"""From a calibration file to problems: one for each hypothesis, each choice, each draw of PK."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kpksim.calibration.arms import (
    Places,
    at_peak,
    chooser_of,
    courses_of,
    one_arm,
    places_of,
    potent,
    reference_curves,
)
from kpksim.calibration.assembly import assemble, baselines_of
from kpksim.calibration.curves import Curves
from kpksim.calibration.document import CalibrationDocument, ChangesDocument
from kpksim.calibration.fingerprint import of_model, of_statements
from kpksim.calibration.moments import Moment
from kpksim.calibration.names import check_names
from kpksim.calibration.priors import Priors
from kpksim.calibration.problem import Problem
from kpksim.calibration.statement_row import StatementRow, Unread
from kpksim.calibration.statement_rows import clusters_of, rows_of
from kpksim.calibration.study_points import look
from kpksim.documents import at_place
from kpksim.dosing.dose import Timed
from kpksim.errors import DataError, unknown
from kpksim.evidence import REVIEW, Study, list_studies, load_study
from kpksim.library import load_model
from kpksim.library.effect_document import Prior
from kpksim.library.hypotheses import (
    Hypothesis,
    hypothesis_priors,
    list_hypotheses,
    load_hypothesis,
    study_priors,
)
from kpksim.models import Model
from kpksim.models.changes import changed
from kpksim.population import Draws
from kpksim.units import hours

NO_CHANGES = ChangesDocument(name="main")
"""The fit as the file states it."""


@dataclass(frozen=True)
class Setting:
    """A calibration file with everything it names.

    Attributes
    ----------
    settings : CalibrationDocument
        The file.
    changes : ChangesDocument
        What is done otherwise in this run.
    studies : mapping of str to Study
        Studies by key, in the order of the review.
    model : Model
        Pharmacokinetic model.
    clusters : mapping of str to tuple of StatementRow
        What is read, by group of studies with the same people.
    unread : tuple of Unread
        What is not, and why.
    """

    settings: CalibrationDocument
    changes: ChangesDocument
    studies: Mapping[str, Study]
    model: Model
    clusters: Mapping[str, tuple[StatementRow, ...]]
    unread: tuple[Unread, ...]

    @cached_property
    def statement_hash(self) -> str:
        """Fingerprint of what is read, and how."""
        rows = [row for rows in self.clusters.values() for row in rows]
        moments = [one for row in rows for one in (*row.first, *row.second)]
        given = {
            (one.study, one.arm): self.studies[one.study].arms[one.arm].regimen for one in moments
        }
        return of_statements(rows, given)

    def model_hash(self, key: str) -> str:
        """Fingerprint of the pharmacokinetic model and of the priors of a hypothesis."""
        return of_model(self.model, Priors.of(self._priors(key), self.changes.widen))

    def problem(self, key: str, draw: tuple[Draws, int] | None = None) -> Problem:
        """Give the problem of one hypothesis.

        Parameters
        ----------
        key : str
            Name of the hypothesis.
        draw : tuple of (Draws, int), optional
            Parameters of the pharmacokinetic model as one of its draws has them.

        Returns
        -------
        Problem
            The problem.
        """
        hypothesis = load_hypothesis(key)
        looks, found = look(self.clusters, self._places, self._chooser_hour)
        plain = hypothesis.structure != "symptom"
        return Problem(
            outcome=self.settings.outcome,
            hypothesis=hypothesis,
            priors=Priors.of(self._priors(key), self.changes.widen),
            curves=self.curves(hypothesis, draw),
            clusters=self.clusters,
            looks=looks,
            statements=assemble(self.clusters, looks, found, plain=plain),
            statement_hash=self.statement_hash,
            powers=self.changes.power,
        )

    def curves(self, hypothesis: Hypothesis, draw: tuple[Draws, int] | None = None) -> Curves:
        """Give the typical curves of a hypothesis at the times of all statements.

        Parameters
        ----------
        hypothesis : Hypothesis
            What drives the effect and how.
        draw : tuple of (Draws, int), optional
            Parameters of the pharmacokinetic model as one of its draws has them.

        Returns
        -------
        Curves
            The curves.
        """
        return Curves(
            hypothesis=hypothesis,
            courses=courses_of(self.model, self._places, hypothesis.drives, draw),
            reference=reference_curves(self.model, hypothesis.drives, draw),
            potent=potent(self.model, self._places.regimens),
        )

    def _priors(self, key: str) -> dict[str, Prior]:
        """Give the priors of what a hypothesis and the statements need, in order."""
        outcome = self.settings.outcome
        needed = self._needed()
        of_studies = {
            name: one for name, one in study_priors(outcome).items() if _is_needed(name, needed)
        }
        return hypothesis_priors(key, outcome) | of_studies

    def _needed(self) -> set[str]:
        """Give instruments, baselines and potency that statements need, by name of a parameter."""
        rows = [row for rows in self.clusters.values() for row in rows]
        scales = {one.instrument for row in rows for one in (*row.first, *row.second)}
        found = {f"{name}_{scale}" for name in ("sigma", "lambda") for scale in scales}
        found |= {f"b_{scale}" for scale in baselines_of(rows)}
        return found | ({"potency"} if potent(self.model, self._places.regimens).any() else set())

    @cached_property
    def _places(self) -> Places:
        """Regimens and times of all statements."""
        choosing = self.settings.choosing
        rows = [row for rows in self.clusters.values() for row in rows]
        if self._chooser_hour is None or choosing is None:
            return places_of(rows, self.studies, None, 0.0)
        return places_of(rows, self.studies, chooser_of(choosing), self._chooser_hour)

    @property
    def _chooser_hour(self) -> float | None:
        """When the test that chose responders rated them; None where nothing is shifted."""
        choosing = self.settings.choosing
        chosen = any(
            one.chosen for rows in self.clusters.values() for row in rows for one in row.first
        )
        if choosing is None or not choosing.shift or not self.changes.responder_shift or not chosen:
            return None
        return hours(choosing.time)


def _is_needed(name: str, needed: set[str]) -> bool:
    """Tell whether a parameter of the studies is needed; those of no instrument always are."""
    return name in needed or not (name == "potency" or "_" in name)


def make_setting(
    settings: CalibrationDocument,
    changes: ChangesDocument = NO_CHANGES,
    *,
    place: Path | None = None,
) -> Setting:
    """Load everything that a calibration file names.

    Parameters
    ----------
    settings : CalibrationDocument
        The file.
    changes : ChangesDocument
        What is done otherwise in this run.
    place : Path, optional
        Folder from which the paths of study files count.

    Returns
    -------
    Setting
        The setting.

    Raises
    ------
    KpksimError
        If it names a study, statement, hypothesis or parameter that does not exist, or a
        hypothesis of another outcome.
    """
    known = list_hypotheses(settings.outcome)
    for key in settings.hypotheses:
        if key not in known:
            raise unknown(f"hypothesis of {settings.outcome}", key, list(known))
    studies = _studies(settings, changes, place)
    check_names(settings, changes, [*studies.values()])
    model = load_model(settings.model)
    if changes.factors:
        model = changed(model, changes.factors)
    clusters, unread = _read(settings, changes, studies, model)
    return Setting(settings, changes, studies, model, clusters, tuple(unread))


def _studies(
    settings: CalibrationDocument, changes: ChangesDocument, place: Path | None
) -> dict[str, Study]:
    """Load the studies that are read, in order."""
    names = settings.studies or [*list_studies(), REVIEW]
    folder = place or Path()
    found = [load_study(folder / one if one.endswith(".toml") else one) for one in names]
    for one in changes.without_studies:
        known = list(dict.fromkeys(s for study in found for s in (study.key, study.cohort)))
        if one not in known:
            with at_place("without_studies"):
                raise unknown("study or cohort", one, known)
    return {
        study.key: study
        for study in found
        if not {study.key, study.cohort} & set(changes.without_studies)
    }


def _read(
    settings: CalibrationDocument,
    changes: ChangesDocument,
    studies: Mapping[str, Study],
    model: Model,
) -> tuple[dict[str, tuple[StatementRow, ...]], list[Unread]]:
    """Read the statements of all studies, cluster by cluster."""
    asked = settings.model_copy(update={"people": settings.people | changes.people})
    clusters: dict[str, tuple[StatementRow, ...]] = {}
    unread: list[Unread] = []
    for name, members in clusters_of(list(studies.values())).items():
        rows: list[StatementRow] = []
        for study in members:
            found, left = rows_of(
                study, settings.outcome, asked, alternative=changes.alternative_readings
            )
            found = [at_peak(one_arm(row, studies), studies, model) for row in found]
            rows += [_changed(row, changes, name) for row in found]
            unread += left
        rows = [row for row in rows if not _dropped(row, studies, changes)]
        if rows:
            clusters[name] = tuple(rows)
    if not clusters:
        raise DataError(f"no statement about {settings.outcome} is left to fit; name more studies")
    return clusters, unread


def _changed(row: StatementRow, changes: ChangesDocument, cluster: str) -> StatementRow:
    """Give a row with the doubt that a run of the sensitivity analysis has."""
    return replace(row, cluster=cluster, q=min(row.q * changes.weights_times, 0.95))


def _dropped(row: StatementRow, studies: Mapping[str, Study], changes: ChangesDocument) -> bool:
    """Tell whether a row is about a route that is left out."""
    return any(
        dose.dose.route in changes.without_routes
        for one in row.first
        for dose in _doses(one, studies)
    )


def _doses(moment: Moment, studies: Mapping[str, Study]) -> Sequence[Timed]:
    """Give the doses of an arm."""
    regimen = studies[moment.study].arms[moment.arm].regimen
    return regimen.doses if regimen is not None else ()
