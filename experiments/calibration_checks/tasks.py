"""The checks as tasks, one for each data set and each fit of the real statements."""

from experiments.calibration_checks.settings import Settings
from experiments.calibration_checks.simulated import (
    check_data_set,
    fingerprint,
    fit_again,
    fit_both,
)
from kpksim.calibration.tasks import Task


def simulated_tasks(settings: Settings) -> list[Task]:
    """Data sets whose posteriors must hold the truth as often as they say."""
    asked = settings.simulated
    shared = _shared(settings, [asked.hypothesis], asked.sampler.model_dump())
    return [
        Task(
            f"simulated_{k:03d}", check_data_set,
            shared | {
                "hypothesis": asked.hypothesis, "seed": [settings.seed, 1, k],
                "draws": asked.draws, "steps": asked.steps,
            },
        )
        for k in range(1, asked.data_sets + 1)
    ]  # fmt: skip


def recovery_tasks(settings: Settings) -> list[Task]:
    """Data sets from two hypotheses, in turn, so that a part of the list holds both."""
    asked = settings.recovery
    shared = _shared(settings, asked.hypotheses, asked.sampler.model_dump())
    return [
        Task(
            f"recovery_{truth}_{k:02d}", fit_both,
            shared | {
                "hypotheses": asked.hypotheses, "truth": truth, "seed": [settings.seed, 2 + one, k]
            },
        )
        for k in range(1, asked.data_sets + 1)
        for one, truth in enumerate(asked.hypotheses)
    ]  # fmt: skip


def repeated_tasks(settings: Settings) -> list[Task]:
    """Fits of the real statements that differ in their seed."""
    asked = settings.repeated
    shared = _shared(settings, [asked.hypothesis], asked.sampler.model_dump())
    return [
        Task(
            f"repeated_{seed}", fit_again,
            shared | {
                "hypothesis": asked.hypothesis, "seed": seed, "draws": 1000, "steps": asked.steps
            },
        )
        for seed in asked.seeds
    ]  # fmt: skip


def _shared(settings: Settings, hypotheses: list[str], sampler: dict) -> dict:
    """Give what every task of a check is given."""
    name = settings.calibration
    return {"calibration": name, "sampler": sampler, "problem": fingerprint(name, hypotheses)}
