"""How much a calibration does: a quick look, the default study, or everything that ships."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kpksim.calibration.chains import STEPS
from kpksim.calibration.document import CalibrationDocument

QUICK_LIVE_POINTS = 100


@dataclass(frozen=True)
class Plan:
    """What is fitted.

    Attributes
    ----------
    mode : str
        ``"quick"``, ``"default"`` or ``"full"``.
    hypotheses : tuple of str
        Keys.
    live_points : int
        Live points of a fit.
    seeds : tuple of int
        Seeds of the main fits.
    carried : int
        How many of the leading hypotheses are carried over to other choices, and to studies left
        out, where weights do not tell.
    steps : int
        Steps that the draws of the main fits walk on.
    more_points : mapping of str to int
        Live points of hypotheses that have more.
    """

    mode: str
    hypotheses: tuple[str, ...]
    live_points: int
    seeds: tuple[int, ...]
    carried: int
    steps: int = STEPS
    more_points: Mapping[str, int] = field(default_factory=dict)

    def points(self, hypothesis: str) -> int:
        """Give the live points of a hypothesis.

        Parameters
        ----------
        hypothesis : str
            Its key.

        Returns
        -------
        int
            Live points of each of its fits.
        """
        return self.more_points.get(hypothesis, self.live_points)


def asked_in(settings: CalibrationDocument, mode: str) -> CalibrationDocument:
    """Give what a mode asks of a calibration file.

    Parameters
    ----------
    settings : CalibrationDocument
        The calibration file.
    mode : str
        ``"quick"`` leaves out other choices and draws of the pharmacokinetic model.

    Returns
    -------
    CalibrationDocument
        The same, or less of it.
    """
    if mode != "quick":
        return settings
    return settings.model_copy(update={"ensemble": None, "sensitivity": []})


def plan_of(settings: CalibrationDocument, mode: str) -> Plan:
    """Give what a mode does.

    Parameters
    ----------
    settings : CalibrationDocument
        The calibration file.
    mode : str
        ``"quick"``: its first hypothesis with few live points. ``"default"``: every hypothesis
        once, the leading ones under every other choice, carried over where weights do not
        tell.
        ``"full"``: the same with every seed, for every hypothesis, and with more live points
        where the file asks for them.

    Returns
    -------
    Plan
        The plan.
    """
    sampler, keys = settings.sampler, tuple(settings.hypotheses)
    if mode == "quick":
        points = min(QUICK_LIVE_POINTS, sampler.live_points)
        return Plan(mode, keys[:1], points, (sampler.seeds[0],), 0, steps=0)
    seeds = tuple(sampler.seeds) if mode == "full" else (sampler.seeds[0],)
    carried = len(keys) if mode == "full" else settings.leading
    more = sampler.more_points if mode == "full" else {}
    return Plan(mode, keys, sampler.live_points, seeds, carried, more_points=more)
