"""Which numbers for S- and R-ketamine agree with what was measured? The reference model's fit."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.command import TOP, parser_of, say, writable, write
from experiments.reference_model.checks import Profile, held_at, profile, without
from experiments.reference_model.figures import draw
from experiments.reference_model.fitting import Estimate, at_values, from_many_starts
from experiments.reference_model.judged import Compared
from experiments.reference_model.model_file import NAME, structure, written
from experiments.reference_model.notes import evaluated, notes
from experiments.reference_model.objective import Objective, objective_of
from experiments.reference_model.page import Found, compared_with, page
from experiments.reference_model.parameters import belief_of
from experiments.reference_model.rows import rows_of
from experiments.reference_model.settings import (
    Prior,
    Settings,
    read_priors,
    read_residuals,
    read_settings,
    read_split,
)
from experiments.reference_model.table import table
from kpksim.models import Model, parse_model, read_model

SHIPPED = TOP / "kpksim" / "library" / "models" / f"{NAME}.toml"
PAGE = TOP / "docs" / "reference_model.md"


def the_objective(priors: Mapping[str, Prior]) -> Objective:
    """Put the objective of the fitted sources together."""
    rows = rows_of(read_split().fit)
    return objective_of(structure(priors), belief_of(priors), rows, read_residuals())


def study(settings: Settings) -> tuple[Found, str]:
    """Fit, check the fit, and give what was found with the text of the model file."""
    priors = read_priors()
    starts = from_many_starts(the_objective(priors), settings.starts, settings.seed)
    say(f"fitted from {len(starts)} starts: costs {', '.join(f'{one.cost:.3f}' for one in starts)}")
    model = parse_model(written(starts[0], priors, notes(starts[0])), NAME)
    best = as_shipped(starts[0].objective, model)
    found = Found(
        best=best,
        model=model,
        priors=priors,
        split=read_split(),
        starts=tuple(starts),
        without=_others(best, priors, settings),
        simpler=_simpler(best, priors, settings),
        profiles=_profiles(best, priors, settings.profiles),
    )
    return found, text_of(best, found.compared)


def text_of(best: Estimate, compared: Compared) -> str:
    """Give the text of the model file with the numbers of a fit."""
    said = evaluated(compared, read_split().fit)
    return written(best, read_priors(), notes(best), said)


def as_shipped(objective: Objective, model: Model) -> Estimate:
    """Give the estimate with the rounded numbers of a model file."""
    values = {name: model.parameters[name].value for name in objective.belief.names}
    return at_values(objective, values)


def _others(best: Estimate, priors: Mapping[str, Prior], settings: Settings) -> dict[str, Estimate]:
    """Fit without each source in turn; without Kamp alone in a quick run."""
    sources = list(read_split().fit)
    chosen = sources if settings.profiles else ["kampbja2020"]
    found = {}
    for source in chosen:
        found[source] = without(source, priors, best.objective, read_residuals())
        say(f"fitted without {source}")
    return found


def _simpler(
    best: Estimate, priors: Mapping[str, Prior], settings: Settings
) -> dict[str, Estimate]:
    """Fit the simpler models."""
    found = {}
    for name, values in settings.simpler.items():
        found[name] = held_at(values, best, priors, read_residuals())
        say(f"fitted with {name}")
    return found


def _profiles(
    best: Estimate, priors: Mapping[str, Prior], names: Sequence[str]
) -> tuple[Profile, ...]:
    """Compute the profiles."""
    found = []
    for name in names:
        found.append(profile(name, best, priors, read_residuals()))
        say(f"profile of {name}")
    return tuple(found)


def rewrite() -> None:
    """Write the shipped model anew from its own numbers, after a change of words."""
    model = read_model(SHIPPED)
    best = as_shipped(the_objective(read_priors()), model)
    write(SHIPPED, text_of(best, compared_with(model, read_split())))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fit and write its results."""
    parser = parser_of("reference", __doc__)
    parser.add_argument(
        "--rewrite", action="store_true", help="write the shipped model anew, without a fit"
    )
    asked = parser.parse_args(arguments)
    if asked.rewrite:
        rewrite()
        print(SHIPPED)
        return 0
    if asked.docs and asked.quick:
        parser.error("--docs keeps the full fit only; leave --quick out")
    folder: Path = writable(asked.output / "reference_model", parser)
    found, text = study(read_settings("quick" if asked.quick else "full"))
    write(folder / f"{NAME}.toml", text)
    write(folder / "reference_model.md", page(found))
    write(folder / "rows.csv", table(found.compared))
    draw(found, folder)
    if asked.docs:
        write(SHIPPED, text)
        write(PAGE, page(found))
    print(folder / "reference_model.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
